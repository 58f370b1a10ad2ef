//! A schema and its batches, the one shape that stages hand on, and its forms as a file; storing it is `store`'s work.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use datafusion::arrow::{
    array::{Array, ArrayRef, RecordBatch, StringArray},
    compute::{cast, concat_batches},
    datatypes::{DataType, Field, FieldRef, Schema, SchemaRef},
    error::ArrowError,
    ipc::writer::FileWriter,
};
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{WriterProperties, WriterPropertiesBuilder},
    },
};

/// Rows of a batch in a passing file.
const PASSING_ROWS: usize = 65_536;

/// Why a table could not be made, written or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The columns do not fit together.
    #[error("a table's columns do not fit together: {0}")]
    Arrow(#[from] ArrowError),
    /// The bytes are no Parquet file, or cannot become one.
    #[error("a Parquet file cannot be read or written: {0}")]
    Parquet(#[from] ParquetError),
    /// A column is absent or has another type.
    #[error("column `{0}` is missing or has another type than expected")]
    Column(String),
}

/// Rows of named columns, in memory.
#[derive(Debug, Clone)]
pub struct Table {
    batch: RecordBatch,
}

impl Table {
    /// A table of one batch.
    pub fn new(batch: RecordBatch) -> Self {
        Self { batch }
    }

    /// A table from columns; a column may be null where its field is declared so.
    pub fn from_columns(schema: Schema, columns: Vec<ArrayRef>) -> Result<Self, TableError> {
        Ok(Self { batch: RecordBatch::try_new(Arc::new(schema), columns)? })
    }

    /// A table of several batches, joined into one.
    pub fn from_batches(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Self, TableError> {
        Ok(Self { batch: concat_batches(schema, batches)? })
    }

    /// The same rows with what is said of the table and of each of its columns, as files carry it.
    pub fn described(
        &self,
        table: impl IntoIterator<Item = (String, String)>,
        column: impl Fn(&str) -> Vec<(String, String)>,
    ) -> Result<Self, TableError> {
        let schema = self.batch.schema();
        let said = |field: &FieldRef| field.as_ref().clone().with_metadata(column(field.name()).into_iter().collect());
        let fields: Vec<Field> = schema.fields().iter().map(said).collect();
        let schema = Schema::new(fields).with_metadata(table.into_iter().collect());
        Ok(Self { batch: RecordBatch::try_new(Arc::new(schema), self.batch.columns().to_vec())? })
    }

    /// The same rows with nothing said of them.
    pub fn plain(&self) -> Result<Self, TableError> {
        self.described([], |_| Vec::new())
    }

    /// The rows.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column by name, cast to the wanted array type.
    pub fn column<A: Array + Clone + 'static>(&self, name: &str, to: &DataType) -> Result<A, TableError> {
        let column = self.batch.column_by_name(name).ok_or_else(|| TableError::Column(name.to_owned()))?;
        let column = cast(column, to)?;
        column.as_any().downcast_ref::<A>().cloned().ok_or_else(|| TableError::Column(name.to_owned()))
    }

    /// A text column by name.
    pub fn text(&self, name: &str) -> Result<StringArray, TableError> {
        self.column::<StringArray>(name, &DataType::Utf8)
    }

    /// The table as a Parquet file. The bytes depend on the rows alone.
    pub fn to_parquet(&self) -> Result<Bytes, TableError> {
        let mut file = Vec::new();
        let properties = writer_properties().build();
        let mut writer = ArrowWriter::try_new(&mut file, self.batch.schema(), Some(properties))?;
        writer.write(&self.batch)?;
        writer.close()?;
        Ok(Bytes::from(file))
    }

    /// The same with what is said of the table where readers find it that know nothing of Arrow.
    pub fn to_parquet_saying(&self) -> Result<Bytes, TableError> {
        let schema = self.batch.schema();
        let said: BTreeMap<&String, &String> = schema.metadata().iter().collect();
        let said = said.into_iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        let properties = writer_properties().set_key_value_metadata(Some(said)).build();
        let mut file = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut file, schema, Some(properties))?;
        writer.write(&self.batch)?;
        writer.close()?;
        Ok(Bytes::from(file))
    }

    /// The least that a file grows by when it is made longer with [`Table::to_parquet_of`].
    pub const PADDING_LEAST: usize = 20_000;

    /// The table as a Parquet file of exactly `size` bytes, made so by an entry `padding` among its metadata. `size` has to be
    /// greater than that of [`Table::to_parquet`] by [`Table::PADDING_LEAST`] at least, and by less than two million.
    pub fn to_parquet_of(&self, size: usize) -> Result<Bytes, TableError> {
        let padded = |length: usize| -> Result<Bytes, TableError> {
            let padding = KeyValue::new("padding".to_owned(), "0".repeat(length));
            let properties = writer_properties().set_key_value_metadata(Some(vec![padding])).build();
            let mut file = Vec::new();
            let mut writer = ArrowWriter::try_new(&mut file, self.batch.schema(), Some(properties))?;
            writer.write(&self.batch)?;
            writer.close()?;
            Ok(Bytes::from(file))
        };
        // lengths from 16,384 to 2,097,151 are written in three bytes (Thrift's compact protocol), so that one more character
        // is one more byte
        let first = padded(1 << 14)?;
        padded((1 << 14) + size.saturating_sub(first.len()))
    }

    /// The table as an Arrow IPC file, for one that is read soon and not kept: as in memory, neither encoded nor compressed.
    pub fn to_passing_file(&self) -> Result<Bytes, TableError> {
        let mut writer = FileWriter::try_new(Vec::new(), &self.batch.schema())?;
        for from in (0..self.rows()).step_by(PASSING_ROWS) {
            writer.write(&self.batch.slice(from, PASSING_ROWS.min(self.rows() - from)))?;
        }
        writer.finish()?;
        Ok(Bytes::from(writer.into_inner()?))
    }

    /// Reads a Parquet file whose bytes have been verified.
    pub fn from_parquet(bytes: Bytes) -> Result<Self, TableError> {
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
        let schema = Arc::clone(reader.schema());
        let batches = reader.with_batch_size(65_536).build()?.collect::<Result<Vec<_>, _>>()?;
        Self::from_batches(&schema, &batches)
    }
}

/// How Parquet files are written where a column is not better left as it is: zstd level 1. Nothing depends on the machine or
/// the moment.
pub fn writer_properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_created_by("mognad".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_max_row_group_row_count(Some(262_144))
}
