//! Who counts in which year, and with how many respondents: all that decisions are made from, and nothing of what was answered.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::{
    array::{Array as _, Int16Array, Int64Array},
    datatypes::DataType,
};

use super::{DisclosureError, Unprotected};
use crate::{
    model::{OrganisationId, Sector, Year},
    register::Register,
    table::Table,
};

/// Organisations that count, by sector and year, with their number of respondents where known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Participation {
    by_sector: BTreeMap<Sector, BTreeMap<Year, BTreeMap<OrganisationId, Option<u32>>>>,
}

impl Participation {
    /// Reads organisations, years and respondent counts out of a table of scores. The scores themselves are not read.
    pub fn of(scores: &Unprotected<Table>, register: &Register) -> Result<Self, DisclosureError> {
        let table = scores.expose();
        let organisations = table.text("organisation")?;
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let respondents: Int64Array = table.column("respondents", &DataType::Int64)?;
        let mut participation = Self::default();
        for row in 0..table.rows() {
            let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
            let sector = register.organisations.get(&id).ok_or(DisclosureError::Unregistered)?.sector;
            let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
            let count = (!respondents.is_null(row)).then(|| respondents.value(row) as u32);
            participation.add(sector, year, id, count);
        }
        Ok(participation)
    }

    /// Adds an organisation that counts.
    pub fn add(&mut self, sector: Sector, year: Year, organisation: OrganisationId, respondents: Option<u32>) {
        let years = self.by_sector.entry(sector).or_default();
        years.entry(year).or_default().insert(organisation, respondents);
    }

    /// Sectors with any participant.
    pub fn sectors(&self) -> impl Iterator<Item = Sector> + '_ {
        self.by_sector.keys().copied()
    }

    /// Years with any participant in a sector.
    pub fn years(&self, sector: Sector) -> Vec<Year> {
        self.by_sector.get(&sector).map(|years| years.keys().copied().collect()).unwrap_or_default()
    }

    /// Years with any participant.
    pub fn all_years(&self) -> BTreeSet<Year> {
        self.by_sector.values().flat_map(|years| years.keys().copied()).collect()
    }

    /// Participants of a sector in a year.
    pub fn participants(&self, sector: Sector, year: Year) -> Option<&BTreeMap<OrganisationId, Option<u32>>> {
        self.by_sector.get(&sector)?.get(&year)
    }
}
