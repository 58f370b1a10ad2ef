//! The digest of rows by what they say, column by column; the digest of a Parquet file is taken where it is written.

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray},
    datatypes::{DataType, Int8Type, Int32Type, Int64Type},
};
use sha2::{Digest as _, Sha256};

use crate::model::Digest;

/// Marks a missing answer; no scale goes below 0.
const MISSING: i8 = i8::MIN;

/// Takes in the values of one column, in any number of pieces.
#[derive(Clone, Default)]
pub(super) struct ColumnDigest {
    hasher: Sha256,
    has_values: bool,
}

impl ColumnDigest {
    /// Takes in the next rows.
    pub(super) fn update(&mut self, column: &ArrayRef) {
        self.has_values |= column.null_count() < column.len();
        let mut bytes: Vec<u8> = Vec::with_capacity(column.len() * 4);
        match column.data_type() {
            DataType::Int8 => {
                let column = column.as_primitive::<Int8Type>();
                bytes.extend_from_slice(column.values().inner().as_slice());
                if let Some(nulls) = column.nulls() {
                    for at in (!nulls.inner()).set_indices() {
                        bytes[at] = MISSING.cast_unsigned();
                    }
                }
            }
            DataType::Int32 => {
                for value in column.as_primitive::<Int32Type>() {
                    bytes.push(u8::from(value.is_some()));
                    bytes.extend(value.unwrap_or_default().to_le_bytes());
                }
            }
            DataType::Int64 => {
                for value in column.as_primitive::<Int64Type>() {
                    bytes.push(u8::from(value.is_some()));
                    bytes.extend(value.unwrap_or_default().to_le_bytes());
                }
            }
            DataType::FixedSizeBinary(_) => bytes.extend_from_slice(column.as_fixed_size_binary().value_data()),
            _ => {
                for value in column.as_string::<i32>() {
                    bytes.extend(value.map_or(u32::MAX, |text| text.len() as u32).to_le_bytes());
                    bytes.extend(value.unwrap_or_default().as_bytes());
                }
            }
        }
        self.hasher.update(&bytes);
    }
}

/// The digest of a table. A column without any value is left out, so that a question that another version of the
/// questionnaire asks does not change it.
pub(super) fn digest<'a>(title: &str, columns: impl Iterator<Item = (&'a str, ColumnDigest)>) -> Digest {
    let mut text = format!("mognad microdata 2\n{title}\n");
    for (name, column) in columns {
        if column.has_values {
            text.push_str(name);
            text.push(' ');
            text.push_str(Digest::finish(column.hasher).as_str());
            text.push('\n');
        }
    }
    Digest::of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Int8Array, StringArray};

    use super::*;

    fn of(columns: &[(&str, ArrayRef)], split: usize) -> Digest {
        let pieces = columns.iter().map(|(name, column)| {
            let mut digest = ColumnDigest::default();
            digest.update(&column.slice(0, split));
            digest.update(&column.slice(split, column.len() - split));
            (*name, digest)
        });
        digest("title", pieces.collect::<Vec<_>>().into_iter())
    }

    #[test]
    fn the_digest_depends_on_values_and_nothing_else() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("")]));
        let numbers: ArrayRef = Arc::new(Int8Array::from(vec![Some(4), None, Some(0)]));
        let nothing: ArrayRef = Arc::new(Int8Array::from(vec![None, None, None]));
        let whole = of(&[("t", Arc::clone(&texts)), ("n", Arc::clone(&numbers))], 3);
        assert_eq!(whole, of(&[("t", Arc::clone(&texts)), ("n", Arc::clone(&numbers))], 1));
        assert_eq!(whole, of(&[("t", Arc::clone(&texts)), ("o", nothing), ("n", Arc::clone(&numbers))], 2));
        let other: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), Some(""), Some("")]));
        assert_ne!(whole, of(&[("t", other), ("n", numbers)], 3));
    }
}
