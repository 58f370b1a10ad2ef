//! The Kolada face described: operations from its list of routes and parameters; the shapes of its answers are in `records`.

mod records;

use serde_json::{Value, json};

use super::{
    Parts,
    node::{Members, Node, member, reference},
    parameters::{self, in_path},
    problems, record,
    responses::{COUNTED, KEPT, LABEL, example, response},
    words, written,
};
use crate::{
    definition::Publisher,
    http::{
        Limits,
        ProblemKind::{self, NoRelease, NotAcceptable, TooManyRequests, UnknownId},
        Route,
        kolada::{IDS_MAX, KoladaParameter, ROUTES, Takes, described},
    },
};

const TITLE: [&str; 2] = ["mognad som Kolada v3", "mognad as Kolada v3"];

const DESCRIPTION: [&str; 2] = [
    "De publicerade medelvärdena i den form som Kolada v3 har, för skript som läser Kolada. Ett mått är ett nyckeltal, en publicerad \
     grupp en kommungrupp och alla deltagare tillsammans riket (0000). En enskild kommuns eller regions värde visas aldrig.",
    "The published means in the shape of Kolada v3, for scripts that read Kolada. A measure is a KPI, a published group a municipality \
     group, and all participants together the country (0000). The value of a single municipality or region is never shown.",
];

const TAG: [&str; 2] = ["Nyckeltal", "KPIs"];

/// The document.
pub(super) fn document(publisher: &Publisher, limits: &Limits) -> String {
    let tag: Node = vec![
        member("name", words::line(TAG)),
        member(
            "description",
            words::both(["Nyckeltal, kommuner, grupper och värden.", "KPIs, municipalities, groups and values."]),
        ),
    ]
    .into();
    let mut schemas = record::schemas(records::RECORDS);
    schemas.extend(records::pages());
    let parts = Parts {
        title: TITLE,
        description: DESCRIPTION,
        tags: vec![tag],
        paths: ROUTES.iter().map(|route| member(route.path, operation(route))).collect(),
        schemas,
        problems: ROUTES.iter().flat_map(|route| kinds(route)).collect(),
        security: Members::new(),
    };
    written(parts, publisher, limits)
}

fn kinds(route: &Route) -> Vec<ProblemKind> {
    // an id and a page that there are not
    let names = in_path(route.path).chain(route.parameters.iter().copied());
    let unknown = names.into_iter().next().map(|_| UnknownId);
    problems::ALWAYS.into_iter().chain([TooManyRequests, NoRelease, NotAcceptable]).chain(unknown).collect()
}

fn operation(route: &Route) -> Node {
    let example = parameters::values(route, |name| described(name).map(|own| own.name));
    let named = in_path(route.path).map(|name| (name, true));
    let named = named.chain(route.parameters.iter().map(|name| (*name, false)));
    let mut listed: Vec<Node> = named
        .filter_map(|(name, is_in_path)| {
            let value = example.iter().find(|(own, place, _)| *own == name && *place == is_in_path);
            Some(parameter(described(name)?, is_in_path, value.map(|(_, _, value)| value.as_str())))
        })
        .collect();
    listed.push(reference("parameters", "If-None-Match"));
    let mut media = vec![member("schema", reference("schemas", &records::of(route.operation)))];
    if let Some(example) = self::example(route.operation) {
        media.push(member("example", example.clone()));
    }
    let headers = [&KEPT[..], &LABEL, &COUNTED].concat();
    let content = vec![member("application/json", media)];
    let mut answers = vec![
        member("200", response(["Svaret.", "The answer."], &headers, content)),
        member("304", reference("responses", "NotModified")),
    ];
    answers.extend(problems::of(&kinds(route)));
    let [sv, en] = route.summary.map(words::capital);
    let operation: Members = vec![
        member("operationId", route.operation),
        member("tags", json!([words::line(TAG)])),
        member("summary", words::line([&sv, &en])),
        member("description", words::both([&format!("{sv}."), &format!("{en}.")])),
        member("parameters", listed),
        member("security", json!([])),
        member("responses", answers),
    ];
    vec![member("get", operation)].into()
}

fn parameter(own: &KoladaParameter, is_in_path: bool, example: Option<&str>) -> Node {
    let is_list = matches!(own.takes, Takes::Ids | Takes::Years);
    let mut members = vec![
        member("name", own.name),
        member("in", if is_in_path { "path" } else { "query" }),
        member("required", is_in_path),
        member("description", words::both(own.text)),
    ];
    if is_list && !is_in_path {
        members.push(member("style", "form"));
        members.push(member("explode", true));
    }
    members.push(member("schema", schema(own, is_in_path)));
    let text = example.unwrap_or(own.example);
    let example = match own.takes {
        Takes::Whole(..) => serde_json::from_str(text).unwrap_or_default(),
        Takes::Ids | Takes::Years if !is_in_path => text.split(',').map(Value::from).collect(),
        _ => Value::from(text),
    };
    members.push(member("example", example));
    members.into()
}

fn schema(own: &KoladaParameter, is_in_path: bool) -> Value {
    let list = |part: &str| {
        if is_in_path {
            json!({ "type": "string", "pattern": format!("^{part}(,{part}){{0,{}}}$", IDS_MAX - 1) })
        } else {
            let items = json!({ "type": "string", "pattern": format!("^{part}$") });
            json!({ "type": "array", "items": items, "minItems": 1, "maxItems": IDS_MAX })
        }
    };
    match own.takes {
        Takes::Ids => list("[0-9A-Za-z]+"),
        Takes::Years => list("[0-9]{4}"),
        Takes::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Takes::Date => json!({ "type": "string", "format": "date" }),
        Takes::One(all) => json!({ "type": "string", "enum": all }),
        Takes::Text => json!({ "type": "string" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_a_schema() {
        let known: Vec<String> = records::pages().into_iter().map(|(name, _)| name).collect();
        for route in ROUTES {
            let name = records::of(route.operation);
            assert!(name == "Start" || known.contains(&name), "{}: describe it in records.rs", route.operation);
        }
    }
}
