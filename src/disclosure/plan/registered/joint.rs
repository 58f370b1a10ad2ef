//! What all sectors publish, as rows and columns of one gate: a registered group may span sectors, so it is gated with all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    definition::Policy,
    disclosure::{
        gate::{Observation, Prior, least_beside, over_years},
        plan::{
            EarlierGroup,
            frame::{Frame, Shown},
            sector::DecidedSector,
        },
    },
    model::{OrganisationId, Year},
};

/// The published statistics of some sectors in one frame.
pub(super) struct Joint<'a> {
    /// Who counted in an earlier edition, by year.
    earlier: BTreeSet<(OrganisationId, Year)>,
    organisations: Vec<OrganisationId>,
    years: Vec<Year>,
    rows: Vec<Observation>,
    sectors: Vec<&'a DecidedSector>,
    /// What earlier editions showed of each year.
    shown: BTreeMap<Year, BTreeSet<Vec<OrganisationId>>>,
    /// Registered groups of earlier editions, which are among the rows.
    pub(super) repeats: BTreeSet<(Year, Vec<OrganisationId>)>,
}

impl<'a> Joint<'a> {
    pub(super) fn of(sectors: Vec<&'a DecidedSector>, earlier: &[EarlierGroup]) -> Self {
        let frames: Vec<Frame> = sectors.iter().map(|sector| Frame::of(&sector.catalogue, earlier)).collect();
        let years: BTreeSet<Year> = frames.iter().flat_map(|frame| frame.years.iter().copied()).collect();
        let counted = earlier.iter().filter(|group| group.from.is_none());
        let mut joint = Self {
            earlier: counted.flat_map(|group| group.members.iter().map(|id| (id.clone(), group.year))).collect(),
            organisations: Vec::new(),
            years: years.into_iter().collect(),
            rows: Vec::new(),
            sectors,
            shown: BTreeMap::new(),
            repeats: BTreeSet::new(),
        };
        for group in earlier.iter().filter(|group| group.from.is_none()) {
            joint.shown.entry(group.year).or_default().insert(group.members.clone());
        }
        for (sector, frame) in joint.sectors.iter().zip(&frames) {
            let first = joint.organisations.len();
            let own = frame.organisations.iter().map(|&at| sector.catalogue.organisations[at].clone());
            joint.organisations.extend(own);
            let place = |year: usize| joint.years.binary_search(&frame.years[year]).unwrap_or_default();
            for row in sector.observations(frame, earlier, &mut Shown::default()) {
                let members = row.members.into_iter().map(|at| first + at).collect();
                let years = row.years.into_iter().map(|(year, weight)| (place(year), weight)).collect();
                joint.rows.push(Observation { members, years });
            }
        }
        for group in earlier.iter().filter(|group| group.is_registered && group.from.is_none()) {
            if let Some(row) = joint.row(group.year, &group.members) {
                joint.rows.push(row);
                joint.repeats.insert((group.year, group.members.clone()));
            }
        }
        joint
    }

    pub(super) fn row(&self, year: Year, members: &[OrganisationId]) -> Option<Observation> {
        let at = self.years.binary_search(&year).ok()?;
        let members: Vec<usize> =
            members.iter().filter_map(|id| self.organisations.iter().position(|own| own == id)).collect();
        (!members.is_empty()).then(|| Observation::mean(&members, at))
    }

    /// The organisation-year with the least effective anonymity among those that count, with further statistics.
    pub(super) fn least(&self, further: &[Observation], prior: Prior) -> Option<(f64, OrganisationId, Year)> {
        let calendar: Vec<u16> = self.years.iter().map(|year| year.number()).collect();
        let rows: Vec<Observation> = self.rows.iter().chain(further).cloned().collect();
        let k_eff = over_years(&rows, self.organisations.len(), &calendar, prior);
        let counts = |id: &OrganisationId, year: Year| {
            // who counted in an earlier edition keeps what was promised then
            self.earlier.contains(&(id.clone(), year))
                || self.sectors.iter().any(|sector| {
                    let catalogue = &sector.catalogue;
                    catalogue.organisations.binary_search(id).is_ok_and(|at| {
                        catalogue.participants.get(&year).is_some_and(|present| present.binary_search(&at).is_ok())
                    })
                })
        };
        self.organisations
            .iter()
            .zip(k_eff)
            .flat_map(|(id, own)| self.years.iter().zip(own).map(move |(year, value)| (value, id, *year)))
            .filter(|(_, id, year)| counts(id, *year))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(value, id, year)| (value, id.clone(), year))
    }

    /// Years in which something is published.
    pub(super) fn published_years(&self) -> BTreeSet<Year> {
        self.sectors.iter().flat_map(|sector| sector.catalogue.years.iter().copied()).collect()
    }

    /// The least effective anonymity within a year, with further groups beside what is published and what earlier editions showed
    /// of the year.
    pub(super) fn within(
        &self,
        year: Year,
        further: &[&Vec<OrganisationId>],
        policy: &Policy,
    ) -> (f64, Option<OrganisationId>) {
        let mut now: Vec<Vec<OrganisationId>> = Vec::new();
        for catalogue in self.sectors.iter().map(|sector| &sector.catalogue) {
            let Some(present) = catalogue.participants.get(&year) else { continue };
            for partition in &catalogue.partitions {
                for cell in partition.cells.get(&year).into_iter().flatten() {
                    let members = partition.members(cell, present).into_iter();
                    now.push(members.map(|at| catalogue.organisations[at].clone()).collect());
                }
            }
        }
        let now: Vec<&[OrganisationId]> = now.iter().chain(further.iter().copied()).map(Vec::as_slice).collect();
        let before: Vec<&[OrganisationId]> = self.shown.get(&year).into_iter().flatten().map(Vec::as_slice).collect();
        let (found, everybody) = least_beside(&now, &before, policy);
        (found.k_eff, everybody.get(found.worst).map(|id| (*id).clone()))
    }
}
