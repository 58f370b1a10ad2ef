//! One sector through both gates: cells are merged until every organisation keeps the effective anonymity that the policy asks for.

mod within;
mod years;

use std::collections::{BTreeMap, BTreeSet};

use super::{EarlierGroup, GateAudit};
use crate::{
    definition::{Definitions, MinCells, Policy, PolicyFloor},
    disclosure::{Participation, catalogue::SectorCatalogue, gate::Prior},
    model::{Instrument, Sector, Year},
    register::Register,
};

/// A sector's catalogue after the gates.
#[derive(Debug, Clone)]
pub(super) struct DecidedSector {
    pub(super) catalogue: SectorCatalogue,
    /// Years whose matched change from the year before is published, with the organisations in both.
    pub(super) panels: BTreeMap<Year, Vec<usize>>,
    pub(super) audit: GateAudit,
}

pub(super) fn decide(
    sector: Sector,
    instrument: &Instrument,
    participation: &Participation,
    register: &Register,
    definitions: &Definitions,
    policy: &Policy,
    earlier: &[EarlierGroup],
) -> DecidedSector {
    // Each gate starts from the smallest cells that any policy may ask for and not from this policy's, so that the cells it
    // joins do not depend on cell thresholds. What is published is the coarsest of three: cells of the sizes asked for, and
    // what each gate needs. Whatever is made stricter then only ever joins cells that are published otherwise.
    let smallest = SectorCatalogue::build(sector, participation, register, definitions, PolicyFloor::MIN_CELLS);
    let mut within = DecidedSector::new(smallest.clone(), PolicyFloor::MIN_CELLS);
    for year in smallest.years.clone() {
        within.pass_within(year, policy, earlier);
    }
    let mut years = DecidedSector::new(smallest, PolicyFloor::MIN_CELLS);
    let prior = prior(policy, instrument);
    years.pass_years(policy, prior, earlier);

    let sizes = policy.min_cells();
    let catalogue = SectorCatalogue::build(sector, participation, register, definitions, sizes);
    let mut decided = DecidedSector::new(catalogue, sizes);
    decided.coarsen(&within);
    decided.coarsen(&years);
    decided.keep_blocks(earlier);
    // joined cells pass what finer ones pass; looking again costs little, and is what the audit tells
    for year in decided.catalogue.years.clone() {
        decided.pass_within(year, policy, earlier);
    }
    decided.pass_years(policy, prior, earlier);
    decided.measure_alike(policy, prior, earlier);
    for year in decided.catalogue.years.clone() {
        decided.measure_within(year, policy, earlier);
        if !decided.repeats_histograms(year, earlier) {
            decided.audit.histograms_withheld.push(year);
        }
    }
    decided
}

/// What a reader is credited with. Every measure of the tree is published, each rounded by itself, and one is nearly the mean of
/// those below it; whoever averages all levels knows the top one as if its rounding error had had a variance smaller by the
/// number of measures. A policy may round more coarsely than an earlier edition did, so the finest step is reckoned with.
pub(in crate::disclosure) fn prior(policy: &Policy, instrument: &Instrument) -> Prior {
    let measures = instrument.nodes.len().max(1) as f64;
    Prior { sd: policy.prior_sd, rho: policy.rho, rounding_step: PolicyFloor::MEAN_STEP / measures.sqrt() }
}

/// Organisations in a year and in the calendar year before.
fn panels(catalogue: &SectorCatalogue, sizes: MinCells) -> BTreeMap<Year, Vec<usize>> {
    let mut panels = BTreeMap::new();
    for (year, present) in &catalogue.participants {
        let Some(before) = year.previous().and_then(|before| catalogue.participants.get(&before)) else { continue };
        let before: BTreeSet<usize> = before.iter().copied().collect();
        let both: Vec<usize> = present.iter().copied().filter(|position| before.contains(position)).collect();
        if both.len() >= sizes.block {
            panels.insert(*year, both);
        }
    }
    panels
}

impl DecidedSector {
    /// Cells and matched changes as they are before any gate.
    fn new(catalogue: SectorCatalogue, sizes: MinCells) -> Self {
        let audit = GateAudit { sector: catalogue.sector.word().to_owned(), ..GateAudit::default() };
        let panels = panels(&catalogue, sizes);
        Self { catalogue, panels, audit }
    }

    /// Joins cells until each is a union of the other's, and leaves out what the other has left out.
    fn coarsen(&mut self, other: &Self) {
        self.catalogue.coarsen(&other.catalogue);
        let years = &self.catalogue.years;
        self.panels.retain(|year, _| {
            other.panels.contains_key(year)
                && years.contains(year)
                && year.previous().is_some_and(|before| years.contains(&before))
        });
        self.audit.merges_within += other.audit.merges_within;
        self.audit.merges_years += other.audit.merges_years;
        self.audit.panels_withheld += other.audit.panels_withheld;
        self.audit.years_withheld.extend(&other.audit.years_withheld);
        self.audit.years_withheld.sort();
        self.audit.years_withheld.dedup();
    }

    /// The cell of a partition that an organisation belongs to in a year, where the partition has several.
    fn cell_of(&self, partition: usize, year: Year, position: usize) -> Option<(usize, usize)> {
        let partition = &self.catalogue.partitions[partition];
        let cells = partition.cells.get(&year).filter(|cells| cells.len() > 1)?;
        let atom = partition.atoms.iter().position(|members| members.contains(&position))?;
        let cell = cells.iter().position(|cell| cell.contains(&atom))?;
        let present = self.catalogue.participants.get(&year)?;
        Some((cell, partition.members(&cells[cell], present).len()))
    }

    fn leave_out(&mut self, year: Year) {
        self.catalogue.withhold_year(year);
        self.panels.retain(|&panel, _| panel != year && panel.previous() != Some(year));
        self.audit.years_withheld.push(year);
        self.audit.k_eff_within.remove(&year);
        self.audit.rank.remove(&year);
    }
}
