//! A sector through the gate over years and editions: who gives way, and in which order; one year by itself is in `within`.

use std::collections::{BTreeMap, BTreeSet};

use super::DecidedSector;
use crate::{
    definition::Policy,
    disclosure::{
        catalogue::{AtomSet, PartitionKind},
        gate::{Prior, over_years, over_years_of},
        plan::{
            EarlierGroup, GateAudit,
            frame::{Frame, Shown, positions},
        },
    },
    model::Year,
};

/// The share of cells that matched changes have to leave.
const PANELS_WORTH: f64 = 0.75;

impl DecidedSector {
    /// The cell that gives way for an organisation in a year when years together tell too much: the smallest county or band, and
    /// a block only where no other is left. Blocks carry the distributions, and what peers of one's own choice are made of.
    fn cheapest_cell(&self, year: Year, position: usize) -> Option<(usize, usize)> {
        (0..self.catalogue.partitions.len())
            .filter_map(|partition| {
                let (cell, size) = self.cell_of(partition, year, position)?;
                let is_block = self.catalogue.partitions[partition].kind == PartitionKind::Similarity;
                Some((is_block, size, partition, cell))
            })
            .min()
            .map(|(.., partition, cell)| (partition, cell))
    }

    /// Merges cells, leaves out matched changes and at last years, until the gate over years and editions passes. Where matched
    /// changes would cost more than a quarter of the cells, they are what gives way first: whoever joins a sector alone is told
    /// by its matched change, however large the cells.
    pub(super) fn pass_years(&mut self, policy: &Policy, prior: Prior, earlier: &[EarlierGroup]) {
        let known_before = self.known_before(earlier, prior);
        self.leave_out_hopeless(policy, prior, earlier, &known_before);
        let run = |mut sector: Self, panels_first: bool| {
            // joined cells tell less of everybody, so that between two looks at all only those are looked at who failed
            let mut watched: Option<BTreeSet<usize>> = None;
            let mut shown = Shown::default();
            while !sector.catalogue.years.is_empty() {
                let failing = sector.failing(watched.as_ref(), &mut shown, policy, prior, earlier, &known_before);
                match (failing.is_empty(), &watched) {
                    (true, None) => break,
                    (true, Some(_)) => {
                        watched = None;
                        continue;
                    }
                    (false, None) => watched = Some(failing.iter().map(|(.., position)| *position).collect()),
                    (false, Some(_)) => {}
                }
                if !(panels_first && sector.leave_out_panels(&failing)) {
                    sector.give_way(&failing);
                }
            }
            sector
        };
        let cells = |sector: &Self| sector.catalogue.cells() as f64;
        let cells_first = run(self.clone(), false);
        // leaving out matched changes can leave no more cells than there are
        *self = if cells(&cells_first) >= PANELS_WORTH * cells(self) {
            cells_first
        } else {
            let panels_first = run(self.clone(), true);
            if cells(&cells_first) < PANELS_WORTH * cells(&panels_first) { panels_first } else { cells_first }
        };
    }

    /// Leaves out the matched changes of years in which somebody fails; false if there are none.
    fn leave_out_panels(&mut self, failing: &[(f64, Year, usize)]) -> bool {
        let years: BTreeSet<Year> = failing.iter().map(|(_, year, _)| *year).collect();
        let before = self.panels.len();
        self.panels.retain(|panel, _| {
            !years.contains(panel) && panel.previous().is_none_or(|previous| !years.contains(&previous))
        });
        self.audit.panels_withheld += before - self.panels.len();
        self.panels.len() < before
    }

    /// Organisation-years below the limit over years and editions, worst first; of `watched` only, where there are some. The least
    /// of all is noted for the audit.
    fn failing(
        &mut self,
        watched: Option<&BTreeSet<usize>>,
        shown: &mut Shown,
        policy: &Policy,
        prior: Prior,
        earlier: &[EarlierGroup],
        known_before: &BTreeMap<(Year, usize), f64>,
    ) -> Vec<(f64, Year, usize)> {
        let frame = Frame::of(&self.catalogue, earlier);
        let rows = self.observations(&frame, earlier, shown);
        let is_wanted = |at: &usize| watched.is_none_or(|watched| watched.contains(&frame.organisations[*at]));
        let wanted: Vec<usize> = (0..frame.organisations.len()).filter(is_wanted).collect();
        let k_eff = over_years_of(&wanted, &rows, frame.organisations.len(), &frame.calendar(), prior);
        let mut failing: Vec<(f64, Year, usize)> = Vec::new();
        let mut least = f64::INFINITY;
        for (&at, own) in wanted.iter().zip(&k_eff) {
            for (year, &value) in frame.years.iter().zip(own) {
                let secret = (*year, frame.organisations[at]);
                // who counted in an earlier edition keeps what was promised then, also after having left
                let before = known_before.get(&secret);
                let counts = self.catalogue.participants.get(year).is_some_and(|p| p.binary_search(&secret.1).is_ok());
                if counts || before.is_some() {
                    least = least.min(value);
                    // what earlier editions alone have given away cannot be taken back; this one must not add to it
                    let adds = before.is_none_or(|before| value < before - 1e-6);
                    if value < policy.k_eff_min_years - 1e-9 && adds {
                        failing.push((value, secret.0, secret.1));
                    }
                }
            }
        }
        self.audit.k_eff_years = least;
        failing.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        failing
    }

    /// Leaves out years in which even the sector's figure alone, beside earlier editions, tells too much of somebody who has come
    /// or gone since: there no merging helps, and other years need not give way for it.
    fn leave_out_hopeless(
        &mut self,
        policy: &Policy,
        prior: Prior,
        earlier: &[EarlierGroup],
        known_before: &BTreeMap<(Year, usize), f64>,
    ) {
        while !earlier.is_empty() && !self.catalogue.years.is_empty() {
            let mut coarsest = self.clone();
            coarsest.panels.clear();
            for partition in &mut coarsest.catalogue.partitions {
                let all: AtomSet = (0..partition.atoms.len()).collect();
                coarsest.catalogue.years.iter().for_each(|year| partition.join(*year, &all));
            }
            let Some((_, year, _)) =
                coarsest.failing(None, &mut Shown::default(), policy, prior, earlier, known_before).into_iter().next()
            else {
                return;
            };
            self.leave_out_nearest(year);
        }
    }

    /// Leaves out a year, or the published one nearest to it.
    fn leave_out_nearest(&mut self, year: Year) {
        let nearest = self.catalogue.years.iter().min_by_key(|own| own.number().abs_diff(year.number()));
        if let Some(&nearest) = nearest {
            self.leave_out(nearest);
        }
    }

    /// The same as in the gate with results more alike from year to year, for the audit.
    pub(super) fn measure_alike(&mut self, policy: &Policy, prior: Prior, earlier: &[EarlierGroup]) {
        if self.catalogue.years.is_empty() {
            return;
        }
        let frame = Frame::of(&self.catalogue, earlier);
        let rows = self.observations(&frame, earlier, &mut Shown::default());
        let alike = over_years(&rows, frame.organisations.len(), &frame.calendar(), Prior { rho: 0.95, ..prior });
        let counted: Vec<f64> = alike
            .iter()
            .enumerate()
            .flat_map(|(at, own)| frame.years.iter().zip(own).map(move |(year, value)| (at, *year, *value)))
            .filter(|(at, year, _)| {
                self.catalogue
                    .participants
                    .get(year)
                    .is_some_and(|p| p.binary_search(&frame.organisations[*at]).is_ok())
            })
            .map(|(_, _, value)| value)
            .collect();
        let below = counted.iter().filter(|&&value| value < policy.k_eff_min_years).count();
        self.audit.k_eff_years_at_095 = counted.iter().copied().fold(f64::INFINITY, f64::min);
        self.audit.share_below_at_095 = below as f64 / counted.len().max(1) as f64;
    }

    /// Effective anonymity by what earlier editions alone tell, of everybody who counted in any of them.
    fn known_before(&self, earlier: &[EarlierGroup], prior: Prior) -> BTreeMap<(Year, usize), f64> {
        let mut nothing_now =
            Self { catalogue: self.catalogue.clone(), panels: BTreeMap::new(), audit: GateAudit::default() };
        nothing_now.catalogue.years.clear();
        nothing_now.catalogue.participants.clear();
        let frame = Frame::of(&nothing_now.catalogue, earlier);
        let rows = nothing_now.observations(&frame, earlier, &mut Shown::default());
        let k_eff = over_years(&rows, frame.organisations.len(), &frame.calendar(), prior);
        let mut known = BTreeMap::new();
        for group in earlier.iter().filter(|group| group.from.is_none()) {
            for position in positions(&self.catalogue.organisations, &group.members) {
                if let (Ok(at), Some(year)) = (frame.organisations.binary_search(&position), frame.year(group.year)) {
                    known.insert((group.year, position), k_eff[at][year]);
                }
            }
        }
        known
    }

    /// One round of giving way: for each organisation-year that fails, worst first, its cheapest cell in that year or a year
    /// beside it; where there is none, the matched changes of that year; where there is none either, the year itself.
    pub(in crate::disclosure::plan) fn give_way(&mut self, failing: &[(f64, Year, usize)]) {
        let mut touched: BTreeSet<(usize, Year)> = BTreeSet::new();
        for &(_, year, position) in failing {
            let beside = [Some(year), year.previous(), Year::try_from(year.number() + 1).ok()];
            let found = beside.into_iter().flatten().find_map(|candidate| {
                let (partition, cell) = self.cheapest_cell(candidate, position)?;
                Some((partition, cell, candidate))
            });
            if let Some((partition, cell, candidate)) = found {
                if touched.insert((partition, candidate)) {
                    self.catalogue.partitions[partition].merge(candidate, cell);
                    self.audit.merges_years += 1;
                }
            } else if touched.is_empty() {
                let before = self.panels.len();
                self.panels.retain(|&panel, _| panel != year && panel.previous() != Some(year));
                self.audit.panels_withheld += before - self.panels.len();
                if self.panels.len() == before {
                    self.leave_out_nearest(year);
                }
                return;
            }
        }
    }
}
