//! A sector through the gate within a year, beside what earlier editions showed of it; all years together are in `years`.

use std::collections::BTreeSet;

use super::DecidedSector;
use crate::{
    definition::Policy,
    disclosure::{
        gate::{WithinYear, least_beside},
        plan::{EarlierGroup, frame::positions},
    },
    model::Year,
};

impl DecidedSector {
    /// The smallest cell that an organisation belongs to in a year: partition and cell.
    fn smallest_cell(&self, year: Year, position: usize) -> Option<(usize, usize)> {
        (0..self.catalogue.partitions.len())
            .filter_map(|partition| {
                let (cell, size) = self.cell_of(partition, year, position)?;
                Some((size, partition, cell))
            })
            .min()
            .map(|(_, partition, cell)| (partition, cell))
    }

    /// Effective anonymity within a year as cells stand, beside what earlier editions showed of the year, noted for the audit;
    /// with the organisations' positions. None where the year is not published.
    pub(super) fn measure_within(
        &mut self,
        year: Year,
        policy: &Policy,
        earlier: &[EarlierGroup],
    ) -> Option<(WithinYear, Vec<usize>)> {
        let present = self.catalogue.participants.get(&year)?;
        let own = self.catalogue.partitions.iter().flat_map(|partition| {
            partition.cells.get(&year).into_iter().flatten().map(|cell| partition.members(cell, present))
        });
        let own: Vec<Vec<usize>> = own.collect();
        // registered groups come after the catalogue, and are gated with all sectors together
        let of_year = earlier.iter().filter(|group| group.year == year && group.from.is_none() && !group.is_registered);
        let shown: BTreeSet<Vec<usize>> =
            of_year.map(|group| positions(&self.catalogue.organisations, &group.members)).collect();
        let own: Vec<&[usize]> = own.iter().map(Vec::as_slice).collect();
        let shown: Vec<&[usize]> = shown.iter().map(Vec::as_slice).collect();
        let (found, everybody) = least_beside(&own, &shown, policy);
        let everybody = everybody.into_iter().copied().collect();
        self.audit.k_eff_within.insert(year, found.k_eff);
        self.audit.rank.insert(year, found.rank);
        Some((found, everybody))
    }

    /// Merges cells of one year until the gate within a year passes; leaves the year out if one group still fails.
    pub(super) fn pass_within(&mut self, year: Year, policy: &Policy, earlier: &[EarlierGroup]) {
        while let Some((found, everybody)) = self.measure_within(year, policy, earlier) {
            if found.k_eff >= policy.k_eff_min - 1e-9 {
                return;
            }
            if let Some((partition, cell)) = self.smallest_cell(year, everybody[found.worst]) {
                self.catalogue.partitions[partition].merge(year, cell);
                self.audit.merges_within += 1;
            } else {
                self.leave_out(year);
                return;
            }
        }
    }
}
