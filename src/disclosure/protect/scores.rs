//! One instrument's scores by organisation and year, and the sums of cells by plain addition: beside the engine's SQL, so that a
//! witness is judged by other code than the release was built by.

use std::collections::BTreeMap;

use datafusion::arrow::{
    array::{Int16Array, Int64Array},
    datatypes::DataType,
};

use super::{
    Round,
    sums::{Key, Sums},
};
use crate::{
    definition::Policy,
    disclosure::{DisclosureError, Unprotected},
    model::{Instrument, OrganisationId, Year},
    table::Table,
};

/// Scores in millionths of a point, by organisation and year, then by position of the measure in the tree.
#[derive(Debug, Clone, Default)]
pub(in crate::disclosure) struct Scores(
    pub(in crate::disclosure) BTreeMap<(OrganisationId, Year), BTreeMap<usize, i64>>,
);

impl Scores {
    /// Reads `organisation`, `year`, `measure`, `score`.
    pub(in crate::disclosure) fn read(
        table: &Unprotected<Table>,
        instrument: &Instrument,
    ) -> Result<Self, DisclosureError> {
        let table = table.expose();
        let (organisations, measures) = (table.text("organisation")?, table.text("measure")?);
        let years: Int16Array = table.column("year", &DataType::Int16)?;
        let values: Int64Array = table.column("score", &DataType::Int64)?;
        let places: BTreeMap<&str, usize> =
            instrument.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut scores = Self::default();
        for row in 0..table.rows() {
            let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
            let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
            if let Some(&measure) = places.get(measures.value(row)) {
                scores.0.entry((id, year)).or_default().insert(measure, values.value(row));
            }
        }
        Ok(scores)
    }

    /// The scores of a year and of the years beside it.
    pub(in crate::disclosure) fn around(&self, year: Year) -> Self {
        let near = |other: Year| other.number().abs_diff(year.number()) <= 1;
        Self(
            self.0.iter().filter(|((_, other), _)| near(*other)).map(|(key, own)| (key.clone(), own.clone())).collect(),
        )
    }

    /// One score.
    fn of(&self, organisation: &OrganisationId, year: Year, measure: usize) -> Option<i64> {
        self.0.get(&(organisation.clone(), year))?.get(&measure).copied()
    }

    /// The sum of some organisations' scores; none where one has none.
    pub(in crate::disclosure) fn sum(&self, members: &[OrganisationId], year: Year, measure: usize) -> Option<i64> {
        members.iter().map(|id| self.of(id, year, measure)).sum()
    }

    /// The sums of every cell that is published.
    pub(super) fn sums(&self, round: &Round<'_>, policy: &Policy) -> Sums {
        let mut sums = Sums::default();
        let width = i64::from(policy.histogram_step) * 1_000_000;
        let last = 100 / i64::from(policy.histogram_step) - 1;
        for (measure, node) in round.instrument.nodes.iter().enumerate() {
            for group in &round.plan.groups {
                for (year, members) in &group.members {
                    let values: Vec<i64> = members.iter().filter_map(|id| self.of(id, *year, measure)).collect();
                    if values.is_empty() {
                        continue;
                    }
                    let key: Key = (group.id.to_string(), *year, node.id.to_string());
                    let counts = sums.classes.entry(key.clone()).or_default();
                    for value in &values {
                        let class = (value / width).min(last) as usize;
                        counts.resize(counts.len().max(class + 1), 0);
                        counts[class] += 1;
                    }
                    sums.means.insert(key, (values.len() as i64, values.iter().sum()));
                }
            }
            for (group, years) in &round.plan.panels {
                for (year, members) in years {
                    let change = |id: &OrganisationId| {
                        Some(self.of(id, *year, measure)? - self.of(id, year.previous()?, measure)?)
                    };
                    let changes: Vec<i64> = members.iter().filter_map(change).collect();
                    if !changes.is_empty() {
                        let key: Key = (group.to_string(), *year, node.id.to_string());
                        sums.matched.insert(key, (changes.len() as i64, changes.iter().sum()));
                    }
                }
            }
        }
        sums
    }
}
