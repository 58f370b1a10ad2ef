//! A publisher's own two-way tables: respondents by group of organisations and category, fixed tables with dots (`suppress`). What
//! a table counts is its definition's and its query's.
//!
//! The query sees who attended ([`attendance`]) and no answers. Organisations are the contributors, so a cell is sensitive with few
//! of them, where one of them dominates, and with few people.
//!
//! *What else is published about the same respondents*, and why a cell's interval does not shrink with it:
//!
//! - Numbers of respondents of groups, whatever groups: functions of organisations' own totals, since a query has to count every
//!   respondent once. A reader is credited with every row's total, exactly. Knowing each organisation's total besides would add nothing: whatever a table with the same row totals
//!   has in its cells, organisations' respondents can be spread over categories so that both add up (a transportation problem, which
//!   has a solution in whole numbers whenever its totals agree).
//! - From how many organisations answers of a role are: at least so many times the least number of respondents that counts are
//!   in the cell. A reader is credited with that for every cell, of each single organisation ([`super::suppress::Cell::least`]).
//!   That the other organisations have fewer is not reckoned with.
//! - Another edition, preliminary or withdrawn ones too: a year that is out is repeated as it was ([`Earlier`]), and definitions
//!   have one table for the same respondents of an instrument.
//! - Where dots are. They depend on counts, so whoever applies the rules backwards can now and then leave out values at the ends
//!   of an interval; that is so for every table with dots, and intervals are owed to readers who do not.

mod earlier;
mod year;

use std::collections::BTreeMap;

use datafusion::arrow::{
    array::{Array as _, Int16Array, Int64Array},
    datatypes::DataType,
};
use serde::Serialize;

pub use earlier::Earlier;
use year::OfYear;

use super::{DisclosureError, Unprotected, detail::Detailed, plan::Plan, protect::Columns};
use crate::{
    definition::{Column, CrossTable, Policy},
    model::{GroupId, OrganisationId, Status, Text, Year},
    table::Table,
};

/// One cell of a table as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::disclosure) struct CrossCell {
    pub(in crate::disclosure) table: String,
    pub(in crate::disclosure) title: Text,
    pub(in crate::disclosure) year: Year,
    /// The row; none for organisations that are in no shown group of the kind.
    pub(in crate::disclosure) group: Option<GroupId>,
    pub(in crate::disclosure) category: String,
    pub(in crate::disclosure) name: Text,
    pub(in crate::disclosure) status: Status,
    /// To tens.
    pub(in crate::disclosure) respondents: Option<i64>,
}

/// What was found in one year of a table, for the private audit and for the publisher. Cells are row and column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrossAudit {
    /// The table.
    pub table: String,
    /// The year.
    pub year: Year,
    /// Cells, with totals.
    pub cells: usize,
    /// Sensitive by themselves.
    pub sensitive: Vec<(Option<GroupId>, String)>,
    /// Not shown.
    pub hidden: Vec<(Option<GroupId>, String)>,
    /// Why nothing but rows' totals is shown, if so.
    pub refused: Option<String>,
    /// Whether it is as an earlier edition had it, though respondents have changed since.
    pub repeated: bool,
}

/// The tables of one instrument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrossTables {
    pub(in crate::disclosure) cells: Vec<CrossCell>,
    /// What was found, by table and year.
    pub audit: Vec<CrossAudit>,
}

/// `organisation`, `year`, `unit`, `role` (null where not told), `respondents`: who attended, of organisations that count.
pub fn attendance(details: &Detailed<'_>) -> Result<Unprotected<Table>, DisclosureError> {
    struct Row {
        organisation: OrganisationId,
        year: Year,
        unit: Option<String>,
        role: Option<String>,
        respondents: i64,
    }
    let mut rows: Vec<Row> = Vec::new();
    for (organisation, years) in details.read()? {
        for (year, (_, parts)) in years {
            rows.extend(parts.into_iter().map(|((unit, role), part)| {
                let organisation = organisation.clone();
                Row { organisation, year, unit, role, respondents: part.respondents }
            }));
        }
    }
    let table = Columns::new()
        .text("organisation", rows.iter().map(|row| row.organisation.as_str()))
        .year("year", rows.iter().map(|row| row.year))
        .maybe("unit", rows.iter().map(|row| row.unit.as_deref()))
        .maybe("role", rows.iter().map(|row| row.role.as_deref()))
        .count("respondents", rows.iter().map(|row| row.respondents as usize))
        .table()?;
    Ok(Unprotected::new(table))
}

/// Respondents of an organisation by column.
type Contribution = BTreeMap<String, i64>;

/// What organisations contribute, by year.
type Contributions = BTreeMap<Year, BTreeMap<OrganisationId, Contribution>>;

impl CrossTables {
    /// Decides one table and adds it, given [`attendance`] and what its query makes of that.
    pub fn add(
        &mut self,
        definition: &CrossTable,
        plan: &Plan,
        (attendance, contributions): (&Unprotected<Table>, &Unprotected<Table>),
        earlier: &Earlier,
        provisional: bool,
        policy: &Policy,
    ) -> Result<(), DisclosureError> {
        let sector = format!("sector:{}", definition.sector.word());
        let Some(whole) = plan.groups.iter().find(|group| group.id.as_str() == sector) else { return Ok(()) };
        for (year, of_year) in read(definition, attendance, contributions)? {
            let Some(members) = whole.members.get(&year) else { continue };
            // of a survey of which only organisations' scores survive there is nobody to count
            if !members.iter().all(|id| of_year.contains_key(id)) {
                continue;
            }
            let table = OfYear::of(definition, plan, whole, year, &of_year, policy);
            let (cells, audit) = table.decide(definition, provisional, policy);
            let (cells, repeated) = earlier.instead(&whole.id, year, cells);
            self.cells.extend(cells);
            self.audit.push(CrossAudit { repeated, ..audit });
        }
        Ok(())
    }
}

/// Reads what organisations contribute; every respondent has to be counted once, since other published numbers are of all.
fn read(
    definition: &CrossTable,
    attendance: &Unprotected<Table>,
    contributions: &Unprotected<Table>,
) -> Result<Contributions, DisclosureError> {
    let missed = || DisclosureError::NotCountedOnce(definition.query.get_ref().clone());
    let table = contributions.expose();
    let column = |name: &str, to: &DataType| table.column::<Int64Array>(name, to).map_err(|_| missed());
    let (organisations, categories) = (table.text("organisation")?, table.text("category").map_err(|_| missed())?);
    let (years, respondents) = (column("year", &DataType::Int64)?, column("respondents", &DataType::Int64)?);
    let mut found = Contributions::new();
    for row in 0..table.rows() {
        if [organisations.is_null(row), years.is_null(row), respondents.is_null(row)].contains(&true) {
            return Err(missed());
        }
        let id = OrganisationId::parse(organisations.value(row)).map_err(|_| missed())?;
        let year =
            u16::try_from(years.value(row)).ok().and_then(|year| Year::try_from(year).ok()).ok_or_else(missed)?;
        let number = respondents.value(row);
        if !(0..=i64::from(u32::MAX)).contains(&number) {
            return Err(missed());
        }
        let named = |column: &&Column| !categories.is_null(row) && column.key == categories.value(row);
        let column = definition.columns.get_ref().iter().find(named);
        let column = column.map_or_else(|| CrossTable::OTHER.to_owned(), |column| column.key.clone());
        let own = found.entry(year).or_default().entry(id).or_default().entry(column).or_default();
        *own = own.saturating_add(number);
    }
    let mut attended: BTreeMap<Year, BTreeMap<OrganisationId, i64>> = BTreeMap::new();
    let table = attendance.expose();
    let (organisations, years): (_, Int16Array) =
        (table.text("organisation")?, table.column("year", &DataType::Int16)?);
    let respondents: Int64Array = table.column("respondents", &DataType::Int64)?;
    for row in 0..table.rows() {
        let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
        let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
        *attended.entry(year).or_default().entry(id).or_default() += respondents.value(row);
    }
    let counted: BTreeMap<Year, BTreeMap<OrganisationId, i64>> = found
        .iter()
        .map(|(year, own)| (*year, own.iter().map(|(id, own)| (id.clone(), own.values().sum())).collect()))
        .collect();
    if counted == attended { Ok(found) } else { Err(missed()) }
}
