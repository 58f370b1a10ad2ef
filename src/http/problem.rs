//! Problems as RFC 9457 describes them: one list of kinds with titles in both languages; nothing of an inner error's text gets in.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{answer, pxweb, queried::Told};
use crate::{
    model::{Language, Text},
    web::Refusal,
};

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
    /// Figures of several instruments in one answer that compares.
    MixedInstruments,
    /// The release has been taken back.
    Withdrawn,
    /// An interface that is no longer there.
    Gone,
    /// The answer would always be larger than what is given at once.
    Limit,
    /// A part of a file that lies beyond its end.
    RangeNotSatisfiable,
    /// Figures that an answer is made of are not shown.
    NotShown,
    /// Years on either side of a series break would be compared.
    SeriesBreak,
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
    /// The content is larger than any that is taken.
    ContentTooLarge,
    /// The content did not arrive in time.
    RequestTimeout,
    /// This client asks too fast.
    TooManyRequests,
    /// Everybody together asks too much at once.
    Busy,
    /// The service is about to stop.
    Closing,
    /// What `PxWeb`'s clients know under titles of their own.
    PxWeb(pxweb::PxProblem),
    /// A query that cannot be read or understood.
    QueryInvalid,
    /// A query for what is not offered.
    QueryNotAllowed,
    /// A query that could not be run.
    QueryFailed,
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
        kind: ProblemKind::MixedInstruments,
        code: "mixed-instruments",
        status: StatusCode::CONFLICT,
        title: ["Olika instrument", "Different instruments"],
        remedy: [
            "Siffror ur olika instrument går inte att jämföra: välj ett med instrument=ID; de finns i /v1/instruments.",
            "Figures of different instruments cannot be compared: choose one with instrument=ID; they are listed at /v1/instruments.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::Withdrawn,
        code: "withdrawn",
        status: StatusCode::GONE,
        title: ["Utgåvan är återkallad", "The release has been withdrawn"],
        remedy: [
            "Använd den aktuella utgåvan, eller en annan i /v1/releases.",
            "Use the current release, or another one of /v1/releases.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::Gone,
        code: "gone",
        status: StatusCode::GONE,
        title: ["Gränssnittet finns inte längre", "The interface is no longer there"],
        remedy: ["Använd version 3: /kolada/v3.", "Use version 3: /kolada/v3."],
    },
    ProblemEntry {
        kind: ProblemKind::Limit,
        code: "limit",
        status: StatusCode::UNPROCESSABLE_ENTITY,
        title: ["För mycket på en gång", "Too much at once"],
        remedy: [
            "Välj färre rader eller celler, eller hämta hela tabellen som fil; gränserna finns i /v1/limits.",
            "Select fewer rows or cells, or take the whole table as a file; the limits are listed at /v1/limits.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::RangeNotSatisfiable,
        code: "range-not-satisfiable",
        status: StatusCode::RANGE_NOT_SATISFIABLE,
        title: ["Delen finns inte", "No such range"],
        remedy: [
            "Be om byte som filen har; dess längd står i Content-Range.",
            "Ask for bytes that the file has; its length is in Content-Range.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::NotShown,
        code: "not-shown",
        status: StatusCode::UNPROCESSABLE_ENTITY,
        title: ["Visas inte", "Not shown"],
        remedy: [
            "Välj år och grupper som visas: /v1/figures säger vilka de är.",
            "Choose years and groups that are shown: /v1/figures says which.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::SeriesBreak,
        code: "series-break",
        status: StatusCode::CONFLICT,
        title: ["Seriebrott mellan åren", "The series is broken between the years"],
        remedy: [
            "Mätningen ändrades mellan åren, så att de inte kan jämföras: välj år inom en och samma serie.",
            "The measurement was changed between the years, so that they cannot be compared: choose years of one series.",
        ],
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
            "Välj ett av formaten i /v1/api-info, till exempel format=json eller format=csv.",
            "Choose one of the formats listed at /v1/api-info, such as format=json or format=csv.",
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
        kind: ProblemKind::ContentTooLarge,
        code: "content-too-large",
        status: StatusCode::PAYLOAD_TOO_LARGE,
        title: ["Innehållet är för stort", "Content too large"],
        remedy: [
            "Skicka mindre på en gång; gränserna finns i /v1/limits.",
            "Send less at a time; the limits are listed at /v1/limits.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::RequestTimeout,
        code: "request-timeout",
        status: StatusCode::REQUEST_TIMEOUT,
        title: ["Innehållet kom inte i tid", "Content did not arrive in time"],
        remedy: [
            "Skicka hela begäran i ett svep; gränserna finns i /v1/limits.",
            "Send the whole request without a pause; the limits are listed at /v1/limits.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::TooManyRequests,
        code: "too-many-requests",
        status: StatusCode::TOO_MANY_REQUESTS,
        title: ["För många begäranden", "Too many requests"],
        remedy: [
            "Vänta så många sekunder som Retry-After säger. Hämta hellre många rader i ett svar än ett svar per rad; gränserna finns i /v1/limits.",
            "Wait as many seconds as Retry-After says. Rather ask for many rows in one answer than for one answer per row; the limits are listed at /v1/limits.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::Busy,
        code: "busy",
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: ["Upptaget", "Busy"],
        remedy: [
            "Tjänsten besvarar så många begäranden den kan. Försök igen efter så många sekunder som Retry-After säger.",
            "The service is answering as many requests as it can. Try again after as many seconds as Retry-After says.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::Closing,
        code: "closing",
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: ["Tjänsten stannar", "The service is stopping"],
        remedy: [
            "Den svarar på det som redan frågats, och tar inget nytt: fråga en annan instans, eller försök igen om en stund.",
            "It answers what has been asked, and takes nothing new: ask another instance, or try again in a while.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::QueryInvalid,
        code: "query-invalid",
        status: StatusCode::BAD_REQUEST,
        title: ["Frågan går inte att köra", "The query cannot be run"],
        remedy: [
            "Rätta frågan där line och column pekar; tabellerna och deras kolumner finns i /v1/tables.",
            "Correct the query where line and column point; the tables and their columns are listed at /v1/tables.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::QueryNotAllowed,
        code: "query-not-allowed",
        status: StatusCode::FORBIDDEN,
        title: ["Frågan är inte tillåten", "The query is not allowed"],
        remedy: [
            "Ställ en fråga i taget, med select, with eller values och de funktioner som erbjuds.",
            "Ask one query at a time, with select, with or values and the functions that are offered.",
        ],
    },
    ProblemEntry {
        kind: ProblemKind::QueryFailed,
        code: "query-failed",
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: ["Frågan kunde inte köras", "The query could not be run"],
        remedy: [
            "Felet är inte frågans. Försök igen om en stund, eller hämta tabellerna som filer.",
            "The fault is not the query's. Try again in a while, or take the tables as files.",
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

/// Every kind of problem of every face.
pub(super) fn every() -> impl Iterator<Item = &'static ProblemEntry> {
    PROBLEMS.iter().chain(pxweb::PROBLEMS)
}

/// The members of RFC 9457, in its order.
#[derive(Serialize)]
struct Members<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

/// What belongs to a query's problem: the reason's code, and line and column.
type Reason = (&'static str, Option<(u64, u64)>);

/// A problem to be told to a client.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: ProblemKind,
    detail: Option<Text>,
    /// A header field that belongs to it.
    header: Option<Box<(header::HeaderName, HeaderValue)>>,
    /// Why a query is refused, and where.
    reason: Option<Reason>,
}

impl Problem {
    /// A problem whose remedy is that of its kind.
    pub fn new(kind: ProblemKind) -> Self {
        Self { kind, detail: None, header: None, reason: None }
    }

    /// A problem with a remedy of its own.
    pub fn with(kind: ProblemKind, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, detail: Some(Text::new(sv, en)), header: None, reason: None }
    }

    /// The same, with a header field.
    pub(super) fn with_header(self, name: header::HeaderName, value: &str) -> Self {
        Self { header: HeaderValue::from_str(value).ok().map(|value| Box::new((name, value))), ..self }
    }

    /// The same, with the reason's stable code and the place in a query's text.
    pub(super) fn because(self, reason: &'static str, place: Option<(u64, u64)>) -> Self {
        Self { reason: Some((reason, place)), ..self }
    }

    /// What it says to do, in a language.
    pub(super) fn told(&self, language: Language) -> String {
        let remedy = self.entry().remedy[language as usize];
        self.detail.as_ref().map_or(remedy, |text| language.of(text)).to_owned()
    }

    /// The same for clients of another protocol.
    pub(super) fn as_told(&self) -> Told {
        let (code, place) = self.reason.unwrap_or((self.entry().code, None));
        let text = self.detail.as_ref().map_or(self.entry().remedy[1], |text| Language::En.of(text)).to_owned();
        Told { code, text, place }
    }

    /// Its kind.
    pub(super) fn kind(&self) -> ProblemKind {
        self.kind
    }

    fn entry(&self) -> &'static ProblemEntry {
        every().find(|entry| entry.kind == self.kind).unwrap_or(&PROBLEMS[PROBLEMS.len() - 1])
    }

    /// The response, once the request's id, its language and whether a person reads it are known.
    pub(super) fn write(&self, request_id: &str, language: Language, for_people: bool) -> Response {
        let entry = self.entry();
        let at = language as usize;
        let detail = self.detail.as_ref().map_or(entry.remedy[at], |text| language.of(text));
        let title = entry.title[at];
        let page = for_people
            .then(|| Refusal::new(language, entry.code, entry.status.as_u16(), title, detail, request_id).html().ok());
        let mut response = match page.flatten() {
            Some(html) => answer::html(html),
            None => self.document(title, detail, request_id),
        };
        *response.status_mut() = entry.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if entry.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        if entry.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some((name, value)) = self.header.as_deref() {
            headers.insert(name.clone(), value.clone());
        }
        response
    }

    /// As RFC 9457 has it.
    fn document(&self, title: &str, detail: &str, request_id: &str) -> Response {
        let entry = self.entry();
        let body = Members {
            kind: format!("/problems/{}", entry.code),
            title,
            status: entry.status.as_u16(),
            detail,
            instance: format!("urn:mognad:request:{request_id}"),
            reason: self.reason.map(|(reason, _)| reason),
            line: self.reason.and_then(|(_, place)| Some(place?.0)),
            column: self.reason.and_then(|(_, place)| Some(place?.1)),
        };
        let body = serde_json::to_string_pretty(&body).unwrap_or_default();
        let mut response = Response::new(Body::from(body + "\n"));
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
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
