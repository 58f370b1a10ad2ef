//! Quantiles of a group, read off its published histogram and nothing else.
//!
//! *Protects against*: quantiles of members' values, which are members' values.
//!
//! *Rule*: interpolate linearly within the class that holds the quantile, and round to `quantile_step` per cent, ties to even.
//!
//! *Why it holds*: it is a function of published counts, so it discloses nothing more than they do.
//!
//! *Cost*: an error of up to half a class, and half a step.

use super::mean::half_even;
use crate::definition::Policy;

/// The quantile at `numerator / denominator` of a histogram with classes of `histogram_step` per cent from 0.
pub(in crate::disclosure) fn read(counts: &[i64], numerator: i64, denominator: i64, policy: &Policy) -> Option<u8> {
    let total: i64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let width = i128::from(policy.histogram_step);
    // the rank sought, times the denominator, so that everything stays whole
    let sought = total * numerator;
    let mut before = 0;
    for (class, &count) in counts.iter().enumerate() {
        if count > 0 && (before + count) * denominator >= sought {
            let (start, scale) = (class as i128 * width, i128::from(count) * i128::from(denominator));
            let position = start * scale + width * i128::from(sought - before * denominator);
            let steps = half_even(position, scale * i128::from(policy.quantile_step));
            return Some((steps * i128::from(policy.quantile_step)) as u8);
        }
        before += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    #[test]
    fn quantiles_come_from_the_classes() {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let counts = [0, 0, 0, 4, 8, 4, 0, 0, 0, 0];
        assert_eq!(read(&counts, 1, 2, &policy), Some(45));
        assert_eq!(read(&counts, 1, 4, &policy), Some(40));
        assert_eq!(read(&counts, 3, 4, &policy), Some(50));
        assert_eq!(read(&[0; 10], 1, 2, &policy), None);
    }
}
