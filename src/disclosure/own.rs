//! An organisation's own results, for its own eyes: by unit, role and question, with thresholds that keep single respondents out.
//!
//! Here a respondent is what is protected, and nobody is told about single ones, the organisation included: units with few
//! respondents are joined into *Övriga*, and a role or question with few is hidden together with enough others that the total
//! does not give it back (`own/hide.rs`; unit by role goes through `suppress`). All of it looks at counts only.

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
    model::{Instrument, OrganisationId, Year},
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

/// One scope of one year with, by measure, whether it is hidden.
struct Shown {
    scope: Scope,
    part: Part,
    hidden: Vec<bool>,
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
    let mut whole = Part::default();
    for part in parts.values() {
        whole.add(part);
    }
    let units = by_unit(parts, of_unit);
    let roles = by_role(parts);
    let few = whole.measures.iter().map(|(_, scored)| *scored > 0 && *scored < least).collect();
    let mut shown = vec![Shown { scope: Scope::Organisation, part: whole, hidden: few }];
    // units that are told by nobody are no breakdown, and one unit is the whole
    if units.len() > 1 {
        shown.extend(divided(&units, of_unit, Scope::Unit));
    }
    if roles.len() > 1 {
        shown.extend(divided(&roles, of_role, Scope::Role));
    }
    if units.len() > 1 && roles.len() > 1 {
        shown.extend(crossed(parts, &units, instrument, of_unit, of_role));
    }
    shown
}

/// Units with few respondents, and respondents who told none, are joined.
fn by_unit(parts: &Parts, least: i64) -> BTreeMap<String, Part> {
    let mut units: BTreeMap<Option<&String>, Part> = BTreeMap::new();
    for ((unit, _), part) in parts {
        units.entry(unit.as_ref()).or_default().add(part);
    }
    // who told no unit is joined with the others from the start
    let counts: Vec<i64> = units
        .iter()
        .map(|(unit, part)| if unit.is_some() { part.respondents } else { part.respondents.min(least - 1) })
        .collect();
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

/// Parts of the whole, each measure hidden by its own number of respondents.
fn divided(parts: &BTreeMap<String, Part>, least: i64, scope: fn(String) -> Scope) -> Vec<Shown> {
    let measures = parts.values().map(|part| part.measures.len()).max().unwrap_or(0);
    let mut shown: Vec<Shown> = parts
        .iter()
        .map(|(name, part)| Shown { scope: scope(name.clone()), part: part.clone(), hidden: Vec::new() })
        .collect();
    for measure in 0..measures {
        let counts: Vec<i64> = shown.iter().map(|own| own.part.measures[measure].1).collect();
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

/// Units by role, for the nodes of the tree; hidden cells are chosen by counts, for all measures at once.
fn crossed(
    parts: &Parts,
    units: &BTreeMap<String, Part>,
    instrument: &Instrument,
    of_unit: i64,
    of_role: i64,
) -> Vec<Shown> {
    let nodes = instrument.nodes.len();
    let mut cells: BTreeMap<(String, String), Part> = BTreeMap::new();
    for ((unit, role), part) in parts {
        let unit = unit.as_ref().filter(|unit| units.contains_key(*unit)).map_or(OTHERS, |unit| unit.as_str());
        let part = Part { respondents: part.respondents, measures: part.measures[..nodes].to_vec() };
        cells.entry((unit.to_owned(), role.clone().unwrap_or_default())).or_default().add(&part);
    }
    let roles: BTreeSet<&String> = cells.keys().map(|(_, role)| role).collect();
    // the fewest respondents behind any measure decide for all of them
    let count = |part: Option<&Part>| -> i64 {
        part.map_or(0, |part| part.measures.iter().map(|(_, scored)| *scored).min().unwrap_or(0))
    };
    let inner: Vec<Vec<i64>> = units
        .keys()
        .map(|unit| roles.iter().map(|role| count(cells.get(&(unit.clone(), (*role).clone())))).collect())
        .collect();
    let hidden = hidden_cells(&inner, of_role.min(of_unit));
    let mut shown = Vec::new();
    for (unit, row) in units.keys().zip(hidden) {
        for (role, hidden) in roles.iter().zip(row) {
            if let Some(part) = cells.get(&(unit.clone(), (*role).clone())) {
                let scope = Scope::UnitAndRole(unit.clone(), (*role).clone());
                shown.push(Shown { scope, part: part.clone(), hidden: vec![hidden; nodes] });
            }
        }
    }
    shown
}
