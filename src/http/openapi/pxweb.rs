//! The `PxWeb` face described: operations from its list of routes and parameters; the shapes of its answers are in `records`.

mod records;

use serde_json::{Value, json};

use super::{
    Parts,
    node::{Members, Node, member, reference},
    problems, record,
    responses::{COUNTED, KEPT, LABEL, example, response, text},
    words, written,
};
use crate::{
    definition::Publisher,
    http::{
        Limits,
        ProblemKind::{self, InvalidParameter, NoRelease, NoSuchResource, PxWeb, TooManyRequests, UnknownParameter},
        pxweb::{Place, PxParameter, PxRoute, ROUTES, Takes},
    },
};

const TITLE: [&str; 2] = ["mognad som PxWebApi 2", "mognad as PxWebApi 2"];

const DESCRIPTION: [&str; 2] = [
    "De publicerade tabellerna i den form som PxWebApi 2 har, för klienter till Statistikdatabasen. En tabell av siffror är en tabell \
     per instrument. Variabler, värden och kodlistor finns i tabellens metadata. Värden som inte visas är null och har ett tecken i `status`.",
    "The published tables in the shape of PxWebApi 2, for clients of Statistics Sweden's database. A table of figures is a table for \
     each instrument. Variables, values and code lists are in the table's metadata. Values that are not shown are null and have a symbol in `status`.",
];

const TAG: [&str; 2] = ["Tabeller", "Tables"];

/// The document.
pub(super) fn document(publisher: &Publisher, limits: &Limits) -> String {
    let mut paths: Vec<(&str, Members)> = Vec::new();
    for route in ROUTES {
        let own = member(route.method.as_str().to_lowercase(), operation(route));
        match paths.last_mut().filter(|(path, _)| *path == route.path) {
            Some((_, operations)) => operations.push(own),
            None => paths.push((route.path, vec![own])),
        }
    }
    let tag: Node = vec![
        member("name", words::line(TAG)),
        member(
            "description",
            words::both(["Tabeller, deras variabler och deras siffror.", "Tables, their variables and their figures."]),
        ),
    ]
    .into();
    let parts = Parts {
        title: TITLE,
        description: DESCRIPTION,
        tags: vec![tag],
        paths: paths.into_iter().map(|(path, operations)| member(path, operations)).collect(),
        schemas: record::schemas(records::RECORDS),
        problems: ROUTES.iter().flat_map(|route| kinds(route)).collect(),
        security: Members::new(),
    };
    written(parts, publisher, limits)
}

fn kinds(route: &PxRoute) -> Vec<ProblemKind> {
    // parameters have problems of their own here
    let always = problems::ALWAYS.into_iter().filter(|kind| ![UnknownParameter, InvalidParameter].contains(kind));
    let own = route.problems.iter().map(|kind| PxWeb(*kind));
    // the specification has a 404 for every resource
    always.chain([TooManyRequests, NoRelease, NoSuchResource]).chain(own).collect()
}

fn operation(route: &PxRoute) -> Node {
    let [sv, en] = route.summary.map(words::capital);
    let mut parameters: Vec<Node> = route.parameters.iter().map(|own| parameter(route, own)).collect();
    if route.content.is_none() {
        parameters.push(reference("parameters", "If-None-Match"));
    }
    let mut operation = vec![
        member("operationId", route.operation),
        member("tags", json!([words::line(TAG)])),
        member("summary", words::line([&sv, &en])),
        member("description", words::both([&format!("{sv}."), &format!("{en}.")])),
        member("parameters", parameters),
    ];
    if let Some(content) = route.content {
        let example: Value = serde_json::from_str(content).unwrap_or_default();
        let media: Members = vec![member("schema", reference("schemas", records::BODY)), member("example", example)];
        let body: Members = vec![
            member(
                "description",
                words::both([
                    "Urvalet; utan det gäller förvalet.",
                    "The selection; without one the default selection applies.",
                ]),
            ),
            member("required", false),
            member("content", vec![member("application/json", media)]),
        ];
        operation.push(member("requestBody", body));
    }
    operation.push(member("security", json!([])));
    operation.push(member("responses", responses(route)));
    operation.into()
}

fn responses(route: &PxRoute) -> Members {
    let content = route.media_types.iter().map(|media_type| {
        if *media_type != "application/json" {
            return if media_type.starts_with("text/") {
                text(media_type)
            } else {
                member(*media_type, Members::new())
            };
        }
        let mut media = vec![member("schema", reference("schemas", records::of(route.operation)))];
        if let Some(example) = example(route.operation) {
            media.push(member("example", example.clone()));
        }
        member(*media_type, media)
    });
    let own = ["Content-Language", "Content-Disposition"];
    let own = if route.media_types.len() > 1 { &own[..] } else { &own[..1] };
    // an answer to a selection that is sent is the client's alone
    let kept = if route.content.is_none() { &KEPT[..] } else { &KEPT[1..] };
    let headers = [kept, own, &LABEL, &COUNTED].concat();
    let mut all = vec![member("200", response(["Svaret.", "The answer."], &headers, content.collect()))];
    if route.content.is_none() {
        all.push(member("304", reference("responses", "NotModified")));
    }
    all.extend(problems::of(&kinds(route)));
    all
}

fn parameter(route: &PxRoute, own: &PxParameter) -> Node {
    let mut members = vec![
        member("name", own.name),
        member("in", if own.place == Place::Path { "path" } else { "query" }),
        member("required", own.place == Place::Path),
        member("description", words::both(own.text)),
    ];
    if own.place == Place::QueryByVariable {
        let values = if own.takes == Takes::Texts {
            json!({ "type": "array", "items": { "type": "string" } })
        } else {
            json!({ "type": "string" })
        };
        members.push(member("style", "deepObject"));
        members.push(member("explode", true));
        members.push(member("schema", json!({ "type": "object", "additionalProperties": values })));
        return members.into();
    }
    if matches!(own.takes, Takes::Texts | Takes::Some(_)) {
        members.push(member("style", "form"));
        members.push(member("explode", false));
    }
    members.push(member("schema", schema(own)));
    members.push(member("example", example_of(route, own)));
    members.into()
}

fn schema(own: &PxParameter) -> Value {
    match own.takes {
        Takes::Text => json!({ "type": "string" }),
        Takes::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Takes::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::One(all) => json!({ "type": "string", "enum": all }),
        Takes::Some(all) => json!({ "type": "array", "items": { "type": "string", "enum": all } }),
    }
}

fn example_of(route: &PxRoute, own: &PxParameter) -> Value {
    if own.place == Place::Path {
        // the part of the route's example that stands where its path has braces
        let before = route.path.split('{').next().unwrap_or_default();
        let rest = route.example.strip_prefix(before).unwrap_or(own.example);
        return Value::from(rest.split(['/', '?']).next().unwrap_or_default());
    }
    match own.takes {
        Takes::Whole(..) | Takes::Flag => serde_json::from_str(own.example).unwrap_or_default(),
        Takes::Texts | Takes::Some(_) => json!([own.example]),
        Takes::Text | Takes::One(_) => Value::from(own.example),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_a_record() {
        for route in ROUTES {
            let name = records::of(route.operation);
            assert!(records::RECORDS.iter().any(|record| record.name == name), "{}: describe it", route.operation);
        }
    }
}
