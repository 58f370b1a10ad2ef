//! JSON: rows as objects with camelCase names, beside them the page, the release and the source.

use serde_json::{Map, Value as Json_, json};

use super::{Document, Format, Value, camel_case};

/// The JSON format.
#[derive(Debug)]
pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn content_type(&self) -> &'static str {
        "application/json"
    }

    fn encode(&self, document: &Document) -> Vec<u8> {
        let names: Vec<String> = document.grid.columns.iter().map(|name| camel_case(name)).collect();
        let data: Vec<Json_> = document
            .grid
            .rows
            .iter()
            .map(|row| Json_::Object(names.iter().cloned().zip(row.iter().map(value)).collect::<Map<_, _>>()))
            .collect();
        let meta = &document.meta;
        let page = &document.page;
        let mut body = json!({
            "data": data,
            "page": { "page": page.number, "limit": page.limit, "total": page.total },
            "release": {
                "id": meta.release,
                "sequence": meta.sequence,
                "kind": meta.kind,
                "publishedAt": meta.published_at,
            },
            "source": meta.source,
        });
        if let (Some(notice), Some(object)) = (&meta.notice, body.as_object_mut()) {
            object.insert("synthetic".to_owned(), Json_::Bool(true));
            object.insert("notice".to_owned(), json!(notice));
        }
        let mut bytes = serde_json::to_vec(&body).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

fn value(value: &Value) -> Json_ {
    match value {
        Value::Null => Json_::Null,
        Value::Text(text) => Json_::String(text.to_string()),
        Value::Whole(number) => json!(number),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => Json_::Bool(*flag),
    }
}
