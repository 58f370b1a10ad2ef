//! What witnesses show about each organisation at each node: width and likeliest class, from the witnesses alone; none are made here.

use super::{HIGHEST, Method, Round, Witness};

/// A chain is all witnesses with the same members fixed.
fn chains(witnesses: &[Witness]) -> Vec<Vec<&Witness>> {
    let mut chains: Vec<Vec<&Witness>> = Vec::new();
    for witness in witnesses {
        match chains.iter_mut().find(|chain| chain.first().is_some_and(|first| first.fixed == witness.fixed)) {
            Some(chain) => chain.push(witness),
            None => chains.push(vec![witness]),
        }
    }
    chains
}

/// Highest less lowest value, millionths, by organisation and node: over the truth and the witnesses of a chain, and the least
/// of the chains that leave the organisation free. Zero where none does.
pub fn widths(round: &Round, witnesses: &[Witness]) -> Vec<Vec<i64>> {
    let chains = chains(witnesses);
    by_entry(round, |organisation, node| {
        let truth = round.scores[organisation][node];
        let free = chains.iter().filter(|chain| is_free(chain, organisation));
        let width = |chain: &Vec<&Witness>| {
            let values = || chain.iter().map(|witness| witness.scores[organisation][node]);
            values().fold(truth, i64::max) - values().fold(truth, i64::min)
        };
        free.map(width).min().unwrap_or(0)
    })
}

/// The likeliest class of each organisation at each node, with its probability: how often the walk (no other method draws
/// witnesses evenly) put the value into it, in the chain where that is highest among those that leave the organisation free.
/// Probability 1 where none does.
pub fn likeliest(round: &Round, witnesses: &[Witness]) -> Vec<Vec<(usize, f64)>> {
    let walked: Vec<Vec<&Witness>> = chains(witnesses)
        .into_iter()
        .map(|chain| chain.into_iter().filter(|witness| witness.method == Method::Walk).collect())
        .collect();
    let last = (HIGHEST / round.class_width - 1).max(0);
    by_entry(round, |organisation, node| {
        let free = walked.iter().filter(|chain| is_free(chain, organisation));
        let in_chain = |chain: &Vec<&Witness>| {
            let mut counts = vec![0_usize; last as usize + 1];
            for witness in chain {
                counts[(witness.scores[organisation][node] / round.class_width).min(last) as usize] += 1;
            }
            let class = (0..counts.len()).rev().max_by_key(|&class| counts[class]).unwrap_or(0);
            (class, counts[class] as f64 / chain.len() as f64)
        };
        let truth = (round.scores[organisation][node] / round.class_width).min(last) as usize;
        free.filter(|chain| !chain.is_empty())
            .map(in_chain)
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .unwrap_or((truth, 1.0))
    })
}

/// How many independent draws the walk's witnesses of a chain are worth, for each value that moves: `n / (1 + 2 sum of
/// autocorrelations)`, summed while pairs of neighbours are positive (Geyer 1992). Sorted, lowest first.
pub fn effective_draws(round: &Round, witnesses: &[Witness]) -> Vec<f64> {
    let mut draws = Vec::new();
    for chain in chains(witnesses) {
        let chain: Vec<&Witness> = chain.into_iter().filter(|witness| witness.method == Method::Walk).collect();
        for organisation in (0..round.scores.len()).filter(|&organisation| is_free(&chain, organisation)) {
            for node in 0..round.nodes.len() {
                let series: Vec<f64> = chain.iter().map(|witness| witness.scores[organisation][node] as f64).collect();
                draws.extend(effective(&series));
            }
        }
    }
    draws.sort_by(f64::total_cmp);
    draws
}

fn effective(series: &[f64]) -> Option<f64> {
    let count = series.len() as f64;
    let mean = series.iter().sum::<f64>() / count;
    let covariance = |lag: usize| {
        let pairs = series.iter().zip(series.iter().skip(lag));
        pairs.map(|(one, later)| (one - mean) * (later - mean)).sum::<f64>() / count
    };
    let variance = covariance(0);
    if series.len() < 4 || variance <= 0.0 {
        return None;
    }
    let mut total = -1.0;
    for lag in (0..series.len() - 1).step_by(2) {
        let pair = (covariance(lag) + covariance(lag + 1)) / variance;
        if pair <= 0.0 {
            break;
        }
        total += 2.0 * pair;
    }
    Some(count / total.max(1.0))
}

fn is_free(chain: &[&Witness], organisation: usize) -> bool {
    chain.first().is_some_and(|first| !first.fixed.contains(&organisation))
}

fn by_entry<T>(round: &Round, value: impl Fn(usize, usize) -> T) -> Vec<Vec<T>> {
    let organisations = 0..round.scores.len();
    organisations.map(|one| (0..round.nodes.len()).map(|node| value(one, node)).collect()).collect()
}

/// The insiders of a chain, and how many other members each class has, by block and node.
type Others = (Vec<usize>, Vec<Vec<Vec<usize>>>);

/// What the histograms alone say, with the insiders known.
pub(super) struct Reach {
    chains: Vec<Others>,
    block_of: Vec<usize>,
    class_width: i64,
}

impl Reach {
    pub(super) fn new(round: &Round, insiders: &[Vec<usize>]) -> Self {
        let last = (HIGHEST / round.class_width - 1).max(0);
        let mut block_of = vec![0; round.scores.len()];
        for (block, members) in round.blocks.iter().enumerate() {
            for &member in members {
                block_of[member] = block;
            }
        }
        let counts = |fixed: &[usize], block: &[usize], node: usize| {
            let mut counts = vec![0_usize; last as usize + 1];
            for &member in block.iter().filter(|member| !fixed.contains(member)) {
                counts[(round.scores[member][node] / round.class_width).min(last) as usize] += 1;
            }
            counts
        };
        let of_chain = |fixed: &Vec<usize>| {
            let blocks = round.blocks.iter();
            let by_node = |block: &Vec<usize>| (0..round.nodes.len()).map(|node| counts(fixed, block, node)).collect();
            (fixed.clone(), blocks.map(by_node).collect())
        };
        Self { chains: insiders.iter().map(of_chain).collect(), block_of, class_width: round.class_width }
    }

    /// The least reach, and the greatest share of a class, of the chains that leave the organisation free.
    pub(super) fn of(&self, organisation: usize, node: usize, class: usize) -> (i64, f64) {
        let (mut reach, mut share) = (i64::MAX, 0.0_f64);
        for (fixed, blocks) in &self.chains {
            if fixed.contains(&organisation) {
                continue;
            }
            let counts = &blocks[self.block_of[organisation]][node];
            let filled = || (0..counts.len()).filter(|&class| counts[class] > 0);
            let classes = filled().next_back().zip(filled().next()).map_or(0, |(high, low)| high - low + 1);
            reach = reach.min(classes as i64 * self.class_width);
            share = share.max(counts[class] as f64 / counts.iter().sum::<usize>().max(1) as f64);
        }
        if reach == i64::MAX { (0, 1.0) } else { (reach, share) }
    }
}
