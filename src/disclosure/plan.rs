//! What will be published: groups with their members by year, after the gates; made from memberships alone, before any value is read.

mod answers;
mod blocks;
mod frame;
mod groups;
mod histogram;
mod registered;
mod sector;
mod table;

use std::collections::{BTreeMap, BTreeSet};

pub(in crate::disclosure) use answers::is_asked;
pub use answers::{AnswerKey, Answers, EVERYBODY};
pub use blocks::{BlockCells, block_cells};
pub use registered::{Reason, Refused};
pub(in crate::disclosure) use sector::prior;
use serde::Serialize;

use super::Participation;
use crate::{
    definition::{Definitions, Policy},
    model::{GroupId, Instrument, OrganisationId, Sector, Text, Year},
    register::Register,
};

/// A group of organisations, with its members in each year in which it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Identifier: kind, colon, key; `all` for all sectors together.
    pub id: GroupId,
    /// Kind: `all`, `sector`, `skr-main-group`, `skr-group`, `branch`, `block`, `county` or `size`.
    pub kind: String,
    /// Sector; none for all sectors together.
    pub sector: Option<Sector>,
    /// Name.
    pub name: Text,
    /// Version of the classification it comes from.
    pub version: Option<String>,
    /// The next larger group of the same partition.
    pub parent: Option<GroupId>,
    /// Groups that were joined because one of them is too small to be shown.
    pub merged_from: Vec<GroupId>,
    /// Whether its distribution is shown: blocks and their unions only.
    pub histogram: bool,
    /// Who counts, by year of publication.
    pub members: BTreeMap<Year, Vec<OrganisationId>>,
    /// For years in which it has participants and is not shown: the smallest shown group that holds them all.
    pub answers_with: BTreeMap<Year, GroupId>,
}

/// A mean or matched change that an earlier edition published; a new edition is gated together with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EarlierGroup {
    /// The year.
    pub year: Year,
    /// The year that it is the change from, for a matched change.
    pub from: Option<Year>,
    /// Who counted; in both years, for a matched change.
    pub members: Vec<OrganisationId>,
    /// Whether its distribution was shown as well.
    pub histogram: bool,
    /// Whether it was a registered group, which may span sectors.
    pub is_registered: bool,
}

/// What the gates found and did, for the private audit.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GateAudit {
    /// Sector the numbers are of.
    pub sector: String,
    /// Least effective anonymity within each year, after merging.
    pub k_eff_within: BTreeMap<Year, f64>,
    /// Independent statistics in each year.
    pub rank: BTreeMap<Year, usize>,
    /// Least effective anonymity over all years and editions.
    pub k_eff_years: f64,
    /// The same if results were as alike from year to year as 0.95, for information.
    pub k_eff_years_at_095: f64,
    /// Share of organisation-years below the limit at 0.95.
    pub share_below_at_095: f64,
    /// Cells joined so that the gate within a year passes.
    pub merges_within: usize,
    /// Cells joined so that the gate over years passes.
    pub merges_years: usize,
    /// Matched changes left out.
    pub panels_withheld: usize,
    /// Years left out.
    pub years_withheld: Vec<Year>,
    /// Years without distributions, because an earlier edition showed others.
    pub histograms_withheld: Vec<Year>,
}

/// What will be published.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Groups, in the order of their ids.
    pub groups: Vec<Group>,
    /// Organisations in a year and the year before, for groups whose matched change is published.
    pub panels: BTreeMap<GroupId, BTreeMap<Year, Vec<OrganisationId>>>,
    /// Number of respondents by organisation and year, where known.
    pub respondents: BTreeMap<(OrganisationId, Year), u32>,
    /// Groups and years that stay, in part or as a whole, as in the edition before.
    pub frozen: BTreeSet<(GroupId, Year)>,
    /// Years with any participant, published or not.
    pub years: BTreeSet<Year>,
    /// Sectors and years without distributions, because an earlier edition showed those of other sets of organisations: the
    /// difference of two counts would tell the class of who has come or gone.
    pub histograms_withheld: BTreeSet<(Sector, Year)>,
    /// What the gates found, by sector.
    pub audit: Vec<GateAudit>,
    /// Registered groups that are not shown.
    pub refused: Vec<Refused>,
}

/// Identifier of all sectors together.
pub const ALL: &str = "all";

impl Plan {
    /// Decides what will be published of an instrument's round.
    pub fn decide(
        instrument: &Instrument,
        participation: &Participation,
        register: &Register,
        definitions: &Definitions,
        policy: &Policy,
        earlier: &[EarlierGroup],
    ) -> Self {
        let mut plan = Self { years: participation.all_years(), ..Self::default() };
        let mut decided = Vec::new();
        for sector in participation.sectors() {
            let sector = sector::decide(sector, instrument, participation, register, definitions, policy, earlier);
            let histograms_withheld = &sector.audit.histograms_withheld;
            plan.histograms_withheld.extend(histograms_withheld.iter().map(|year| (sector.catalogue.sector, *year)));
            decided.push(sector);
        }
        let prior = sector::prior(policy, instrument);
        registered::leave_room(&mut decided, policy, prior, earlier);
        for sector in &decided {
            if !sector.catalogue.years.is_empty() {
                plan.groups.extend(groups::of_sector(&sector.catalogue));
            }
            plan.audit.push(sector.audit.clone());
        }
        plan.groups.extend(groups::all_sectors(&decided));
        let (registered, refused) =
            registered::decide(&decided, &plan.groups, register, definitions, policy, prior, earlier);
        plan.groups.extend(registered);
        plan.refused = refused;
        plan.groups.sort_by(|a, b| a.id.cmp(&b.id));
        plan.panels = groups::panels(&decided);
        plan.count_respondents(participation);
        plan
    }

    /// Takes numbers of respondents from who takes part. Nothing is decided from them.
    pub fn count_respondents(&mut self, participation: &Participation) {
        self.respondents.clear();
        for sector in participation.sectors() {
            for year in participation.years(sector) {
                for (id, count) in participation.participants(sector, year).into_iter().flatten() {
                    if let Some(count) = count {
                        self.respondents.insert((id.clone(), year), *count);
                    }
                }
            }
        }
    }

    /// Marks the groups in which somebody's results stay as in the edition before, or that somebody is waiting to join.
    pub fn freeze(&mut self, waiting: &BTreeSet<(OrganisationId, Year)>, register: &Register) {
        for (id, year) in waiting {
            let sector = register.organisations.get(id).map(|own| own.sector);
            for group in &self.groups {
                let is_whole = group.kind == ALL || group.kind == "sector" && group.sector == sector;
                if let Some(members) = group.members.get(year)
                    && (is_whole || members.contains(id))
                {
                    self.frozen.insert((group.id.clone(), *year));
                }
            }
        }
    }

    /// What is published of a year and of the years beside it: all that depends on the year's results.
    pub fn around(&self, year: Year) -> Self {
        let near = |other: &Year| other.number().abs_diff(year.number()) <= 1;
        let mut plan = self.clone();
        plan.years.retain(near);
        for group in &mut plan.groups {
            group.members.retain(|year, _| near(year));
            group.answers_with.retain(|year, _| near(year));
        }
        for years in plan.panels.values_mut() {
            years.retain(|year, _| near(year));
        }
        plan
    }

    /// Whether a group's distribution is shown in a year in which its mean is.
    pub fn shows_histogram(&self, group: &Group, year: Year) -> bool {
        let of_sector = |sector: Sector| !self.histograms_withheld.contains(&(sector, year));
        group.histogram && group.sector.map_or_else(|| Sector::ALL.into_iter().all(of_sector), of_sector)
    }
}
