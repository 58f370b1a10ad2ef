//! JSON: rows as objects with camelCase names, beside them the page, the release and the source.

use std::io::Write;

use serde::{Serialize, Serializer};
use serde_json::json;

use super::{Document, EncodeError, Format, LICENCE, Value, camel_case};
use crate::model::Text;

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

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        let names: Vec<String> = document.grid.columns.iter().map(|name| camel_case(name)).collect();
        let meta = &document.meta;
        let body = Body {
            synthetic: meta.notice.is_some(),
            notice: meta.notice.as_ref(),
            data: document.grid.rows.iter().map(|row| Row { names: &names, values: row }).collect(),
            page: json!({ "page": document.page.number, "limit": document.page.limit, "total": document.page.total }),
            release: Release {
                id: meta.release.as_str(),
                sequence: meta.sequence,
                kind: &meta.kind,
                published_at: &meta.published_at,
            },
            source: &meta.source,
            licence: LICENCE,
        };
        serde_json::to_writer(&mut *out, &body).map_err(|error| EncodeError::Library(error.to_string()))?;
        Ok(out.write_all(b"\n")?)
    }
}

#[derive(Serialize)]
struct Body<'a> {
    synthetic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'a Text>,
    data: Vec<Row<'a>>,
    page: serde_json::Value,
    release: Release<'a>,
    source: &'a Text,
    licence: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Release<'a> {
    id: &'a str,
    sequence: u64,
    kind: &'a str,
    published_at: &'a str,
}

/// A row as an object whose members keep the order of the columns.
struct Row<'a> {
    names: &'a [String],
    values: &'a [Value],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().zip(self.values))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Whole(number) => serializer.serialize_i64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encode::generated::{bytes, document, is_near};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_read_is_what_was_written(document in document()) {
            let body: serde_json::Value = serde_json::from_slice(&bytes(&Json, &document)).unwrap();
            prop_assert_eq!(&body["synthetic"], &json!(document.meta.notice.is_some()));
            prop_assert_eq!(&body["release"]["id"], &json!(document.meta.release));
            prop_assert_eq!(&body["licence"], &json!(LICENCE));
            for (at, row) in document.grid.rows.iter().enumerate() {
                for (name, value) in document.grid.columns.iter().zip(row) {
                    let read = &body["data"][at][camel_case(name)];
                    match value {
                        Value::Number(number) => prop_assert!(is_near(read.as_f64(), Some(*number))),
                        value => prop_assert_eq!(read, &json!(value)),
                    }
                }
            }
        }
    }
}
