//! The walk over data sets: heating, cooling and what is kept; the changes that are tried are drawn elsewhere.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{
    Round,
    moves::Moves,
    shape::Shape,
    state::{LeafChange, Price, State},
};

/// Prices per point outside a window, from where organisations' whole rows change hands freely to where nothing stays outside.
const HOT: f64 = 0.01;
const COLD: f64 = 3.0;
/// Price of each window left, at the coldest.
const OUTSIDE: f64 = 4.0;
/// Price per millionth outside above which whole rows hardly ever change hands, so that it is not worth trying.
const ROWS: f64 = 0.3e-6;
/// Steps of the cooling, each with its own price.
const STAGES: usize = 20;
/// Moves in a stage, for each organisation and node; doubled, up to eightfold, when two coolings running end
/// outside.
const MOVES_PER_ENTRY: f64 = 0.8;

/// One chain: who is held fixed, and where the walk has come to.
pub(super) struct Chain<'a> {
    moves: Moves<'a>,
    /// Who is held fixed.
    pub(super) fixed: Vec<usize>,
    /// Where it is.
    pub(super) state: State<'a>,
    random: ChaCha8Rng,
    changes: Vec<LeafChange>,
    stage: usize,
    longest: usize,
    failed_before: bool,
}

impl<'a> Chain<'a> {
    /// A chain at the truth. Chains of a search differ by number.
    pub(super) fn new(round: &Round, shape: &'a Shape, fixed: &[usize], seed: u64, number: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        let stage = (MOVES_PER_ENTRY * (shape.organisations * shape.nodes) as f64) as usize + 200;
        Self {
            moves: Moves::new(shape, fixed),
            fixed: fixed.to_vec(),
            state: State::new(round, shape),
            random,
            changes: Vec::new(),
            stage,
            longest: 8 * stage,
            failed_before: false,
        }
    }

    #[cfg(test)]
    pub(super) fn slow_down(&mut self, factor: usize) {
        self.stage *= factor;
    }

    /// Heats, cools, and says whether the walk has ended at a witness.
    pub(super) fn renew(&mut self) -> bool {
        if self.moves.is_empty() {
            return self.state.is_witness();
        }
        for stage in 0..=STAGES {
            let coldness = stage as f64 / STAGES as f64;
            let distance = 1e-6 * HOT * (COLD / HOT).powf(coldness);
            for _ in 0..self.stage {
                self.step(Price { outside: OUTSIDE * coldness, distance });
            }
        }
        let price = Price { outside: OUTSIDE, distance: 1e-6 * COLD };
        for _ in 0..10 * self.stage {
            if self.state.is_witness() {
                break;
            }
            self.step(price);
        }
        let failed = !self.state.is_witness();
        if failed && self.failed_before {
            self.stage = (2 * self.stage).min(self.longest);
        }
        self.failed_before = failed;
        !failed
    }

    /// One move of Metropolis et al. (1953): a change that costs `c` more is made with probability `exp(-c)`.
    fn step(&mut self, price: Price) {
        self.moves.draw(&self.state, price.distance < ROWS, &mut self.random, &mut self.changes);
        if !self.changes.is_empty() && self.state.leaves_fit(&self.changes) {
            let allowance = -(1.0 - self.random.random::<f64>()).ln();
            self.state.attempt(&self.changes, price, allowance);
        }
    }
}
