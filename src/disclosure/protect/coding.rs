//! What has to be added to sums so that no number shows what coded blocks' means lie beyond the ends; coding itself is `rule::mean`'s.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Round,
    sums::{Key, Sums},
};
use crate::{
    definition::Policy,
    disclosure::{plan::Group, rule},
    model::{GroupId, OrganisationId, Year},
};

/// Members of each year's smallest groups with a distribution: the blocks, of which all others are unions.
type BlockCells<'a> = BTreeMap<Year, Vec<(&'a Group, BTreeSet<&'a OrganisationId>)>>;

fn block_cells<'a>(round: &Round<'a>) -> BlockCells<'a> {
    let mut cells = BlockCells::new();
    for year in &round.plan.years {
        let mut shown: Vec<(&Group, BTreeSet<&OrganisationId>)> = round
            .plan
            .groups
            .iter()
            .filter(|group| group.histogram)
            .filter_map(|group| Some((group, group.members.get(year)?.iter().collect())))
            .collect();
        shown.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.id.cmp(&b.0.id)));
        let mut blocks: Vec<(&Group, BTreeSet<&OrganisationId>)> = Vec::new();
        for (group, members) in shown {
            if blocks.iter().all(|(_, block)| block.is_disjoint(&members)) {
                blocks.push((group, members));
            }
        }
        cells.insert(*year, blocks);
    }
    cells
}

/// What coded blocks' means lie beyond the ends, which no other published number may show.
pub(super) struct Coding<'a> {
    /// The block of each organisation, by year.
    block_of: BTreeMap<(Year, &'a OrganisationId), &'a GroupId>,
    /// By block, year and measure where its mean is coded: organisations, and millionths from its sum to the end.
    beyond: BTreeMap<Key, (i64, i64)>,
}

impl<'a> Coding<'a> {
    pub(super) fn of(round: &Round<'a>, sums: &Sums, policy: &Policy) -> Self {
        let mut coding = Self { block_of: BTreeMap::new(), beyond: BTreeMap::new() };
        for (year, blocks) in block_cells(round) {
            for (block, members) in blocks {
                coding.block_of.extend(members.into_iter().map(|id| ((year, id), &block.id)));
                for node in &round.instrument.nodes {
                    let key = (block.id.to_string(), year, node.id.to_string());
                    if let Some(&(organisations, sum)) = sums.means.get(&key) {
                        let beyond = rule::mean::held_within_ends(sum, organisations, policy) - sum;
                        if beyond != 0 {
                            coding.beyond.insert(key, (organisations, beyond));
                        }
                    }
                }
            }
        }
        coding
    }

    /// What has to be added to the sum of some organisations, so that it holds of each coded block only the end.
    pub(super) fn of_members(&self, members: &[OrganisationId], year: Year, measure: &str) -> i64 {
        if self.beyond.is_empty() {
            return 0;
        }
        let mut shared: BTreeMap<&GroupId, i64> = BTreeMap::new();
        for block in members.iter().filter_map(|id| self.block_of.get(&(year, id))) {
            *shared.entry(block).or_default() += 1;
        }
        shared
            .into_iter()
            .filter_map(|(block, count)| {
                let &(organisations, beyond) = self.beyond.get(&(block.to_string(), year, measure.to_owned()))?;
                Some(rule::mean::half_even(i128::from(count) * i128::from(beyond), i128::from(organisations)) as i64)
            })
            .sum()
    }
}
