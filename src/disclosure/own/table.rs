//! Own results as rows: a row per year, part of the organisation and measure, with the change since the year before.

use std::collections::BTreeMap;

use super::{Scope, Shown};
use crate::{
    disclosure::{detail::Part, protect::Columns, rule::mean::half_even},
    model::{Direction, Instrument, Status, Year},
    table::{Table, TableError},
};

/// Tenths of a percentage point in a point.
const TENTHS: i128 = 10;

/// A row.
pub(super) struct Row {
    instrument: String,
    year: Year,
    round: i8,
    scope: Scope,
    kind: &'static str,
    measure: String,
    status: Status,
    respondents: Option<i64>,
    /// Tenths of a per cent.
    score: Option<i64>,
    change: Option<i64>,
    baseline: bool,
}

/// The rows of one instrument's year. `before` holds the earlier years.
pub(super) fn rows(
    instrument: &Instrument,
    year: Year,
    round: i8,
    shown: &[Shown],
    before: &BTreeMap<Year, Vec<Shown>>,
) -> Vec<Row> {
    let series = |year: Year| instrument.version_in(year).map(|version| version.series.as_str());
    let comparable =
        year.previous().filter(|before| series(*before) == series(year)).and_then(|year| before.get(&year));
    let mut rows = Vec::new();
    for own in shown {
        let earlier = comparable.into_iter().flatten().find(|other| other.scope == own.scope);
        for measure in 0..own.part.measures.len() {
            let scored = own.part.measures[measure].1;
            let is_hidden = own.hidden.get(measure).copied().unwrap_or(false);
            let score = (!is_hidden).then(|| tenths(instrument, measure, &own.part)).flatten();
            let score_before = earlier
                .filter(|other| !other.hidden.get(measure).copied().unwrap_or(false))
                .and_then(|other| tenths(instrument, measure, &other.part));
            let (kind, key) = named(instrument, measure);
            rows.push(Row {
                instrument: instrument.id.to_string(),
                year,
                round,
                scope: own.scope.clone(),
                kind,
                measure: key,
                status: match (is_hidden, scored) {
                    (true, _) => Status::Withheld,
                    (false, 0) => Status::Missing,
                    (false, _) => Status::Ok,
                },
                respondents: (!is_hidden).then_some(scored),
                score,
                change: score.zip(score_before).map(|(now, then)| now - then),
                baseline: before.is_empty(),
            });
        }
    }
    rows
}

fn named(instrument: &Instrument, measure: usize) -> (&'static str, String) {
    match instrument.nodes.get(measure) {
        Some(node) => ("indicator", node.id.to_string()),
        None => ("question", instrument.questions[measure - instrument.nodes.len()].id.to_string()),
    }
}

/// The mean, in tenths of a per cent; of a question's answers as per cent of its scale.
fn tenths(instrument: &Instrument, measure: usize, part: &Part) -> Option<i64> {
    let &(sum, scored) = part.measures.get(measure)?;
    if scored == 0 {
        return None;
    }
    let (sum, scored) = (i128::from(sum), i128::from(scored));
    let Some(at) = measure.checked_sub(instrument.nodes.len()) else {
        return Some(half_even(sum * TENTHS, scored * 1_000_000) as i64);
    };
    let question = &instrument.questions[at];
    let scale = &instrument.scales[question.scale];
    let (low, high) = (i128::from(scale.min()), i128::from(scale.max()));
    let steps = match question.direction {
        Direction::Enabling => sum - low * scored,
        Direction::Burdening => high * scored - sum,
    };
    Some(half_even(steps * 100 * TENTHS, scored * (high - low).max(1)) as i64)
}

pub(super) fn table(rows: &[Row]) -> Result<Table, TableError> {
    let unit = |scope: &Scope| match scope {
        Scope::Unit(unit) | Scope::UnitAndRole(unit, _) => Some(unit.clone()),
        Scope::Organisation | Scope::Role(_) => None,
    };
    let role = |scope: &Scope| match scope {
        Scope::Role(role) | Scope::UnitAndRole(_, role) => Some(role.clone()),
        Scope::Organisation | Scope::Unit(_) => None,
    };
    let scope = |scope: &Scope| match scope {
        Scope::Organisation => "organisation",
        Scope::Unit(_) => "unit",
        Scope::Role(_) => "role",
        Scope::UnitAndRole(..) => "unit-role",
    };
    let percent = |tenths: Option<i64>| tenths.map(|tenths| tenths as f64 / TENTHS as f64);
    Columns::new()
        .text("instrument", rows.iter().map(|row| row.instrument.as_str()))
        .year("year", rows.iter().map(|row| row.year))
        .count("round", rows.iter().map(|row| row.round as usize))
        .text("scope", rows.iter().map(|row| scope(&row.scope)))
        .maybe("unit", rows.iter().map(|row| unit(&row.scope)))
        .maybe("role", rows.iter().map(|row| role(&row.scope)))
        .text("kind", rows.iter().map(|row| row.kind))
        .text("measure", rows.iter().map(|row| row.measure.as_str()))
        .text("status", rows.iter().map(|row| row.status.word()))
        .maybe_count("respondents", rows.iter().map(|row| row.respondents))
        .maybe_number("score", rows.iter().map(|row| percent(row.score)))
        .maybe_number("change", rows.iter().map(|row| percent(row.change)))
        .flag("baseline", rows.iter().map(|row| row.baseline))
        .table()
}
