//! Made-up rounds shaped like those of a Swedish survey, and awkward ones; nothing is searched here.

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::disclosure::witness::{HIGHEST, Node, Round, Window};

pub(in crate::disclosure::witness) const POINT: i64 = 1_000_000;

/// What a made-up round is like.
#[derive(Debug, Clone, Copy)]
pub(in crate::disclosure::witness) struct Plan {
    pub(in crate::disclosure::witness) organisations: usize,
    pub(in crate::disclosure::witness) blocks: usize,
    pub(in crate::disclosure::witness) counties: usize,
    pub(in crate::disclosure::witness) bands: usize,
    /// Standard deviation of the index, points.
    pub(in crate::disclosure::witness) spread: f64,
    pub(in crate::disclosure::witness) seed: u64,
}

/// Index, 2 dimensions, 6 categories, 12 factors.
pub(in crate::disclosure::witness) fn tree(fan: &[usize]) -> Vec<Node> {
    let mut nodes = vec![Node { parent: None, weight: 1.0 }];
    let mut level = vec![0];
    for &children in fan {
        let mut next = Vec::new();
        for &parent in &level {
            for _ in 0..children {
                next.push(nodes.len());
                nodes.push(Node { parent: Some(parent), weight: 1.0 / children as f64 });
            }
        }
        level = next;
    }
    nodes
}

/// About normal: twelve even draws.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// Leaves correlate 0.6 within an organisation; parents are weighted means of leaves and an offset of about 0.3 points.
pub(in crate::disclosure::witness) fn round(plan: Plan, nodes: Vec<Node>) -> Round {
    let mut random = ChaCha8Rng::seed_from_u64(plan.seed);
    let is_leaf: Vec<bool> = (0..nodes.len()).map(|at| nodes.iter().all(|n| n.parent != Some(at))).collect();
    let leaves = is_leaf.iter().filter(|leaf| **leaf).count() as f64;
    let leaf_spread = plan.spread / f64::sqrt(0.6 + 0.4 / leaves);
    let level: Vec<f64> = (0..nodes.len()).map(|_| 47.0 + 4.0 * normal(&mut random)).collect();
    let mut scores = Vec::new();
    for _ in 0..plan.organisations {
        let common = normal(&mut random);
        let mut row = vec![0_i64; nodes.len()];
        for at in (0..nodes.len()).rev() {
            let points = if is_leaf[at] {
                level[at] + leaf_spread * (0.6_f64.sqrt() * common + 0.4_f64.sqrt() * normal(&mut random))
            } else {
                let children = (0..nodes.len()).filter(|&c| nodes[c].parent == Some(at));
                let mean: f64 = children.map(|c| nodes[c].weight * row[c] as f64 / 1e6).sum();
                mean + 0.3 * normal(&mut random)
            };
            row[at] = ((points * 1e6) as i64).clamp(0, HIGHEST);
        }
        scores.push(row);
    }
    let blocks = cut(plan.organisations, plan.blocks, 14, &mut random);
    let mut groups = blocks.clone();
    groups.extend(cut(plan.organisations, plan.counties, 12, &mut random));
    groups.extend(cut(plan.organisations, plan.bands, 12, &mut random));
    groups.push((0..plan.organisations).collect());
    let mut round = Round { nodes, scores, blocks, windows: Vec::new(), class_width: 10 * POINT };
    for members in groups {
        for node in 0..round.nodes.len() {
            let window = rounded(&round, node, &members);
            round.windows.push(window);
        }
    }
    round
}

/// The window that a mean rounded to whole per cent leaves: half to even, so closed where the per cent is even.
pub(in crate::disclosure::witness) fn rounded(round: &Round, node: usize, members: &[usize]) -> Window {
    let count = members.len() as i64;
    let sum: i64 = members.iter().map(|&member| round.scores[member][node]).sum();
    let unit = POINT * count;
    let (whole, rest) = (sum / unit, sum % unit);
    let percent = match (2 * rest).cmp(&unit) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole % 2,
    };
    let open = i64::from(percent % 2 == 1);
    let low = percent * unit - unit / 2 + open;
    Window { node, members: members.to_vec(), low, high: percent * unit + unit / 2 - open }
}

/// Cuts `count` organisations into parts of at least `least`, at random.
fn cut(count: usize, parts: usize, least: usize, random: &mut ChaCha8Rng) -> Vec<Vec<usize>> {
    if parts == 0 {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.shuffle(random);
    let mut sizes = vec![least; parts];
    for _ in least * parts..count {
        sizes[random.random_range(0..parts)] += 1;
    }
    let mut rest = order.as_slice();
    sizes
        .into_iter()
        .map(|size| {
            let (part, after) = rest.split_at(size.min(rest.len()));
            rest = after;
            part.to_vec()
        })
        .collect()
}
