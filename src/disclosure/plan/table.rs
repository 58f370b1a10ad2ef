//! Memberships as tables: for the sums over groups, and back from what an earlier edition published.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{ArrayRef, Int16Array, StringArray},
    datatypes::{DataType, Field, Schema},
};

use super::Plan;
use crate::{
    disclosure::{DisclosureError, Safe},
    model::{GroupId, InstrumentId, OrganisationId, Year},
    table::{Table, TableError},
};

impl Plan {
    /// `group_id`, `organisation`, `year`: who is in which published group.
    pub fn membership_table(&self) -> Result<Table, TableError> {
        let rows = self.groups.iter().flat_map(|group| group.members.iter().map(move |(year, own)| (&group.id, *year, own)));
        memberships(rows)
    }

    /// `group_id`, `organisation`, `year`: who took part in the year and the year before, where that change is published.
    pub fn panel_table(&self) -> Result<Table, TableError> {
        memberships(self.panels.iter().flat_map(|(id, years)| years.iter().map(move |(year, own)| (id, *year, own))))
    }

    /// The members of each group and year in a published table `group_members`.
    pub fn groups_in(
        table: &Safe<Table>,
        instrument: &InstrumentId,
    ) -> Result<BTreeSet<(Year, Vec<OrganisationId>)>, DisclosureError> {
        let table = table.get();
        let (instruments, groups) = (table.text("instrument")?, table.text("group_id")?);
        let organisations = table.text("organisation")?;
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let mut found: BTreeMap<(&str, i16), Vec<OrganisationId>> = BTreeMap::new();
        for row in 0..table.rows() {
            if instruments.value(row) == instrument.as_str() {
                let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
                found.entry((groups.value(row), years.value(row))).or_default().push(id);
            }
        }
        found
            .into_iter()
            .map(|((_, year), mut members)| {
                members.sort();
                Ok((Year::try_from(year as u16).map_err(|_| DisclosureError::Unregistered)?, members))
            })
            .collect()
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
