//! A published table in the making, column by column: each column's name, type and values stand together.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Float64Array, Int16Array, Int32Array, StringArray},
    datatypes::{DataType, Field, Schema},
};

use crate::{
    model::{Text, Year},
    table::{Table, TableError},
};

/// Columns so far.
pub(in crate::disclosure) struct Columns {
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl Columns {
    pub(in crate::disclosure) fn new() -> Self {
        Self { fields: Vec::new(), columns: Vec::new() }
    }

    fn add(mut self, name: &str, data_type: DataType, nullable: bool, column: ArrayRef) -> Self {
        self.fields.push(Field::new(name, data_type, nullable));
        self.columns.push(column);
        self
    }

    pub(in crate::disclosure) fn text<S: Into<String>>(self, name: &str, values: impl IntoIterator<Item = S>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        self.add(name, DataType::Utf8, false, Arc::new(StringArray::from(values)))
    }

    pub(in crate::disclosure) fn maybe<S: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<S>>,
    ) -> Self {
        self.add(name, DataType::Utf8, true, Arc::new(values.into_iter().collect::<StringArray>()))
    }

    /// A text in both languages: two columns.
    pub(in crate::disclosure) fn both(self, name: &str, values: &[&Text]) -> Self {
        self.text(&format!("{name}_sv"), values.iter().map(|text| text.sv.as_str()))
            .text(&format!("{name}_en"), values.iter().map(|text| text.en.as_str()))
    }

    pub(in crate::disclosure) fn year(self, name: &str, values: impl IntoIterator<Item = Year>) -> Self {
        let values: Vec<i16> = values.into_iter().map(|year| year.number() as i16).collect();
        self.add(name, DataType::Int16, false, Arc::new(Int16Array::from(values)))
    }

    /// Per cent, percentage points or ends of classes.
    pub(in crate::disclosure) fn percent(self, name: &str, values: impl IntoIterator<Item = i16>) -> Self {
        self.add(name, DataType::Int16, false, Arc::new(values.into_iter().collect::<Int16Array>()))
    }

    pub(in crate::disclosure) fn maybe_percent(
        self,
        name: &str,
        values: impl IntoIterator<Item = Option<i16>>,
    ) -> Self {
        self.add(name, DataType::Int16, true, Arc::new(values.into_iter().collect::<Int16Array>()))
    }

    pub(in crate::disclosure) fn count(self, name: &str, values: impl IntoIterator<Item = usize>) -> Self {
        let values: Vec<i32> = values.into_iter().map(|value| value as i32).collect();
        self.add(name, DataType::Int32, false, Arc::new(Int32Array::from(values)))
    }

    pub(in crate::disclosure) fn maybe_count(self, name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        let values: Int32Array = values.into_iter().map(|value| value.map(|value| value as i32)).collect();
        self.add(name, DataType::Int32, true, Arc::new(values))
    }

    pub(in crate::disclosure) fn number(self, name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        self.add(name, DataType::Float64, false, Arc::new(Float64Array::from_iter_values(values)))
    }

    pub(in crate::disclosure) fn maybe_number(self, name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        self.add(name, DataType::Float64, true, Arc::new(values.into_iter().collect::<Float64Array>()))
    }

    pub(in crate::disclosure) fn flag(self, name: &str, values: impl IntoIterator<Item = bool>) -> Self {
        let values: Vec<bool> = values.into_iter().collect();
        self.add(name, DataType::Boolean, false, Arc::new(BooleanArray::from(values)))
    }

    pub(in crate::disclosure) fn table(self) -> Result<Table, TableError> {
        Table::from_columns(Schema::new(self.fields), self.columns)
    }
}
