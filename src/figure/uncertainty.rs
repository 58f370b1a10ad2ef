//! How far the difference of two figures may be off, so that nobody makes something of nothing; computed from published cells, and
//! for the holder of a key from its own results.
//!
//! The uncertainty of a difference is, in percentage points,
//!
//! `u = r + 2 sqrt(s² (sum_i (a_i - b_i)² + m) + o²)`, and a difference `d` exceeds it where `|d| > u`.
//!
//! - `r`, rounding: half a step for each published mean, so half a point; of a block mixture the blocks' means are rounded, and it is
//!   itself; own results are given in tenths. Roundings can all point one way, so they are added.
//! - `s`, chance: the standard deviation of results within a block (table `spread`), since who takes part and what they answer would be
//!   a little different another time. `a_i` and `b_i` are the weights with which organisation `i` counts in the one mean and in the
//!   other: `1/n` in a group, its share divided by the block's size in a mixture, nothing in a target or a single value. For a group
//!   of `n` within a whole of `N` the sum is `1/n - 1/N`, the variance of a sample without replacement (Cochran 1977, *Sampling
//!   Techniques*, theorem 2.2): so the question is whether the group differs more than one drawn at random would.
//! - `m`, mixture: the squared expected error of a block mixture against the mean of the set itself, over `s²` (`mixture`).
//! - `o`, own value: the standard error of an organisation's own result, where it is known (`own`).
//!
//! Twice the standard error holds for about 19 in 20. Where `s` is not published the uncertainty is not known, and nothing is said to
//! exceed it.

use std::{collections::BTreeMap, sync::Arc};

use super::{Edition, peers::Chosen};

/// How many standard errors count.
const ERRORS: f64 = 2.0;

/// To tenths, as all of these are shown; what is shown is what decides.
pub(super) fn tenths(number: f64) -> f64 {
    // sums of shares are off by their last digits
    let tenths = ((number * 1e6).round() / 1e5).round() / 10.0;
    // and there is no minus nought
    tenths + 0.0
}

/// A difference of two figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The one less the other, percentage points in tenths.
    pub points: f64,
    /// How far it may be off, in tenths; none where that is not known.
    pub uncertainty: Option<f64>,
}

impl Difference {
    /// A difference with its uncertainty, both still to be rounded.
    pub fn new(points: f64, uncertainty: Option<f64>) -> Self {
        Self { points: tenths(points), uncertainty: uncertainty.map(tenths) }
    }

    /// Whether it is larger than its uncertainty; none where that is not known.
    pub fn exceeds(&self) -> Option<bool> {
        self.uncertainty.map(|uncertainty| self.points.abs() > uncertainty)
    }
}

/// One of the two figures of a difference: who counts in it, and how it is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Side {
    weights: BTreeMap<Arc<str>, f64>,
    mixed: f64,
    rounding: f64,
}

impl Side {
    /// Peers, or a group.
    pub(super) fn of(edition: &Edition, instrument: &str, year: i64, peers: &Chosen) -> Self {
        let step = f64::from(edition.release.manifest.policy.mean_step.max(1));
        if peers.group.is_some() {
            let share = 1.0 / peers.members.len().max(1) as f64;
            let weights = peers.members.iter().map(|id| (id.clone(), share)).collect();
            return Self { weights, mixed: 0.0, rounding: step / 2.0 };
        }
        let total: usize = peers.mixture.parts.iter().map(|part| part.members).sum();
        let mut weights = BTreeMap::new();
        for part in &peers.mixture.parts {
            let share = part.members as f64 / total.max(1) as f64 / part.size.max(1) as f64;
            let members = edition.membership.members(instrument, year, &part.block).into_iter().flatten();
            weights.extend(members.map(|id| (id.clone(), share)));
        }
        // blocks' means are rounded to the step, and what is mixed of them to whole per cent
        Self { weights, mixed: peers.mixture.expected_error(1.0).powi(2), rounding: step / 2.0 + 0.5 }
    }

    /// A number in which nobody counts, such as a target, that may be off by a rounding.
    pub(super) fn fixed(rounding: f64) -> Self {
        Self { rounding, ..Self::default() }
    }

    /// What decides how far a difference of the two may be off in any measure.
    pub(super) fn beside(&self, other: &Self) -> Pair {
        if self == other {
            return Pair::default();
        }
        let both = self.weights.keys().chain(other.weights.keys().filter(|id| !self.weights.contains_key(*id)));
        let weight = |side: &Self, id: &Arc<str>| side.weights.get(id).copied().unwrap_or(0.0);
        let chance: f64 = both.map(|id| (weight(self, id) - weight(other, id)).powi(2)).sum();
        Pair { factor: chance + self.mixed + other.mixed, rounding: self.rounding + other.rounding }
    }

    /// How far this side's figure in one of several measures may be off from their mean: `spreads` are those measures' standard
    /// deviations within a block, and `at` is which of them is meant. Results in different measures count as unrelated, which is
    /// the widest for such as go together.
    pub(super) fn beside_own_mean(&self, at: usize, spreads: &[Option<f64>]) -> Option<f64> {
        let factor = self.weights.values().map(|weight| weight.powi(2)).sum::<f64>() + self.mixed;
        let errors: Option<Vec<f64>> = spreads.iter().map(|spread| Some(spread.as_ref()? * factor.sqrt())).collect();
        Some(beside_own_mean(self.rounding, at, &errors?))
    }
}

/// The same for figures whose standard errors are known.
pub(super) fn beside_own_mean(rounding: f64, at: usize, errors: &[f64]) -> f64 {
    let count = errors.len().max(1) as f64;
    let share = |measure: usize| if measure == at { 1.0 - 1.0 / count } else { 1.0 / count };
    let variance: f64 = errors.iter().enumerate().map(|(measure, error)| (share(measure) * error).powi(2)).sum();
    let roundings: f64 = (0..errors.len()).map(|measure| share(measure) * rounding).sum();
    roundings + ERRORS * variance.sqrt()
}

/// Two sides beside each other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Pair {
    /// The squared standard error, over the squared standard deviation of results within a block.
    factor: f64,
    rounding: f64,
}

impl Pair {
    /// Two sides of which only numbers are known: the sum of squared differences of weights, and the rounding.
    pub(super) fn new(factor: f64, rounding: f64) -> Self {
        Self { factor, rounding }
    }

    /// The uncertainty of a difference in a measure whose results have the standard deviation `within`, with the standard error
    /// `own` of a single organisation's value in it; none where it takes a deviation that is not published.
    pub(super) fn uncertainty(&self, within: Option<f64>, own: f64) -> Option<f64> {
        // identical sides and single values do not depend on it
        let within = if self.factor > 0.0 { within? } else { 0.0 };
        Some(self.rounding + ERRORS * (within.powi(2) * self.factor + own.powi(2)).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(weights: &[(&str, f64)], mixed: f64, rounding: f64) -> Side {
        Side { weights: weights.iter().map(|(id, weight)| (Arc::from(*id), *weight)).collect(), mixed, rounding }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    fn equal(count: usize, from: usize, rounding: f64) -> Side {
        let ids: Vec<String> = (from..from + count).map(|at| format!("{at:03}")).collect();
        let weights: Vec<(&str, f64)> = ids.iter().map(|id| (id.as_str(), 1.0 / count as f64)).collect();
        side(&weights, 0.0, rounding)
    }

    #[test]
    fn a_group_in_a_whole_is_a_sample_of_it_and_groups_apart_are_two() {
        let (part, whole, other) = (equal(14, 0, 0.5), equal(200, 0, 0.5), equal(20, 100, 0.5));
        let within_whole = part.beside(&whole).uncertainty(Some(10.0), 0.0).unwrap();
        close(within_whole, 1.0 + 2.0 * 10.0 * (1.0_f64 / 14.0 - 1.0 / 200.0).sqrt());
        let apart = part.beside(&other).uncertainty(Some(10.0), 0.0).unwrap();
        close(apart, 1.0 + 2.0 * 10.0 * (1.0_f64 / 14.0 + 1.0 / 20.0).sqrt());
        // one and the same figure differs from itself by nothing
        close(whole.beside(&whole.clone()).uncertainty(None, 0.0).unwrap(), 0.0);
    }

    #[test]
    fn weights_are_those_of_a_naive_draw() {
        // two blocks of 3 and 2, of which 1 and 2 are in the set: each weighs by its block
        let mixture = side(
            &[("a", 1.0 / 9.0), ("b", 1.0 / 9.0), ("c", 1.0 / 9.0), ("d", 1.0 / 3.0), ("e", 1.0 / 3.0)],
            0.04,
            1.0,
        );
        let whole = equal(5, 0, 0.5);
        let whole = side(&["a", "b", "c", "d", "e"].map(|id| (id, whole.weights["000"])), 0.0, 0.5);
        let mut naive = 0.04;
        for (one, other) in [(1.0 / 9.0, 0.2); 3].into_iter().chain([(1.0 / 3.0, 0.2); 2]) {
            let apart: f64 = one - other;
            naive += apart * apart;
        }
        let found = mixture.beside(&whole).uncertainty(Some(8.0), 3.0).unwrap();
        close(found, 1.5 + 2.0 * (64.0_f64 * naive + 9.0).sqrt());
        assert_eq!(mixture.beside(&whole).uncertainty(None, 3.0), None);
        // a value beside a target needs no deviation
        close(Side::fixed(0.05).beside(&Side::fixed(0.0)).uncertainty(None, 0.0).unwrap(), 0.05);
    }

    #[test]
    fn a_category_beside_the_mean_of_all_shares_in_it() {
        let group = equal(25, 0, 0.5);
        let found = group.beside_own_mean(1, &[Some(10.0), Some(12.0), Some(8.0)]).unwrap();
        let variance: f64 = (2.0 / 3.0 * 12.0 / 5.0_f64).powi(2) + (10.0 / 15.0_f64).powi(2) + (8.0 / 15.0_f64).powi(2);
        close(found, 0.5 * (2.0 / 3.0 + 2.0 / 3.0) + 2.0 * variance.sqrt());
        assert_eq!(group.beside_own_mean(0, &[Some(10.0), None]), None);
    }

    #[test]
    fn what_is_shown_decides() {
        assert_eq!([-0.04, -0.05, 2.25, 44.0].map(|own| tenths(own).to_string()), ["0", "-0.1", "2.3", "44"]);
        let difference = |points, uncertainty| Difference::new(points, Some(uncertainty)).exceeds();
        assert_eq!(difference(2.04, 1.96), Some(false));
        assert_eq!(difference(-2.1, 2.0), Some(true));
        assert_eq!(Difference::new(50.0, None).exceeds(), None);
    }
}
