//! Names by number: what is text outside is a number in intermediate tables, since joining and grouping by numbers costs half
//! as much; the queries in `sql/` may join, group and compare names for
//! equality, and find no order in them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, DictionaryArray, Int32Array, StringArray},
    compute::{cast, take},
    datatypes::{DataType, Field, Int32Type, Schema},
};

use crate::table::{Table, TableError};

/// The columns that hold names, wherever they occur.
const COLUMNS: [&str; 3] = ["group_id", "measure", "organisation"];

/// Numbers of names, the same in all tables of one session. They say nothing about the order of names.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<String, i32>,
    names: Vec<String>,
}

impl Known {
    fn number(&mut self, name: &str) -> i32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as i32;
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }
}

impl Names {
    /// The table with numbers in place of names.
    pub(super) fn numbered(&self, table: &Table) -> Result<Table, TableError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        replaced(table, |column| {
            // of names that are repeated, each is looked up once
            let column = cast(column, &repeated())?;
            let column = column.as_dictionary::<Int32Type>();
            let names = column.values().as_string::<i32>();
            let numbers: Int32Array = names.iter().map(|name| name.map(|name| known.number(name))).collect();
            Ok(take(&numbers, column.keys(), None)?)
        })
    }

    /// The table with names in place of numbers.
    pub(super) fn named(&self, table: &Table) -> Result<Table, TableError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names: ArrayRef = Arc::new(StringArray::from_iter_values(&known.names));
        replaced(table, |column| {
            // a query of a publisher's own could make something else of such a column
            let numbers = column.as_primitive_opt::<Int32Type>();
            let numbers = numbers.ok_or_else(|| TableError::Column(COLUMNS.join("`, `")))?.clone();
            Ok(Arc::new(DictionaryArray::try_new(numbers, Arc::clone(&names))?))
        })
    }
}

/// The type of text in which each name is held once.
pub(super) fn repeated() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn replaced(
    table: &Table,
    mut replace: impl FnMut(&ArrayRef) -> Result<ArrayRef, TableError>,
) -> Result<Table, TableError> {
    let batch = table.batch();
    let schema = batch.schema();
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let column = if COLUMNS.contains(&field.name().as_str()) { replace(column)? } else { Arc::clone(column) };
        fields.push(Field::new(field.name(), column.data_type().clone(), field.is_nullable()));
        columns.push(column);
    }
    Table::from_columns(Schema::new(fields), columns)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Int64Array;

    use super::*;

    fn table(names: &[&str]) -> Table {
        let schema = Schema::new(vec![
            Field::new("organisation", DataType::Utf8, false),
            Field::new("score", DataType::Int64, false),
        ]);
        let scores = Int64Array::from_iter_values(0..names.len() as i64);
        Table::from_columns(schema, vec![Arc::new(StringArray::from(names.to_vec())), Arc::new(scores)]).unwrap()
    }

    #[test]
    fn names_come_back_and_have_one_number_in_all_tables() {
        let names = Names::default();
        let first = names.numbered(&table(&["b", "a", "b"])).unwrap();
        let second = names.numbered(&table(&["c", "a"])).unwrap();
        let numbers = |table: &Table| table.column::<Int32Array>("organisation", &DataType::Int32).unwrap();
        assert_eq!(numbers(&first).value(1), numbers(&second).value(1));
        assert_eq!(numbers(&first).value(0), numbers(&first).value(2));
        assert_ne!(numbers(&second).value(0), numbers(&first).value(0));
        let back = names.named(&second).unwrap();
        assert_eq!(back.text("organisation").unwrap(), StringArray::from(vec!["c", "a"]));
        // a table that came back is staged again
        assert_eq!(numbers(&names.numbered(&back).unwrap()), numbers(&second));
    }
}
