//! Rows as typed arrays, with what table and columns mean beside them: the shape of Parquet and Arrow files, which are written in their own modules.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, SchemaRef},
};

use super::{EncodeError, LICENCE, Sheet, SheetColumn, Value};
use crate::definition::Kind;

/// Rows of a batch.
const BATCH_ROWS: usize = 8_192;

/// The columns of a sheet, typed by their described kinds and never by the values there happen to be, so that every page and
/// selection of a table has the same schema.
pub(super) fn schema(sheet: &Sheet) -> Schema {
    let field = |column: &SheetColumn| {
        let kind = match column.text.kind {
            Kind::Text => DataType::Utf8,
            Kind::Whole => DataType::Int64,
            Kind::Number => DataType::Float64,
            Kind::Flag => DataType::Boolean,
        };
        Field::new(&*column.name, kind, true).with_metadata(column.text.said().into_iter().collect())
    };
    let said = metadata(sheet).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Schema::new(sheet.columns.iter().map(field).collect::<Vec<_>>()).with_metadata(said)
}

/// What is said of the whole, in a fixed order.
pub(super) fn metadata(sheet: &Sheet) -> Vec<(&'static str, String)> {
    let meta = sheet.meta;
    let mut pairs = vec![
        ("table", sheet.id.to_owned()),
        ("title_sv", sheet.title.sv.clone()),
        ("title_en", sheet.title.en.clone()),
        ("text_sv", sheet.text.sv.clone()),
        ("text_en", sheet.text.en.clone()),
        ("release", meta.release.to_string()),
        ("sequence", meta.sequence.to_string()),
        ("kind", meta.kind.clone()),
        ("published_at", meta.published_at.clone()),
        ("policy", meta.policy.to_string()),
        ("licence", LICENCE.to_owned()),
        ("source_sv", meta.source.sv.clone()),
        ("source_en", meta.source.en.clone()),
        ("synthetic", meta.notice.is_some().to_string()),
    ];
    if let Some(notice) = &meta.notice {
        pairs.extend([("notice_sv", notice.sv.clone()), ("notice_en", notice.en.clone())]);
    }
    if let Some(page) = sheet.page {
        pairs.extend([
            ("page", page.number.to_string()),
            ("limit", page.limit.to_string()),
            ("total", page.total.to_string()),
        ]);
    }
    pairs
}

/// The rows in batches, each made when it is asked for.
pub(super) fn batches<'a>(
    sheet: &'a Sheet<'a>,
    schema: &'a SchemaRef,
) -> impl Iterator<Item = Result<RecordBatch, EncodeError>> + 'a {
    sheet.rows.chunks(BATCH_ROWS).map(move |rows| {
        let arrays = sheet.columns.iter().enumerate().map(|(at, column)| array(column, at, rows));
        let arrays = arrays.collect::<Result<Vec<_>, EncodeError>>()?;
        RecordBatch::try_new(Arc::clone(schema), arrays).map_err(|error| EncodeError::Library(error.to_string()))
    })
}

fn array(column: &SheetColumn, at: usize, rows: &[Vec<Value>]) -> Result<ArrayRef, EncodeError> {
    let wrong = || {
        let kind = column.text.kind.word();
        EncodeError::Library(format!("the column {} is described as {kind} and holds something else", column.name))
    };
    let values = || rows.iter().map(|row| &row[at]);
    Ok(match column.text.kind {
        Kind::Text => {
            let texts = values().map(|value| match value {
                Value::Null => Ok(None),
                Value::Text(text) => Ok(Some(&**text)),
                _ => Err(wrong()),
            });
            Arc::new(texts.collect::<Result<StringArray, EncodeError>>()?)
        }
        Kind::Whole => {
            let numbers = values().map(|value| match value {
                Value::Null => Ok(None),
                Value::Whole(number) => Ok(Some(*number)),
                _ => Err(wrong()),
            });
            Arc::new(numbers.collect::<Result<Int64Array, EncodeError>>()?)
        }
        Kind::Number => {
            let numbers = values().map(|value| match value {
                Value::Null => Ok(None),
                Value::Whole(number) => Ok(Some(*number as f64)),
                Value::Number(number) => Ok(Some(*number)),
                _ => Err(wrong()),
            });
            Arc::new(numbers.collect::<Result<Float64Array, EncodeError>>()?)
        }
        Kind::Flag => {
            let flags = values().map(|value| match value {
                Value::Null => Ok(None),
                Value::Flag(flag) => Ok(Some(*flag)),
                _ => Err(wrong()),
            });
            Arc::new(flags.collect::<Result<BooleanArray, EncodeError>>()?)
        }
    })
}
