//! Parameters of our own resources as they are described and refused; the dictionary of their texts is `parameter`'s.

use serde_json::{Value, json};

use super::{
    node::{Members, Node, member},
    words,
};
use crate::{
    definition,
    encode::FORMATS,
    http::{
        Answer, Route, catalog,
        parameter::{self, Form, ParameterText},
    },
};

/// The parameters of a resource: those of its path, its own and those that all of its kind have.
pub(super) fn of(route: &Route) -> Vec<Node> {
    let example = examples(route);
    let common: &[&str] = match route.table() {
        Some(_) if route.is_in_releases() => &parameter::COMMON,
        Some(_) => &parameter::COMMON_OF_LOG,
        None => &[],
    };
    let named = in_path(route.path).map(|name| (name, true));
    let named = named.chain(route.parameters.iter().chain(common).map(|name| (*name, false)));
    named
        .filter_map(|(name, is_in_path)| {
            let text = parameter::described(name)?;
            let value = example.iter().find(|(own, place, _)| *own == name && *place == is_in_path);
            Some(described(route, text, is_in_path, value.map(|(_, _, value)| value.as_str())))
        })
        .collect()
}

/// A query's own parameters, under names of its own.
pub(super) fn of_query() -> Node {
    let members: Members = vec![
        member("name", "parameters"),
        member("in", "query"),
        member("required", false),
        member("style", "form"),
        member("explode", true),
        member(
            "description",
            words::both([
                "Värden på frågans egna parametrar: namn=värde för varje :namn i frågan. Heltal skrivs som tal (2024); 0114 är en text.",
                "Values of the query's own parameters: name=value for each :name in the query. Whole numbers are written as numbers (2024); 0114 is a text.",
            ]),
        ),
        member("schema", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        member("example", json!({ "year": "2018" })),
    ];
    members.into()
}

/// The body that has a query.
pub(super) fn query_body() -> Node {
    let sql = "select count(*) as organisations from organisations where sector = :sector";
    let object = json!({
        "type": "object",
        "properties": {
            "q": { "type": "string", "minLength": 1 },
            "parameters": {
                "type": "object",
                "propertyNames": { "pattern": "^[a-z_][a-z0-9_]{0,39}$" },
                "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
            },
        },
        "required": ["q"],
        "additionalProperties": false,
    });
    let content: Members = vec![
        member(
            "application/sql",
            json!({ "schema": { "type": "string", "minLength": 1 }, "example": "select count(*) as organisations from organisations" }),
        ),
        member(
            "application/json",
            json!({ "schema": object, "example": { "q": sql, "parameters": { "sector": "region" } } }),
        ),
    ];
    vec![member("required", true), member("content", content)].into()
}

/// The values in a resource's example, of described parameters.
pub(super) fn examples(route: &Route) -> Vec<(&'static str, bool, String)> {
    values(route, |name| parameter::described(name).map(|text| text.name))
}

/// The names in braces.
pub(super) fn in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0))
}

fn described(route: &Route, text: &ParameterText, is_in_path: bool, example: Option<&str>) -> Node {
    let is_release =
        matches!((route.path, text.name), ("/v1/releases/{id}", "id") | ("/v1/files/{release}/{file}", "release"));
    let (form, texts) = if is_release && is_in_path {
        (
            parameter::RELEASE_OR_CURRENT,
            [
                "En utgåvas identitet, de första åtta tecknen av den, eller current för den aktuella.",
                "Id of a release, the first eight characters of it, or current for the current one.",
            ],
        )
    } else {
        (text.form, text.text)
    };
    let mut members: Members = vec![
        member("name", text.name),
        member("in", if is_in_path { "path" } else { "query" }),
        member("required", is_in_path),
        member("description", words::both(texts)),
        member("schema", schema(route, text.name, form)),
    ];
    if let Some(example) = example.or_else(|| usual(text)) {
        members.push(member("example", typed(form, example)));
    }
    members.into()
}

/// A value that can be tried at every resource.
fn usual(text: &ParameterText) -> Option<&'static str> {
    ["format", "lang", "limit", "page"].contains(&text.name).then_some(text.example)
}

fn typed(form: Form, example: &str) -> Value {
    match form {
        Form::Whole(_) | Form::Number(_) => serde_json::from_str(example).unwrap_or_default(),
        Form::Day | Form::OneOf(_) | Form::Pattern(_) => Value::from(example),
    }
}

fn schema(route: &Route, name: &str, form: Form) -> Value {
    match form {
        Form::Whole(most) if name == "limit" => {
            json!({ "type": "integer", "minimum": 1, "maximum": most, "default": parameter::ROWS_USUAL })
        }
        Form::Whole(most) if name == "page" => {
            json!({ "type": "integer", "minimum": 1, "maximum": most, "default": 1 })
        }
        Form::Whole(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
        Form::Day => json!({ "type": "string", "format": "date" }),
        Form::Number(most) => json!({ "type": "number", "minimum": 0, "maximum": most }),
        Form::OneOf(_) if name == "format" => json!({ "type": "string", "enum": formats(route) }),
        Form::OneOf(words) => json!({ "type": "string", "enum": words() }),
        Form::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
    }
}

/// The names of the formats that a resource has: a list is no cube.
pub(super) fn formats(route: &Route) -> Vec<&'static str> {
    if let Answer::Document(_) = route.answer {
        return catalog::SERIALISATIONS.iter().map(|own| own.name).collect();
    }
    let formats = FORMATS.iter().filter(|format| has_cubes(route) || !format.is_cube());
    formats.flat_map(|format| [&[format.name()], format.other_names()].concat()).collect()
}

/// Whether a resource's rows have figures in cells.
pub(super) fn has_cubes(route: &Route) -> bool {
    match route.answer {
        Answer::Table(table) => definition::table(table).is_some_and(definition::TableText::is_cube),
        Answer::File => true,
        _ => false,
    }
}

/// The values in a resource's example: name, whether it stands in the path, value. `known` finds a parameter's own name.
pub(super) fn values(route: &Route, known: impl Fn(&str) -> Option<&'static str>) -> Vec<(&'static str, bool, String)> {
    let (path, query) = route.example.split_once('?').unwrap_or((route.example, ""));
    let mut values = Vec::new();
    let (mut template, mut rest) = (route.path, path);
    while let Some((before, after)) = template.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else { break };
        rest = rest.strip_prefix(before).unwrap_or(rest);
        // the value ends where what comes after the name begins
        let next = tail.split('{').next().unwrap_or_default();
        let end = if next.is_empty() { rest.len() } else { rest.find(next).unwrap_or(rest.len()) };
        values.push((name, true, rest[..end].to_owned()));
        (template, rest) = (tail, &rest[end..]);
    }
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if let Some(name) = known(&name) {
            values.push((name, false, value.into_owned()));
        }
    }
    values
}
