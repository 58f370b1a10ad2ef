//! Header fields of answers in words; where each is set is seen at the answers that refer to it.

use serde_json::json;

use super::{
    node::{Members, Node, member},
    words,
};

/// A header field in words.
struct Header {
    name: &'static str,
    text: [&'static str; 2],
    example: &'static str,
}

/// Every field that answers have.
const HEADERS: &[Header] = &[
    Header {
        name: "ETag",
        text: [
            "Svarets märke: sänd det i If-None-Match för att slippa det man har.",
            "The answer's tag: send it in If-None-Match to be spared what one has.",
        ],
        example: "\"5d1c0a44f8b5c4c53c0f1a3d7d1d2f60\"",
    },
    Header {
        name: "Cache-Control",
        text: [
            "Hur länge svaret kan sparas: en minut, ett dygn om utgåvan anges med hela sin identitet, och aldrig om det rör egna resultat.",
            "How long the answer may be kept: a minute, a day where the release is named in full, and never where it is about own results.",
        ],
        example: "public, max-age=60",
    },
    Header {
        name: "Vary",
        text: ["De huvuden som svaret beror på.", "The header fields of the request that the answer depends on."],
        example: "Accept, Accept-Encoding, Accept-Language, Authorization",
    },
    Header {
        name: "Link",
        text: [
            "Första, föregående, nästa och sista sidan (RFC 8288), där det finns flera.",
            "The first, previous, next and last page (RFC 8288), where there are several.",
        ],
        example: "</v1/groups?page=2>; rel=\"next\", </v1/groups?page=10>; rel=\"last\"",
    },
    Header {
        name: "Content-Disposition",
        text: ["Ett filnamn, i andra format än JSON.", "A file name, in formats other than JSON."],
        example: "attachment; filename=\"figures-e824491fd785.csv\"",
    },
    Header {
        name: "Content-Language",
        text: ["Språket, i format som bara har ett.", "The language, in formats that have only one."],
        example: "sv",
    },
    Header {
        name: "Content-Range",
        text: ["Vilken del av filen det är.", "Which part of the file it is."],
        example: "bytes 0-99/26214",
    },
    Header {
        name: "Accept-Ranges",
        text: ["Att en del av filen kan begäras.", "That a part of the file can be asked for."],
        example: "bytes",
    },
    Header {
        name: "Repr-Digest",
        text: ["Hela filens kontrollsumma (RFC 9530).", "Digest of the whole file (RFC 9530)."],
        example: "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    },
    Header {
        name: "Location",
        text: ["Filens adress i den aktuella utgåvan.", "The file's address in the current release."],
        example: "/v1/files/e824491fd785975f34444816a590e1a74a2df14d048ea249888005243cde92ef/figures.parquet",
    },
    Header {
        name: "X-Mognad-Release",
        text: ["Utgåvan som svaret kommer ur.", "The release that the answer comes from."],
        example: "e824491fd785975f34444816a590e1a74a2df14d048ea249888005243cde92ef",
    },
    Header {
        name: "X-Mognad-Synthetic",
        text: ["Står här så länge några data är påhittade.", "Stands here while any data are made up."],
        example: "true",
    },
    Header {
        name: "X-Request-Id",
        text: ["Begärans identitet, att ange vid en anmälan.", "The request's id, to give with a report."],
        example: "98f2fbda-0000002b",
    },
    Header {
        name: "RateLimit-Policy",
        text: [
            "Gränsen för takten: antal begäranden och fönster i sekunder.",
            "The limit on the rate: number of requests and window in seconds.",
        ],
        example: "\"address\";q=40;w=4",
    },
    Header {
        name: "RateLimit",
        text: [
            "Hur många begäranden som är kvar, och när alla är det igen, i sekunder.",
            "How many requests are left, and when all are again, in seconds.",
        ],
        example: "\"address\";r=39;t=1",
    },
    Header {
        name: "Retry-After",
        text: ["Sekunder att vänta innan man frågar igen.", "Seconds to wait before asking again."],
        example: "2",
    },
    Header { name: "WWW-Authenticate", text: ["Hur nyckeln skickas.", "How the key is sent."], example: "Bearer" },
];

/// The fields as components.
pub(super) fn components() -> Members {
    HEADERS.iter().map(|header| member(header.name, component(header))).collect()
}

fn component(header: &Header) -> Node {
    vec![
        member("description", words::both(header.text)),
        member("schema", json!({ "type": "string" })),
        member("example", header.example),
    ]
    .into()
}
