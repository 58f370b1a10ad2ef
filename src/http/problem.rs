//! Problems as RFC 9457 describes them: one list of kinds with titles in both languages; nothing of an inner error's text gets in.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::model::Text;

/// A kind of problem; its code is the last part of its `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request is malformed.
    BadRequest,
    /// A query parameter that the resource does not have.
    UnknownParameter,
    /// A query parameter's value cannot be read.
    InvalidParameter,
    /// No resource at this path.
    NoSuchResource,
    /// No indicator, group, organisation or release of this id.
    UnknownId,
    /// An organisation among the peers took no part in the year.
    NotParticipating,
    /// Too few peers to compare with.
    TooFewPeers,
    /// No key, or nothing that could be one.
    KeyMissing,
    /// The key opens no results of this organisation.
    KeyRefused,
    /// The resource can only be read.
    MethodNotAllowed,
    /// No format fits.
    NotAcceptable,
    /// The address is too long.
    UriTooLong,
    /// Compressed or foreign content.
    UnsupportedMediaType,
    /// Nothing has been published yet.
    NoRelease,
    /// The answer was not ready in time.
    TookTooLong,
    /// Our fault.
    Internal,
}

/// What is documented of a kind of problem.
#[derive(Debug)]
pub struct ProblemEntry {
    /// Kind.
    pub kind: ProblemKind,
    /// Code.
    pub code: &'static str,
    /// Status.
    pub status: StatusCode,
    /// Title: Swedish, English.
    pub title: [&'static str; 2],
    /// Remedy: Swedish, English.
    pub remedy: [&'static str; 2],
}

/// Every kind of problem.
pub static PROBLEMS: &[ProblemEntry] = &[
    ProblemEntry {
        kind: ProblemKind::BadRequest,
        code: "bad-request",
        status: StatusCode::BAD_REQUEST,
        title: ["Felaktig begäran", "Malformed request"],
        remedy: [
            "Skicka en begäran enligt HTTP/1.1 med ett enda Host-huvud.",
            "Send an HTTP/1.1 request with exactly one Host header.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::UnknownParameter,
        code: "unknown-parameter",
        status: StatusCode::BAD_REQUEST,
        title: ["Okänd parameter", "Unknown parameter"],
        remedy: ["Använd resursens egna parametrar.", "Use the resource's own parameters."],
    },
    ProblemEntry {
        kind: ProblemKind::InvalidParameter,
        code: "invalid-parameter",
        status: StatusCode::BAD_REQUEST,
        title: ["Ogiltigt värde", "Invalid value"],
        remedy: ["Rätta parameterns värde.", "Correct the parameter's value."],
    },
    ProblemEntry {
        kind: ProblemKind::NoSuchResource,
        code: "no-such-resource",
        status: StatusCode::NOT_FOUND,
        title: ["Sidan finns inte", "No such resource"],
        remedy: ["Resurserna räknas upp på startadressen /.", "The resources are listed at the address /."],
    },
    ProblemEntry {
        kind: ProblemKind::UnknownId,
        code: "unknown-id",
        status: StatusCode::NOT_FOUND,
        title: ["Okänd identitet", "Unknown id"],
        remedy: [
            "Giltiga identiteter finns i /v1/indicators, /v1/groups, /v1/organisations och /v1/releases.",
            "Valid ids are listed at /v1/indicators, /v1/groups, /v1/organisations and /v1/releases.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::NotParticipating,
        code: "not-participating",
        status: StatusCode::UNPROCESSABLE_ENTITY,
        title: ["Deltog inte", "Took no part"],
        remedy: [
            "Välj organisationer som deltog det året: de finns i tabellen group_members.",
            "Choose organisations that took part in the year: the table group_members has them.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::TooFewPeers,
        code: "too-few-peers",
        status: StatusCode::UNPROCESSABLE_ENTITY,
        title: ["För få att jämföra med", "Too few peers"],
        remedy: ["Välj minst åtta organisationer.", "Choose at least eight organisations."],
    },
    ProblemEntry {
        kind: ProblemKind::KeyMissing,
        code: "key-missing",
        status: StatusCode::UNAUTHORIZED,
        title: ["Nyckel krävs", "A key is needed"],
        remedy: [
            "Skicka organisationens nyckel i huvudet Authorization: Bearer AGE-SECRET-KEY-1…",
            "Send the organisation's key in the header Authorization: Bearer AGE-SECRET-KEY-1…",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::KeyRefused,
        code: "key-refused",
        status: StatusCode::FORBIDDEN,
        title: ["Nyckeln öppnar inget här", "The key opens nothing here"],
        remedy: [
            "Nyckeln öppnar inga resultat för organisationen i denna utgåva: kontrollera organisation och nyckel, eller be utgivaren om en ny nyckel.",
            "The key opens no results of the organisation in this release: check organisation and key, or ask the publisher for a new one.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::MethodNotAllowed,
        code: "method-not-allowed",
        status: StatusCode::METHOD_NOT_ALLOWED,
        title: ["Metoden stöds inte", "Method not allowed"],
        remedy: ["Tjänsten kan bara läsas: använd GET eller HEAD.", "The service can only be read: use GET or HEAD."],
    },
    ProblemEntry {
        kind: ProblemKind::NotAcceptable,
        code: "not-acceptable",
        status: StatusCode::NOT_ACCEPTABLE,
        title: ["Formatet finns inte", "Format not available"],
        remedy: [
            "Välj format=json, format=csv eller format=excel-sv.",
            "Choose format=json, format=csv or format=excel-sv.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::UriTooLong,
        code: "uri-too-long",
        status: StatusCode::URI_TOO_LONG,
        title: ["Adressen är för lång", "Address too long"],
        remedy: ["Håll adressen under 4 096 byte.", "Keep the address below 4,096 bytes."],
    },
    ProblemEntry {
        kind: ProblemKind::UnsupportedMediaType,
        code: "unsupported-media-type",
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        title: ["Innehållet stöds inte", "Unsupported content"],
        remedy: ["Skicka inget komprimerat innehåll.", "Send no compressed content."],
    },
    ProblemEntry {
        kind: ProblemKind::NoRelease,
        code: "no-release",
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: ["Inget är publicerat ännu", "Nothing has been published yet"],
        remedy: ["Försök igen när en utgåva har publicerats.", "Try again when a release has been published."],
    },
    ProblemEntry {
        kind: ProblemKind::TookTooLong,
        code: "took-too-long",
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: ["Svaret tog för lång tid", "The answer took too long"],
        remedy: [
            "Försök igen om en stund, eller fråga efter mindre på en gång.",
            "Try again in a while, or ask for less at a time.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::Internal,
        code: "internal",
        status: StatusCode::INTERNAL_SERVER_ERROR,
        title: ["Ett fel hos oss", "An error on our side"],
        remedy: [
            "Försök igen, och anmäl felet med dess identitet om det upprepas.",
            "Try again, and report the error with its id if it repeats.",
        ],
    },
];

/// The members of RFC 9457, in its order.
#[derive(Serialize)]
struct Members<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
}

/// A problem to be told to a client.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemKind,
    detail: Option<Text>,
}

impl Problem {
    /// A problem whose remedy is that of its kind.
    pub fn new(kind: ProblemKind) -> Self {
        Self { kind, detail: None }
    }

    /// A problem with a remedy of its own.
    pub fn with(kind: ProblemKind, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, detail: Some(Text::new(sv, en)) }
    }

    fn entry(&self) -> &'static ProblemEntry {
        PROBLEMS.iter().find(|entry| entry.kind == self.kind).unwrap_or(&PROBLEMS[PROBLEMS.len() - 1])
    }

    /// The response, once the request's id and language are known.
    pub(super) fn write(&self, request_id: &str, english: bool) -> Response {
        let entry = self.entry();
        let language = usize::from(english);
        let detail = match &self.detail {
            Some(text) => {
                if english {
                    &text.en
                } else {
                    &text.sv
                }
            }
            None => entry.remedy[language],
        };
        let body = Members {
            kind: format!("/problems/{}", entry.code),
            title: entry.title[language],
            status: entry.status.as_u16(),
            detail,
            instance: format!("urn:mognad:request:{request_id}"),
        };
        let body = serde_json::to_string_pretty(&body).unwrap_or_default();
        let mut response = Response::new(Body::from(body + "\n"));
        *response.status_mut() = entry.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(if english { "en" } else { "sv" }));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers
            .insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding, Accept-Language, Authorization"));
        if entry.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        if entry.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if entry.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// The status at once; body and language are written when the request's id is given.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.entry().status;
        response.extensions_mut().insert(self);
        response
    }
}

/// An identifier that no other request of this process has, and hardly one of another.
pub(super) fn request_id() -> String {
    static START: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let start = START.get_or_init(rand::random);
    format!("{start:08x}-{:08x}", COUNT.fetch_add(1, Ordering::Relaxed))
}
