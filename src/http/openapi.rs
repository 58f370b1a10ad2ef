//! The API described as `OpenAPI` 3.1, a document for each face, made from the lists that the faces are made of; nothing here is
//! known to the handlers.

mod documents;
mod headers;
mod info;
mod kolada;
mod node;
mod parameters;
mod paths;
mod problems;
mod pxweb;
mod record;
mod responses;
mod rows;
mod words;

use std::collections::BTreeSet;

use serde_json::json;

use node::{Members, Node, member};

use super::{Limits, ProblemKind, ROUTES, Route};
use crate::definition::{self, Publisher};

/// The version of `OpenAPI`.
const VERSION: &str = "3.1.0";

/// A document of those that there are, one for each face.
#[derive(Debug)]
pub struct Document {
    /// Where it is served.
    pub path: &'static str,
    /// The file in `schemas/` that it is compared with.
    pub file: &'static str,
    /// Writes it.
    pub write: fn(&Publisher, &Limits) -> String,
}

/// Every document, our own first.
pub static DOCUMENTS: [Document; 3] = [
    Document { path: "/v1/openapi.json", file: "openapi.json", write: own },
    Document { path: "/pxweb/api/v2/openapi.json", file: "openapi-pxweb.json", write: pxweb::document },
    Document { path: "/kolada/v3/openapi.json", file: "openapi-kolada.json", write: kolada::document },
];

/// The names of the formats that a resource has.
pub fn formats(route: &Route) -> Vec<&'static str> {
    parameters::formats(route)
}

/// The values in a resource's example: name, whether it stands in the path, value.
pub fn examples(route: &Route) -> Vec<(&'static str, bool, String)> {
    parameters::examples(route)
}

/// What a document is made of.
struct Parts {
    title: [&'static str; 2],
    description: [&'static str; 2],
    tags: Vec<Node>,
    paths: Members,
    schemas: Members,
    /// The kinds of problems that its operations answer with.
    problems: Vec<ProblemKind>,
    security: Members,
}

/// Our own API.
fn own(publisher: &Publisher, limits: &Limits) -> String {
    let mut schemas = rows::shared();
    let tables: BTreeSet<&str> = ROUTES.iter().filter_map(|route| route.table()).collect();
    for table in tables.into_iter().filter_map(definition::table) {
        schemas.extend(rows::of_table(table));
    }
    schemas.push(responses::json_stat());
    let key = json!({
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "AGE-SECRET-KEY-1…",
        "description": words::both([
            "Organisationens nyckel, som utgivaren har lämnat ut. Den behövs bara för organisationens egna resultat.",
            "The organisation's key, handed out by the publisher. It is needed for the organisation's own results only.",
        ]),
    });
    let parts = Parts {
        title: ["mognad: statistik om digital mognad", "mognad: statistics on digital maturity"],
        description: DESCRIPTION,
        tags: paths::tags(),
        paths: ROUTES.iter().map(|route| member(route.path, paths::operation(route))).collect(),
        schemas,
        problems: ROUTES.iter().flat_map(|route| problems::kinds(route)).collect(),
        security: vec![member("key", key)],
    };
    written(parts, publisher, limits)
}

/// What is to know before the first request.
const DESCRIPTION: [&str; 2] = [
    "Skyddad statistik ur organisationers självskattningar: bara publicerade tabeller, aldrig en enskild organisations värde. \
     Allt kan bara läsas. Format väljs med Accept, `format` eller adressens slut; ett format som inte finns ger 406. \
     Okända parametrar och värden ger 400, okända identiteter 404, och inget svar är tomt utan besked. \
     Data ändras bara med en ny utgåva: svar bär ETag, och med `release` och en hel identitet ändras de aldrig. \
     Fel följer RFC 9457 och finns på svenska och engelska.",
    "Protected statistics from organisations' self-assessments: published tables only, and never the value of one organisation. \
     Everything can be read and nothing changed. The format is chosen by Accept, by `format` or by the end of the address; one that does not exist gives 406. \
     Unknown parameters and values give 400, unknown ids 404, and no answer is empty without a word. \
     Data change with a new release only: answers carry an ETag, and with `release` and a whole id they never change. \
     Errors follow RFC 9457 and exist in Swedish and English.",
];

/// Writes a document. Of what all documents share it has what its operations refer to.
fn written(parts: Parts, publisher: &Publisher, limits: &Limits) -> String {
    let mut schemas = parts.schemas;
    schemas.push(member("Problem", problems::schema(&parts.problems)));
    let mut answers = vec![member("NotModified", responses::not_modified())];
    answers.extend(problems::responses(&parts.problems));
    let (paths, answers) = (Node::Object(parts.paths), Node::Object(answers));
    let text = serde_json::to_string(&[&paths, &answers]).unwrap_or_default();
    let used = |kind: &str, all: Members| -> Members {
        all.into_iter().filter(|(name, _)| text.contains(&format!("\"#/components/{kind}/{name}\""))).collect()
    };
    let mut components = vec![
        member("schemas", schemas),
        member("parameters", used("parameters", responses::request_header_components())),
        member("responses", answers),
        member("headers", used("headers", headers::components())),
    ];
    if !parts.security.is_empty() {
        components.push(member("securitySchemes", parts.security));
    }
    let servers = json!([{
        "url": "/",
        "description": words::both([
            "Den tjänst som beskrivningen hämtades från.",
            "The service that the description was taken from.",
        ]),
    }]);
    let document: Node = vec![
        member("openapi", VERSION),
        member("info", info::of(parts.title, parts.description, publisher, limits)),
        member("servers", servers),
        member("tags", parts.tags),
        member("paths", paths),
        member("components", components),
    ]
    .into();
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
