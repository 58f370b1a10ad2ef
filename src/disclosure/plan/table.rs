//! Memberships as tables: for the sums over groups, and back from what an earlier edition published.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{Array as _, ArrayRef, Int16Array, Int32Array, StringArray},
    datatypes::{DataType, Field, Schema},
};

use super::{ALL, EarlierGroup, Plan};
use crate::{
    disclosure::{DisclosureError, Safe},
    model::{GroupId, InstrumentId, OrganisationId, Year},
    table::{Table, TableError},
};

impl Plan {
    /// `group_id`, `organisation`, `year`: who is in which published group.
    pub fn membership_table(&self) -> Result<Table, TableError> {
        let rows =
            self.groups.iter().flat_map(|group| group.members.iter().map(move |(year, own)| (&group.id, *year, own)));
        memberships(rows)
    }

    /// `group_id`, `organisation`, `year`: who took part in the year and the year before, where that change is published.
    pub fn panel_table(&self) -> Result<Table, TableError> {
        memberships(self.panels.iter().flat_map(|(id, years)| years.iter().map(move |(year, own)| (id, *year, own))))
    }

    /// Every mean and matched change of an instrument in an earlier edition, from its tables `group_members`, `changes` and
    /// `blocks`.
    pub fn earlier(
        members: &Safe<Table>,
        changes: &Safe<Table>,
        blocks: &Safe<Table>,
        instrument: &InstrumentId,
    ) -> Result<BTreeSet<EarlierGroup>, DisclosureError> {
        let year_of = |number: i16| Year::try_from(number as u16).map_err(|_| DisclosureError::Unregistered);
        let table = members.get();
        let (instruments, groups) = (table.text("instrument")?, table.text("group_id")?);
        let organisations = table.text("organisation")?;
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let mut found: BTreeMap<(String, Year), BTreeSet<OrganisationId>> = BTreeMap::new();
        for row in 0..table.rows() {
            if instruments.value(row) == instrument.as_str() {
                let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
                let key = (groups.value(row).to_owned(), year_of(years.value(row))?);
                found.entry(key).or_default().insert(id);
            }
        }
        let table = blocks.get();
        let (instruments, groups) = (table.text("instrument")?, table.text("group_id")?);
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let mut histograms: BTreeSet<(&str, i16)> = BTreeSet::new();
        for row in 0..table.rows() {
            if instruments.value(row) == instrument.as_str() {
                histograms.insert((groups.value(row), years.value(row)));
            }
        }
        let mut earlier: BTreeSet<EarlierGroup> = found
            .iter()
            .map(|((group, year), own)| EarlierGroup {
                year: *year,
                from: None,
                members: own.iter().cloned().collect(),
                histogram: histograms.contains(&(group.as_str(), year.number() as i16)),
                is_registered: group.starts_with(super::registered::KIND),
            })
            .collect();
        let table = changes.get();
        let (instruments, groups) = (table.text("instrument")?, table.text("group_id")?);
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let matched: Int32Array = table.column("organisations_matched", &DataType::Int32)?;
        for row in 0..table.rows() {
            // that of all sectors together is made of the sectors' own
            let of_all = groups.value(row) == ALL;
            if instruments.value(row) != instrument.as_str() || matched.is_null(row) || of_all {
                continue;
            }
            let year = year_of(years.value(row))?;
            let Some(before) = year.previous() else { continue };
            let own = |of: Year| found.get(&(groups.value(row).to_owned(), of));
            if let (Some(now), Some(then)) = (own(year), own(before)) {
                let members = now.intersection(then).cloned().collect();
                earlier.insert(EarlierGroup {
                    year,
                    from: Some(before),
                    members,
                    histogram: false,
                    is_registered: false,
                });
            }
        }
        Ok(earlier)
    }
}

fn memberships<'a>(
    rows: impl Iterator<Item = (&'a GroupId, Year, &'a Vec<OrganisationId>)>,
) -> Result<Table, TableError> {
    let (mut groups, mut organisations, mut years) = (Vec::new(), Vec::new(), Vec::new());
    for (group, year, members) in rows {
        for member in members {
            groups.push(group.as_str());
            organisations.push(member.as_str());
            years.push(year.number() as i16);
        }
    }
    let schema = Schema::new(vec![
        Field::new("group_id", DataType::Utf8, false),
        Field::new("organisation", DataType::Utf8, false),
        Field::new("year", DataType::Int16, false),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(groups)),
        Arc::new(StringArray::from(organisations)),
        Arc::new(Int16Array::from(years)),
    ];
    Table::from_columns(schema, columns)
}
