//! Parquet: rows with typed columns, and what table and columns mean in the file's own metadata.

use std::{io::Write, sync::Arc};

use parquet::{arrow::ArrowWriter, errors::ParquetError, file::metadata::KeyValue};

use super::{Document, EncodeError, Format, Sheet, arrays};
use crate::table;

/// The Parquet format.
#[derive(Debug)]
pub(super) struct Parquet;

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.apache.parquet"
    }

    fn content_type(&self) -> &'static str {
        "application/vnd.apache.parquet"
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        write(&Sheet::of(document)?, out)
    }
}

/// Writes rows as a Parquet file.
pub fn write(sheet: &Sheet, out: &mut dyn Write) -> Result<(), EncodeError> {
    let failed = |error: ParquetError| EncodeError::Library(error.to_string());
    let schema = Arc::new(arrays::schema(sheet));
    // the schema says it too, but only readers that know Arrow look there, and those that do look nowhere else
    let pairs = arrays::metadata(sheet).into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect();
    let properties = table::writer_properties().set_key_value_metadata(Some(pairs)).build();
    // an answer is one group of rows, which a Parquet file has to know in full before its first column is written
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, Arc::clone(&schema), Some(properties)).map_err(failed)?;
    for batch in arrays::batches(sheet, &schema) {
        writer.write(&batch?).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(out.write_all(&file)?)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use datafusion::arrow::datatypes::DataType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        encode::{
            Grid, Names, Value,
            generated::{bytes, document, of, simple},
        },
        model::Status,
        table::Table,
    };

    #[test]
    fn columns_have_their_described_types_and_texts() {
        let document = of(vec![simple(2020, Status::Ok, Value::Whole(47))], Names::default());
        let reader = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes(&Parquet, &document))).unwrap();
        let schema = reader.schema();
        let kind = |name: &str| schema.field_with_name(name).unwrap().data_type().clone();
        assert_eq!(kind("nothing"), DataType::Float64, "although all of it is null");
        assert_eq!(kind("mean"), DataType::Float64, "although all of it is whole");
        assert_eq!((kind("year"), kind("shown"), kind("remark")), (DataType::Int64, DataType::Boolean, DataType::Utf8));
        let said = schema.field_with_name("share_20").unwrap().metadata();
        assert_eq!((said["title_sv"].as_str(), said["unit"].as_str()), ("Å share_N", "percentage-points"));
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let value = |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.as_deref());
        let meta = &document.meta;
        for (key, expected) in [
            ("release", meta.release.as_str()),
            ("sequence", "3"),
            ("kind", "final"),
            ("published_at", "2021-05-14T08:00:00Z"),
            ("policy", meta.policy.as_str()),
            ("licence", crate::encode::LICENCE),
            ("source_sv", "Källa: mognad, utgåva abc"),
            ("source_en", "Source: mognad, release abc"),
            ("synthetic", "true"),
            ("notice_en", "Synthetic data."),
            ("text_sv", "En rad per mått, grupp och år."),
        ] {
            assert_eq!(value(key), Some(expected), "{key}");
        }
    }

    #[test]
    fn what_is_not_as_described_is_not_written() {
        let document = of(vec![simple(2020, Status::Ok, Value::text("47"))], Names::default());
        let error = Parquet.write(&document, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("mean is described as number"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_read_is_what_was_written(document in document()) {
            let table = Table::from_parquet(Bytes::from(bytes(&Parquet, &document))).unwrap();
            prop_assert_eq!(Grid::from_table(&table).unwrap(), document.grid);
        }
    }
}
