//! Registered groups: those that a publisher lists beforehand, each let in only where nothing else that is published would then
//! tell an organisation's result; refused ones are told to the publisher with the reason and with what would help.
//!
//! A group is decided year by year, after the catalogue and in the order of ids, by memberships alone. It may span sectors, so
//! its gates look at all sectors that it touches together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{EarlierGroup, Group, frame::Frame, sector::DecidedSector};
use crate::{
    definition::{Definitions, Grouping, GroupingRule, Policy, RegisteredMember},
    disclosure::gate::{Observation, Prior, over_years, within_year},
    model::{GroupId, OrganisationId, Year},
    register::Register,
};

/// The kind of registered groups.
pub(super) const KIND: &str = "registered";

/// Why a registered group is not shown in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Members that are in no register.
    UnknownMembers {
        /// Their ids.
        ids: Vec<String>,
    },
    /// Fewer participating members than the policy asks for.
    TooFew {
        /// Participating members.
        organisations: usize,
        /// Least number.
        least: usize,
    },
    /// It differs from another published group by few organisations.
    SmallDifference {
        /// The other group.
        group: GroupId,
        /// Organisations in one and not in the other.
        organisations: usize,
        /// Least number.
        least: usize,
    },
    /// The gate within a year fails.
    Within {
        /// The organisation that would be told most of.
        worst: OrganisationId,
        /// Its effective anonymity.
        k_eff: f64,
        /// Least effective anonymity.
        least: f64,
        /// Without these members the group would pass; empty where that was not found.
        passes_without: Vec<OrganisationId>,
    },
    /// The gate over years and editions fails.
    Years {
        /// The organisation that would be told most of.
        worst: OrganisationId,
        /// Its effective anonymity.
        k_eff: f64,
        /// Least effective anonymity.
        least: f64,
    },
}

/// A registered group that is not shown in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refused {
    /// The group.
    pub group: GroupId,
    /// The year; none where no year can be shown.
    pub year: Option<Year>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.group)?;
        if let Some(year) = self.year {
            write!(f, " {year}")?;
        }
        match &self.reason {
            Reason::UnknownMembers { ids } => {
                write!(f, ": {} are in no register; correct the ids in its grouping file", ids.join(", "))
            }
            Reason::TooFew { organisations, least } => write!(
                f,
                ": {organisations} members take part, and it takes {least}; {} more would do",
                least - organisations
            ),
            Reason::SmallDifference { group, organisations, least } => write!(
                f,
                ": differs from {group} by {organisations} organisations; make it the same, or let it differ by {least} or more"
            ),
            Reason::Within { worst, k_eff, least, passes_without } => {
                write!(f, ": would leave {worst} an effective anonymity of {k_eff:.2}, and {least} is the least; ")?;
                if passes_without.is_empty() {
                    f.write_str("larger blocks (min_block) or a group made of whole blocks would pass")
                } else {
                    let ids: Vec<&str> = passes_without.iter().map(OrganisationId::as_str).collect();
                    write!(f, "without {} it would pass", ids.join(", "))
                }
            }
            Reason::Years { worst, k_eff, least } => write!(
                f,
                ": together with other years and editions it would leave {worst} an effective anonymity of {k_eff:.2}, and {least} is the least; a membership that stays the same over the years would pass"
            ),
        }
    }
}

/// The published statistics of some sectors in one frame.
struct Joint<'a> {
    /// Who counted in an earlier edition, by year.
    earlier: BTreeSet<(OrganisationId, Year)>,
    organisations: Vec<OrganisationId>,
    years: Vec<Year>,
    rows: Vec<Observation>,
    sectors: Vec<&'a DecidedSector>,
    /// Registered groups of earlier editions, which are among the rows.
    repeats: BTreeSet<(Year, Vec<OrganisationId>)>,
}

impl<'a> Joint<'a> {
    fn of(sectors: Vec<&'a DecidedSector>, earlier: &[EarlierGroup]) -> Self {
        let frames: Vec<Frame> = sectors.iter().map(|sector| Frame::of(&sector.catalogue, earlier)).collect();
        let years: BTreeSet<Year> = frames.iter().flat_map(|frame| frame.years.iter().copied()).collect();
        let counted = earlier.iter().filter(|group| group.from.is_none());
        let mut joint = Self {
            earlier: counted.flat_map(|group| group.members.iter().map(|id| (id.clone(), group.year))).collect(),
            organisations: Vec::new(),
            years: years.into_iter().collect(),
            rows: Vec::new(),
            sectors,
            repeats: BTreeSet::new(),
        };
        for (sector, frame) in joint.sectors.iter().zip(&frames) {
            let first = joint.organisations.len();
            let own = frame.organisations.iter().map(|&at| sector.catalogue.organisations[at].clone());
            joint.organisations.extend(own);
            let place = |year: usize| joint.years.binary_search(&frame.years[year]).unwrap_or_default();
            for row in sector.observations(frame, earlier) {
                let terms = row.terms.into_iter().map(|(at, year, weight)| (first + at, place(year), weight)).collect();
                joint.rows.push(Observation { terms });
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

    fn row(&self, year: Year, members: &[OrganisationId]) -> Option<Observation> {
        let at = self.years.binary_search(&year).ok()?;
        let members: Vec<usize> =
            members.iter().filter_map(|id| self.organisations.iter().position(|own| own == id)).collect();
        (!members.is_empty()).then(|| Observation::mean(&members, at))
    }

    /// The organisation-year with the least effective anonymity among those that count, with further statistics.
    fn least(&self, further: &[Observation], prior: Prior) -> Option<(f64, OrganisationId, Year)> {
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

    /// The least effective anonymity within a year, with further groups beside what is published.
    fn within(&self, year: Year, further: &[&Vec<OrganisationId>], policy: &Policy) -> (f64, Option<OrganisationId>) {
        let mut columns: BTreeMap<OrganisationId, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for sector in &self.sectors {
            let catalogue = &sector.catalogue;
            let Some(present) = catalogue.participants.get(&year) else { continue };
            for &at in present {
                let next = columns.len();
                columns.insert(catalogue.organisations[at].clone(), next);
            }
            for partition in &catalogue.partitions {
                for cell in partition.cells.get(&year).into_iter().flatten() {
                    let members = partition.members(cell, present);
                    groups.push(members.iter().map(|&at| columns[&catalogue.organisations[at]]).collect());
                }
            }
        }
        for members in further {
            groups.push(members.iter().filter_map(|id| columns.get(id).copied()).collect());
        }
        let found = within_year(&groups, columns.len(), policy.insiders, policy.k_eff_min);
        (found.k_eff, columns.into_iter().find(|(_, at)| *at == found.worst).map(|(id, _)| id))
    }
}

/// Leaves out years of the catalogue in which it would, together with registered groups of earlier editions, tell too much.
pub(super) fn leave_room(decided: &mut [DecidedSector], policy: &Policy, prior: Prior, earlier: &[EarlierGroup]) {
    if !earlier.iter().any(|group| group.is_registered) {
        return;
    }
    while decided.iter().any(|sector| !sector.catalogue.years.is_empty()) {
        let joint = Joint::of(decided.iter().collect(), earlier);
        let Some((_, worst, year)) =
            joint.least(&[], prior).filter(|(k_eff, ..)| *k_eff < policy.k_eff_min_years - 1e-9)
        else {
            return;
        };
        let own = decided.iter_mut().find(|sector| sector.catalogue.organisations.binary_search(&worst).is_ok());
        match own {
            // as in the sector's own gate: cells first, matched changes and years only where there is none to give way
            Some(sector) => {
                let Ok(position) = sector.catalogue.organisations.binary_search(&worst) else { return };
                sector.give_way(&[(0.0, year, position)]);
            }
            None => return,
        }
    }
}

/// Decides which registered groups are shown, and says why others are not.
pub(super) fn decide(
    decided: &[DecidedSector],
    catalogue: &[Group],
    register: &Register,
    definitions: &Definitions,
    policy: &Policy,
    prior: Prior,
    earlier: &[EarlierGroup],
) -> (Vec<Group>, Vec<Refused>) {
    let (mut shown, mut refused): (Vec<Group>, Vec<Refused>) = (Vec::new(), Vec::new());
    // all sectors together: a group shown before may reach into one that this group has no member in
    let joint = Joint::of(decided.iter().collect(), earlier);
    for grouping in &definitions.groupings {
        let GroupingRule::Registered { members, .. } = &grouping.rule else { continue };
        let Ok(id) = GroupId::parse(&format!("{KIND}:{}", grouping.id)) else { continue };
        let unknown: Vec<String> = members
            .iter()
            .filter(|member| !register.organisations.contains_key(&member.organisation))
            .map(|member| member.organisation.to_string())
            .collect();
        if !unknown.is_empty() {
            refused.push(Refused { group: id, year: None, reason: Reason::UnknownMembers { ids: unknown } });
            continue;
        }
        let mut candidates: BTreeMap<Year, Vec<OrganisationId>> = BTreeMap::new();
        for (year, members) in participating(decided, members) {
            match passes_within(&joint, catalogue, &shown, (year, &members), policy) {
                Ok(()) => {
                    candidates.insert(year, members);
                }
                Err(reason) => refused.push(Refused { group: id.clone(), year: Some(year), reason }),
            }
        }
        // all years at once, as nearly always they pass; year by year where they do not
        let mut own = candidates.clone();
        if passes_years(&joint, &shown, &own, policy, prior).is_err() {
            own.clear();
            for (year, members) in candidates {
                let mut with = own.clone();
                with.insert(year, members);
                match passes_years(&joint, &shown, &with, policy, prior) {
                    Ok(()) => own = with,
                    Err(reason) => refused.push(Refused { group: id.clone(), year: Some(year), reason }),
                }
            }
        }
        if !own.is_empty() {
            shown.push(group(id, grouping, own));
        }
    }
    (shown, refused)
}

fn group(id: GroupId, grouping: &Grouping, members: BTreeMap<Year, Vec<OrganisationId>>) -> Group {
    Group {
        id,
        kind: KIND.to_owned(),
        sector: grouping.sector,
        name: grouping.name.clone(),
        version: None,
        parent: None,
        merged_from: Vec::new(),
        histogram: false,
        members,
        answers_with: BTreeMap::new(),
    }
}

/// Members that count, by year, in the order of their ids.
fn participating(decided: &[DecidedSector], members: &[RegisteredMember]) -> BTreeMap<Year, Vec<OrganisationId>> {
    let mut found: BTreeMap<Year, BTreeSet<OrganisationId>> = BTreeMap::new();
    for sector in decided {
        for (year, present) in &sector.catalogue.participants {
            let present: BTreeSet<&OrganisationId> =
                present.iter().map(|&at| &sector.catalogue.organisations[at]).collect();
            let own = members.iter().filter(|member| member.is_in(*year) && present.contains(&member.organisation));
            found.entry(*year).or_default().extend(own.map(|member| member.organisation.clone()));
        }
    }
    found.retain(|_, members| !members.is_empty());
    found.into_iter().map(|(year, members)| (year, members.into_iter().collect())).collect()
}

/// Whether a group can be shown in a year beside what is shown of that year.
fn passes_within(
    joint: &Joint<'_>,
    catalogue: &[Group],
    shown: &[Group],
    (year, members): (Year, &Vec<OrganisationId>),
    policy: &Policy,
) -> Result<(), Reason> {
    if members.len() < policy.min_group {
        return Err(Reason::TooFew { organisations: members.len(), least: policy.min_group });
    }
    let set: BTreeSet<&OrganisationId> = members.iter().collect();
    let all: Vec<(&Group, BTreeSet<&OrganisationId>)> = catalogue
        .iter()
        .chain(shown)
        .filter_map(|group| Some((group, group.members.get(&year)?.iter().collect())))
        .collect();
    // a group that is published already tells nothing new under another name
    if all.iter().any(|(_, other)| *other == set) {
        return Ok(());
    }
    let difference = |other: &BTreeSet<&OrganisationId>| set.symmetric_difference(other).count();
    if let Some((group, other)) = all.iter().min_by_key(|(_, other)| difference(other))
        && difference(other) < policy.min_difference
    {
        let (organisations, least) = (difference(other), policy.min_difference);
        return Err(Reason::SmallDifference { group: group.id.clone(), organisations, least });
    }
    let beside: Vec<&Vec<OrganisationId>> = shown.iter().filter_map(|group| group.members.get(&year)).collect();
    let with = |members: &Vec<OrganisationId>| {
        let further: Vec<&Vec<OrganisationId>> = beside.iter().copied().chain([members]).collect();
        joint.within(year, &further, policy)
    };
    match with(members) {
        (k_eff, Some(worst)) if k_eff < policy.k_eff_min - 1e-9 => {
            let passes_without = without(members, policy, &with);
            Err(Reason::Within { worst, k_eff, least: policy.k_eff_min, passes_without })
        }
        _ => Ok(()),
    }
}

/// Whether a group can be shown in some years beside what is shown of all years and was shown in earlier editions.
fn passes_years(
    joint: &Joint<'_>,
    shown: &[Group],
    own: &BTreeMap<Year, Vec<OrganisationId>>,
    policy: &Policy,
    prior: Prior,
) -> Result<(), Reason> {
    let groups = shown.iter().flat_map(|group| &group.members).chain(own);
    // what an earlier edition showed is among the rows already
    let new = groups.filter(|(year, members)| !joint.repeats.contains(&(**year, (*members).clone())));
    let rows: Vec<Observation> = new.filter_map(|(year, members)| joint.row(*year, members)).collect();
    match joint.least(&rows, prior) {
        Some((k_eff, worst, _)) if k_eff < policy.k_eff_min_years - 1e-9 => {
            Err(Reason::Years { worst, k_eff, least: policy.k_eff_min_years })
        }
        _ => Ok(()),
    }
}

/// The least effective anonymity within a year beside some members, and whose it is.
type Within<'a> = dyn Fn(&Vec<OrganisationId>) -> (f64, Option<OrganisationId>) + 'a;

/// How many members are tried to be left out.
const TRIED: usize = 3;

/// Up to three members without whom the group would pass, the worst first; empty where they do not suffice.
fn without(members: &[OrganisationId], policy: &Policy, with: &Within<'_>) -> Vec<OrganisationId> {
    let mut left = members.to_vec();
    let mut gone = Vec::new();
    while gone.len() < TRIED && left.len() > policy.min_group {
        let (k_eff, worst) = with(&left);
        if k_eff >= policy.k_eff_min - 1e-9 {
            return gone;
        }
        let Some(at) = worst.and_then(|worst| left.iter().position(|id| *id == worst)) else { break };
        gone.push(left.remove(at));
    }
    if with(&left).0 >= policy.k_eff_min - 1e-9 { gone } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_would_help() {
        let group = GroupId::parse("registered:network").unwrap();
        let refused = Refused {
            group: group.clone(),
            year: Year::try_from(2020).ok(),
            reason: Reason::TooFew { organisations: 7, least: 12 },
        };
        assert_eq!(
            refused.to_string(),
            "registered:network 2020: 7 members take part, and it takes 12; 5 more would do"
        );
    }
}
