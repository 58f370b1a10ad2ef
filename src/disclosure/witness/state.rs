//! One data set on the walk, with its classes and published sums kept up to date; which changes to try is decided elsewhere.

use super::{
    Round,
    shape::{Shape, WEIGHT_BITS},
};

/// One change of a leaf: organisation, leaf, millionths. Changes of one organisation stand together.
pub(super) type LeafChange = (usize, usize, i64);

/// What it costs that sums have left their windows. Inside all windows nothing is paid, so that the data sets there are all
/// equally likely. Histograms and tight windows have no price: they are never left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    /// For each window left.
    pub(super) outside: f64,
    /// For each millionth outside.
    pub(super) distance: f64,
}

/// A value that a change of leaves moves.
struct Moved {
    entry: usize,
    value: i64,
    class: u8,
}

/// A whole data set with the published histograms.
pub(super) struct State<'a> {
    shape: &'a Shape,
    /// Values by entry.
    pub(super) values: Vec<i64>,
    /// The true values, by entry.
    truth: Vec<i64>,
    /// Inner nodes: weighted changes of their leaves since the truth, in parts of `2^WEIGHT_BITS`.
    shifts: Vec<i64>,
    classes: Vec<u8>,
    sums: Vec<i64>,
    /// Number of windows left.
    outside: i64,
    /// Number of tight windows left: nought between moves.
    broken: i64,
    /// Millionths outside, all windows.
    distance: i64,
    /// What each millionth more of an entry is worth, besides the price of windows; empty if nothing is pulled.
    pub(super) pull: Vec<f64>,
    moved: Vec<Moved>,
    marked: Vec<bool>,
    /// Members more than published, by block, node and class: nought between moves.
    surplus: Vec<i16>,
}

impl<'a> State<'a> {
    /// The truth.
    pub(super) fn new(round: &Round, shape: &'a Shape) -> Self {
        let truth: Vec<i64> = round.scores.iter().flatten().copied().collect();
        let sum = |window: &super::Window| window.members.iter().map(|member| round.scores[*member][window.node]).sum();
        let mut state = Self {
            shape,
            values: truth.clone(),
            shifts: vec![0; truth.len()],
            classes: truth.iter().map(|&value| shape.class(value)).collect(),
            truth,
            sums: round.windows.iter().map(sum).collect(),
            outside: 0,
            broken: 0,
            distance: 0,
            pull: Vec::new(),
            moved: Vec::new(),
            marked: vec![false; shape.nodes],
            surplus: vec![0; shape.blocks.len() * shape.nodes * shape.classes],
        };
        for (&sum, &bounds) in state.sums.iter().zip(&shape.bounds) {
            let beyond = beyond(sum, bounds);
            state.outside += i64::from(beyond > 0);
            state.distance += beyond;
        }
        state
    }

    /// Whether every sum lies in its window.
    pub(super) fn is_witness(&self) -> bool {
        self.outside == 0
    }

    /// Whether the leaves stay on the scale and keep their histograms, for changes of one organisation, or of two that change the
    /// same leaves in the same order: most refusals come from here, before anything has been worked out.
    pub(super) fn leaves_fit(&self, changes: &[LeafChange]) -> bool {
        let shape = self.shape;
        let Some((first, last)) = changes.first().zip(changes.last()) else { return true };
        let alone = first.0 == last.0;
        let (own, others) = changes.split_at(if alone { changes.len() } else { changes.len() / 2 });
        let classes = |&(organisation, leaf, delta): &LeafChange| {
            let entry = organisation * shape.nodes + leaf;
            let value = self.values[entry] + delta;
            (0..=shape.highest).contains(&value).then(|| (self.classes[entry], shape.class(value)))
        };
        own.iter().enumerate().all(|(at, change)| {
            let Some((from, to)) = classes(change) else { return false };
            let Some(other) = others.get(at) else { return from == to };
            classes(other).is_some_and(|(back_from, back_to)| {
                (from == to && back_from == back_to) || (from == back_to && back_from == to)
            })
        })
    }

    /// Makes the changes if they keep all histograms and tight windows and cost no more than `allowance`; else leaves everything as it was.
    pub(super) fn attempt(&mut self, changes: &[LeafChange], price: Price, allowance: f64) -> bool {
        if !(self.move_values(changes) && self.keeps_histograms()) {
            self.undo_shifts(changes);
            return false;
        }
        let mut cost = 0.0;
        if !self.pull.is_empty() {
            let worth = |moved: &Moved| self.pull[moved.entry] * (moved.value - self.values[moved.entry]) as f64;
            cost -= self.moved.iter().map(worth).sum::<f64>();
        }
        let paid = self.paid(price);
        // windows can at most give back what is being paid for them
        if cost - paid > allowance {
            self.undo_shifts(changes);
            return false;
        }
        self.move_sums(1);
        if self.broken > 0 || cost + self.paid(price) - paid > allowance {
            self.move_sums(-1);
            self.undo_shifts(changes);
            return false;
        }
        for moved in &self.moved {
            self.values[moved.entry] = moved.value;
            self.classes[moved.entry] = moved.class;
        }
        true
    }

    fn paid(&self, price: Price) -> f64 {
        price.outside * self.outside as f64 + price.distance * self.distance as f64
    }

    /// Works out every value that the changes move, and whether all of them stay on the scale.
    fn move_values(&mut self, changes: &[LeafChange]) -> bool {
        let shape = self.shape;
        self.moved.clear();
        let mut first = 0;
        let mut within = true;
        for (at, &(organisation, leaf, delta)) in changes.iter().enumerate() {
            let base = organisation * shape.nodes;
            self.moved.push(Moved { entry: base + leaf, value: self.values[base + leaf] + delta, class: 0 });
            for &(node, weight) in &shape.above[leaf] {
                self.shifts[base + node] += weight * delta;
                if !self.marked[node] {
                    self.marked[node] = true;
                    self.moved.push(Moved { entry: base + node, value: 0, class: 0 });
                }
            }
            if changes.get(at + 1).is_some_and(|next| next.0 == organisation) {
                continue;
            }
            for moved in &mut self.moved[first..] {
                let node = moved.entry - base;
                if self.marked[node] {
                    self.marked[node] = false;
                    moved.value = self.truth[moved.entry] + half_even(self.shifts[moved.entry]);
                }
                within &= (0..=shape.highest).contains(&moved.value);
                moved.class = shape.class(moved.value.max(0));
            }
            first = self.moved.len();
        }
        within
    }

    fn undo_shifts(&mut self, changes: &[LeafChange]) {
        for &(organisation, leaf, delta) in changes {
            for &(node, weight) in &self.shape.above[leaf] {
                self.shifts[organisation * self.shape.nodes + node] -= weight * delta;
            }
        }
    }

    /// Whether as many members come into each class of a block and node as leave it.
    fn keeps_histograms(&mut self) -> bool {
        let mut uneven = 0_i32;
        for sign in [1, -1] {
            for moved in &self.moved {
                let (from, to) = (self.classes[moved.entry], moved.class);
                if from == to {
                    continue;
                }
                let organisation = moved.entry / self.shape.nodes;
                let node = moved.entry - organisation * self.shape.nodes;
                let base = (self.shape.block_of[organisation] * self.shape.nodes + node) * self.shape.classes;
                for (class, change) in [(from, -sign), (to, sign)] {
                    let surplus = &mut self.surplus[base + usize::from(class)];
                    *surplus += change;
                    // after the first pass `uneven` says how many there are; the second takes them all back
                    if sign == 1 {
                        uneven += if (*surplus > 0) == (change > 0) && *surplus != 0 { 1 } else { -1 };
                    }
                }
            }
        }
        uneven == 0
    }

    fn move_sums(&mut self, sign: i64) {
        for moved in &self.moved {
            let change = sign * (moved.value - self.values[moved.entry]);
            for &window in self.shape.touching(moved.entry) {
                let window = window as usize;
                let bounds = self.shape.bounds[window];
                let sum = &mut self.sums[window];
                let before = beyond(*sum, bounds);
                *sum += change;
                let after = beyond(*sum, bounds);
                let left = i64::from(after > 0) - i64::from(before > 0);
                self.outside += left;
                self.broken += if self.shape.tight[window] { left } else { 0 };
                self.distance += after - before;
            }
        }
    }

    /// The data set as rows.
    pub(super) fn rows(&self) -> Vec<Vec<i64>> {
        self.values.chunks(self.shape.nodes.max(1)).map(<[i64]>::to_vec).collect()
    }
}

/// How far a sum lies outside its window.
fn beyond(sum: i64, (low, high): (i64, i64)) -> i64 {
    (low - sum).max(sum - high).max(0)
}

/// Weighted changes in whole millionths, ties to even.
fn half_even(shift: i64) -> i64 {
    let whole = shift >> WEIGHT_BITS;
    let rest = shift & ((1 << WEIGHT_BITS) - 1);
    match rest.cmp(&(1 << (WEIGHT_BITS - 1))) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}
