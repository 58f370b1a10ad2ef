//! The bench of the witness search: a made-up national year, drawn like a survey; it has a limit and no peer.

use std::time::Instant;

use mognad::disclosure::witness::{self, Asked, Found, HIGHEST, Node, Round, Window};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::{Bench, measure::Runs, report, report::Unit};

const ORGANISATIONS: usize = 400;
/// Children of the index, and of each of these: with the index, fifty measures.
const FAN: [usize; 2] = [7, 6];
const POINT: i64 = 1_000_000;
const STATES: usize = 60;
/// A few minutes.
const MOST: f64 = 300.0;

pub(crate) fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let round = round();
    let measures = round.nodes.len();
    let mut runs = Runs::default();
    // once: it takes minutes, and the same round and seed give the same witnesses
    let start = Instant::now();
    let asked = Asked { width: 20 * POINT, bin_probability_max: 0.75, states: STATES, seed: 1 };
    let tell = |done: usize, planned: usize| {
        if done.is_multiple_of(20) {
            report::tell(&format!("  {done} of {planned} coolings, {:.0} s", start.elapsed().as_secs_f64()));
        }
    };
    let found = witness::search(&round, &asked, &tell)?;
    let seconds = start.elapsed().as_secs_f64();
    runs.add(1, seconds);
    tell_shares(&found, ORGANISATIONS * measures);
    anyhow::ensure!(found.witnesses.iter().all(|one| witness::holds(&round, one)), "a witness does not hold");
    let work = format!("witnesses of {ORGANISATIONS} organisations and {measures} measures");
    bench.report.limit(&work, Unit::Seconds, runs.median(), None, ("at most 300 s", seconds <= MOST));
    Ok(())
}

fn tell_shares(found: &Found, results: usize) {
    let share = |count: usize| 100.0 * count as f64 / results as f64;
    let (settled, [low, median]) = (found.settled, found.effective);
    report::tell(&format!(
        "  {} witnesses; {:.2} % of results by the walk, {:.2} % by a pull, {:.2} % by programmes, {} lack some; draws are worth {low:.0} to {median:.0}",
        found.witnesses.len(),
        share(settled.walk),
        share(settled.pull),
        share(settled.solver),
        found.lacking.len(),
    ));
}

/// Blocks of 30, counties of 20, bands of 80, and all together; leaves correlate 0.6 within an organisation, and results have a
/// standard deviation of about 10 points.
fn round() -> Round {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let normal = |random: &mut ChaCha8Rng| random.sample::<f64, _>(StandardNormal);
    let mut nodes = vec![Node { parent: None, weight: 1.0 }];
    for category in 1..=FAN[0] {
        nodes.push(Node { parent: Some(0), weight: 1.0 });
        let at = nodes.len() - 1;
        debug_assert_eq!(at, 1 + (category - 1) * (1 + FAN[1]));
        nodes.extend((0..FAN[1]).map(|_| Node { parent: Some(at), weight: 1.0 }));
    }
    let level: Vec<f64> = nodes.iter().map(|_| 47.0 + 4.0 * normal(&mut random)).collect();
    let scores: Vec<Vec<i64>> = (0..ORGANISATIONS)
        .map(|_| {
            let common = normal(&mut random);
            let mut points = vec![0.0; nodes.len()];
            for at in (0..nodes.len()).rev() {
                let children: Vec<f64> = (0..nodes.len())
                    .filter(|&child| nodes[child].parent == Some(at))
                    .map(|child| points[child])
                    .collect();
                let noise = normal(&mut random);
                points[at] = if children.is_empty() {
                    level[at] + 12.0 * (0.6_f64.sqrt() * common + 0.4_f64.sqrt() * noise)
                } else {
                    children.iter().sum::<f64>() / children.len() as f64 + 0.3 * noise
                };
            }
            points.into_iter().map(|own| ((own * 1e6) as i64).clamp(0, HIGHEST)).collect()
        })
        .collect();
    let mut parts = |size: usize| {
        let mut order: Vec<usize> = (0..ORGANISATIONS).collect();
        order.shuffle(&mut random);
        // the last part takes what is left over
        let mut parts: Vec<Vec<usize>> = order.chunks(size).map(<[usize]>::to_vec).collect();
        if let Some(short) = parts.pop_if(|last| last.len() < size)
            && let Some(last) = parts.last_mut()
        {
            last.extend(short);
        }
        parts
    };
    let blocks = parts(30);
    let groups = [blocks.clone(), parts(20), parts(80), vec![(0..ORGANISATIONS).collect()]].concat();
    let mut windows = Vec::new();
    for members in groups {
        for node in 0..nodes.len() {
            windows.push(rounded(&scores, node, &members));
        }
    }
    Round { nodes, scores, blocks, windows, class_width: 10 * POINT }
}

/// What a mean in whole per cent tells of a sum; the one per cent in the middle, ends included.
fn rounded(scores: &[Vec<i64>], node: usize, members: &[usize]) -> Window {
    let unit = POINT * members.len() as i64;
    let sum: i64 = members.iter().map(|&member| scores[member][node]).sum();
    let percent = (2 * sum + unit) / (2 * unit);
    Window { node, members: members.to_vec(), low: percent * unit - unit / 2, high: percent * unit + unit / 2 }
}
