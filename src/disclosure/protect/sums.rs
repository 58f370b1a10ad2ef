//! The sums of one round as read from the engine's tables, by cell; what is written of them is decided in the files beside.

use std::collections::BTreeMap;

use datafusion::arrow::{
    array::{Int16Array, Int64Array},
    datatypes::DataType,
};

use super::Round;
use crate::{
    disclosure::DisclosureError,
    model::Year,
    table::{Table, TableError},
};

/// Group, year and measure.
pub(super) type Key = (String, Year, String);

/// The sums of one round, by cell.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Organisations and sum in millionths.
    pub(super) means: BTreeMap<Key, (i64, i64)>,
    /// Organisations in each class.
    pub(super) classes: BTreeMap<Key, Vec<i64>>,
    /// Organisations in both years, and the sum of their changes in millionths.
    pub(super) matched: BTreeMap<Key, (i64, i64)>,
}

impl Sums {
    pub(super) fn read(round: &Round<'_>) -> Result<Self, DisclosureError> {
        let mut sums = Self::default();
        let table = round.sums.expose();
        let (organisations, total) = (numbers(table, "organisations")?, numbers(table, "sum")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            sums.means.insert(key, (organisations.value(row), total.value(row)));
        }
        let table = round.classes.expose();
        let (organisations, class) = (numbers(table, "organisations")?, numbers(table, "class")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            let counts = sums.classes.entry(key).or_default();
            let class = class.value(row).max(0) as usize;
            counts.resize(counts.len().max(class + 1), 0);
            counts[class] = organisations.value(row);
        }
        let table = round.matched.expose();
        let (organisations, total) = (numbers(table, "organisations")?, numbers(table, "sum_change")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            sums.matched.insert(key, (organisations.value(row), total.value(row)));
        }
        Ok(sums)
    }
}

fn numbers(table: &Table, name: &str) -> Result<Int64Array, TableError> {
    table.column(name, &DataType::Int64)
}

fn keys(table: &Table) -> Result<Vec<Key>, DisclosureError> {
    let (groups, measures) = (table.text("group_id")?, table.text("measure")?);
    let years: Int16Array = table.column("year", &DataType::Int16)?;
    (0..table.rows())
        .map(|row| {
            let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
            Ok((groups.value(row).to_owned(), year, measures.value(row).to_owned()))
        })
        .collect()
}
