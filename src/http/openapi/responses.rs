//! What resources answer with when all is well: media types, header fields and examples; problems are described beside.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{
    documents,
    node::{Members, Node, member, reference},
    rows,
};
use crate::{
    definition::{self, TableText},
    encode::{FORMATS, Format},
    http::{Answer, Key, Route},
};

/// Answers to the resources' own examples, cut to a row, by operation.
static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../schemas/example.json")).unwrap_or_default());

/// An answer to a resource's own example.
pub(super) fn example(operation: &str) -> Option<&'static Value> {
    EXAMPLES.get(operation)
}

/// Header fields of every answer that can be kept.
pub(super) const KEPT: [&str; 3] = ["ETag", "Cache-Control", "Vary"];

/// Header fields that say where an answer comes from.
pub(super) const LABEL: [&str; 2] = ["X-Mognad-Release", "X-Mognad-Synthetic"];

/// Header fields of every answer that is counted.
pub(super) const COUNTED: [&str; 3] = ["RateLimit", "RateLimit-Policy", "X-Request-Id"];

/// The responses of a resource, except for problems.
pub(super) fn of(route: &Route) -> Members {
    match route.answer {
        Answer::Table(table) => {
            let Some(table) = definition::table(table) else { return Members::new() };
            let own = ["Link", "Content-Disposition", "Content-Language"];
            let mut responses = vec![member(
                "200",
                response(
                    ["Raderna, i det format som begärs.", "The rows, in the format that is asked for."],
                    &[&KEPT[..], &own, &LABEL, &COUNTED].concat(),
                    tabular(route, table),
                ),
            )];
            // whoever sends a key gets an answer that is kept nowhere
            if route.key() != Some(Key::Needed) {
                responses.push(member("304", reference("responses", "NotModified")));
            }
            responses
        }
        Answer::File => file(),
        Answer::Query => {
            let rows = FORMATS.iter().filter(|format| !format.is_cube());
            let rows = rows.filter_map(|format| media(*format, "Envelope", false, None)).collect();
            let headers = [&KEPT[..], &["Content-Disposition", "Content-Language"], &LABEL, &COUNTED].concat();
            let said =
                ["Frågans rader, i det format som begärs.", "The query's rows, in the format that is asked for."];
            vec![member("200", response(said, &headers, rows)), member("304", reference("responses", "NotModified"))]
        }
        Answer::Page => {
            let headers = [&KEPT[..], &["Content-Language"], &COUNTED].concat();
            let page = response(["En sida för människor.", "A page for people."], &headers, vec![text("text/html")]);
            vec![member("200", page), member("304", reference("responses", "NotModified"))]
        }
        Answer::Json => {
            let is_kept = !["/", "/health", "/ready"].contains(&route.path);
            let headers = if is_kept { [&KEPT[..], &COUNTED].concat() } else { COUNTED[2..].to_vec() };
            let mut media = vec![member("schema", documents::of(route.operation))];
            if let Some(example) = example(route.operation) {
                media.push(member("example", example.clone()));
            }
            let content = vec![member("application/json", media)];
            let mut responses = vec![member("200", response(["Ett dokument.", "A document."], &headers, content))];
            if is_kept {
                responses.push(member("304", reference("responses", "NotModified")));
            }
            responses
        }
        Answer::Document(types) => {
            let content = types.iter().map(|media_type| document(media_type)).collect();
            let headers = [&KEPT[..], &COUNTED].concat();
            vec![
                member("200", response(["Dokumentet.", "The document."], &headers, content)),
                member("304", reference("responses", "NotModified")),
            ]
        }
    }
}

/// The response that has no bytes, since the client has them.
pub(super) fn not_modified() -> Node {
    let headers = [&KEPT[..], &LABEL, &COUNTED].concat();
    response(
        ["Svaret är detsamma som det man har.", "The answer is the same as the one that the client has."],
        &headers,
        Members::new(),
    )
}

pub(super) fn response([sv, en]: [&str; 2], headers: &[&str], content: Members) -> Node {
    let headers: Members = headers.iter().map(|name| member(*name, reference("headers", name))).collect();
    let mut response = vec![member("description", format!("{sv}\n\n{en}")), member("headers", headers)];
    if !content.is_empty() {
        response.push(member("content", content));
    }
    response.into()
}

fn tabular(route: &Route, table: &TableText) -> Members {
    let formats = FORMATS.iter().filter(|format| table.is_cube() || !format.is_cube());
    let answer = rows::answer_name(table);
    formats.filter_map(|format| media(*format, &answer, table.is_cube(), example(route.operation))).collect()
}

/// A format's media type with its schema; in JSON there are rows of this schema, and in one media type with them JSON-stat.
fn media(format: &dyn Format, rows: &str, has_cubes: bool, example: Option<&'static Value>) -> Option<(String, Node)> {
    match (format.name(), format.media_type()) {
        ("json", name) => {
            let rows = reference("schemas", rows);
            let schema = if has_cubes {
                vec![member("anyOf", vec![rows, reference("schemas", JSON_STAT)])].into()
            } else {
                rows
            };
            let mut media = vec![member("schema", schema)];
            media.extend(example.map(|example| member("example", example.clone())));
            Some(member(name, media))
        }
        (_, name) if name.starts_with("application/json") => None,
        (_, name) if name.starts_with("text/") || name.contains("+csv") => Some(text(name)),
        (_, name) => Some(member(name, Members::new())),
    }
}

/// The schema of JSON-stat.
const JSON_STAT: &str = "JsonStat";

/// That schema.
pub(super) fn json_stat() -> (String, Node) {
    member(JSON_STAT, documents::json_stat())
}

pub(super) fn text(media_type: &str) -> (String, Node) {
    member(media_type, vec![member("schema", json!({ "type": "string" }))])
}

fn document(media_type: &str) -> (String, Node) {
    if media_type.ends_with("json") {
        member(media_type, vec![member("schema", json!({ "type": "object" }))])
    } else {
        text(media_type)
    }
}

fn file() -> Members {
    let bundle = || member("application/zip", Members::new());
    let whole = FORMATS.iter().filter_map(|format| media(*format, "Envelope", true, None)).chain([bundle()]).collect();
    let own = ["Accept-Ranges", "Repr-Digest", "Content-Disposition"];
    let headers = [&KEPT[..], &own, &LABEL, &COUNTED].concat();
    let part = [&headers[..], &["Content-Range"]].concat();
    let bytes = |format: &&'static dyn Format| member(format.media_type(), Members::new());
    vec![
        member("200", response(["Hela filen.", "The whole file."], &headers, whole)),
        member(
            "206",
            response(
                ["Den del av filen som begärs.", "The part of the file that is asked for."],
                &part,
                FORMATS.iter().map(bytes).chain([bundle()]).collect(),
            ),
        ),
        member("304", reference("responses", "NotModified")),
        member(
            "307",
            response(
                ["Filens adress i den aktuella utgåvan.", "The file's address in the current release."],
                &[&["Location", "Cache-Control"][..], &COUNTED].concat(),
                Members::new(),
            ),
        ),
    ]
}

/// The header fields of requests that resources with these answers heed.
pub(super) fn request_headers(route: &Route) -> Vec<Node> {
    let is_kept = of(route).iter().any(|(status, _)| status == "304");
    let mut headers = Vec::new();
    if is_kept {
        headers.push(reference("parameters", "If-None-Match"));
    }
    if route.answer == Answer::File {
        headers.push(reference("parameters", "Range"));
    }
    headers
}

/// Those header fields as components.
pub(super) fn request_header_components() -> Members {
    let header = |name: &str, text: [&str; 2], example: &str| {
        let members: Members = vec![
            member("name", name),
            member("in", "header"),
            member("required", false),
            member("description", super::words::both(text)),
            member("schema", json!({ "type": "string" })),
            member("example", example),
        ];
        member(name, members)
    };
    vec![
        header(
            "If-None-Match",
            [
                "Märken på svar som man har; är svaret ett av dem blir det 304 utan innehåll.",
                "Tags of answers that one has; if the answer is one of them, it is a 304 without content.",
            ],
            "\"5d1c0a44f8b5c4c53c0f1a3d7d1d2f60\"",
        ),
        header("Range", ["En del av filen, i byte.", "A part of the file, in bytes."], "bytes=0-99"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{
        ROUTES,
        openapi::parameters::{self, in_path},
    };

    #[test]
    fn every_document_of_json_is_described() {
        for route in ROUTES.iter().filter(|route| route.answer == Answer::Json) {
            let schema = serde_json::to_value(documents::of(route.operation)).unwrap();
            assert!(schema["properties"].is_object(), "{}: describe it in openapi/documents.rs", route.operation);
        }
    }

    #[test]
    fn names_in_a_path_are_parameters() {
        for route in ROUTES {
            let described = serde_json::to_value(parameters::of(route)).unwrap();
            for name in in_path(route.path) {
                let own = described.as_array().unwrap().iter().find(|own| own["name"] == name && own["in"] == "path");
                assert!(own.is_some_and(|own| own["example"].is_string()), "{}: {name}", route.path);
            }
        }
    }
}
