//! Who is in which published group in which year, which groups are blocks, and how they are distributed; nothing is computed here.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::edition::rows;
use crate::encode::Grid;

/// Organisations by id.
pub type Members = BTreeSet<Arc<str>>;

/// Instrument and year.
type RoundKey = (Arc<str>, i64);

/// Instrument, measure, group and year.
type CellKey = (Arc<str>, Arc<str>, Arc<str>, i64);

/// The memberships of a release.
#[derive(Debug, Default)]
pub struct Membership {
    rounds: BTreeMap<RoundKey, BTreeMap<Arc<str>, Members>>,
    blocks: BTreeMap<RoundKey, Vec<Arc<str>>>,
    histograms: HashMap<CellKey, Vec<i64>>,
}

impl Membership {
    /// Reads the tables `group_members`, `groups` and `blocks`.
    pub(super) fn read(members: &Grid, groups: &Grid, blocks: &Grid) -> Self {
        let mut found = Self::default();
        for row in rows(members) {
            let round = (row.text("instrument"), row.number("year").unwrap_or_default());
            let group = found.rounds.entry(round).or_default().entry(row.text("group_id")).or_default();
            group.insert(row.text("organisation"));
        }
        let with_distribution: BTreeSet<(Arc<str>, Arc<str>)> = rows(groups)
            .filter(|row| row.flag("histogram"))
            .map(|row| (row.text("instrument"), row.text("group_id")))
            .collect();
        for (round, groups) in &found.rounds {
            let mut smallest: Vec<(&Arc<str>, &Members)> =
                groups.iter().filter(|(id, _)| with_distribution.contains(&(round.0.clone(), (*id).clone()))).collect();
            smallest.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.cmp(b.0)));
            // the blocks are the smallest groups with a distribution; all others are unions of them
            let mut blocks: Vec<(&Arc<str>, &Members)> = Vec::new();
            for (id, own) in smallest {
                if blocks.iter().all(|(_, block)| block.is_disjoint(own)) {
                    blocks.push((id, own));
                }
            }
            found.blocks.insert(round.clone(), blocks.into_iter().map(|(id, _)| id.clone()).collect());
        }
        for row in rows(blocks) {
            let year = row.number("year").unwrap_or_default();
            let cell = (row.text("instrument"), row.text("indicator"), row.text("group_id"), year);
            // classes are written from the lowest up, empty ones too
            found.histograms.entry(cell).or_default().push(row.number("organisations").unwrap_or_default());
        }
        found
    }

    /// Every published group of an instrument in a year.
    pub fn groups(&self, instrument: &str, year: i64) -> Option<&BTreeMap<Arc<str>, Members>> {
        self.rounds.get(&(Arc::from(instrument), year))
    }

    /// Years in which an instrument is published, ascending.
    pub fn years(&self, instrument: &str) -> Vec<i64> {
        self.rounds.keys().filter(|round| &*round.0 == instrument).map(|round| round.1).collect()
    }

    /// The members of a group in a year in which it is published.
    pub fn members(&self, instrument: &str, year: i64, group: &str) -> Option<&Members> {
        self.groups(instrument, year)?.get(group)
    }

    /// The blocks of a year with their members, the smallest first.
    pub fn blocks(&self, instrument: &str, year: i64) -> impl Iterator<Item = (&Arc<str>, &Members)> {
        let round = (Arc::from(instrument), year);
        let groups = self.rounds.get(&round);
        let ids = self.blocks.get(&round).into_iter().flatten();
        ids.filter_map(move |id| Some((id, groups?.get(id)?)))
    }

    /// Number of organisations in each class of a group's histogram, where it is published.
    pub fn histogram(&self, instrument: &str, indicator: &str, group: &str, year: i64) -> Option<&[i64]> {
        let cell = (Arc::from(instrument), Arc::from(indicator), Arc::from(group), year);
        self.histograms.get(&cell).map(Vec::as_slice)
    }
}
