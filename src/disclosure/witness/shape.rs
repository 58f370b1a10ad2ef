//! The shape of a round: who shares a block, which windows an organisation touches, how leaves weigh in each node; no values move here.

use super::{Round, Window};

/// Weights are held as whole parts of `2^35`: a change of 100 points times a weight of one still fits an `i64`, sums are exact
/// in any order, and the rounding of fifty weights moves a node by less than a tenth of a millionth.
pub(super) const WEIGHT_BITS: u32 = 35;

/// What does not change while a witness is looked for. An *entry* is an organisation's value at a node: `organisation * nodes + node`.
pub(super) struct Shape {
    /// Number of nodes.
    pub(super) nodes: usize,
    /// Number of organisations.
    pub(super) organisations: usize,
    /// Nodes without children.
    pub(super) leaves: Vec<usize>,
    /// Nodes with children.
    pub(super) inner: Vec<usize>,
    /// Node -> its leaves; a leaf has itself.
    pub(super) below: Vec<Vec<usize>>,
    /// Leaf -> the nodes above it with the leaf's effective weight in each.
    pub(super) above: Vec<Vec<(usize, i64)>>,
    /// Node -> leaf nodes with the same parent, for exchanges that leave the parent alone.
    pub(super) siblings: Vec<Vec<usize>>,
    /// Members by block.
    pub(super) blocks: Vec<Vec<usize>>,
    /// Organisation -> block.
    pub(super) block_of: Vec<usize>,
    /// Window -> lowest and highest published sum.
    pub(super) bounds: Vec<(i64, i64)>,
    /// Window -> whether it is so narrow that a walk that leaves it does not come back by chance.
    pub(super) tight: Vec<bool>,
    /// Windows of all entries, one after the other.
    touching: Vec<u32>,
    /// Entry -> where its windows begin in `touching`; one more at the end.
    starts: Vec<usize>,
    /// Width of a class, millionths.
    pub(super) class_width: i64,
    /// Number of classes.
    pub(super) classes: usize,
    /// Highest value, millionths.
    pub(super) highest: i64,
    /// Steps of this many millionths on a leaf move every node above it by whole millionths (1 if there are none so small): what
    /// keeps an exact sum exact in spite of rounding.
    pub(super) step: i64,
}

impl Shape {
    pub(super) fn new(round: &Round) -> Self {
        let nodes = round.nodes.len();
        let organisations = round.scores.len();
        let mut has_children = vec![false; nodes];
        for parent in round.nodes.iter().filter_map(|node| node.parent) {
            has_children[parent] = true;
        }
        let leaves: Vec<usize> = (0..nodes).filter(|&node| !has_children[node]).collect();
        let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes];
        let mut above = vec![Vec::new(); nodes];
        let mut siblings = vec![Vec::new(); nodes];
        let mut weights = Vec::new();
        for &leaf in &leaves {
            below[leaf].push(leaf);
            let mut weight = 1.0;
            let mut at = leaf;
            // a parent chain is no longer than the tree has nodes, even if it is not a tree
            for _ in 0..nodes {
                let Some(parent) = round.nodes[at].parent else { break };
                weight *= share(round, at);
                above[leaf].push((parent, (weight * (1_u64 << WEIGHT_BITS) as f64).round() as i64));
                weights.push(weight);
                below[parent].push(leaf);
                at = parent;
            }
            let parent = round.nodes[leaf].parent;
            siblings[leaf] = leaves.iter().copied().filter(|&o| o != leaf && round.nodes[o].parent == parent).collect();
        }
        let mut block_of = vec![0; organisations];
        for (block, members) in round.blocks.iter().enumerate() {
            for &member in members {
                block_of[member] = block;
            }
        }
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); organisations * nodes];
        for (index, window) in round.windows.iter().enumerate() {
            for &member in &window.members {
                lists[member * nodes + window.node].push(index as u32);
            }
        }
        let mut starts = vec![0];
        let mut touching = Vec::new();
        for list in lists {
            touching.extend(list);
            starts.push(touching.len());
        }
        Self {
            nodes,
            organisations,
            inner: (0..nodes).filter(|&node| has_children[node]).collect(),
            leaves,
            below,
            above,
            siblings,
            blocks: round.blocks.clone(),
            block_of,
            bounds: round.windows.iter().map(|window| (window.low, window.high)).collect(),
            tight: round.windows.iter().map(is_tight).collect(),
            touching,
            starts,
            class_width: round.class_width,
            classes: (super::HIGHEST / round.class_width).max(1) as usize,
            highest: super::HIGHEST,
            step: step(&weights),
        }
    }

    /// Windows that an entry counts in.
    #[inline]
    pub(super) fn touching(&self, entry: usize) -> &[u32] {
        &self.touching[self.starts[entry]..self.starts[entry + 1]]
    }

    /// The histogram class of a value on the scale.
    #[inline]
    pub(super) fn class(&self, value: i64) -> u8 {
        // short numbers divide several times as fast, and this is done for every value that a move changes
        ((value as u32 / self.class_width as u32) as usize).min(self.classes - 1) as u8
    }
}

/// Less than a hundredth of a point for each member: no rounded mean leaves so little, but an exact sum does.
fn is_tight(window: &Window) -> bool {
    window.high - window.low < 10_000 * window.members.len() as i64
}

/// A node's share of its parent, also where the shares that are given do not add up to one.
fn share(round: &Round, node: usize) -> f64 {
    let parent = round.nodes[node].parent;
    let total: f64 = round.nodes.iter().filter(|other| other.parent == parent).map(|other| other.weight).sum();
    if total > 0.0 { round.nodes[node].weight / total } else { 0.0 }
}

fn step(weights: &[f64]) -> i64 {
    let whole = |step: &i64| {
        weights.iter().all(|weight| {
            let moved = weight * *step as f64;
            (moved - moved.round()).abs() < 1e-7
        })
    };
    (1..=2_000).find(whole).unwrap_or(1)
}
