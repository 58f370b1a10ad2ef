//! Publishers' own two-way tables that earlier editions showed: a year that is out is repeated as it was, since whoever has both
//! editions could subtract them.

use std::collections::BTreeMap;

use datafusion::arrow::{
    array::{Array as _, Int16Array, Int64Array},
    datatypes::DataType,
};

use super::CrossCell;
use crate::{
    definition::CrossTable,
    disclosure::{DisclosureError, Safe},
    model::{GroupId, InstrumentId, Status, Text, Year},
    table::Table,
};

/// Tables as earlier editions had them, by the sector's group and year.
#[derive(Debug, Clone, Default)]
pub struct Earlier(BTreeMap<(GroupId, Year), Vec<CrossCell>>);

impl Earlier {
    /// Adds what an edition showed of an instrument. Editions come in the order in which they were published: the first stays.
    pub fn add(&mut self, tables: &Safe<Table>, instrument: &InstrumentId) -> Result<(), DisclosureError> {
        let table = tables.get();
        let text = |column: &str| table.text(column);
        let (instruments, ids, groups) = (text("instrument")?, text("table_id")?, text("group_id")?);
        let (categories, statuses) = (text("category")?, text("status")?);
        let texts = [text("title_sv")?, text("title_en")?, text("category_sv")?, text("category_en")?];
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let respondents: Int64Array = table.column("respondents", &DataType::Int64)?;
        let mut found: BTreeMap<(String, Year), Vec<CrossCell>> = BTreeMap::new();
        for row in (0..table.rows()).filter(|row| instruments.value(*row) == instrument.as_str()) {
            let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
            let group = (!groups.is_null(row)).then(|| GroupId::parse(groups.value(row)));
            let status = Status::ALL.into_iter().find(|status| status.word() == statuses.value(row));
            let both = |at: usize| Text::new(texts[at].value(row), texts[at + 1].value(row));
            found.entry((ids.value(row).to_owned(), year)).or_default().push(CrossCell {
                table: ids.value(row).to_owned(),
                title: both(0),
                year,
                group: group.transpose().map_err(|_| DisclosureError::Unregistered)?,
                category: categories.value(row).to_owned(),
                name: both(2),
                status: status.unwrap_or(Status::Withheld),
                respondents: (!respondents.is_null(row)).then(|| respondents.value(row)),
            });
        }
        // where only totals of rows were shown nothing of the table is out
        let is_out = |cells: &Vec<CrossCell>| {
            cells.iter().any(|cell| cell.category != CrossTable::ALL && cell.status != Status::Withheld)
        };
        for ((_, year), cells) in found.into_iter().filter(|(_, cells)| is_out(cells)) {
            // the row of all organisations says which sector it is
            let sector =
                cells.iter().find_map(|cell| cell.group.clone().filter(|id| id.as_str().starts_with("sector:")));
            if let Some(sector) = sector {
                self.0.entry((sector, year)).or_insert(cells);
            }
        }
        Ok(())
    }

    /// What is published of a sector and year in place of `now`, and whether that is something else.
    pub(super) fn instead(&self, sector: &GroupId, year: Year, now: Vec<CrossCell>) -> (Vec<CrossCell>, bool) {
        let Some(then) = self.0.get(&(sector.clone(), year)) else { return (now, false) };
        let shown = |cells: &[CrossCell]| -> BTreeMap<_, _> {
            cells.iter().map(|cell| ((cell.group.clone(), cell.category.clone()), cell.respondents)).collect()
        };
        if shown(&now) == shown(then) {
            return (now, false);
        }
        let frozen = |cell: &CrossCell| {
            let status = if cell.respondents.is_some() { Status::Frozen } else { Status::Withheld };
            CrossCell { status, ..cell.clone() }
        };
        (then.iter().map(frozen).collect(), true)
    }
}
