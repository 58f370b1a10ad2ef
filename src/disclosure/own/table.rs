//! Own results as rows: a row per year, part of the organisation and measure, with the change since the year before.

use std::collections::BTreeMap;

use super::{Scope, Shown};
use crate::{
    disclosure::protect::Columns,
    model::{Direction, Instrument, Question, Status, Year},
    table::{Table, TableError},
};

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

#[cfg(test)]
impl Row {
    /// Whether it is about all respondents.
    pub(super) fn is_of_whole(&self) -> bool {
        self.scope == Scope::Organisation
    }

    /// What it tells: measure, status and tenths of a per cent.
    pub(super) fn told(&self) -> (String, Status, Option<i64>) {
        (self.measure.clone(), self.status, self.score)
    }
}

/// The scores of one scope, per cent: of each question that is shown, and of each node that enough of them stand behind.
struct Scores {
    nodes: Vec<Option<f64>>,
    questions: Vec<Option<f64>>,
}

impl Scores {
    fn of(instrument: &Instrument, shown: &Shown) -> Self {
        let questions: Vec<Option<f64>> = (0..instrument.questions.len())
            .map(|at| {
                let is_hidden = shown.hidden.get(at).copied().unwrap_or(false);
                (!is_hidden).then(|| percent(instrument, at, shown)).flatten()
            })
            .collect();
        let mut nodes = vec![None; instrument.nodes.len()];
        // parents stand before their children
        for node in (0..instrument.nodes.len()).rev() {
            let children = instrument.children(node).map(|child| (nodes[child], instrument.nodes[child].weight));
            let own = instrument.questions.iter().zip(&questions).filter(|(question, _)| question.node == node);
            let asked = own.filter(|(question, _)| shown.is_asked(instrument, question));
            let parts: Vec<(Option<f64>, f64)> =
                children.chain(asked.map(|(question, score)| (*score, question.weight))).collect();
            nodes[node] = weighted(&parts, instrument.coverage_min);
        }
        Self { nodes, questions }
    }
}

/// The weighted mean of the parts that have a score, where enough of the weight has.
fn weighted(parts: &[(Option<f64>, f64)], coverage_min: f64) -> Option<f64> {
    let all: f64 = parts.iter().map(|(_, weight)| weight).sum();
    let covered: f64 = parts.iter().filter(|(score, _)| score.is_some()).map(|(_, weight)| weight).sum();
    let total: f64 = parts.iter().filter_map(|(score, weight)| Some(score.as_ref()? * weight)).sum();
    (covered > 0.0 && covered >= coverage_min * all).then(|| total / covered)
}

/// The mean answer to a question as per cent of its scale.
fn percent(instrument: &Instrument, at: usize, shown: &Shown) -> Option<f64> {
    let &(sum, answered) = shown.part.questions.get(at).filter(|(_, answered)| *answered > 0)?;
    let question = &instrument.questions[at];
    let scale = &instrument.scales[question.scale];
    let (low, high) = (f64::from(scale.min()), f64::from(scale.max()));
    let mean = sum as f64 / answered as f64;
    let steps = match question.direction {
        Direction::Enabling => mean - low,
        Direction::Burdening => high - mean,
    };
    Some(100.0 * steps / (high - low).max(1.0))
}

impl Shown {
    /// Whether anybody in the scope is asked the question: without an answer from anybody it counts as asked where it is asked of all.
    fn is_asked(&self, instrument: &Instrument, question: &Question) -> bool {
        let at = instrument.questions.iter().position(|own| own.id == question.id);
        let answered = at.and_then(|at| self.part.questions.get(at)).is_some_and(|(_, answered)| *answered > 0);
        answered || question.roles.is_empty()
    }
}

/// Tenths of a per cent, ties to even.
fn tenths(score: f64) -> i64 {
    (score * 10.0).round_ties_even() as i64
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
    let asked: Vec<bool> = instrument
        .questions
        .iter()
        .map(|question| {
            let version = instrument.version_in(year);
            version.is_some_and(|version| instrument.questions_in(version).any(|own| own.id == question.id))
        })
        .collect();
    let mut rows = Vec::new();
    for own in shown {
        let earlier = comparable.into_iter().flatten().find(|other| other.scope == own.scope && !own.scope.is_joined());
        let scores = Scores::of(instrument, own);
        let scores_before = earlier.map(|other| Scores::of(instrument, other));
        let row = |kind, measure: &str, respondents, score: Option<f64>, score_before: Option<f64>, is_hidden| Row {
            instrument: instrument.id.to_string(),
            year,
            round,
            scope: own.scope.clone(),
            kind,
            measure: measure.to_owned(),
            status: match (score, is_hidden) {
                (Some(_), _) => Status::Ok,
                (None, true) => Status::Withheld,
                (None, false) => Status::Missing,
            },
            respondents: score.and(respondents),
            score: score.map(tenths),
            change: score.zip(score_before).map(|(now, then)| tenths(now) - tenths(then)),
            baseline: before.is_empty(),
        };
        let any_hidden = own.hidden.contains(&true);
        for (at, (node, score)) in instrument.nodes.iter().zip(&scores.nodes).enumerate() {
            let score_before = scores_before.as_ref().and_then(|before| before.nodes[at]);
            let people = Some(own.part.respondents);
            rows.push(row("indicator", node.id.as_str(), people, *score, score_before, any_hidden));
        }
        if own.with_questions {
            for (at, question) in instrument.questions.iter().enumerate().filter(|(at, _)| asked[*at]) {
                let answered = own.part.questions.get(at).map(|(_, answered)| *answered);
                let score_before = scores_before.as_ref().and_then(|before| before.questions[at]);
                let is_hidden = own.hidden.get(at).copied().unwrap_or(false);
                rows.push(row(
                    "question",
                    question.id.as_str(),
                    answered,
                    scores.questions[at],
                    score_before,
                    is_hidden,
                ));
            }
        }
    }
    rows
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
    let percent = |tenths: Option<i64>| tenths.map(|tenths| tenths as f64 / 10.0);
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
