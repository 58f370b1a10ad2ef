//! The groups that may be published: partitions of each sector made from public facts and from who takes part, never from values.
//!
//! A partition has *atoms* (its smallest parts, the same in every year), *names* (sets of atoms that people know: SKR groups,
//! counties, bands) and, per year, *cells*: sets of atoms with enough participants. What is published in a year are the cells
//! and every named set that is a union of cells, since a sum of published cells tells nothing new. A higher threshold only
//! ever merges cells further, so that what a stricter policy publishes follows from what a laxer one does.

mod bands;
mod counties;
mod partition;
mod similarity;
mod tree;

use std::collections::BTreeMap;

pub use partition::{AtomSet, Named, Partition, PartitionKind, Unions};
pub(in crate::disclosure) use similarity::standardise;

use super::Participation;
use crate::{
    definition::{Definitions, Grouping, GroupingRule, MinCells, PolicyFloor},
    model::{OrganisationId, Sector, Year},
    register::Register,
};

/// The partitions of one sector.
#[derive(Debug, Clone)]
pub struct SectorCatalogue {
    /// The sector.
    pub sector: Sector,
    /// Every organisation of the sector in the register; positions are used from here on.
    pub organisations: Vec<OrganisationId>,
    /// Years in which the sector is published.
    pub years: Vec<Year>,
    /// Participants by year, as positions, ascending.
    pub participants: BTreeMap<Year, Vec<usize>>,
    /// Similarity first: it alone has histograms.
    pub partitions: Vec<Partition>,
}

impl SectorCatalogue {
    /// Builds the partitions of a sector, and their cells for every year in which enough organisations for a block count.
    pub fn build(
        sector: Sector,
        participation: &Participation,
        register: &Register,
        definitions: &Definitions,
        sizes: MinCells,
    ) -> Self {
        let organisations: Vec<OrganisationId> = register.in_sector(sector).map(|o| o.id.clone()).collect();
        let mut participants = BTreeMap::new();
        // who took part at all, whatever the policy asks for: the tree must not depend on it
        let mut everybody = BTreeMap::new();
        for year in participation.years(sector) {
            let positions: Vec<usize> = participation
                .participants(sector, year)
                .into_iter()
                .flat_map(BTreeMap::keys)
                .filter_map(|id| organisations.binary_search(id).ok())
                .collect();
            if positions.len() >= PolicyFloor::MIN_CELLS.block {
                everybody.insert(year, positions.clone());
            }
            if positions.len() >= sizes.block {
                participants.insert(year, positions);
            }
        }
        let mut groupings: Vec<&Grouping> =
            definitions.groupings.iter().filter(|grouping| grouping.sector == Some(sector)).collect();
        // similarity first, and one partition of that kind even where no definition asks for it
        groupings.sort_by_key(|grouping| !matches!(grouping.rule, GroupingRule::Similarity { .. }));
        let mut partitions: Vec<Partition> = groupings
            .into_iter()
            .filter_map(|grouping| match &grouping.rule {
                GroupingRule::Similarity { levels, version, year, variables } => Some(similarity::partition(
                    sector,
                    levels,
                    version.as_deref(),
                    *year,
                    variables,
                    register,
                    &organisations,
                    &everybody,
                )),
                GroupingRule::County => Some(counties::partition(register, &organisations)),
                GroupingRule::Size { year, bands } => Some(bands::partition(*year, bands, register, &organisations)),
                // no partition: it is decided after the catalogue
                GroupingRule::Registered { .. } => None,
            })
            .collect();
        if partitions.first().is_none_or(|first| first.kind != PartitionKind::Similarity) {
            let year = Year::try_from(2000).unwrap_or_else(|_| unreachable!("2000 is a survey year"));
            let whole = similarity::partition(sector, &[], None, year, &[], register, &organisations, &everybody);
            partitions.insert(0, whole);
        }
        for partition in &mut partitions {
            let least = match partition.kind {
                PartitionKind::Similarity => sizes.block,
                PartitionKind::County | PartitionKind::Size => sizes.group,
            };
            for (year, present) in &participants {
                partition.cut(*year, present, least);
            }
        }
        Self { sector, organisations, years: participants.keys().copied().collect(), participants, partitions }
    }

    /// Joins cells until each is a union of another catalogue's, which has the same atoms, and leaves out years that it has not.
    pub fn coarsen(&mut self, other: &Self) {
        for year in self.years.clone() {
            if !other.participants.contains_key(&year) {
                self.withhold_year(year);
            }
        }
        for (own, others) in self.partitions.iter_mut().zip(&other.partitions) {
            own.coarsen(others);
        }
    }

    /// Number of cells in all years.
    pub fn cells(&self) -> usize {
        self.partitions.iter().flat_map(|partition| partition.cells.values()).map(Vec::len).sum()
    }

    /// Leaves a year out.
    pub fn withhold_year(&mut self, year: Year) {
        self.years.retain(|&kept| kept != year);
        self.participants.remove(&year);
        for partition in &mut self.partitions {
            partition.cells.remove(&year);
        }
    }
}
