//! Measurements of whole searches, run by hand in release mode; nothing is asserted but that every witness holds.

use std::time::Instant;

use super::rounds::{self, Plan, municipalities};
use crate::disclosure::witness::{
    Asked, Method, Round, Witness, effective_draws, holds, likeliest, search, shape::Shape, walk::Chain,
};

pub(super) const ASKED: Asked = Asked { width: 20_000_000, bin_probability_max: 0.75, states: 60, seed: 7 };

fn measure(name: &str, round: &Round) {
    let start = Instant::now();
    let found = search(round, &ASKED, &|_, _| ()).unwrap();
    let entries = round.scores.len() * round.nodes.len();
    let share = |count: usize| 100.0 * count as f64 / entries as f64;
    let lacking =
        |test: &dyn Fn(&crate::disclosure::witness::Lacking) -> bool| found.lacking.iter().filter(|l| test(l)).count();
    println!(
        "{name}: {:.1} s, {} witnesses ({} failed), effective {:.0?}, {entries} pairs, {:?}, narrow {:.2} % (impossible {:.2} %), \
         likely {:.2} % (of these histogram share above 0.75: {})",
        start.elapsed().as_secs_f64(),
        found.witnesses.len(),
        found.failed,
        found.effective,
        found.settled,
        share(lacking(&|l| l.width < ASKED.width)),
        share(lacking(&|l| l.reach <= ASKED.width)),
        share(lacking(&|l| l.probability > 0.75)),
        lacking(&|l| l.probability > 0.75 && l.share > 0.75),
    );
    for one in found.lacking.iter().filter(|l| l.reach > ASKED.width).take(6) {
        println!("    {one:?}");
    }
    assert!(found.witnesses.iter().all(|witness| holds(round, witness)));
}

#[test]
#[ignore = "a measurement"]
fn figures_municipalities() {
    measure("290 x 21", &rounds::round(municipalities(1), rounds::tree(&[2, 3, 2])));
}

#[test]
#[ignore = "a measurement"]
fn figures_others() {
    let base = municipalities(2);
    measure(
        "200 x 21",
        &rounds::round(Plan { organisations: 200, blocks: 10, counties: 7, ..base }, rounds::tree(&[2, 3, 2])),
    );
    measure(
        "172 x 21",
        &rounds::round(Plan { organisations: 172, blocks: 9, counties: 7, ..base }, rounds::tree(&[2, 3, 2])),
    );
    let regions = Plan { organisations: 21, blocks: 1, counties: 0, bands: 0, ..base };
    measure("21 x 21", &rounds::round(regions, rounds::tree(&[2, 3, 2])));
    measure("290 x 4 flat", &rounds::round(base, (0..4).map(|_| rounds::tree(&[]).remove(0)).collect()));
    measure("290 x 21, spread 7", &rounds::round(Plan { spread: 7.0, ..base }, rounds::tree(&[2, 3, 2])));
    measure("290 x 21, spread 5", &rounds::round(Plan { spread: 5.0, ..base }, rounds::tree(&[2, 3, 2])));
}

#[test]
#[ignore = "a measurement"]
fn figures_large() {
    let plan = Plan { organisations: 400, blocks: 22, counties: 12, ..municipalities(3) };
    measure("400 x 51", &rounds::round(plan, rounds::tree(&[2, 3, 7])));
}

/// Whether draws depend on how slowly the walk cools: means over all values of the likeliest class's probability, and how far
/// the probabilities of single values lie apart (with so many draws, chance alone makes about 0.08).
#[test]
#[ignore = "a measurement"]
fn figures_slow_cooling() {
    let round = rounds::round(municipalities(1), rounds::tree(&[2, 3, 2]));
    let shape = Shape::new(&round);
    let mut found = Vec::new();
    for (seed, slowness) in [(1, 1), (2, 1), (3, 4)] {
        let start = Instant::now();
        let mut chain = Chain::new(&round, &shape, &[], seed, 0);
        chain.slow_down(slowness);
        let mut draws = Vec::new();
        while draws.len() < 60 {
            if chain.renew() {
                draws.push(Witness { scores: chain.state.rows(), fixed: Vec::new(), method: Method::Walk });
            }
        }
        let likely: Vec<f64> = likeliest(&round, &draws).into_iter().flatten().map(|class| class.1).collect();
        let mean = likely.iter().sum::<f64>() / likely.len() as f64;
        let effective = effective_draws(&round, &draws);
        println!(
            "{slowness}: {:.1?}, mean {mean:.4}, effective {:.0}",
            start.elapsed(),
            effective[effective.len() / 2]
        );
        found.push(likely);
    }
    let apart = |one: &[f64], other: &[f64]| {
        let squares = one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum::<f64>();
        (squares / one.len() as f64).sqrt()
    };
    println!("quick and quick {:.4}, quick and slow {:.4}", apart(&found[0], &found[1]), apart(&found[0], &found[2]));
}

/// How long single coolings of a large round take, and whether they end at witnesses.
#[test]
#[ignore = "a measurement"]
fn figures_large_cooling() {
    let plan = Plan { organisations: 400, blocks: 22, counties: 12, ..municipalities(3) };
    let round = rounds::round(plan, rounds::tree(&[2, 3, 7]));
    let shape = Shape::new(&round);
    let mut chain = Chain::new(&round, &shape, &[], 1, 0);
    for _ in 0..10 {
        let start = Instant::now();
        let cooled = chain.renew();
        println!("{:.2?} {cooled} {}", start.elapsed(), chain.state.tell());
    }
}
