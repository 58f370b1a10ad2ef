//! Which corrections an edition takes in beside the one before it; decided from whose results have changed, never from by how
//! much. What they were before is kept by `publish`.
//!
//! Whoever has both editions can subtract them, so a change has to be that of many. Three rules, for a year that has been shown:
//!
//! 1. Fewer than `min_difference` organisations of a sector that come or go wait: those who come are not counted yet, and those who
//!    go are counted as before.
//! 2. In every group that was or will be shown, corrected members are none or at least `min_difference`; of answers, those who
//!    have a role.
//! 3. Among the corrected, the groups' changes keep everybody's effective anonymity, as if they were results: within a year for
//!    means, over years where matched changes are among them. While they do not, whoever keeps least waits.
//!
//! A result that waits does so in every table, so that figures still add up, and in every measure.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::{
    array::{BooleanArray, Int16Array, RecordBatch},
    compute::filter_record_batch,
    datatypes::DataType,
    row::{RowConverter, SortField},
};

use super::{
    DisclosureError, Unprotected,
    gate::{Observation, Prior, over_years, within_year},
    plan::{Answers, EarlierGroup, Plan, prior},
};
use crate::{
    definition::Policy,
    model::{Instrument, OrganisationId, Sector, Year},
    register::Register,
    table::{Table, TableError},
};

/// An organisation's results in a year.
pub type OrganisationYear = (OrganisationId, Year);

/// Everything that is computed of some surveys for one instrument.
#[derive(Debug, Clone)]
pub struct Results {
    /// Scores, as `score::organisations` makes them.
    pub scores: Unprotected<Table>,
    /// From which round an organisation counts.
    pub counted: Unprotected<Table>,
    /// Sums within organisations, as `score::details` makes them.
    pub details: Unprotected<Vec<Table>>,
}

impl Results {
    /// The same with some organisations' results in a year as `other` has them: none, if it has none.
    pub fn replaced(self, other: &Self, wanted: &BTreeSet<OrganisationYear>) -> Result<Self, DisclosureError> {
        if wanted.is_empty() {
            return Ok(self);
        }
        let joined = |own: &Table, other: &Table| -> Result<Unprotected<Table>, DisclosureError> {
            let (kept, taken) = (rows(own, wanted, false)?, rows(other, wanted, true)?);
            Ok(Unprotected::new(Table::from_batches(&own.batch().schema(), &[kept, taken])?))
        };
        let mut details = Vec::new();
        for table in self.details.expose() {
            details.push(Table::new(rows(table, wanted, false)?));
        }
        for table in other.details.expose() {
            details.push(Table::new(rows(table, wanted, true)?));
        }
        Ok(Self {
            scores: joined(self.scores.expose(), other.scores.expose())?,
            counted: joined(self.counted.expose(), other.counted.expose())?,
            details: Unprotected::new(details),
        })
    }

    /// For each organisation and year that has scores, all its rows in one order.
    fn fingerprints(&self, reader: &mut Reader) -> Result<BTreeMap<OrganisationYear, Vec<Vec<u8>>>, DisclosureError> {
        let mut found: BTreeMap<OrganisationYear, Vec<Vec<u8>>> = BTreeMap::new();
        for (key, row) in reader.rows("scores", self.scores.expose())? {
            found.entry(key).or_default().push(row);
        }
        for table in self.details.expose() {
            for (key, row) in reader.rows("details", table)? {
                if let Some(own) = found.get_mut(&key) {
                    own.push(row);
                }
            }
        }
        for rows in found.values_mut() {
            rows.sort_unstable();
        }
        Ok(found)
    }
}

/// The rows of a table that are of the wanted organisations and years, or those that are not.
fn rows(table: &Table, wanted: &BTreeSet<OrganisationYear>, is_wanted: bool) -> Result<RecordBatch, DisclosureError> {
    let keys = keys(table)?;
    let mask: BooleanArray = keys.iter().map(|key| Some(wanted.contains(key) == is_wanted)).collect();
    Ok(filter_record_batch(table.batch(), &mask).map_err(TableError::from)?)
}

fn keys(table: &Table) -> Result<Vec<OrganisationYear>, DisclosureError> {
    let (organisations, years): (_, Int16Array) =
        (table.text("organisation")?, table.column("year", &DataType::Int16)?);
    let key = |row: usize| {
        let id = OrganisationId::parse(organisations.value(row)).map_err(|_| DisclosureError::Unregistered)?;
        let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
        Ok((id, year))
    };
    (0..table.rows()).map(key).collect()
}

/// Makes rows comparable: one converter for each kind of table.
#[derive(Default)]
struct Reader(BTreeMap<&'static str, RowConverter>);

impl Reader {
    fn rows(&mut self, kind: &'static str, table: &Table) -> Result<Vec<(OrganisationYear, Vec<u8>)>, DisclosureError> {
        let converter = match self.0.entry(kind) {
            std::collections::btree_map::Entry::Occupied(own) => own.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let schema = table.batch().schema();
                let fields = schema.fields().iter().map(|field| SortField::new(field.data_type().clone()));
                free.insert(RowConverter::new(fields.collect()).map_err(TableError::from)?)
            }
        };
        let rows = converter.convert_columns(table.batch().columns()).map_err(TableError::from)?;
        let keys = keys(table)?;
        Ok(keys.into_iter().zip(rows.iter()).map(|(key, row)| (key, row.as_ref().to_vec())).collect())
    }
}

/// Whose results differ from those of the edition before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Counted now, and not before.
    pub joined: BTreeSet<OrganisationYear>,
    /// Counted before, and not now.
    pub left: BTreeSet<OrganisationYear>,
    /// Counted in both, with other answers.
    pub corrected: BTreeSet<OrganisationYear>,
}

impl Changes {
    /// Compares two editions' results.
    pub fn between(before: &Results, now: &Results) -> Result<Self, DisclosureError> {
        let mut reader = Reader::default();
        let (before, now) = (before.fingerprints(&mut reader)?, now.fingerprints(&mut reader)?);
        let mut changes = Self::default();
        for (key, rows) in &now {
            match before.get(key) {
                None => changes.joined.insert(key.clone()),
                Some(earlier) if earlier != rows => changes.corrected.insert(key.clone()),
                Some(_) => false,
            };
        }
        changes.left.extend(before.into_keys().filter(|key| !now.contains_key(key)));
        Ok(changes)
    }

    /// Those of some years only.
    #[must_use]
    pub fn in_years(mut self, years: &BTreeSet<Year>) -> Self {
        for own in [&mut self.joined, &mut self.left, &mut self.corrected] {
            own.retain(|(_, year)| years.contains(year));
        }
        self
    }

    /// Those who come or go and wait, since they are few in a sector and year that has been shown.
    pub fn few(
        &self,
        register: &Register,
        earlier: &[EarlierGroup],
        policy: &Policy,
    ) -> Result<BTreeSet<OrganisationYear>, DisclosureError> {
        let sector = |id: &OrganisationId| {
            register.organisations.get(id).map(|own| own.sector).ok_or(DisclosureError::Unregistered)
        };
        let mut by_sector: BTreeMap<(Sector, Year), BTreeSet<OrganisationYear>> = BTreeMap::new();
        for key in self.joined.union(&self.left) {
            by_sector.entry((sector(&key.0)?, key.1)).or_default().insert(key.clone());
        }
        let mut shown: BTreeSet<(Sector, Year)> = BTreeSet::new();
        for group in earlier.iter().filter(|group| group.from.is_none()) {
            for id in &group.members {
                shown.insert((sector(id)?, group.year));
            }
        }
        by_sector.retain(|place, own| shown.contains(place) && own.len() < policy.min_difference);
        Ok(by_sector.into_values().flatten().collect())
    }

    /// Corrections that wait, since they are few in a group that was or will be shown; `answers` are those of both editions.
    pub fn waiting(
        &self,
        plan: &Plan,
        answers: &[Answers],
        earlier: &[EarlierGroup],
        instrument: &Instrument,
        policy: &Policy,
    ) -> BTreeSet<OrganisationYear> {
        let prior = prior(policy, instrument);
        let years: BTreeSet<Year> = self.corrected.iter().map(|(_, year)| *year).collect();
        let mut waiting = BTreeSet::new();
        for year in years {
            let shown = earlier.iter().filter(|group| group.year == year && group.from.is_none());
            let shown: BTreeSet<&OrganisationId> = shown.flat_map(|group| &group.members).collect();
            let corrected = self.corrected.iter().filter(|(_, other)| *other == year).map(|(id, _)| id);
            // who was in no figure before is in no difference
            let corrected: BTreeSet<&OrganisationId> = corrected.filter(|id| shown.contains(id)).collect();
            let before = earlier.iter().filter(|group| group.year == year && group.from.is_none());
            let now = plan.groups.iter().filter_map(|group| group.members.get(&year));
            let means: BTreeSet<Members<'_>> =
                before.map(|group| &group.members).chain(now).map(|own| own.iter().collect()).collect();
            let mut rounds = vec![Told { means, changes: changes_of(year, plan, earlier) }];
            // answers are told of those who have a role, and those of two roles have nothing to do with each other
            let mut by_role: BTreeMap<&str, BTreeSet<Members<'_>>> = BTreeMap::new();
            let told = answers.iter().flat_map(|answers| &answers.shown);
            for ((_, _, role), members) in told.filter(|((_, other, _), _)| *other == year) {
                by_role.entry(role).or_default().insert(members.iter().collect());
            }
            rounds.extend(by_role.into_values().map(|means| Told { means, changes: BTreeSet::new() }));
            let mut left = corrected.clone();
            // what waits for the sake of one number waits in all of them
            loop {
                let before = left.len();
                for told in &rounds {
                    told.too_few(&mut left, policy, prior);
                }
                if left.len() == before {
                    break;
                }
            }
            waiting.extend(corrected.difference(&left).map(|id| ((*id).clone(), year)));
        }
        waiting
    }
}

type Members<'a> = BTreeSet<&'a OrganisationId>;

/// Matched changes to or from a year, now or in earlier editions.
fn changes_of<'a>(year: Year, plan: &'a Plan, earlier: &'a [EarlierGroup]) -> BTreeSet<Members<'a>> {
    let concerns = |to: Year, from: Option<Year>| to == year || from == Some(year);
    let before = earlier.iter().filter(|group| group.from.is_some() && concerns(group.year, group.from));
    let now = plan.panels.values().flatten().filter(|(to, _)| concerns(**to, to.previous()));
    before.map(|group| &group.members).chain(now.map(|(_, members)| members)).map(|own| own.iter().collect()).collect()
}

/// What is told of one year and one kind of number in two editions, so that it can be subtracted.
struct Told<'a> {
    means: BTreeSet<Members<'a>>,
    changes: BTreeSet<Members<'a>>,
}

impl<'a> Told<'a> {
    /// Takes out those whose corrections wait.
    fn too_few(&self, corrected: &mut Members<'a>, policy: &Policy, prior: Prior) {
        while !corrected.is_empty() {
            let columns: Vec<&OrganisationId> = corrected.iter().copied().collect();
            // each with the number of all members, and those who are corrected
            let own = |members: &Members<'_>| -> (usize, Vec<usize>) {
                (members.len(), members.iter().filter_map(|id| columns.binary_search(id).ok()).collect())
            };
            let means: Vec<(usize, Vec<usize>)> = self.means.iter().map(own).collect();
            let changes: Vec<(usize, Vec<usize>)> = self.changes.iter().map(own).collect();
            let gone = small(&means, &changes, policy).or_else(|| {
                let strict = told_by_means(&means, columns.len(), policy);
                strict.or_else(|| told_by_all(&means, &changes, columns.len(), policy, prior)).map(|worst| vec![worst])
            });
            let Some(gone) = gone else { return };
            for at in gone {
                corrected.remove(columns[at]);
            }
        }
    }
}

/// The corrected members of the smallest group that has some and too few.
fn small(means: &[(usize, Vec<usize>)], changes: &[(usize, Vec<usize>)], policy: &Policy) -> Option<Vec<usize>> {
    let some = means.iter().chain(changes).map(|(_, own)| own).filter(|own| !own.is_empty());
    some.min_by_key(|own| own.len()).filter(|own| own.len() < policy.min_difference).cloned()
}

/// Whose correction is told best by exact means, beside an insider, where that is better than the policy allows within a year.
fn told_by_means(means: &[(usize, Vec<usize>)], columns: usize, policy: &Policy) -> Option<usize> {
    let rows: Vec<Vec<usize>> = means.iter().map(|(_, own)| own.clone()).filter(|own| !own.is_empty()).collect();
    let found = within_year(&rows, columns, policy.insiders, policy.k_eff_min);
    (found.k_eff < policy.k_eff_min - 1e-9).then_some(found.worst)
}

/// The same by means and matched changes as they are rounded, as in the gate over years.
fn told_by_all(
    means: &[(usize, Vec<usize>)],
    changes: &[(usize, Vec<usize>)],
    columns: usize,
    policy: &Policy,
    prior: Prior,
) -> Option<usize> {
    let rows: Vec<Observation> = means
        .iter()
        .chain(changes)
        .filter(|(_, own)| !own.is_empty())
        .map(|(all, own)| Observation { members: own.clone(), years: vec![(0, 1.0 / *all as f64)] })
        .collect();
    let k_eff = over_years(&rows, columns, &[0], prior);
    let worst = (0..columns).min_by(|&a, &b| k_eff[a][0].total_cmp(&k_eff[b][0]))?;
    (k_eff[worst][0] < policy.k_eff_min_years - 1e-9).then_some(worst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    fn ids(numbers: std::ops::Range<usize>) -> Vec<OrganisationId> {
        numbers.map(|number| OrganisationId::parse(&format!("municipality-x{number:04}")).unwrap()).collect()
    }

    fn waiting(corrected: &[usize], groups: &[std::ops::Range<usize>]) -> usize {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let all = ids(0..60);
        let means = groups.iter().map(|own| own.clone().map(|at| &all[at]).collect()).collect();
        let mut left = corrected.iter().map(|&at| &all[at]).collect();
        let prior = Prior { sd: 10.0, rho: 0.8, rounding_step: 1.0 };
        Told { means, changes: BTreeSet::new() }.too_few(&mut left, &policy, prior);
        corrected.len() - left.len()
    }

    #[test]
    fn one_correction_waits_and_ten_of_a_block_do_not() {
        let blocks = [0..20, 20..40, 40..60, 0..60];
        assert_eq!(waiting(&[3], &blocks), 1);
        assert_eq!(waiting(&(0..9).collect::<Vec<_>>(), &blocks), 9);
        assert_eq!(waiting(&(0..12).collect::<Vec<_>>(), &blocks), 0);
        // the second block's corrections wait, and the first one's do not
        let two: Vec<usize> = (0..12).chain(25..30).collect();
        assert_eq!(waiting(&two, &blocks), 5);
    }

    #[test]
    fn who_would_be_told_by_a_union_waits() {
        // ten of the smaller group, and one more of the larger
        let nested = [0..20, 0..40];
        let corrected: Vec<usize> = (0..10).chain([30]).collect();
        assert_eq!(waiting(&corrected, &nested), 1);
    }

    #[test]
    fn all_together_are_as_anonymous_as_their_results() {
        let all: Vec<usize> = (0..60).collect();
        assert_eq!(waiting(&all, &[0..20, 20..40, 40..60, 0..30, 30..60]), 0);
    }
}
