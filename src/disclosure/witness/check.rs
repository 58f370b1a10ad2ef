//! Whether a data set is a witness, worked out anew from the round alone: no code is shared with the search, which is not trusted.

use super::{HIGHEST, Round, Witness};

/// Whether the witness reproduces everything published: every window's sum lies within it, every block has as many members in
/// each class of each node as in truth, all values lie on the scale, fixed members have their true values, and every parent has
/// moved by the weighted mean of its leaves (to within one millionth, the rounding of weights).
pub fn holds(round: &Round, witness: &Witness) -> bool {
    same_form(round, witness)
        && on_scale(witness)
        && fixed_kept(round, witness)
        && windows_met(round, witness)
        && histograms_kept(round, witness)
        && coherent(round, witness)
}

fn same_form(round: &Round, witness: &Witness) -> bool {
    witness.scores.len() == round.scores.len()
        && witness.scores.iter().all(|row| row.len() == round.nodes.len())
        && round.scores.iter().all(|row| row.len() == round.nodes.len())
}

fn on_scale(witness: &Witness) -> bool {
    witness.scores.iter().flatten().all(|value| *value >= 0 && *value <= HIGHEST)
}

fn fixed_kept(round: &Round, witness: &Witness) -> bool {
    witness
        .fixed
        .iter()
        .all(|&organisation| round.scores.get(organisation).is_some_and(|truth| *truth == witness.scores[organisation]))
}

fn windows_met(round: &Round, witness: &Witness) -> bool {
    round.windows.iter().all(|window| {
        let mut sum = 0_i64;
        for &member in &window.members {
            sum += witness.scores[member][window.node];
        }
        window.low <= sum && sum <= window.high
    })
}

fn histograms_kept(round: &Round, witness: &Witness) -> bool {
    round.blocks.iter().all(|block| {
        (0..round.nodes.len()).all(|node| {
            let classes = |scores: &[Vec<i64>]| {
                let mut found: Vec<i64> =
                    block.iter().map(|&member| class(scores[member][node], round.class_width)).collect();
                found.sort_unstable();
                found
            };
            classes(&round.scores) == classes(&witness.scores)
        })
    })
}

/// The last class is closed at the top of the scale.
fn class(value: i64, width: i64) -> i64 {
    let last = HIGHEST / width - 1;
    if value / width > last { last } else { value / width }
}

fn coherent(round: &Round, witness: &Witness) -> bool {
    (0..round.nodes.len()).all(|node| {
        let leaves = leaves_below(round, node, 1.0);
        (0..round.scores.len()).all(|organisation| {
            let moved = |at: usize| (witness.scores[organisation][at] - round.scores[organisation][at]) as f64;
            let expected: f64 = leaves.iter().map(|&(leaf, weight)| weight * moved(leaf)).sum();
            (moved(node) - expected).abs() <= 1.0
        })
    })
}

/// Leaves of a node with their effective weights: shares of their parents multiplied along the way.
fn leaves_below(round: &Round, node: usize, weight: f64) -> Vec<(usize, f64)> {
    let children: Vec<usize> =
        (0..round.nodes.len()).filter(|&child| round.nodes[child].parent == Some(node)).collect();
    if children.is_empty() {
        return vec![(node, weight)];
    }
    let total: f64 = children.iter().map(|&child| round.nodes[child].weight).sum();
    let part = |child: usize| weight * round.nodes[child].weight / total;
    children.iter().flat_map(|&child| leaves_below(round, child, part(child))).collect()
}
