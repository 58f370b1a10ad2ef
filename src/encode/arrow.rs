//! Arrow: rows as an IPC stream of typed batches, with the metadata that a Parquet file has.

use std::{io::Write, sync::Arc};

use datafusion::arrow::{
    error::ArrowError,
    ipc::{reader::StreamReader, writer::StreamWriter},
};

use super::{Document, EncodeError, Format, Grid, Sheet, arrays};
use crate::table::{Table, TableError};

/// The Arrow format.
#[derive(Debug)]
pub(super) struct ArrowStream;

impl Format for ArrowStream {
    fn name(&self) -> &'static str {
        "arrow"
    }

    fn other_names(&self) -> &'static [&'static str] {
        &["arrows"]
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.apache.arrow.stream"
    }

    fn content_type(&self) -> &'static str {
        "application/vnd.apache.arrow.stream"
    }

    /// As registered with the media type.
    fn extension(&self) -> &'static str {
        "arrows"
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        let sheet = Sheet::of(document)?;
        let schema = Arc::new(arrays::schema(&sheet));
        let mut writer = StreamWriter::try_new(out, &schema).map_err(failed)?;
        for batch in arrays::batches(&sheet, &schema) {
            writer.write(&batch?).map_err(failed)?;
        }
        writer.finish().map_err(failed)
    }
}

/// Reads rows back from a stream, as whoever asked for it does.
pub fn rows_of_stream(bytes: &[u8]) -> Result<Grid, TableError> {
    let reader = StreamReader::try_new(bytes, None)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    Grid::from_table(&Table::from_batches(&schema, &batches)?)
}

fn failed(error: ArrowError) -> EncodeError {
    match error {
        ArrowError::IoError(_, error) => EncodeError::Write(error),
        other => EncodeError::Library(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

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
    fn the_stream_says_what_it_is_and_goes_on_over_batches() {
        let rows = (0..20_000).map(|year| simple(year, Status::Ok, Value::Number(47.5))).collect();
        let document = of(rows, Names::default());
        let reader = StreamReader::try_new(Cursor::new(bytes(&ArrowStream, &document)), None).unwrap();
        let schema = reader.schema();
        assert_eq!(schema.metadata()["release"], document.meta.release.as_str());
        assert_eq!(schema.metadata()["notice_sv"], "Syntetiska data.");
        assert_eq!(schema.field_with_name("mean").unwrap().metadata()["unit"], "percent");
        let batches: Vec<usize> = reader.map(|batch| batch.unwrap().num_rows()).collect();
        assert_eq!((batches.len(), batches.iter().sum::<usize>()), (3, 20_000));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_read_is_what_was_written(document in document()) {
            let reader = StreamReader::try_new(Cursor::new(bytes(&ArrowStream, &document)), None).unwrap();
            let schema = reader.schema();
            let batches: Vec<_> = reader.map(Result::unwrap).collect();
            let table = Table::from_batches(&schema, &batches).unwrap();
            prop_assert_eq!(Grid::from_table(&table).unwrap(), document.grid);
        }
    }
}
