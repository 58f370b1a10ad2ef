//! A respondent's scores as row arithmetic over the wide answer columns, built from the instrument's definition.
//!
//! Per question `100 (x - min) / (max - min)`, reversed where a high answer is a burden; then the weighted mean of what is
//! answered, node by node up the tree. A node of whose weight less than `coverage_min` is covered has no score. Each node is
//! rounded once, to millionths of a point, half to even.

use datafusion::{
    arrow::datatypes::DataType,
    prelude::{Expr, cast, col, ident, lit, when},
};

use super::MILLIONTHS_PER_POINT;
use crate::model::{Direction, Instrument, Question, Version};

/// Adding and subtracting 1.5 x 2^52 leaves the nearest integer, ties to even, in IEEE 754 double arithmetic. It is exact for
/// absolute values below 2^51, vectorises, and every engine has it.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// Name of the column that holds a node's score in points.
pub(super) fn points(node: usize) -> String {
    format!("points_{node}")
}

/// Name of the column that holds a node's score in millionths of a point.
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
        level.extend(done.iter().map(|&node| ident(points(node))));
        level.extend(ready.iter().map(|&node| score(instrument, version, node).alias(points(node))));
        levels.push(level);
        done.extend(ready);
    }
    let mut last: Vec<Expr> = kept.iter().map(|name| ident(*name)).collect();
    last.extend((0..instrument.nodes.len()).map(|node| {
        let scaled = ident(points(node)) * lit(MILLIONTHS_PER_POINT as f64);
        ((scaled + lit(TO_INTEGER)) - lit(TO_INTEGER)).alias(millionths(node))
    }));
    levels.push(last);
    levels
}

/// What a node's score is the mean of.
struct Part {
    /// Its score in points, null where missing.
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
            score: ident(points(child)),
            present: ident(points(child)).is_not_null(),
            weight: instrument.nodes[child].weight,
            roles: Vec::new(),
        })
        .collect();
    parts.extend(instrument.questions_in(version).filter(|question| question.node == node).map(|question| Part {
        score: question_points(instrument, question),
        present: ident(question.id.as_str()).is_not_null(),
        weight: question.weight,
        roles: question.roles.clone(),
    }));
    weighted_mean(&parts, instrument.coverage_min)
}

fn question_points(instrument: &Instrument, question: &Question) -> Expr {
    let scale = &instrument.scales[question.scale];
    let (min, max) = (f64::from(scale.min()), f64::from(scale.max()));
    let answer = cast(ident(question.id.as_str()), DataType::Float64);
    let share = match question.direction {
        Direction::Enabling => answer - lit(min),
        Direction::Burdening => lit(max) - answer,
    };
    share * lit(100.0 / (max - min))
}

fn weighted_mean(parts: &[Part], coverage_min: f64) -> Expr {
    let sum = |terms: Vec<Expr>| terms.into_iter().reduce(|a, b| a + b).unwrap_or_else(|| lit(0.0));
    let or_zero =
        |condition: &Expr, value: Expr| when(condition.clone(), value).otherwise(lit(0.0)).unwrap_or_else(|_| lit(0.0));
    let covered = sum(parts.iter().map(|part| or_zero(&part.present, lit(part.weight))).collect());
    let total = sum(parts.iter().map(|part| or_zero(&part.present, part.score.clone() * lit(part.weight))).collect());
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
    when(enough, total / covered).end().unwrap_or_else(|_| lit(0.0))
}
