//! An organisation's own results, for its own eyes: by unit, role and question, with thresholds that keep single respondents out.
//!
//! Here a respondent is what is protected, and nobody is told about single ones, the organisation included: units with few
//! respondents are joined into *Övriga*, and a question that few of a unit or role answered is hidden together with enough others
//! that the total does not give it back (`own/hide.rs`; unit by role goes through `suppress`). All of it looks at counts only.
//!
//! Only answers to questions are added up. The nodes of the tree are weighted means of what is shown of their questions, and not
//! of respondents' own scores as in published figures: beside the questions, these would tell how the one respondent answered
//! who left a question out. The two differ by as much as answers are missing unevenly.

pub(in crate::disclosure) mod hide;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    DisclosureError, Unprotected,
    detail::{Detailed, Part, Parts},
    suppress::{Cell, Thresholds, Totals, suppress, two_way},
};
use crate::{
    definition::Policy,
    model::{AnsweredBy, Instrument, OrganisationId, Year},
    table::Table,
};

/// Which of an organisation's respondents a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Organisation,
    Unit(String),
    Role(String),
    UnitAndRole(String, String),
}

impl Scope {
    /// Whether it holds what was joined because it was small.
    fn is_joined(&self) -> bool {
        match self {
            Self::Organisation => false,
            Self::Unit(name) | Self::Role(name) => name == OTHERS,
            Self::UnitAndRole(unit, role) => unit == OTHERS || role == OTHERS,
        }
    }
}

/// One scope of one year with, by question, whether it is hidden.
struct Shown {
    scope: Scope,
    part: Part,
    hidden: Vec<bool>,
    /// Whether single questions are told, beside the nodes that they make.
    with_questions: bool,
}

/// What small units are joined into.
const OTHERS: &str = "Övriga";

/// Makes the own table of each wanted organisation, of all instruments and years in which it counts.
pub fn own_results(
    rounds: &[Detailed<'_>],
    policy: &Policy,
    wanted: impl Fn(&OrganisationId) -> bool,
) -> Result<BTreeMap<OrganisationId, Unprotected<Table>>, DisclosureError> {
    let mut rows: BTreeMap<OrganisationId, Vec<table::Row>> = BTreeMap::new();
    for round in rounds {
        for (organisation, years) in round.read()?.into_iter().filter(|(id, _)| wanted(id)) {
            let mut before: BTreeMap<Year, Vec<Shown>> = BTreeMap::new();
            for (year, (number, parts)) in years {
                let shown = scopes(&parts, round.instrument, policy);
                let own = rows.entry(organisation.clone()).or_default();
                own.extend(table::rows(round.instrument, year, number, &shown, &before));
                before.insert(year, shown);
            }
        }
    }
    rows.into_iter().map(|(id, rows)| Ok((id, Unprotected::new(table::table(&rows)?)))).collect()
}

/// Everything that is shown of one year: the whole, units, roles, and units by role.
fn scopes(parts: &Parts, instrument: &Instrument, policy: &Policy) -> Vec<Shown> {
    let [least, of_unit, of_role] =
        [policy.min_respondents_organisation, policy.min_respondents_unit, policy.min_respondents_role].map(i64::from);
    // an organisation that answers as one has no respondents to be kept apart
    let as_one = instrument.answered_by == AnsweredBy::Organisation;
    let least = if as_one { 1 } else { least };
    let mut whole = Part::default();
    for part in parts.values() {
        whole.add(part);
    }
    let hidden = whole.questions.iter().map(|(_, answered)| *answered > 0 && *answered < least).collect();
    let mut shown = vec![Shown { scope: Scope::Organisation, part: whole, hidden, with_questions: true }];
    if as_one {
        return shown;
    }
    let units = by_unit(parts, of_unit);
    let roles = by_role(parts);
    // one unit is the whole, and so is one role
    if units.len() > 1 {
        shown.extend(divided(&units, of_unit, Scope::Unit));
    }
    if roles.len() > 1 {
        shown.extend(divided(&roles, of_role, Scope::Role));
    }
    shown.extend(crossed(parts, &units, of_unit.max(of_role)));
    shown
}

/// Units with few respondents, and respondents who told none, are joined.
fn by_unit(parts: &Parts, least: i64) -> BTreeMap<String, Part> {
    let mut units: BTreeMap<Option<&String>, Part> = BTreeMap::new();
    for ((unit, _), part) in parts {
        units.entry(unit.as_ref()).or_default().add(part);
    }
    // who told no unit is joined with the others from the start
    let counts: Vec<(i64, bool)> = units.iter().map(|(unit, part)| (part.respondents, unit.is_none())).collect();
    let joined = hide::joined(&counts, least);
    let mut named: BTreeMap<String, Part> = BTreeMap::new();
    for ((unit, part), joined) in units.iter().zip(joined) {
        let name = unit.filter(|_| !joined).map_or(OTHERS, |unit| unit.as_str());
        named.entry(name.to_owned()).or_default().add(part);
    }
    named
}

fn by_role(parts: &Parts) -> BTreeMap<String, Part> {
    let mut roles: BTreeMap<String, Part> = BTreeMap::new();
    for ((_, role), part) in parts {
        roles.entry(role.clone().unwrap_or_default()).or_default().add(part);
    }
    roles
}

/// Parts of the whole, each question hidden by its own number of answers.
fn divided(parts: &BTreeMap<String, Part>, least: i64, scope: fn(String) -> Scope) -> Vec<Shown> {
    let questions = parts.values().map(|part| part.questions.len()).max().unwrap_or(0);
    let mut shown: Vec<Shown> = parts
        .iter()
        .map(|(name, part)| {
            let (scope, part) = (scope(name.clone()), part.clone());
            Shown { scope, part, hidden: Vec::new(), with_questions: true }
        })
        .collect();
    for question in 0..questions {
        let counts: Vec<i64> = shown.iter().map(|own| own.part.questions[question].1).collect();
        for (own, hidden) in shown.iter_mut().zip(hide::hidden(&counts, least)) {
            own.hidden.push(hidden);
        }
    }
    shown
}

/// Hidden cells of a table whose totals are shown. Where no pattern protects every cell, all are hidden.
fn hidden_cells(inner: &[Vec<i64>], least: i64) -> Vec<Vec<bool>> {
    let columns = inner.first().map_or(0, Vec::len);
    let cells: Vec<Cell> =
        inner.iter().flatten().map(|&count| Cell::count(u32::try_from(count).unwrap_or(u32::MAX))).collect();
    let pattern = two_way(inner.len(), columns, &cells, Totals::Published)
        .and_then(|table| suppress(&table, &Thresholds::by_counts(least as u32)));
    match pattern {
        Ok(pattern) => pattern.hidden.chunks(columns.max(1)).take(inner.len()).map(<[bool]>::to_vec).collect(),
        Err(_) => vec![vec![true; columns]; inner.len()],
    }
}

/// Units by role, for the nodes of the tree; hidden cells are chosen by counts, for all questions at once. Roles that few have
/// are joined, so that every total is large enough to be known.
fn crossed(parts: &Parts, units: &BTreeMap<String, Part>, least: i64) -> Vec<Shown> {
    let of_roles = by_role(parts);
    let counts: Vec<(i64, bool)> = of_roles.values().map(|part| (part.respondents, false)).collect();
    let named: BTreeMap<&String, &str> = of_roles
        .keys()
        .zip(hide::joined(&counts, least))
        .map(|(role, joined)| (role, if joined { OTHERS } else { role.as_str() }))
        .collect();
    let roles: BTreeSet<&str> = named.values().copied().collect();
    if units.len() < 2 || roles.len() < 2 {
        return Vec::new();
    }
    let mut cells: BTreeMap<(&str, &str), Part> = BTreeMap::new();
    for ((unit, role), part) in parts {
        let unit = unit.as_ref().filter(|unit| units.contains_key(*unit)).map_or(OTHERS, |unit| unit.as_str());
        let role = named.get(&role.clone().unwrap_or_default()).copied().unwrap_or(OTHERS);
        cells.entry((unit, role)).or_default().add(part);
    }
    // the fewest answers to any question that somebody there answered decide; nobody's answers are no empty cell
    let count = |part: Option<&Part>| -> i64 {
        let fewest =
            |part: &Part| part.questions.iter().map(|(_, answered)| *answered).filter(|count| *count > 0).min();
        part.filter(|part| part.respondents > 0).map_or(0, |part| fewest(part).unwrap_or(1))
    };
    let inner: Vec<Vec<i64>> =
        units.keys().map(|unit| roles.iter().map(|role| count(cells.get(&(unit.as_str(), *role)))).collect()).collect();
    let mut shown = Vec::new();
    for (unit, row) in units.keys().zip(hidden_cells(&inner, least)) {
        for (role, hidden) in roles.iter().zip(row) {
            if let Some(part) = cells.get(&(unit.as_str(), *role)) {
                let scope = Scope::UnitAndRole(unit.clone(), (*role).to_owned());
                let hidden = vec![hidden; part.questions.len()];
                shown.push(Shown { scope, part: part.clone(), hidden, with_questions: false });
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition::{Definitions, Source},
        model::Status,
    };

    /// Parts of an instrument's respondents: unit, role, how many, and how many of them leave the first question out.
    fn shown(instrument: &str, parts: &[(&str, &str, i64, i64)]) -> (Instrument, Vec<Shown>) {
        let definitions = Definitions::load(&Source::BuiltIn).unwrap();
        let instrument = definitions.instruments.values().find(|own| own.id.as_str() == instrument).unwrap();
        let mut all = Parts::new();
        for (unit, role, respondents, without_first) in parts {
            let questions = (0..instrument.questions.len())
                .map(|at| respondents - if at == 0 { *without_first } else { 0 })
                .map(|answered| (answered * 3, answered))
                .collect();
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            all.insert((text(unit), text(role)), Part { respondents: *respondents, questions });
        }
        let shown = scopes(&all, instrument, &definitions.policy);
        (instrument.clone(), shown)
    }

    fn rows(instrument: &Instrument, shown: &[Shown]) -> Vec<table::Row> {
        table::rows(instrument, Year::try_from(2020).unwrap(), 1, shown, &BTreeMap::new())
    }

    #[test]
    fn one_person_in_a_cell_is_never_shown_whatever_is_left_unanswered() {
        for without_first in [0, 1] {
            let parts = [
                ("a", "staff", 30, 0),
                ("a", "elected", 1, without_first),
                ("b", "staff", 30, 0),
                ("b", "elected", 14, 0),
                ("c", "staff", 25, 2),
            ];
            let (_, shown) = shown("digital-maturity", &parts);
            let cells = shown.iter().filter(|own| matches!(own.scope, Scope::UnitAndRole(..)));
            let few: Vec<&Shown> = cells.filter(|own| own.part.respondents < 10).collect();
            assert!(!few.is_empty());
            assert!(few.iter().all(|own| own.hidden.iter().all(|hidden| *hidden)));
        }
    }

    #[test]
    fn a_node_tells_no_more_than_its_questions() {
        // the same sums of answers give the same nodes, whoever left a question out
        let (instrument, first) = shown("digital-maturity", &[("a", "staff", 20, 1), ("b", "staff", 20, 0)]);
        let (_, second) = shown("digital-maturity", &[("a", "staff", 20, 0), ("b", "staff", 20, 1)]);
        let whole = |shown: &[Shown]| {
            let rows = rows(&instrument, shown).into_iter().filter(table::Row::is_of_whole);
            rows.map(|row| table::Row::told(&row)).collect::<Vec<_>>()
        };
        assert_eq!(whole(&first), whole(&second));
    }

    #[test]
    fn an_organisation_that_answers_as_one_sees_its_answer() {
        let (instrument, shown) = shown("indicator-list", &[("", "", 1, 0)]);
        assert!(rows(&instrument, &shown).iter().all(|row| row.told().1 == Status::Ok));
    }
}
