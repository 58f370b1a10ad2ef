//! The block mixture: what is typical of a set of organisations, computed from published cells of their blocks and nothing else.
//!
//! For a set `S` the mixture is `sum_b w_b F_b` with `w_b = |S in b| / |S|` and `F_b` the published cell of block `b`. It is
//! post-processing of published cells, so it tells nothing that they do not, whatever sets are asked for and however often.
//! What it costs is said with each answer: the expected error of its mean against the mean of the set itself, by sampling
//! without replacement within blocks (Cochran 1977, *Sampling Techniques*, section 5.3).

use std::sync::Arc;

use super::membership::{Members, Membership};

/// A block's share of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The block.
    pub block: Arc<str>,
    /// Members of the set in the block.
    pub members: usize,
    /// Organisations in the block.
    pub size: usize,
}

/// How a set of organisations is put together from blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mixture {
    /// Blocks with any member of the set, in the order of their ids.
    pub parts: Vec<Part>,
}

impl Mixture {
    /// Divides a set among the blocks of a year; none where a member is in no block.
    pub fn of(membership: &Membership, instrument: &str, year: i64, set: &Members) -> Option<Self> {
        let mut parts: Vec<Part> = membership
            .blocks(instrument, year)
            .map(|(block, own)| Part { block: block.clone(), members: own.intersection(set).count(), size: own.len() })
            .filter(|part| part.members > 0)
            .collect();
        parts.sort_by(|a, b| a.block.cmp(&b.block));
        let covered: usize = parts.iter().map(|part| part.members).sum();
        (covered == set.len() && covered > 0).then_some(Self { parts })
    }

    /// Whether the set is a union of whole blocks, so that nothing is mixed.
    pub fn is_union(&self) -> bool {
        self.parts.iter().all(|part| part.members == part.size)
    }

    fn total(&self) -> f64 {
        self.parts.iter().map(|part| part.members as f64).sum()
    }

    /// The weighted mean of a number of each block; none where a block has none.
    pub fn mean(&self, mut of_block: impl FnMut(&str) -> Option<f64>) -> Option<f64> {
        let total = self.total();
        self.parts.iter().map(|part| Some(part.members as f64 / total * of_block(&part.block)?)).sum()
    }

    /// Shares of organisations by class, which add up to one; none where a block's distribution is not published.
    pub fn shares(&self, mut of_block: impl FnMut(&str) -> Option<Vec<i64>>) -> Option<Vec<f64>> {
        let total = self.total();
        let mut shares: Vec<f64> = Vec::new();
        for part in &self.parts {
            let counts = of_block(&part.block)?;
            let size = counts.iter().sum::<i64>().max(1) as f64;
            shares.resize(shares.len().max(counts.len()), 0.0);
            for (share, count) in shares.iter_mut().zip(counts) {
                *share += part.members as f64 / total * count as f64 / size;
            }
        }
        Some(shares)
    }

    /// How many organisations' results the mean is made of, in effect: one over the sum of their squared weights (Kish 1965).
    pub fn effective_number(&self) -> f64 {
        let total = self.total();
        let squares: f64 = self.parts.iter().map(|part| (part.members as f64 / total).powi(2) / part.size as f64).sum();
        1.0 / squares
    }

    /// The expected error of the mean, percentage points (one standard deviation), where results within a block have the
    /// standard deviation `within`.
    pub fn expected_error(&self, within: f64) -> f64 {
        let total = self.total();
        let variance: f64 = self
            .parts
            .iter()
            .map(|part| {
                let (members, size) = (part.members as f64, part.size as f64);
                (members / total).powi(2) * (1.0 - members / size) / members
            })
            .sum();
        within * variance.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixture(parts: &[(usize, usize)]) -> Mixture {
        let part = |(at, &(members, size)): (usize, &(usize, usize))| {
            let block = Arc::from(format!("block:{at}"));
            Part { block, members, size }
        };
        Mixture { parts: parts.iter().enumerate().map(part).collect() }
    }

    #[test]
    fn a_whole_block_is_itself() {
        let whole = mixture(&[(14, 14)]);
        assert!(whole.is_union());
        assert_eq!(whole.mean(|_| Some(47.0)), Some(47.0));
        assert!((whole.effective_number() - 14.0).abs() < 1e-12);
        assert!(whole.expected_error(10.0).abs() < 1e-12);
        let counts = [0, 0, 0, 4, 6, 4, 0, 0, 0, 0];
        let shares = whole.shares(|_| Some(counts.to_vec())).unwrap();
        assert!(shares.iter().zip(counts).all(|(share, count)| (share * 14.0 - count as f64).abs() < 1e-12));
    }

    #[test]
    fn parts_weigh_by_members_and_the_error_is_that_of_a_sample() {
        let mixed = mixture(&[(9, 20), (3, 16)]);
        assert!(!mixed.is_union());
        let mean = mixed.mean(|block| Some(if block == "block:0" { 40.0 } else { 60.0 })).unwrap();
        assert!((mean - 45.0).abs() < 1e-12);
        assert_eq!(mixed.mean(|block| (block == "block:0").then_some(40.0)), None);
        // (9/12)^2 (1 - 9/20) / 9 + (3/12)^2 (1 - 3/16) / 3
        let variance: f64 = 0.5625 * 0.55 / 9.0 + 0.0625 * 0.8125 / 3.0;
        assert!((mixed.expected_error(10.0) - 10.0 * variance.sqrt()).abs() < 1e-12);
        // one member more of many leaves the effective number near the sizes of the blocks
        assert!(mixed.effective_number() > 20.0 && mixed.effective_number() < 36.0);
    }
}
