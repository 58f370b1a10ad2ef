//! Schemas of rows and of the answers that hold them, from the tables in words; how JSON is written is `encode`'s.

use serde_json::{Value, json};

use super::{
    node::{Members, Node, member, reference},
    words,
};
use crate::{
    definition::{ColumnText, Kind, TableText},
    encode::{LICENCE, camel_case},
};

/// The name of the schema of a table's answers.
pub(super) fn answer_name(table: &TableText) -> String {
    words::component(&table.id) + "Answer"
}

fn row_name(table: &TableText) -> String {
    words::component(&table.id) + "Row"
}

/// The schemas that every answer with rows is made of.
pub(super) fn shared() -> Members {
    let text = json!({
        "type": "object",
        "description": "En text på båda språken.\n\nA text in both languages.",
        "properties": { "sv": { "type": "string" }, "en": { "type": "string" } },
        "required": ["sv", "en"],
    });
    let page = json!({
        "type": "object",
        "description": "Vilken del av alla rader svaret har.\n\nWhich part of all rows the answer has.",
        "properties": {
            "page": { "type": "integer", "minimum": 1, "description": "Sidans nummer.\n\nNumber of the page." },
            "limit": { "type": "integer", "minimum": 1, "description": "Rader per sida.\n\nRows per page." },
            "total": { "type": "integer", "minimum": 0, "description": "Alla rader.\n\nAll rows." },
        },
        "required": ["page", "limit", "total"],
    });
    let release = json!({
        "type": "object",
        "description": "Utgåvan som svaret kommer ur.\n\nThe release that the answer comes from.",
        "properties": {
            "id": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Identitet.\n\nId." },
            "sequence": { "type": "integer", "minimum": 1, "description": "Nummer i loggen.\n\nNumber in the log." },
            "kind": { "type": "string", "enum": ["preliminary", "final", "revision"] },
            "publishedAt": { "type": "string", "format": "date-time", "description": "När den gavs ut, UTC.\n\nWhen it was published, UTC." },
        },
        "required": ["id", "sequence", "kind", "publishedAt"],
    });
    let envelope: Node = vec![
        member("type", "object"),
        member("description", "Det som står bredvid raderna i varje svar.\n\nWhat stands beside the rows in every answer."),
        member(
            "properties",
            vec![
                member("synthetic", json!({ "type": "boolean", "description": "Om några data är påhittade.\n\nWhether any data are made up." })),
                member("notice", noted("Text", "Sägs med varje svar så länge några data är påhittade.\n\nSaid with every answer while any data are made up.")),
                member("page", reference("schemas", "Page")),
                member("release", reference("schemas", "Release")),
                member("source", noted("Text", "Källraden att ange.\n\nThe source line to give.")),
                member("licence", json!({ "type": "string", "const": LICENCE })),
            ],
        ),
        member("required", json!(["synthetic", "page", "release", "source", "licence"])),
    ]
    .into();
    vec![member("Text", text), member("Page", page), member("Release", release), member("Envelope", envelope)]
}

/// A reference with words of its own.
fn noted(schema: &str, description: &str) -> Node {
    vec![member("$ref", format!("#/components/schemas/{schema}")), member("description", description)].into()
}

/// The schemas of a table: its row and its answer.
pub(super) fn of_table(table: &TableText) -> Members {
    let answer: Node = vec![
        member("description", words::text(&table.title)),
        member(
            "allOf",
            vec![
                reference("schemas", "Envelope"),
                vec![
                    member("type", "object"),
                    member(
                        "properties",
                        vec![member(
                            "data",
                            vec![
                                member("type", "array"),
                                member("description", "Raderna.\n\nThe rows."),
                                member("items", reference("schemas", &row_name(table))),
                            ],
                        )],
                    ),
                    member("required", json!(["data"])),
                ]
                .into(),
            ],
        ),
    ]
    .into();
    vec![member(row_name(table), row(table)), member(answer_name(table), answer)]
}

fn row(table: &TableText) -> Node {
    let (mut plain, mut numbered, mut required) = (Members::new(), Members::new(), Vec::new());
    for (name, text) in &table.columns {
        let schema = column(text, table.optional.contains(name));
        // one text for all columns whose name ends with a number
        if let Some(stem) = name.strip_suffix("_N") {
            numbered.push(member(format!("^{}[0-9]+$", camel_case(stem)), schema));
        } else {
            required.push(Value::from(camel_case(name)));
            plain.push(member(camel_case(name), schema));
        }
    }
    let mut row = vec![
        member("type", "object"),
        member("description", words::text(&table.text)),
        member("properties", plain),
        member("required", Value::from(required)),
    ];
    if !numbered.is_empty() {
        row.push(member("patternProperties", numbered));
    }
    row.into()
}

/// The schema of a column's values; where there can be none, `null` stands for it.
fn column(text: &ColumnText, is_optional: bool) -> Node {
    let kind = match text.kind {
        Kind::Text => "string",
        Kind::Whole => "integer",
        Kind::Number => "number",
        Kind::Flag => "boolean",
    };
    let title = [&text.title.sv, &text.title.en];
    let description = [0, 1].map(|at| format!("{}. {}", title[at], [&text.text.sv, &text.text.en][at]));
    let mut schema = vec![
        member("type", if is_optional { json!([kind, "null"]) } else { json!(kind) }),
        member("description", words::both([&description[0], &description[1]])),
    ];
    if !text.values.is_empty() {
        let mut values: Vec<Value> = text.values.iter().map(|value| Value::from(value.as_str())).collect();
        if is_optional {
            values.push(Value::Null);
        }
        schema.push(member("enum", Value::from(values)));
    }
    if let Some(unit) = text.unit {
        schema.push(member("x-unit", unit.word()));
    }
    schema.into()
}
