//! Which groups' answers to questions are shown, by role: sectors and main groups, decided from who has the role and from nothing
//! that was answered.
//!
//! A group is shown for a role when enough of its organisations have it. Where some parts of a sector are hidden and the sector
//! is shown, the hidden parts together are what is left over, so they go through the rule for parts of a whole
//! (`own::hide`). A group whose organisations are a few less than those of its figures is hidden, since the difference would be
//! those few. What is left goes through the gate over years; where that fails, parts give way to their sector, and at last
//! the role is not shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Plan, sector};
use crate::{
    definition::Policy,
    disclosure::{
        DisclosureError,
        detail::{Detailed, Part},
        gate::{Observation, over_years},
        own::hide,
    },
    model::{GroupId, Instrument, OrganisationId, Question, Year},
};

/// The role that stands for everybody.
pub const EVERYBODY: &str = "all";

/// Kinds of groups whose answers are shown, the whole first.
const KINDS: [&str; 2] = ["sector", "skr-main-group"];

/// A role in a group and year.
pub type AnswerKey = (GroupId, Year, String);

/// What is shown, and of what there is something that is not.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The organisations that have the role, where the group is shown.
    pub shown: BTreeMap<AnswerKey, Vec<OrganisationId>>,
    /// Where somebody has the role and it is not shown.
    pub withheld: BTreeSet<AnswerKey>,
    /// Answers added up over the role's respondents: by organisation, year and role, a sum and a number by question.
    pub(in crate::disclosure) values: BTreeMap<(OrganisationId, Year, String), Part>,
}

impl Answers {
    /// Decides for one instrument.
    pub fn decide(plan: &Plan, details: &Detailed<'_>, policy: &Policy) -> Result<Self, DisclosureError> {
        let instrument = details.instrument;
        let mut answers = Self { values: by_role(details)?, ..Self::default() };
        let mut has: BTreeMap<(Year, &str), BTreeSet<&OrganisationId>> = BTreeMap::new();
        for ((organisation, year, role), part) in &answers.values {
            if is_covered(instrument, *year, role, part, policy) {
                has.entry((*year, role.as_str())).or_default().insert(organisation);
            }
        }
        let mut shown: BTreeMap<AnswerKey, Vec<OrganisationId>> = BTreeMap::new();
        let mut withheld = BTreeSet::new();
        for ((year, role), organisations) in &has {
            for sector in plan.groups.iter().filter(|group| group.kind == KINDS[0]) {
                let with_role = |group: &Group| -> Vec<OrganisationId> {
                    let members = group.members.get(year).into_iter().flatten();
                    members.filter(|id| organisations.contains(id)).cloned().collect()
                };
                let parts: Vec<(&Group, Vec<OrganisationId>)> = plan
                    .groups
                    .iter()
                    .filter(|group| group.kind == KINDS[1] && group.sector == sector.sector)
                    .filter(|group| group.members.contains_key(year))
                    .map(|group| (group, with_role(group)))
                    .collect();
                let whole = with_role(sector);
                let least = policy.min_organisations_answers;
                let key = |group: &Group| (group.id.clone(), *year, (*role).to_owned());
                if whole.len() < least {
                    withheld.extend((!whole.is_empty()).then(|| key(sector)));
                    withheld.extend(parts.iter().filter(|(_, own)| !own.is_empty()).map(|(group, _)| key(group)));
                    continue;
                }
                // a few organisations less than the group has in its figures would be told by the difference of the two
                let is_near = |group: &Group, own: &Vec<OrganisationId>| {
                    let all = group.members.get(year).map_or(0, Vec::len);
                    (1..policy.min_difference).contains(&(all - own.len()))
                };
                // organisations in no part that is published are one more hidden part
                let elsewhere = whole.len() - parts.iter().map(|(_, own)| own.len()).sum::<usize>();
                let counts: Vec<i64> =
                    parts.iter().map(|(_, own)| own.len()).chain([elsewhere]).map(|count| count as i64).collect();
                let mut hidden = hide::hidden(&counts, least as i64);
                for (hidden, (group, own)) in hidden.iter_mut().zip(&parts) {
                    *hidden |= is_near(group, own);
                }
                let left: i64 = counts.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
                let is_left = (1..least as i64).contains(&left);
                for ((group, own), hidden) in parts.into_iter().zip(hidden) {
                    if hidden || is_left {
                        withheld.extend((!own.is_empty()).then(|| key(group)));
                    } else if !own.is_empty() {
                        shown.insert(key(group), own);
                    }
                }
                if is_near(sector, &whole) {
                    withheld.insert(key(sector));
                    continue;
                }
                shown.insert(key(sector), whole);
            }
        }
        answers.shown = shown;
        answers.withheld = withheld;
        answers.pass_years(plan, instrument, policy);
        Ok(answers)
    }

    /// The gate over years, for each role by itself: answers of different roles are different unknowns.
    fn pass_years(&mut self, plan: &Plan, instrument: &Instrument, policy: &Policy) {
        let roles: BTreeSet<String> = self.shown.keys().map(|(_, _, role)| role.clone()).collect();
        let prior = sector::prior(policy, instrument);
        let is_whole = |id: &GroupId| plan.groups.iter().any(|group| group.id == *id && group.kind == KINDS[0]);
        for role in roles {
            for give_way in [true, false] {
                let own: Vec<(&AnswerKey, &Vec<OrganisationId>)> =
                    self.shown.iter().filter(|((_, _, other), _)| *other == role).collect();
                let years: Vec<u16> =
                    own.iter().map(|((_, year, _), _)| year.number()).collect::<BTreeSet<_>>().into_iter().collect();
                let columns: BTreeSet<&OrganisationId> = own.iter().flat_map(|(_, members)| *members).collect();
                let columns: Vec<&OrganisationId> = columns.into_iter().collect();
                let rows: Vec<Observation> = own
                    .iter()
                    .filter_map(|((_, year, _), members)| {
                        let at = years.binary_search(&year.number()).ok()?;
                        let members: Vec<usize> =
                            members.iter().filter_map(|id| columns.binary_search(&id).ok()).collect();
                        Some(Observation::mean(&members, at))
                    })
                    .collect();
                let k_eff = over_years(&rows, columns.len(), &years, prior);
                if k_eff.iter().flatten().all(|&value| value >= policy.k_eff_min_years - 1e-9) {
                    break;
                }
                let gone: Vec<AnswerKey> =
                    own.iter().map(|(key, _)| (*key).clone()).filter(|(id, ..)| !give_way || !is_whole(id)).collect();
                for key in gone {
                    self.shown.remove(&key);
                    self.withheld.insert(key);
                }
            }
        }
    }
}

/// Sums by organisation, year and role, units together; the role `all` is everybody.
fn by_role(details: &Detailed<'_>) -> Result<BTreeMap<(OrganisationId, Year, String), Part>, DisclosureError> {
    let mut values: BTreeMap<(OrganisationId, Year, String), Part> = BTreeMap::new();
    for (organisation, years) in details.read()? {
        for (year, (_, parts)) in years {
            for ((_, role), part) in parts {
                let roles = role.into_iter().filter(|role| role != EVERYBODY).chain([EVERYBODY.to_owned()]);
                for role in roles {
                    values.entry((organisation.clone(), year, role)).or_default().add(&part);
                }
            }
        }
    }
    Ok(values)
}

/// Whether an organisation has the role, and counts in every question that the role is asked or in none.
fn is_covered(instrument: &Instrument, year: Year, role: &str, part: &Part, policy: &Policy) -> bool {
    let Some(version) = instrument.version_in(year) else { return false };
    let asked: BTreeSet<&str> = instrument
        .questions_in(version)
        .filter(|question| is_asked(question, role))
        .map(|question| question.id.as_str())
        .collect();
    let answered = instrument
        .questions
        .iter()
        .zip(&part.questions)
        .filter(|(question, _)| asked.contains(question.id.as_str()))
        .all(|(_, (_, number))| *number > 0);
    let least = if role == EVERYBODY { 1 } else { i64::from(policy.min_respondents_role) };
    answered && part.respondents >= least
}

/// Whether a question is told for a role. What is asked of some roles only is told for these: beside them, everybody would be
/// the same organisations and a few more.
pub(in crate::disclosure) fn is_asked(question: &Question, role: &str) -> bool {
    question.roles.is_empty() || question.roles.iter().any(|own| own == role)
}
