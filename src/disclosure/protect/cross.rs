//! The table `cross_tables`: publishers' own two-way tables, a row for each cell and total.

use super::{Round, columns::Columns};
use crate::{
    model::{GroupId, Text},
    table::{Table, TableError},
};

pub(super) fn table(rounds: &[Round<'_>]) -> Result<Table, TableError> {
    let rows: Vec<_> = rounds
        .iter()
        .flat_map(|round| round.cross.cells.iter().map(|cell| (round.instrument.id.as_str(), cell)))
        .collect();
    let titles: Vec<&Text> = rows.iter().map(|(_, cell)| &cell.title).collect();
    let names: Vec<&Text> = rows.iter().map(|(_, cell)| &cell.name).collect();
    Columns::new()
        .text("table_id", rows.iter().map(|(_, cell)| cell.table.as_str()))
        .text("instrument", rows.iter().map(|(instrument, _)| *instrument))
        .year("year", rows.iter().map(|(_, cell)| cell.year))
        .maybe("group_id", rows.iter().map(|(_, cell)| cell.group.as_ref().map(GroupId::as_str)))
        .text("category", rows.iter().map(|(_, cell)| cell.category.as_str()))
        .text("status", rows.iter().map(|(_, cell)| cell.status.word()))
        .maybe_count("respondents", rows.iter().map(|(_, cell)| cell.respondents))
        .both("title", &titles)
        .both("category", &names)
        .table()
}
