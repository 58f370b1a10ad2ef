//! The problems that a resource can answer with, and a response for each of their statuses; the kinds themselves are `problem`'s.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    node::{Members, Node, member, reference},
    parameters, words,
};
use crate::{
    http::{
        Answer, ProblemKind,
        ProblemKind::{
            BadRequest, Busy, Closing, ContentTooLarge, Internal, InvalidParameter, KeyMissing, KeyRefused, Limit,
            MixedInstruments, NoRelease, NoSuchResource, NotAcceptable, NotParticipating, NotShown, QueryFailed,
            QueryInvalid, QueryNotAllowed, RangeNotSatisfiable, RequestTimeout, SeriesBreak, TooFewPeers,
            TooManyRequests, TookTooLong, UnknownId, UnknownParameter, UnsupportedMediaType, UriTooLong, Withdrawn,
        },
        Route,
        problem::{self, ProblemEntry},
    },
    query,
};

/// Whatever is asked for.
pub(super) const ALWAYS: [ProblemKind; 11] = [
    BadRequest,
    UnknownParameter,
    InvalidParameter,
    RequestTimeout,
    ContentTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    Internal,
    Busy,
    TookTooLong,
    Closing,
];

/// Resources that are answered without an edition.
const WITHOUT_EDITION: [&str; 2] = ["/", "/health"];

/// Resources that are not counted by the rate of requests.
const UNCOUNTED: [&str; 2] = ["/health", "/ready"];

/// The kinds of problems of a resource.
pub(super) fn kinds(route: &Route) -> Vec<ProblemKind> {
    let mut kinds = ALWAYS.to_vec();
    if !UNCOUNTED.contains(&route.path) {
        kinds.push(TooManyRequests);
    }
    if !WITHOUT_EDITION.contains(&route.path) && !matches!(route.answer, Answer::Page) {
        kinds.push(NoRelease);
    }
    if parameters::in_path(route.path).next().is_some() {
        kinds.push(UnknownId);
    }
    match route.answer {
        Answer::Table(_) => kinds.extend([NotAcceptable, NoSuchResource, UnknownId, Withdrawn]),
        Answer::File => kinds.extend([NotAcceptable, Withdrawn, RangeNotSatisfiable]),
        Answer::Document(types) if types.len() > 1 => kinds.push(NotAcceptable),
        Answer::Query => {
            kinds.extend([NotAcceptable, UnknownId, Withdrawn, Limit, QueryInvalid, QueryNotAllowed, QueryFailed]);
        }
        Answer::Json if route.path.contains("releases/") => kinds.push(Withdrawn),
        _ => {}
    }
    if parameters::has_cubes(route) {
        kinds.extend([MixedInstruments, Limit]);
    }
    match route.answer {
        Answer::Table("paced_changes") => kinds.push(SeriesBreak),
        Answer::Table("comparisons" | "strengths") => kinds.extend([MixedInstruments, SeriesBreak]),
        Answer::Table("before_after") => kinds.extend([MixedInstruments, SeriesBreak, NotShown]),
        _ => {}
    }
    if route.parameters.contains(&"peers") {
        kinds.extend([NotParticipating, TooFewPeers]);
    }
    if route.key().is_some() {
        kinds.extend([KeyMissing, KeyRefused]);
    }
    kinds
}

fn entries(kinds: &[ProblemKind]) -> impl Iterator<Item = &'static ProblemEntry> {
    problem::every().filter(|entry| kinds.contains(&entry.kind))
}

fn statuses(kinds: &[ProblemKind]) -> BTreeSet<u16> {
    entries(kinds).map(|entry| entry.status.as_u16()).collect()
}

/// References to the responses for these kinds of problems.
pub(super) fn of(kinds: &[ProblemKind]) -> Members {
    let own = statuses(kinds).into_iter();
    own.map(|status| member(status.to_string(), reference("responses", &name(status)))).collect()
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

/// The members of a problem (RFC 9457) of these kinds.
pub(super) fn schema(kinds: &[ProblemKind]) -> Node {
    let types: Vec<String> = entries(kinds).map(|entry| format!("/problems/{}", entry.code)).collect();
    vec![
        member("type", "object"),
        member("description", "Ett problem enligt RFC 9457.\n\nA problem as RFC 9457 describes it."),
        member(
            "properties",
            vec![
                member("type", json!({ "type": "string", "format": "uri-reference", "enum": types, "description": "Problemets slag; adressen leder till en sida om det.\n\nKind of problem; the address leads to a page about it." })),
                member("title", json!({ "type": "string", "description": "Problemets namn.\n\nThe problem's name." })),
                member("status", json!({ "type": "integer", "minimum": 400, "maximum": 599, "description": "Svarskoden.\n\nThe status." })),
                member("detail", json!({ "type": "string", "description": "Vad man gör åt det.\n\nWhat to do about it." })),
                member("instance", json!({ "type": "string", "format": "uri", "description": "Begärans identitet, att ange vid en anmälan.\n\nThe request's id, to give with a report." })),
                member("reason", json!({ "type": "string", "enum": query::CODES.map(query::Code::word), "description": "Varför en fråga i SQL inte körs; koden ändras aldrig.\n\nWhy a query in SQL is not run; the code never changes." })),
                member("line", json!({ "type": "integer", "minimum": 1, "description": "Raden i frågans text.\n\nThe line in the query's text." })),
                member("column", json!({ "type": "integer", "minimum": 1, "description": "Tecknet på raden.\n\nThe character in the line." })),
            ],
        ),
        member("required", json!(["type", "title", "status", "detail", "instance"])),
    ]
    .into()
}

/// A response for every status that these kinds of problems have.
pub(super) fn responses(kinds: &[ProblemKind]) -> Members {
    statuses(kinds).into_iter().map(|status| member(name(status), response(status, kinds))).collect()
}

fn response(status: u16, kinds: &[ProblemKind]) -> Node {
    let entries: Vec<_> = entries(kinds).filter(|entry| entry.status.as_u16() == status).collect();
    let titles = |at: usize| entries.iter().map(|entry| entry.title[at]).collect::<Vec<_>>().join("; ");
    let mut headers = vec![member("X-Request-Id", reference("headers", "X-Request-Id"))];
    let own: &[&str] = match status {
        401 => &["WWW-Authenticate"],
        416 => &["Content-Range"],
        429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
        503 => &["Retry-After"],
        _ => &[],
    };
    headers.extend(own.iter().map(|name| member(*name, reference("headers", name))));
    let mut examples = Members::new();
    for entry in &entries {
        for (at, language) in ["sv", "en"].into_iter().enumerate() {
            let value: Value = json!({
                "type": format!("/problems/{}", entry.code),
                "title": entry.title[at],
                "status": status,
                "detail": entry.remedy[at],
                "instance": "urn:mognad:request:98f2fbda-0000002b",
            });
            let example = vec![member("summary", entry.title[at]), member("value", value)];
            examples.push(member(format!("{}-{language}", entry.code), example));
        }
    }
    let media: Members = vec![member("schema", reference("schemas", "Problem")), member("examples", examples)];
    vec![
        member("description", words::both([&(titles(0) + "."), &(titles(1) + ".")])),
        member("headers", headers),
        member("content", vec![member("application/problem+json", media)]),
    ]
    .into()
}
