//! Whether a round can be searched at all; what is found in it is not looked at.

use super::{HIGHEST, Round};

/// Why a round cannot be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoundError {
    /// An organisation has not one score for each node, or one that is off the scale.
    #[error("organisation {organisation} has not one score from 0 to 100 points for each node")]
    Scores {
        /// The organisation.
        organisation: usize,
    },
    /// A node's parent does not exist, or its ancestors run in a circle, or its weight is no share.
    #[error("node {node} has no proper parent or weight")]
    Tree {
        /// The node.
        node: usize,
    },
    /// An organisation is in no block, or in two, or a block has a member that does not exist.
    #[error("organisation {organisation} is not in exactly one block")]
    Blocks {
        /// The organisation.
        organisation: usize,
    },
    /// A window has no such node, or a member that does not exist or stands there twice, or the true sum lies outside it.
    #[error("window {window} has an unknown node or member, or does not contain the true sum")]
    Window {
        /// The window.
        window: usize,
    },
    /// Classes do not divide the scale evenly, or there are more than 100.
    #[error("classes do not divide the scale evenly")]
    ClassWidth,
}

pub(super) fn check(round: &Round) -> Result<(), RoundError> {
    let nodes = round.nodes.len();
    let on_scale = |row: &Vec<i64>| row.len() == nodes && row.iter().all(|score| (0..=HIGHEST).contains(score));
    if let Some(organisation) = round.scores.iter().position(|row| !on_scale(row)) {
        return Err(RoundError::Scores { organisation });
    }
    if let Some(node) = (0..nodes).find(|&node| !has_root(round, node)) {
        return Err(RoundError::Tree { node });
    }
    let mut counted = vec![0; round.scores.len()];
    for &organisation in round.blocks.iter().flatten() {
        *counted.get_mut(organisation).ok_or(RoundError::Blocks { organisation })? += 1;
    }
    if let Some(organisation) = counted.iter().position(|&count| count != 1) {
        return Err(RoundError::Blocks { organisation });
    }
    if let Some(window) = (0..round.windows.len()).find(|&window| !is_true(round, window)) {
        return Err(RoundError::Window { window });
    }
    let width = round.class_width;
    if width <= 0 || HIGHEST % width != 0 || HIGHEST / width > 100 {
        return Err(RoundError::ClassWidth);
    }
    Ok(())
}

fn has_root(round: &Round, node: usize) -> bool {
    let weighs = |node: usize| round.nodes[node].weight.is_finite() && round.nodes[node].weight >= 0.0;
    let mut at = node;
    for _ in 0..round.nodes.len() {
        match round.nodes[at].parent {
            _ if !weighs(at) => return false,
            None => return true,
            Some(parent) if parent < round.nodes.len() => at = parent,
            Some(_) => return false,
        }
    }
    false
}

fn is_true(round: &Round, window: usize) -> bool {
    let window = &round.windows[window];
    let mut members = window.members.clone();
    members.sort_unstable();
    members.dedup();
    if window.node >= round.nodes.len() || members.len() != window.members.len() {
        return false;
    }
    let scores: Option<Vec<i64>> =
        members.iter().map(|&member| round.scores.get(member).map(|row| row[window.node])).collect();
    scores.is_some_and(|scores| (window.low..=window.high).contains(&scores.iter().sum()))
}
