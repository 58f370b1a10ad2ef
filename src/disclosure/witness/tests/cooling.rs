//! Whether draws depend on how slowly the walk cools: if they did, the walk would not have forgotten where it came from.

use super::rounds::{self, Plan};
use crate::disclosure::witness::{Method, Round, Witness, likeliest, shape::Shape, walk::Chain};

const DRAWS: usize = 30;

/// The probability of the likeliest class of every value.
fn probabilities(round: &Round, seed: u64, slowness: usize) -> Vec<f64> {
    let shape = Shape::new(round);
    let mut chain = Chain::new(round, &shape, &[], seed, 0);
    chain.slow_down(slowness);
    let mut draws = Vec::new();
    while draws.len() < DRAWS {
        if chain.renew() {
            draws.push(Witness { scores: chain.state.rows(), fixed: Vec::new(), method: Method::Walk });
        }
    }
    likeliest(round, &draws).into_iter().flatten().map(|class| class.1).collect()
}

#[test]
fn cooling_four_times_as_slowly_draws_from_the_same() {
    let plan = Plan { organisations: 45, blocks: 3, counties: 2, bands: 2, spread: 12.0, seed: 5 };
    let round = rounds::round(plan, rounds::tree(&[2, 2]));
    let [quick, again, slow] = [(1, 1), (2, 1), (3, 4)].map(|(seed, slowness)| probabilities(&round, seed, slowness));
    let apart = |one: &[f64], other: &[f64]| {
        let squares = one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>();
        (squares / one.len() as f64).sqrt()
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    // chance alone puts two quick runs so far apart
    assert!(apart(&quick, &slow) < 1.3 * apart(&quick, &again), "{} {}", apart(&quick, &slow), apart(&quick, &again));
    assert!((mean(&quick) - mean(&slow)).abs() < 0.03, "{} {}", mean(&quick), mean(&slow));
}
