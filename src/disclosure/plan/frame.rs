//! What a sector publishes, as rows and columns of the gate over years and editions; what gives way is decided in `sector`.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{EarlierGroup, sector::DecidedSector};
use crate::{
    disclosure::{
        catalogue::{AtomSet, Partition, SectorCatalogue},
        gate::Observation,
    },
    model::{OrganisationId, Year},
};

/// Columns of what partitions publish in a year, kept for as long as a partition's cells stay as they are, those of other years too,
/// since what has become a cell in one year is named in all: they only ever join, so that their number tells.
#[derive(Default)]
pub(super) struct Shown {
    columns: HashMap<(usize, Year, usize), Vec<Vec<usize>>>,
    /// Columns are other ones as soon as a year has been left out.
    years: usize,
}

impl Shown {
    fn of(&mut self, catalogue: &SectorCatalogue, at: usize, year: Year, frame: &Frame) -> &[Vec<usize>] {
        if self.years != catalogue.years.len() {
            self.years = catalogue.years.len();
            self.columns.clear();
        }
        let partition = &catalogue.partitions[at];
        let cells = partition.cells.values().map(Vec::len).sum();
        self.columns.entry((at, year, cells)).or_insert_with(|| {
            let present = catalogue.participants.get(&year).map_or(&[][..], Vec::as_slice);
            let columns = |atoms: &AtomSet| frame.columns(&partition.members(atoms, present));
            published(partition, year).iter().map(columns).collect()
        })
    }
}

impl DecidedSector {
    /// Every mean and matched change of the sector that is published now or was published earlier.
    pub(super) fn observations(&self, frame: &Frame, earlier: &[EarlierGroup], shown: &mut Shown) -> Vec<Observation> {
        let mut seen: HashSet<(usize, Vec<usize>)> = HashSet::new();
        let mut rows = Vec::new();
        for (at, year) in frame.years.iter().enumerate() {
            let Some(present) = self.catalogue.participants.get(year) else { continue };
            for partition in 0..self.catalogue.partitions.len() {
                for members in shown.of(&self.catalogue, partition, *year, frame) {
                    if seen.insert((at, members.clone())) {
                        rows.push(Observation::mean(members, at));
                    }
                }
            }
            // the figure of all sectors together is, less the other sectors' figures, this sector's figure rounded once more
            rows.push(Observation::mean(&frame.columns(present), at));
        }
        for (year, members) in &self.panels {
            let (Some(to), Some(from)) = (frame.year(*year), year.previous().and_then(|before| frame.year(before)))
            else {
                continue;
            };
            let members = frame.columns(members);
            rows.push(Observation::change(&members, from, to));
            rows.push(Observation::change(&members, from, to));
        }
        let mut seen_changes: BTreeSet<(usize, Vec<usize>)> =
            self.panels.iter().filter_map(|(year, own)| Some((frame.year(*year)?, frame.columns(own)))).collect();
        for group in earlier {
            let Some(at) = frame.year(group.year) else { continue };
            // what all sectors together showed is, less the other sectors' numbers, a number of this one's members
            let members = frame.columns(&positions(&self.catalogue.organisations, &group.members));
            // registered groups come after the catalogue, and are gated with all sectors together
            if members.is_empty() || group.is_registered {
                continue;
            }
            match group.from.map(|from| frame.year(from)) {
                None if seen.insert((at, members.clone())) => rows.push(Observation::mean(&members, at)),
                Some(Some(from)) if seen_changes.insert((at, members.clone())) => {
                    rows.push(Observation::change(&members, from, at));
                }
                _ => {}
            }
        }
        rows
    }
}

/// The sets of atoms that a partition publishes in a year: its cells, and what is a union of cells and has a name, be it that
/// of a cell of another year.
pub(super) fn published(partition: &Partition, year: Year) -> BTreeSet<AtomSet> {
    let cells = partition.cells.values().flatten();
    let named = partition.named.iter().map(|named| &named.atoms).filter(|atoms| !atoms.is_empty());
    let Some(unions) = partition.unions(year) else { return BTreeSet::new() };
    cells.chain(named).filter(|atoms| unions.contain(atoms)).cloned().collect()
}

/// Columns of the gate over years: organisations that ever counted, and years with any publication.
pub(super) struct Frame {
    pub(super) organisations: Vec<usize>,
    pub(super) years: Vec<Year>,
}

impl Frame {
    pub(super) fn of(catalogue: &SectorCatalogue, earlier: &[EarlierGroup]) -> Self {
        let mut organisations: BTreeSet<usize> = catalogue.participants.values().flatten().copied().collect();
        let mut years: BTreeSet<Year> = catalogue.years.iter().copied().collect();
        for group in earlier {
            let own: Vec<usize> = positions(&catalogue.organisations, &group.members);
            if !own.is_empty() {
                organisations.extend(own);
                years.insert(group.year);
                years.extend(group.from);
            }
        }
        Self { organisations: organisations.into_iter().collect(), years: years.into_iter().collect() }
    }

    pub(super) fn calendar(&self) -> Vec<u16> {
        self.years.iter().map(|year| year.number()).collect()
    }

    pub(super) fn year(&self, year: Year) -> Option<usize> {
        self.years.binary_search(&year).ok()
    }

    fn columns(&self, positions: &[usize]) -> Vec<usize> {
        positions.iter().filter_map(|position| self.organisations.binary_search(position).ok()).collect()
    }
}

pub(super) fn positions(all: &[OrganisationId], members: &[OrganisationId]) -> Vec<usize> {
    members.iter().filter_map(|id| all.binary_search(id).ok()).collect()
}
