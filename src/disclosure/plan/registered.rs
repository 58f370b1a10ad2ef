//! Registered groups: those that a publisher lists beforehand, each let in only where nothing else that is published would then
//! tell an organisation's result; refused ones are told to the publisher with the reason and with what would help.
//!
//! A group is decided year by year, after the catalogue and in the order of ids, by memberships alone. It may span sectors, so
//! its gates look at all sectors that it touches together.

mod derived;
mod joint;
mod refused;

use std::collections::{BTreeMap, BTreeSet};

use joint::Joint;
pub use refused::{Reason, Refused};

use super::{EarlierGroup, Group, groups, sector::DecidedSector};
use crate::{
    definition::{Definitions, Grouping, GroupingRule, Policy, RegisteredMember},
    disclosure::gate::{Observation, Prior},
    model::{GroupId, OrganisationId, Year},
    register::Register,
};

/// The kind of registered groups.
pub(super) const KIND: &str = "registered";

/// Leaves out years of the catalogue in which it would, together with registered groups of earlier editions, tell too much.
pub(super) fn leave_room(decided: &mut [DecidedSector], policy: &Policy, prior: Prior, earlier: &[EarlierGroup]) {
    if !earlier.iter().any(|group| group.is_registered) {
        return;
    }
    while decided.iter().any(|sector| !sector.catalogue.years.is_empty()) {
        let joint = Joint::of(decided.iter().collect(), earlier);
        let over_years = joint
            .least(&[], prior)
            .filter(|(k_eff, ..)| *k_eff < policy.k_eff_min_years - 1e-9)
            .map(|own| (own.1, own.2));
        let within = || {
            joint.published_years().into_iter().find_map(|year| {
                let (k_eff, worst) = joint.within(year, &[], policy);
                worst.filter(|_| k_eff < policy.k_eff_min - 1e-9).map(|worst| (worst, year))
            })
        };
        let Some((worst, year)) = over_years.or_else(within) else { return };
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
    let mut withheld = groups::withheld(decided);
    for (year, own) in &mut withheld {
        own.retain(|(id, _)| catalogue.iter().any(|group| group.id == *id && group.answers_with.contains_key(year)));
    }
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
            let hidden = withheld.get(&year).map_or(&[][..], Vec::as_slice);
            let passes = passes_within(&joint, catalogue, &shown, (year, &members), policy)
                .and_then(|()| tells_none(catalogue, &shown, (year, &members), hidden));
            match passes {
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

/// Whether no group that is withheld in a year could be worked out from a group beside what is shown of that year.
fn tells_none(
    catalogue: &[Group],
    shown: &[Group],
    (year, members): (Year, &Vec<OrganisationId>),
    withheld: &[(GroupId, BTreeSet<OrganisationId>)],
) -> Result<(), Reason> {
    let beside: Vec<BTreeSet<&OrganisationId>> =
        catalogue.iter().chain(shown).filter_map(|group| Some(group.members.get(&year)?.iter().collect())).collect();
    let beside: Vec<&BTreeSet<&OrganisationId>> = beside.iter().collect();
    let told = derived::follows(&beside, &members.iter().collect(), withheld);
    told.map_or(Ok(()), |group| Err(Reason::Derived { group: group.clone() }))
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
