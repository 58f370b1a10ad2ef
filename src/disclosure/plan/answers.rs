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
        let mut answers = Self::default();
        let values = by_role(details)?;
        let mut has: BTreeMap<(Year, &str), BTreeSet<&OrganisationId>> = BTreeMap::new();
        for ((organisation, year, role), part) in &values {
            if is_covered(instrument, *year, role, part, policy) {
                has.entry((*year, role.as_str())).or_default().insert(organisation);
            }
        }
        for ((year, role), organisations) in &has {
            for sector in plan.groups.iter().filter(|group| group.kind == KINDS[0]) {
                let parts = plan.groups.iter().filter(|group| group.kind == KINDS[1] && group.sector == sector.sector);
                let with_role = |group| WithRole::of(group, *year, organisations);
                let parts = parts.filter(|group| group.members.contains_key(year)).map(with_role).collect();
                answers.decide_sector(with_role(sector), parts, (*year, role), policy);
            }
        }
        answers.values = values;
        answers.pass_years(plan, instrument, policy);
        Ok(answers)
    }

    /// Decides for a sector, its parts, a year and a role.
    fn decide_sector(
        &mut self,
        sector: WithRole<'_>,
        parts: Vec<WithRole<'_>>,
        (year, role): (Year, &str),
        policy: &Policy,
    ) {
        let least = policy.min_organisations_answers;
        let key = |group: &Group| (group.id.clone(), year, role.to_owned());
        if sector.own.len() < least {
            let some = parts.iter().chain([&sector]).filter(|part| !part.own.is_empty());
            self.withheld.extend(some.map(|part| key(part.group)));
            return;
        }
        // organisations in no part that is published are one more hidden part
        let elsewhere = sector.own.len() - parts.iter().map(|part| part.own.len()).sum::<usize>();
        let counts: Vec<i64> =
            parts.iter().map(|part| part.own.len()).chain([elsewhere]).map(|count| count as i64).collect();
        let mut hidden = hide::hidden(&counts, least as i64);
        for (hidden, part) in hidden.iter_mut().zip(&parts) {
            *hidden |= part.is_near(policy);
        }
        let left: i64 = counts.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| count).sum();
        let is_left = (1..least as i64).contains(&left);
        let is_near = sector.is_near(policy);
        let parts = parts.into_iter().zip(hidden).map(|(part, hidden)| (part, hidden || is_left));
        for (part, hidden) in parts.chain([(sector, is_near)]).filter(|(part, _)| !part.own.is_empty()) {
            if hidden {
                self.withheld.insert(key(part.group));
            } else {
                self.shown.insert(key(part.group), part.own);
            }
        }
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

/// A group with those of its organisations that have a role.
struct WithRole<'a> {
    group: &'a Group,
    /// Organisations that count in the group's figures.
    all: usize,
    own: Vec<OrganisationId>,
}

impl<'a> WithRole<'a> {
    fn of(group: &'a Group, year: Year, organisations: &BTreeSet<&OrganisationId>) -> Self {
        let members = group.members.get(&year).map_or(&[][..], Vec::as_slice);
        let own = members.iter().filter(|id| organisations.contains(id)).cloned().collect();
        Self { group, all: members.len(), own }
    }

    /// Whether a few organisations less than the group has in its figures have the role: the difference of the two would be theirs.
    fn is_near(&self, policy: &Policy) -> bool {
        (1..policy.min_difference).contains(&(self.all - self.own.len()))
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
