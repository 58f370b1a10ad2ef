//! The changes that the walk tries: each is as likely as its reverse, whatever the data set; whether one is made is decided elsewhere.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{
    shape::Shape,
    state::{LeafChange, State},
};

/// Who may change.
pub(super) struct Moves<'a> {
    shape: &'a Shape,
    /// All who may change.
    free: Vec<usize>,
    /// By block.
    free_in_block: Vec<Vec<usize>>,
    /// Organisation -> those of its block that count in the same windows.
    alike: Vec<Vec<usize>>,
}

impl<'a> Moves<'a> {
    /// Moves of everybody but `fixed`.
    pub(super) fn new(shape: &'a Shape, fixed: &[usize]) -> Self {
        let may_change = |members: &Vec<usize>| -> Vec<usize> {
            members.iter().copied().filter(|member| !fixed.contains(member)).collect()
        };
        let free_in_block: Vec<Vec<usize>> = shape.blocks.iter().map(may_change).collect();
        let windows =
            |organisation: usize| (0..shape.nodes).map(move |node| shape.touching(organisation * shape.nodes + node));
        let mut alike = vec![Vec::new(); shape.organisations];
        for members in &free_in_block {
            for &one in members {
                let others = members.iter().copied().filter(|&other| other != one);
                alike[one] = others.filter(|&other| windows(one).eq(windows(other))).collect();
            }
        }
        let mut free: Vec<usize> = free_in_block.iter().flatten().copied().collect();
        free.sort_unstable();
        Self { shape, free, free_in_block, alike }
    }

    /// Nobody may change.
    pub(super) fn is_empty(&self) -> bool {
        self.free.is_empty() || self.shape.leaves.is_empty()
    }

    /// Draws a change as changes of leaves; none if it would change nothing. Whole rows are exchanged only if `rows` says so.
    pub(super) fn draw(&self, state: &State, rows: bool, random: &mut ChaCha8Rng, changes: &mut Vec<LeafChange>) {
        changes.clear();
        let one = self.free[random.random_range(0..self.free.len())];
        let kind = random.random_range(0..if rows { 100_u32 } else { 88 });
        let node = self.node(random);
        let below = &self.shape.below[node];
        // one organisation alone
        if kind < 30 {
            let leaf = self.leaf(random);
            return changes.push((one, leaf, self.step(random)));
        }
        if kind < 38 {
            let step = self.step(random);
            return changes.extend(below.iter().map(|&leaf| (one, leaf, step)));
        }
        if kind < 44 {
            return self.within(one, random, changes);
        }
        // two of a block: there and back, or what one has for what the other has
        let Some(other) = self.partner(one, random) else { return };
        if kind < 56 {
            let (leaf, step) = (self.leaf(random), self.step(random));
            changes.extend([(one, leaf, step), (other, leaf, -step)]);
        } else if kind < 66 {
            let step = self.step(random);
            changes.extend(below.iter().map(|&leaf| (one, leaf, step)));
            changes.extend(below.iter().map(|&leaf| (other, leaf, -step)));
        } else if kind < 70 {
            self.within(one, random, changes);
            let back: Vec<LeafChange> = changes.iter().map(|&(_, leaf, delta)| (other, leaf, -delta)).collect();
            changes.extend(back);
        } else {
            let leaves = if kind < 88 { below } else { &self.shape.leaves };
            self.exchange(state, one, other, leaves, changes);
        }
    }

    /// Any node; half of the time one with children, if there are any.
    fn node(&self, random: &mut ChaCha8Rng) -> usize {
        let inner = &self.shape.inner;
        if !inner.is_empty() && random.random::<bool>() {
            return inner[random.random_range(0..inner.len())];
        }
        random.random_range(0..self.shape.nodes)
    }

    /// Two leaves of one parent, one up and one down so that the parent hardly moves.
    fn within(&self, one: usize, random: &mut ChaCha8Rng, changes: &mut Vec<LeafChange>) {
        let leaf = self.leaf(random);
        let siblings = &self.shape.siblings[leaf];
        if siblings.is_empty() {
            return;
        }
        let sibling = siblings[random.random_range(0..siblings.len())];
        let step = self.step(random);
        let weight = |leaf: usize| self.shape.above[leaf].first().map_or(0, |&(_, weight)| weight);
        // rounding towards nought is the same in both directions, so that the way back is as likely
        let back = match (weight(leaf), weight(sibling)) {
            (own, other) if own == other => step,
            (_, 0) => return,
            (own, other) => (i128::from(step) * i128::from(own) / i128::from(other)) as i64,
        };
        changes.extend([(one, leaf, step), (one, sibling, -back)]);
    }

    fn exchange(&self, state: &State, one: usize, other: usize, leaves: &[usize], changes: &mut Vec<LeafChange>) {
        let nodes = self.shape.nodes;
        let difference = |leaf: usize| state.values[other * nodes + leaf] - state.values[one * nodes + leaf];
        changes.extend(leaves.iter().map(|&leaf| (one, leaf, difference(leaf))));
        changes.extend(leaves.iter().map(|&leaf| (other, leaf, -difference(leaf))));
    }

    /// Another of the same block who may change: three times in ten one that counts in the same windows, if there is one. Who
    /// is drawn depends on memberships alone.
    fn partner(&self, one: usize, random: &mut ChaCha8Rng) -> Option<usize> {
        let alike = &self.alike[one];
        if !alike.is_empty() && random.random_bool(0.3) {
            return Some(alike[random.random_range(0..alike.len())]);
        }
        let members = &self.free_in_block[self.shape.block_of[one]];
        if members.len() < 2 {
            return None;
        }
        let other = members[random.random_range(0..members.len())];
        (other != one).then_some(other)
    }

    fn leaf(&self, random: &mut ChaCha8Rng) -> usize {
        self.shape.leaves[random.random_range(0..self.shape.leaves.len())]
    }

    /// A step up or down: most often between a sixteenth of a point and eight points, now and then of a few millionths only.
    fn step(&self, random: &mut ChaCha8Rng) -> i64 {
        let size = if random.random_bool(0.03) { random.random_range(0..16) } else { random.random_range(16..24) };
        let most = ((1_i64 << size) / self.shape.step).max(1);
        let steps = random.random_range(1..=most);
        self.shape.step * if random.random::<bool>() { steps } else { -steps }
    }
}
