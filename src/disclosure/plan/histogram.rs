//! What earlier editions' distributions mean for a sector's blocks: counts in classes are in no gate, so they are only ever added up.

use std::collections::BTreeSet;

use super::{
    EarlierGroup,
    frame::{positions, published},
    sector::DecidedSector,
};
use crate::{
    disclosure::catalogue::{AtomSet, PartitionKind},
    model::Year,
};

impl DecidedSector {
    /// Joins blocks until each is made of whole ones of the earlier editions: what was together stays together.
    pub(super) fn keep_blocks(&mut self, earlier: &[EarlierGroup]) {
        for year in self.catalogue.years.clone() {
            let told = self.told_histograms(year, earlier);
            let smallest = told.iter().filter(|own| !told.iter().any(|other| other != *own && other.is_subset(own)));
            for members in smallest {
                let partitions = self.catalogue.partitions.iter_mut();
                for blocks in partitions.filter(|partition| partition.kind == PartitionKind::Similarity) {
                    let has_member = |atom: &usize| blocks.atoms[*atom].iter().any(|at| members.contains(at));
                    let atoms: AtomSet = (0..blocks.atoms.len()).filter(has_member).collect();
                    blocks.join(year, &atoms);
                }
            }
        }
    }

    /// Whether the year's distributions tell nothing that those of earlier editions have not told: there are none of these, or
    /// each is a sum of them. If not, the difference of two counts would be the class of who has come or gone.
    pub(super) fn repeats_histograms(&self, year: Year, earlier: &[EarlierGroup]) -> bool {
        let told = self.told_histograms(year, earlier);
        let Some(present) = self.catalogue.participants.get(&year).filter(|_| !told.is_empty()) else { return true };
        let partitions = self.catalogue.partitions.iter();
        partitions.filter(|partition| partition.kind == PartitionKind::Similarity).all(|blocks| {
            published(blocks, year).iter().all(|atoms| {
                let members: BTreeSet<usize> = blocks.members(atoms, present).into_iter().collect();
                let parts = told.iter().filter(|part| part.is_subset(&members));
                parts.flatten().copied().collect::<BTreeSet<usize>>() == members
            })
        })
    }

    /// Members in this sector of every group whose distribution an earlier edition showed for a year.
    fn told_histograms(&self, year: Year, earlier: &[EarlierGroup]) -> Vec<BTreeSet<usize>> {
        earlier
            .iter()
            .filter(|group| group.histogram && group.year == year)
            .map(|group| positions(&self.catalogue.organisations, &group.members).into_iter().collect())
            .filter(|members: &BTreeSet<usize>| !members.is_empty())
            .collect()
    }
}
