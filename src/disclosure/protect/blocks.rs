//! The table `blocks`: histograms of blocks and of unions of blocks, a row per class.

use super::{columns::Columns, sums::Key};
use crate::{
    definition::Policy,
    disclosure::rule,
    table::{Table, TableError},
};

pub(super) struct Row {
    pub(super) instrument: String,
    pub(super) cell: Key,
    pub(super) class_from: i16,
    pub(super) class_to: i16,
    pub(super) organisations: usize,
}

/// Rows so far.
#[derive(Default)]
pub(super) struct Blocks(Vec<Row>);

impl Blocks {
    /// Adds a cell's histogram.
    pub(super) fn write(&mut self, instrument: &str, cell: &Key, counts: &[i64], policy: &Policy) {
        self.0.extend(rule::histogram::write(counts, policy).map(|class| Row {
            instrument: instrument.to_owned(),
            cell: cell.clone(),
            class_from: class.from,
            class_to: class.to,
            organisations: class.organisations,
        }));
    }

    /// Rows so far, those of one cell beside each other.
    pub(super) fn rows(&self) -> &[Row] {
        &self.0
    }

    pub(super) fn table(&self) -> Result<Table, TableError> {
        let rows = &self.0;
        Columns::new()
            .text("instrument", rows.iter().map(|row| row.instrument.as_str()))
            .text("indicator", rows.iter().map(|row| row.cell.2.as_str()))
            .text("group_id", rows.iter().map(|row| row.cell.0.as_str()))
            .year("year", rows.iter().map(|row| row.cell.1))
            .percent("class_from", rows.iter().map(|row| row.class_from))
            .percent("class_to", rows.iter().map(|row| row.class_to))
            .count("organisations", rows.iter().map(|row| row.organisations))
            .table()
    }
}
