//! A respondent's scores as row arithmetic over the wide answer columns, built from the instrument's definition.
//!
//! Per question `100 (x - min) / (max - min)`, reversed where a high answer is a burden; then the weighted mean of what is
//! answered, node by node up the tree. A node of whose weight less than `coverage_min` is covered has no score. Scores are
//! held in millionths of a point, and each node is rounded once, to whole ones, half to even.

use datafusion::{
    arrow::datatypes::DataType,
    functions::core::expr_fn::coalesce,
    prelude::{Expr, cast, col, ident, lit, when},
};

use super::MILLIONTHS_PER_POINT;
use crate::model::{Direction, Instrument, Question, Version};

/// Adding and subtracting 1.5 x 2^52 leaves the nearest integer, ties to even, in IEEE 754 double arithmetic. It is exact for
/// absolute values below 2^51, vectorises, and every engine has it.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// Name of the column that holds a node's score before it is rounded.
fn unrounded(node: usize) -> String {
    format!("unrounded_{node}")
}

/// Name of the column that holds a node's score.
pub(super) fn millionths(node: usize) -> String {
    format!("millionths_{node}")
}

/// One projection per level of the tree, from the leaves up. Each keeps the columns named in `kept` and adds the scores of
/// its level, so that every score is computed once.
pub(super) fn levels(instrument: &Instrument, version: &Version, kept: &[&str]) -> Vec<Vec<Expr>> {
    let mut done: Vec<usize> = Vec::new();
    let mut levels = Vec::new();
    while done.len() < instrument.nodes.len() {
        let ready: Vec<usize> = (0..instrument.nodes.len())
            .filter(|node| !done.contains(node) && instrument.children(*node).all(|child| done.contains(&child)))
            .collect();
        let mut level: Vec<Expr> = kept.iter().map(|name| ident(*name)).collect();
        level.extend(done.iter().map(|&node| ident(unrounded(node))));
        level.extend(ready.iter().map(|&node| score(instrument, version, node).alias(unrounded(node))));
        levels.push(level);
        done.extend(ready);
    }
    let mut last: Vec<Expr> = kept.iter().map(|name| ident(*name)).collect();
    last.extend(
        (0..instrument.nodes.len())
            .map(|node| ((ident(unrounded(node)) + lit(TO_INTEGER)) - lit(TO_INTEGER)).alias(millionths(node))),
    );
    levels.push(last);
    levels
}

/// What a node's score is the mean of.
struct Part {
    /// Its score, null where missing.
    score: Expr,
    /// Whether it is there.
    present: Expr,
    weight: f64,
    /// Roles that are asked; empty for all.
    roles: Vec<String>,
}

fn score(instrument: &Instrument, version: &Version, node: usize) -> Expr {
    let mut parts: Vec<Part> = instrument
        .children(node)
        .map(|child| Part {
            score: ident(unrounded(child)),
            present: ident(unrounded(child)).is_not_null(),
            weight: instrument.nodes[child].weight,
            roles: Vec::new(),
        })
        .collect();
    parts.extend(instrument.questions_in(version).filter(|question| question.node == node).map(|question| Part {
        score: question_score(instrument, question),
        present: ident(question.id.as_str()).is_not_null(),
        weight: question.weight,
        roles: question.roles.clone(),
    }));
    weighted_mean(&parts, instrument.coverage_min)
}

fn question_score(instrument: &Instrument, question: &Question) -> Expr {
    let scale = &instrument.scales[question.scale];
    let (min, max) = (f64::from(scale.min()), f64::from(scale.max()));
    let answer = cast(ident(question.id.as_str()), DataType::Float64);
    let share = match question.direction {
        Direction::Enabling => answer - lit(min),
        Direction::Burdening => lit(max) - answer,
    };
    share * lit(100.0 * MILLIONTHS_PER_POINT as f64 / (max - min))
}

fn weighted_mean(parts: &[Part], coverage_min: f64) -> Expr {
    let sum = |terms: Vec<Expr>| terms.into_iter().reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
    let weighted = |part: &Part, score: Expr| if part.weight == 1.0 { score } else { score * lit(part.weight) };
    let or_zero =
        |condition: &Expr, value: Expr| when(condition.clone(), value).otherwise(lit(0.0)).unwrap_or_else(|_| lit(0.0));
    let total = sum(parts.iter().map(|part| weighted(part, part.score.clone())).collect());
    let complete = total / lit(parts.iter().map(|part| part.weight).sum::<f64>());

    let covered = sum(parts.iter().map(|part| or_zero(&part.present, lit(part.weight))).collect());
    let total = sum(parts.iter().map(|part| or_zero(&part.present, weighted(part, part.score.clone()))).collect());
    let asked = sum(parts
        .iter()
        .map(|part| {
            if part.roles.is_empty() {
                lit(part.weight)
            } else {
                let roles = part.roles.iter().map(|role| lit(role.clone())).collect();
                or_zero(&col("role").in_list(roles, false), lit(part.weight))
            }
        })
        .collect());
    // nothing answered is never covered, whatever the share asked for
    let enough = covered.clone().gt(lit(0.0)).and(covered.clone().gt_eq(lit(coverage_min) * asked));
    let partial = when(enough, total / covered).end().unwrap_or_else(|_| lit(0.0));
    // most parts are answered by most, so decisions by row are left to the few rows in which something is missing
    coalesce(vec![complete, partial])
}
