//! The mean of a cell: rounded to whole steps and coded at both ends; which cells have one is decided by the gates.
//!
//! *Protects against*: reading members' values off a mean near 0 or 100, where it says that all of them are near it.
//!
//! *Rule*: round the exact mean to `mean_step` per cent, ties to even; a mean at or beyond `mean_ends` is written as that end,
//! marked `le` or `ge`. Every other mean and matched change (unions, counties, size bands) is made as if the members of each
//! coded block had been moved together until that block's mean is at the end.
//!
//! *Why it holds*: coding is a fixed function of the mean, so that a coded cell has the same bytes for every mean beyond the
//! end; and no other number holds more of a coded block's mean than the end, so that it cannot be found by subtraction.
//!
//! *Cost*: a mean is off by what coded blocks lie beyond the end, weighted with their share of its organisations.

use crate::{
    definition::Policy,
    model::{Bound, Mean},
};

/// Millionths of a percentage point in a point.
const POINT: i128 = 1_000_000;

/// The sum of a block's scores, as every other group sees it: the block's mean held within the ends. Sums are in millionths of a point.
pub(in crate::disclosure) fn held_within_ends(sum: i64, organisations: i64, policy: &Policy) -> i64 {
    let [low, high] = policy.mean_ends.map(|end| i64::from(end) * POINT as i64 * organisations);
    sum.clamp(low, high)
}

/// Writes the mean of `organisations` scores that add up to `sum` millionths of a point.
pub(in crate::disclosure) fn write(sum: i64, organisations: i64, policy: &Policy) -> Mean {
    let step = i128::from(policy.mean_step) * POINT;
    let [low, high] = policy.mean_ends;
    let (sum, count) = (i128::from(sum), i128::from(organisations.max(1)));
    if sum <= i128::from(low) * POINT * count {
        return Mean { percent: low, bound: Some(Bound::Le) };
    }
    if sum >= i128::from(high) * POINT * count {
        return Mean { percent: high, bound: Some(Bound::Ge) };
    }
    let steps = half_even(sum, step * count);
    let percent = (steps * i128::from(policy.mean_step)) as u8;
    Mean { percent: percent.clamp(low, high), bound: None }
}

/// A quotient rounded to the nearest whole number, ties to even.
pub(in crate::disclosure) fn half_even(dividend: i128, divisor: i128) -> i128 {
    let (whole, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    match (2 * rest).cmp(&divisor) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    fn policy() -> Policy {
        Definitions::load(&Source::BuiltIn).unwrap().policy
    }

    #[test]
    fn means_round_half_to_even_and_are_coded_at_the_ends() {
        let check = |points: f64, expected: (u8, Option<Bound>)| {
            let sum = (points * 1e6 * 14.0) as i64;
            let mean = write(sum, 14, &policy());
            assert_eq!((mean.percent, mean.bound), expected, "{points}");
        };
        check(46.5, (46, None));
        check(47.5, (48, None));
        check(46.500_001, (47, None));
        check(0.0, (5, Some(Bound::Le)));
        check(5.0, (5, Some(Bound::Le)));
        check(5.2, (5, None));
        check(94.9, (95, None));
        check(95.0, (95, Some(Bound::Ge)));
        check(100.0, (95, Some(Bound::Ge)));
    }

    #[test]
    fn a_union_does_not_undo_a_coded_block() {
        // whatever the coded block's mean is, the union is the same
        let policy = policy();
        let union = |low: f64| {
            let low = held_within_ends((low * 1e6) as i64 * 14, 14, &policy);
            write(low + held_within_ends(40_000_000 * 14, 14, &policy), 28, &policy)
        };
        assert_eq!(union(0.0), union(4.9));
    }
}
