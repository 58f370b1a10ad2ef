//! A respondent's scores as row arithmetic over the wide answer columns, built from the instrument's definition.
//!
//! Per question `100 (x - min) / (max - min)`, reversed where a high answer is a burden; then the weighted mean of what is
//! answered, node by node up the tree. A node of whose weight less than `coverage_min` is covered has no score. Scores are
//! held in millionths of a point, and each node is rounded once, to whole ones, half to even.

use std::collections::BTreeMap;

use datafusion::{
    arrow::datatypes::DataType,
    common::ScalarValue,
    functions::core::expr_fn::coalesce,
    prelude::{Expr, cast, col, ident, lit, when},
};

use super::MILLIONTHS_PER_POINT;
use crate::model::{Direction, Instrument, Question, Version};

/// Adding and subtracting 1.5 x 2^52 leaves the nearest integer, ties to even, in IEEE 754 double arithmetic. It is exact for
/// absolute values below 2^51, vectorises, and every engine has it.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// Name of the column that holds a node's score before it is rounded. No question can be called so, since its key has no hyphen.
fn unrounded(node: usize) -> String {
    format!("unrounded-{node}")
}

/// Name of the column that holds a node's score.
pub(super) fn millionths(node: usize) -> String {
    format!("millionths-{node}")
}

/// Name of the column that holds what a leaf's answers add up to, where none is missing.
fn total(node: usize) -> String {
    format!("total-{node}")
}

/// One projection after the other, from the answers up. Each keeps the columns named in `kept` and what the next ones need, so
/// that everything is computed once.
pub(super) fn levels(instrument: &Instrument, version: &Version, kept: &[&str]) -> Vec<Vec<Expr>> {
    let leaves: BTreeMap<usize, Leaf<'_>> = (0..instrument.nodes.len())
        .filter(|&node| instrument.children(node).next().is_none())
        .map(|node| (node, Leaf::new(instrument, version, node)))
        .collect();
    let keeping = || kept.iter().map(|name| ident(*name)).collect::<Vec<Expr>>();

    let mut sums = keeping();
    sums.extend(leaves.values().flat_map(|leaf| leaf.questions.iter().map(Part::answer)));
    sums.extend(leaves.iter().map(|(node, leaf)| leaf.sum(Part::answer).alias(total(*node))));
    let mut scores = keeping();
    scores.extend(leaves.iter().map(|(node, leaf)| leaf.score(*node, instrument.coverage_min).alias(unrounded(*node))));
    let mut levels = vec![sums, scores];

    let mut done: Vec<usize> = leaves.into_keys().collect();
    while done.len() < instrument.nodes.len() {
        let ready: Vec<usize> = (0..instrument.nodes.len())
            .filter(|node| !done.contains(node) && instrument.children(*node).all(|child| done.contains(&child)))
            .collect();
        let mut level = keeping();
        level.extend(done.iter().map(|&node| ident(unrounded(node))));
        level.extend(ready.iter().map(|&node| score_of_children(instrument, node).alias(unrounded(node))));
        levels.push(level);
        done.extend(ready);
    }
    let mut last = keeping();
    last.extend(
        (0..instrument.nodes.len())
            .map(|node| ((ident(unrounded(node)) + lit(TO_INTEGER)) - lit(TO_INTEGER)).alias(millionths(node))),
    );
    levels.push(last);
    levels
}

/// A node with questions.
struct Leaf<'a> {
    questions: Vec<Part<'a>>,
    /// What a step of the first question's scale is worth, in millionths.
    step: f64,
    /// Whether sums of its steps are whole and fit into a byte, as answers do: such arithmetic is many times as fast.
    in_bytes: bool,
}

/// A question of a leaf.
struct Part<'a> {
    question: &'a Question,
    /// The answer that is worth nothing.
    origin: i64,
    /// Steps of the leaf for each point of the answer, with its weight; negative where a high answer is a burden.
    steps: f64,
}

impl<'a> Leaf<'a> {
    fn new(instrument: &'a Instrument, version: &'a Version, node: usize) -> Self {
        let step = |question: &Question| {
            let scale = &instrument.scales[question.scale];
            100.0 * MILLIONTHS_PER_POINT as f64 / (f64::from(scale.max()) - f64::from(scale.min()))
        };
        let own: Vec<&Question> = instrument.questions_in(version).filter(|question| question.node == node).collect();
        let first = own.first().map_or(0.0, |question| step(question));
        let questions: Vec<Part<'a>> = own
            .into_iter()
            .map(|question| {
                let scale = &instrument.scales[question.scale];
                let steps = question.weight * (step(question) / first);
                let (origin, steps) = match question.direction {
                    Direction::Enabling => (scale.min(), steps),
                    Direction::Burdening => (scale.max(), -steps),
                };
                Part { question, origin: i64::from(origin), steps }
            })
            .collect();
        let most: f64 = questions
            .iter()
            .map(|part| {
                let scale = &instrument.scales[part.question.scale];
                part.steps.abs().max(part.question.weight) * (f64::from(scale.max()) - f64::from(scale.min())).max(1.0)
            })
            .sum();
        let is_whole = |part: &Part<'_>| part.steps.fract() == 0.0 && part.question.weight.fract() == 0.0;
        let in_bytes = questions.iter().all(is_whole) && most <= f64::from(i8::MAX);
        Self { questions, step: first, in_bytes }
    }

    fn number(&self, value: Expr) -> Expr {
        if self.in_bytes { value } else { cast(value, DataType::Float64) }
    }

    fn literal(&self, value: f64) -> Expr {
        // a byte's arithmetic wraps, so that only sums have to fit
        if self.in_bytes { lit(value as i64 as i8) } else { lit(value) }
    }

    fn times(&self, value: Expr, factor: f64) -> Expr {
        // the engine leaves a multiplication by one out
        value * self.literal(factor)
    }

    /// The sum of weighted steps.
    fn sum(&self, answer: impl Fn(&Part<'a>) -> Expr) -> Expr {
        let constant: f64 = self.questions.iter().map(|part| -part.steps * part.origin as f64).sum();
        self.questions.iter().fold(self.literal(constant), |sum, part| {
            let steps = self.times(self.number(answer(part)), part.steps.abs());
            if part.steps < 0.0 { sum - steps } else { sum + steps }
        })
    }

    /// The weight of what is answered.
    fn covered(&self) -> Expr {
        let weights = self.questions.iter().map(|part| {
            let weight = part.question.weight;
            choice(part.answer().is_not_null(), self.literal(weight), self.literal(0.0))
        });
        weights.reduce(|a, b| a + b).unwrap_or_else(|| self.literal(0.0))
    }

    /// The score from what is answered, if that is enough.
    fn score(&self, node: usize, coverage_min: f64) -> Expr {
        let score = |total: Expr, covered: Expr| cast(total, DataType::Float64) * lit(self.step) / covered;
        let asked: f64 = self.questions.iter().map(|part| part.question.weight).sum();
        // definitions ask for a question; without one, nothing over nothing would be no number
        if asked == 0.0 {
            return cast(lit(ScalarValue::Null), DataType::Float64);
        }
        let complete = score(ident(total(node)), lit(asked));
        let known = when(self.is_enough(coverage_min), self.covered()).end().unwrap_or_else(|_| lit(0.0));
        let partial = score(self.sum(Part::filled), cast(known, DataType::Float64));
        // in most rows no answer is missing, and rows with a missing one lie together: what decides by row is left to these
        coalesce(vec![complete, partial])
    }

    /// Whether so much of the weight of the questions that the role is asked is covered.
    fn is_enough(&self, coverage_min: f64) -> Expr {
        let role_decides = self.questions.iter().any(|part| !part.question.roles.is_empty());
        if role_decides {
            let asked = self.questions.iter().map(|part| {
                let roles: Vec<Expr> = part.question.roles.iter().map(|role| lit(role.clone())).collect();
                let weight = lit(part.question.weight);
                if roles.is_empty() { weight } else { choice(col("role").in_list(roles, false), weight, lit(0.0)) }
            });
            let asked = asked.reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
            let covered = cast(self.covered(), DataType::Float64);
            covered.clone().gt(lit(0.0)).and(covered.gt_eq(lit(coverage_min) * asked))
        } else {
            let asked: f64 = self.questions.iter().map(|part| part.question.weight).sum();
            // nothing answered is never covered, whatever the share asked for
            let need = coverage_min * asked;
            let need = if self.in_bytes { need.ceil().max(1.0) } else { need.max(f64::MIN_POSITIVE) };
            self.covered().gt_eq(self.literal(need))
        }
    }
}

impl Part<'_> {
    fn answer(&self) -> Expr {
        ident(self.question.id.as_str())
    }

    /// The answer; a missing one counts as the one that is worth nothing.
    fn filled(&self) -> Expr {
        coalesce(vec![self.answer(), lit(self.origin as i8)])
    }
}

fn choice(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    when(condition, then).otherwise(otherwise).unwrap_or_else(|_| lit(0.0))
}

/// The weighted mean of a node's children that have a score.
fn score_of_children(instrument: &Instrument, node: usize) -> Expr {
    let children: Vec<(Expr, f64)> =
        instrument.children(node).map(|child| (ident(unrounded(child)), instrument.nodes[child].weight)).collect();
    let sum = |terms: Vec<Expr>| terms.into_iter().reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
    let weighted = |score: Expr, weight: f64| score * lit(weight);
    let asked: f64 = children.iter().map(|(_, weight)| *weight).sum();
    let complete = sum(children.iter().map(|(score, weight)| weighted(score.clone(), *weight)).collect()) / lit(asked);

    let is_there = |score: &Expr| score.clone().is_not_null();
    let covered = sum(children.iter().map(|(score, weight)| choice(is_there(score), lit(*weight), lit(0.0))).collect());
    let total = sum(children
        .iter()
        .map(|(score, weight)| choice(is_there(score), weighted(score.clone(), *weight), lit(0.0)))
        .collect());
    let is_enough = covered.clone().gt(lit(0.0)).and(covered.clone().gt_eq(lit(instrument.coverage_min * asked)));
    let partial = when(is_enough, total / covered).end().unwrap_or_else(|_| lit(0.0));
    // nearly always all children have a score, so decisions by row are left to the few rows in which one has none
    coalesce(vec![complete, partial])
}
