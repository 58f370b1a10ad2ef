//! What has to be added to sums so that no number shows what coded blocks' means lie beyond the ends; coding itself is `rule::mean`'s.

use std::collections::BTreeMap;

use super::{
    Round,
    sums::{Key, Sums},
};
use crate::{
    definition::Policy,
    disclosure::{plan, rule},
    model::{GroupId, OrganisationId, Year},
};

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
        for (year, blocks) in plan::block_cells(round.plan) {
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

    /// Whether a cell is that of a block whose mean is written as an end.
    pub(super) fn is_coded(&self, cell: &Key) -> bool {
        self.beyond.contains_key(cell)
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
