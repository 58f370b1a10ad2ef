//! Rows as the protocol has them: four kinds of columns, in text or in binary as the client asks.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array as _, AsArray as _},
    datatypes::{DataType, Float64Type, Int64Type},
    ipc::reader::StreamReader,
};
use futures::stream;
use pgwire::{
    api::{
        Type,
        results::{DataRowEncoder, FieldFormat, FieldInfo, QueryResponse, Response},
    },
    error::{PgWireError, PgWireResult},
};

use crate::table::Table;

/// The format of each column.
type Formats<'a> = dyn Fn(usize) -> FieldFormat + 'a;

/// Reads an answer that came as an Arrow stream.
pub(super) fn read(bytes: &[u8]) -> PgWireResult<Table> {
    let failed = |error| PgWireError::ApiError(Box::new(error));
    let reader = StreamReader::try_new(bytes, None).map_err(failed)?;
    let schema = reader.schema();
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    Table::from_batches(&schema, &batches).map_err(|error| PgWireError::ApiError(Box::new(error)))
}

/// The columns.
pub(super) fn fields(table: &Table, formats: &Formats<'_>) -> Vec<FieldInfo> {
    let schema = table.batch().schema();
    let field = |(at, field): (usize, &Arc<datafusion::arrow::datatypes::Field>)| {
        let kind = match field.data_type() {
            DataType::Boolean => Type::BOOL,
            DataType::Int64 => Type::INT8,
            DataType::Float64 => Type::FLOAT8,
            _ => Type::TEXT,
        };
        FieldInfo::new(field.name().clone(), None, None, kind, formats(at))
    };
    schema.fields().iter().enumerate().map(field).collect()
}

/// The rows.
pub(super) fn response(table: &Table, formats: &Formats<'_>) -> PgWireResult<Response> {
    let fields = Arc::new(fields(table, formats));
    let mut encoder = DataRowEncoder::new(Arc::clone(&fields));
    let mut rows = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        for column in table.batch().columns() {
            let is_null = column.is_null(row);
            match column.data_type() {
                DataType::Boolean => {
                    encoder.encode_field(&(!is_null).then(|| column.as_boolean().value(row)))?;
                }
                DataType::Int64 => {
                    encoder.encode_field(&(!is_null).then(|| column.as_primitive::<Int64Type>().value(row)))?;
                }
                DataType::Float64 => {
                    encoder.encode_field(&(!is_null).then(|| column.as_primitive::<Float64Type>().value(row)))?;
                }
                _ => encoder.encode_field(&(!is_null).then(|| column.as_string::<i32>().value(row)))?,
            }
        }
        rows.push(Ok(encoder.take_row()));
    }
    Ok(Response::Query(QueryResponse::new(fields, stream::iter(rows))))
}
