//! Schemas of JSON documents as lists of members in words; which documents there are is said by each face.

use serde_json::{Value, json};

use super::{
    node::{Members, Node, member, reference},
    words,
};

/// What a member holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A moment, RFC 3339.
    Moment,
    /// A day, RFC 3339.
    Day,
    /// A whole number of at least so many.
    Whole(i64),
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A record of this name.
    Record(&'static str),
    /// A list.
    List(&'static Self),
    /// An object with any names.
    Map(&'static Self),
    /// Or null.
    Maybe(&'static Self),
    /// Anything.
    Any,
}

/// A member of a record.
#[derive(Debug)]
pub(super) struct Own {
    name: &'static str,
    kind: Kind,
    text: [&'static str; 2],
    is_needed: bool,
}

/// A member that is always there.
pub(super) const fn always(name: &'static str, kind: Kind, text: [&'static str; 2]) -> Own {
    Own { name, kind, text, is_needed: true }
}

/// A member that need not be there.
pub(super) const fn sometimes(name: &'static str, kind: Kind, text: [&'static str; 2]) -> Own {
    Own { name, kind, text, is_needed: false }
}

/// A record.
#[derive(Debug)]
pub(super) struct Record {
    /// The name of its schema.
    pub(super) name: &'static str,
    /// What it is: Swedish, English.
    pub(super) text: [&'static str; 2],
    /// Its members.
    pub(super) members: &'static [Own],
    /// Whether it has no other members.
    pub(super) is_closed: bool,
}

/// The schemas of records.
pub(super) fn schemas(records: &[Record]) -> Members {
    records.iter().map(|record| member(record.name, schema(record))).collect()
}

fn schema(record: &Record) -> Node {
    let needed: Vec<&str> = record.members.iter().filter(|own| own.is_needed).map(|own| own.name).collect();
    let properties: Members = record
        .members
        .iter()
        .map(|own| {
            let mut schema = of(own.kind);
            schema.push(member("description", words::both(own.text)));
            member(own.name, schema)
        })
        .collect();
    let mut schema = vec![
        member("type", "object"),
        member("description", words::both(record.text)),
        member("properties", properties),
        member("required", json!(needed)),
    ];
    if record.is_closed {
        schema.push(member("additionalProperties", false));
    }
    schema.into()
}

fn of(kind: Kind) -> Members {
    let typed = |name: &str| vec![member("type", name)];
    match kind {
        Kind::Text => typed("string"),
        Kind::Moment => vec![member("type", "string"), member("format", "date-time")],
        Kind::Day => vec![member("type", "string"), member("format", "date")],
        Kind::Whole(least) => vec![member("type", "integer"), member("minimum", json!(least))],
        Kind::Number => typed("number"),
        Kind::Flag => typed("boolean"),
        Kind::Word(words) => vec![member("type", "string"), member("enum", json!(words))],
        Kind::Record(name) => {
            let Node::Object(own) = reference("schemas", name) else { return Members::new() };
            own
        }
        Kind::List(items) => vec![member("type", "array"), member("items", of(*items))],
        Kind::Map(values) => vec![member("type", "object"), member("additionalProperties", of(*values))],
        Kind::Maybe(Kind::Record(name)) => {
            vec![member("anyOf", vec![reference("schemas", name), Node::from(json!({ "type": "null" }))])]
        }
        Kind::Maybe(other) => or_null(of(*other)),
        Kind::Any => Members::new(),
    }
}

/// A schema that also allows null.
fn or_null(schema: Members) -> Members {
    let allow = |(name, node): (String, Node)| match (name.as_str(), node) {
        ("type", Node::Value(own)) => member("type", json!([own, "null"])),
        ("enum", Node::Value(Value::Array(mut all))) => {
            all.push(Value::Null);
            member("enum", Value::from(all))
        }
        (_, node) => (name, node),
    };
    schema.into_iter().map(allow).collect()
}
