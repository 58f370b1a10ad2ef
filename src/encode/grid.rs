//! Rows of plain values, the shape between tables and formats; it knows neither where they come from nor how they are written.

use std::{collections::HashMap, fmt, sync::Arc};

use datafusion::arrow::{
    array::{Array, AsArray as _, BooleanArray},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};

use serde::{Deserialize, Deserializer};

use crate::{
    disclosure::{Opened, Safe},
    table::{Table, TableError},
};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value; the row's status says why.
    Null,
    /// Text.
    Text(Arc<str>),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
}

impl Value {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// A whole number, or nothing.
    pub fn whole<N: Into<i64>>(number: Option<N>) -> Self {
        number.map_or(Self::Null, |number| Self::Whole(number.into()))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// What JSON tells apart.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Plain {
            Flag(bool),
            Whole(i64),
            Number(f64),
            Text(String),
        }
        Ok(match Option::<Plain>::deserialize(deserializer)? {
            None => Self::Null,
            Some(Plain::Flag(flag)) => Self::Flag(flag),
            Some(Plain::Whole(number)) => Self::Whole(number),
            Some(Plain::Number(number)) => Self::Number(number),
            Some(Plain::Text(text)) => Self::text(text),
        })
    }
}

/// A column: its name in tables, `snake_case`.
pub type Column = Arc<str>;

/// Rows of values under named columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grid {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
}

impl Grid {
    /// An empty grid.
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|&name| Arc::from(name)).collect(), rows: Vec::new() }
    }

    /// A published table as rows.
    pub fn of(table: &Safe<Table>) -> Result<Self, TableError> {
        Self::from_table(table.get())
    }

    pub(super) fn from_table(table: &Table) -> Result<Self, TableError> {
        let batch = table.batch();
        let columns: Vec<Column> =
            batch.schema().fields().iter().map(|field| Arc::from(field.name().as_str())).collect();
        let mut rows = vec![Vec::with_capacity(columns.len()); batch.num_rows()];
        for column in batch.columns() {
            for (row, value) in values(column)?.into_iter().enumerate() {
                rows[row].push(value);
            }
        }
        Ok(Self { columns, rows })
    }

    /// Own results in the hands of their holder as rows.
    pub fn opened(results: &Opened) -> Result<Self, TableError> {
        Self::from_table(results.get())
    }

    /// The rows whose text in a column is wanted; a row without one is not.
    pub fn matching(&self, column: &str, wanted: impl Fn(&str) -> bool) -> Self {
        let at = self.position(column);
        let fits = |row: &&Vec<Value>| matches!(at.map(|at| &row[at]), Some(Value::Text(text)) if wanted(text));
        Self { columns: self.columns.clone(), rows: self.rows.iter().filter(fits).cloned().collect() }
    }

    /// Whether any row has this text in a column.
    pub fn has(&self, column: &str, text: &str) -> bool {
        let at = self.position(column);
        self.rows.iter().any(|row| matches!(at.map(|at| &row[at]), Some(Value::Text(own)) if **own == *text))
    }

    /// The years that rows are of, ascending.
    pub fn years(&self) -> Vec<i64> {
        let at = self.position("year");
        let years =
            self.rows.iter().filter_map(|row| if let Value::Whole(year) = row[at?] { Some(year) } else { None });
        years.collect::<std::collections::BTreeSet<i64>>().into_iter().collect()
    }

    /// The rows of some years.
    pub fn in_years(&self, years: &[i64]) -> Self {
        let at = self.position("year");
        let fits =
            |row: &&Vec<Value>| matches!(at.map(|at| &row[at]), Some(Value::Whole(year)) if years.contains(year));
        Self { columns: self.columns.clone(), rows: self.rows.iter().filter(fits).cloned().collect() }
    }

    /// The position of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| &**name == column)
    }
}

fn values(column: &dyn Array) -> Result<Vec<Value>, TableError> {
    let pick = |row: usize, value: &dyn Fn(usize) -> Value| if column.is_null(row) { Value::Null } else { value(row) };
    let rows = 0..column.len();
    Ok(match column.data_type() {
        // it has no list of which are null, since all are
        DataType::Null => vec![Value::Null; column.len()],
        DataType::Boolean => {
            let flags: &BooleanArray = column.as_boolean();
            rows.map(|row| pick(row, &|row| Value::Flag(flags.value(row)))).collect()
        }
        kind if kind.is_integer() => {
            let column = cast(column, &DataType::Int64)?;
            let numbers = column.as_primitive::<Int64Type>();
            rows.map(|row| pick(row, &|row| Value::Whole(numbers.value(row)))).collect()
        }
        kind if kind.is_floating() || matches!(kind, DataType::Decimal128(..)) => {
            let column = cast(column, &DataType::Float64)?;
            let numbers = column.as_primitive::<Float64Type>();
            rows.map(|row| pick(row, &|row| Value::Number(numbers.value(row)))).collect()
        }
        _ => {
            let column = cast(column, &DataType::Utf8)?;
            let texts = column.as_string::<i32>();
            // ids and closed words stand in many rows
            let mut known: HashMap<&str, Arc<str>> = HashMap::new();
            let read = texts.iter().map(|own| {
                own.map_or(Value::Null, |own| Value::Text(Arc::clone(known.entry(own).or_insert_with(|| own.into()))))
            });
            read.collect()
        }
    })
}

/// `class_from` as `classFrom`: JSON names follow the national profile.
pub fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}
