//! The organisations of one year's survey and their respondents: where they stand, when they answer; not yet what they answer.

use crate::{
    model::{AnsweredBy, Organisation, OrganisationId, Sector, Year},
    register::{Match, Matcher, Register},
    sample::{
        participation::participants,
        plan::{Plan, RESPONDENTS_MIN},
        questionnaire::Questionnaire,
        random::{Draws, Key},
        unit,
    },
};

/// What cutting at the ends of the scale takes away from the spread of respondents is added here.
const SPREAD: f64 = 1.06;

/// A unit of an organisation.
#[derive(Debug)]
struct Unit {
    name: &'static str,
    /// Weight among the organisation's units.
    weight: f64,
    /// How its people answer compared with the organisation, in points.
    leaning: f64,
}

/// An organisation that takes part.
#[derive(Debug)]
pub(super) struct Participant<'a> {
    /// The organisation.
    pub(super) organisation: &'a Organisation,
    /// How the file names it.
    pub(super) text: String,
    /// Number of respondents.
    pub(super) respondents: u32,
    /// How far it lies from the national mean, in points.
    pub(super) standing: f64,
    /// How far each category lies from where standing and nation put it, in points; centred over the categories.
    pub(super) categories: Vec<f64>,
    /// The mean of its respondents' leanings, which is taken off each.
    pub(super) centre: f64,
    units: Vec<Unit>,
    roles: Vec<(f64, f64)>,
    respondent_sd: f64,
    opens: f64,
    days: f64,
    key: Key,
}

/// A respondent.
#[derive(Debug)]
pub(super) struct Respondent {
    /// Day of the year on which they answer, from 0.
    pub(super) day: u16,
    /// What orders the answers of a day.
    pub(super) lot: u32,
    /// Position of the unit; none where the organisation answers as one.
    unit: Option<usize>,
    /// Position of the role in the instrument; none where the organisation answers as one.
    pub(super) role: Option<usize>,
    /// How far they lie from the organisation, before its centre is taken off.
    pub(super) leaning: f64,
    /// Whether they leave name, address and a comment.
    pub(super) contact: bool,
    /// What their answers are drawn from.
    pub(super) draws: Draws,
}

/// A respondent's place in the order of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    day: u16,
    lot: u32,
    /// Position in [`Cohort::participants`].
    pub(super) participant: u32,
    /// Number within the participant, from 0.
    pub(super) respondent: u32,
}

/// Everybody who takes part in a year.
#[derive(Debug)]
pub(super) struct Cohort<'a> {
    /// What is asked.
    pub(super) questionnaire: &'a Questionnaire<'a>,
    /// The plan.
    pub(super) plan: &'a Plan,
    /// The year.
    pub(super) year: Year,
    /// Organisations in the order of their ids.
    pub(super) participants: Vec<Participant<'a>>,
}

impl<'a> Cohort<'a> {
    pub(super) fn new(
        questionnaire: &'a Questionnaire<'a>,
        register: &'a Register,
        plan: &'a Plan,
        year: Year,
    ) -> Self {
        let matcher = Matcher::new(register, year);
        let mut participants: Vec<Participant<'_>> = participants(questionnaire.instrument, register, plan, year)
            .into_iter()
            .map(|organisation| Participant::new(organisation, &matcher, questionnaire, plan, year))
            .collect();
        let shift = participants.iter().map(|p| p.standing).sum::<f64>() / participants.len().max(1) as f64;
        for participant in &mut participants {
            participant.standing -= shift;
        }
        Self { questionnaire, plan, year, participants }
    }

    pub(super) fn respondents(&self) -> usize {
        self.participants.iter().map(|participant| participant.respondents as usize).sum()
    }

    /// Every respondent, in the order of answering.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut places = Vec::with_capacity(self.respondents());
        for (at, participant) in self.participants.iter().enumerate() {
            places.extend((0..participant.respondents).map(|number| {
                let respondent = participant.respondent(number);
                Place { day: respondent.day, lot: respondent.lot, participant: at as u32, respondent: number }
            }));
        }
        places.sort_unstable();
        places
    }
}

impl<'a> Participant<'a> {
    fn new(
        organisation: &'a Organisation,
        matcher: &Matcher,
        questionnaire: &Questionnaire<'_>,
        plan: &Plan,
        year: Year,
    ) -> Self {
        let instrument = questionnaire.instrument;
        let answers_as_one = instrument.answered_by == AnsweredBy::Organisation;
        let key = |purpose| Key::new(plan.seed, [instrument.id.as_str(), purpose, organisation.id.as_str()]);
        let mut steady = key("organisation").stream(0);
        let mut yearly = key("year").stream(u64::from(year.number()));

        // nine tenths of the variance stay from year to year
        let place = 0.9_f64.sqrt() * steady.normal() + 0.1_f64.sqrt() * yearly.normal();
        let spread = plan.organisation_sd * questionnaire.spread;
        let standing = spread * place.clamp(-2.5, 2.5) + sector_offset(organisation.sector);

        let size = size(steady.share()) * (0.9 + 0.2 * yearly.share());
        let further = (f64::from(plan.respondents - RESPONDENTS_MIN) * size).round() as u32;
        let respondents = if answers_as_one { 1 } else { RESPONDENTS_MIN + further };
        let (opens, days) = (35.0 + 250.0 * yearly.share(), 21.0 + 21.0 * yearly.share());

        let shares = &questionnaire.categories;
        let mut categories: Vec<f64> = shares
            .iter()
            .map(|_| 0.4 * spread * (0.8_f64.sqrt() * steady.normal() + 0.2_f64.sqrt() * yearly.normal()))
            .collect();
        let middle: f64 = categories.iter().zip(shares).map(|(own, share)| own * share).sum();
        for own in &mut categories {
            *own -= middle;
        }

        let units = if answers_as_one { Vec::new() } else { units(organisation.sector, &mut steady) };
        let roles = instrument.roles.iter().map(|role| unit::role(role, organisation.sector)).collect();
        let text = text(organisation, matcher);
        let mut participant = Self {
            organisation,
            text,
            respondents,
            standing,
            categories,
            centre: 0.0,
            units,
            roles,
            respondent_sd: plan.respondent_sd,
            opens,
            days,
            key: Key::new(
                plan.seed,
                [instrument.id.as_str(), &format!("respondents {year}"), organisation.id.as_str()],
            ),
        };
        let leanings: f64 = (0..respondents).map(|number| participant.respondent(number).leaning).sum();
        participant.centre = leanings / f64::from(respondents);
        participant
    }

    /// A respondent of the organisation, always the same for the same number.
    pub(super) fn respondent(&self, number: u32) -> Respondent {
        let mut draws = self.key.stream(u64::from(number));
        // most answer soon after the survey opens
        let delay = draws.share() * draws.share();
        let day = (self.opens + self.days * delay) as u16;
        let lot = draws.word();
        let contact = draws.share() < 0.05;
        let unit = (!self.units.is_empty()).then(|| draws.weighted(self.units.iter().map(|unit| unit.weight)));
        let has_roles = unit.is_some() && !self.roles.is_empty();
        let role = has_roles.then(|| draws.weighted(self.roles.iter().map(|role| role.0)));
        let leaning = SPREAD * self.respondent_sd * draws.normal()
            + unit.map_or(0.0, |unit| self.units[unit].leaning)
            + role.map_or(0.0, |role| self.roles[role].1);
        Respondent { day, lot, unit, role, leaning, contact, draws }
    }

    /// The name of a respondent's unit.
    pub(super) fn unit(&self, respondent: &Respondent) -> Option<&'static str> {
        respondent.unit.map(|unit| self.units[unit].name)
    }
}

/// Three to six units, the first among them, with weights and leanings of the organisation's own.
fn units(sector: Sector, draws: &mut Draws) -> Vec<Unit> {
    let names = unit::units(sector);
    let mut rest: Vec<&'static str> = names[1..].to_vec();
    let further = (2 + (draws.share() * 4.0) as usize).min(rest.len());
    let mut units = vec![names[0]];
    for _ in 0..further {
        units.push(rest.remove((draws.share() * rest.len() as f64) as usize));
    }
    let mut unit = |name| Unit { name, weight: 0.4 + draws.share(), leaning: 3.0 * draws.normal() };
    units.into_iter().map(&mut unit).collect()
}

/// How sectors differ, in points; centred together with the organisations.
fn sector_offset(sector: Sector) -> f64 {
    match sector {
        Sector::Municipality => 0.0,
        Sector::Region => 1.0,
        Sector::Company => -1.0,
        Sector::Agency => 2.0,
        Sector::Association => -0.5,
    }
}

/// The size of an organisation's survey against the mean: a few are several times as large as most.
fn size(share: f64) -> f64 {
    /// Deciles of sizes; the mean over the whole is [`MEAN`].
    const DECILES: [f64; 11] = [0.15, 0.3, 0.42, 0.54, 0.67, 0.82, 1.0, 1.23, 1.55, 2.1, 4.0];
    const MEAN: f64 = 1.0705;
    let place = share * 10.0;
    let below = (place as usize).min(9);
    (DECILES[below] + (DECILES[below + 1] - DECILES[below]) * (place - below as f64)) / MEAN
}

/// How files name an organisation: by code, or else by name, or by its id where neither tells it from all others.
fn text(organisation: &Organisation, matcher: &Matcher) -> String {
    let finds = |text: &String| {
        let found: Option<&OrganisationId> = match matcher.find(text) {
            Match::One(at) => matcher.organisations().get(at as usize),
            Match::Unknown | Match::Ambiguous | Match::Expired => None,
        };
        found == Some(&organisation.id)
    };
    [organisation.code.as_ref(), Some(&organisation.name)]
        .into_iter()
        .flatten()
        .find(|text| finds(text))
        .cloned()
        .unwrap_or_else(|| organisation.id.to_string())
}
