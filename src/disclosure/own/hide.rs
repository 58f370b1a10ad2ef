//! Which parts of a whole that is shown are hidden: small ones, and enough others that subtraction does not give them back.
//!
//! *Protects against*: results of few people, directly or as the whole less the other parts.
//!
//! *Rule*: `suppress::one_way`; where it finds no answer, all parts are hidden.
//!
//! *Why it holds*: what is left over by subtraction is the sum of all hidden parts, of at least two parts and the least number
//! of people. It looks at counts only.
//!
//! *Cost*: now and then a part that is large enough by itself.

use crate::disclosure::suppress;

/// Whether each part is hidden. A part without anybody is neither shown nor hidden: there is nothing to tell.
pub(in crate::disclosure) fn hidden(counts: &[i64], least: i64) -> Vec<bool> {
    let contributors: Vec<u32> = counts.iter().map(|&count| u32::try_from(count).unwrap_or(0)).collect();
    // where no choice of parts leaves enough over, none is shown
    suppress::one_way(&contributors, least as u32).unwrap_or_else(|_| counts.iter().map(|&count| count > 0).collect())
}

/// Which parts are joined into one: small ones, those that have to be, and where these together are still too small the smallest
/// other, so that nothing is hidden where anything can be shown. Parts are counts, with whether they have to be joined.
pub(in crate::disclosure) fn joined(parts: &[(i64, bool)], least: i64) -> Vec<bool> {
    let mut joined: Vec<bool> = parts.iter().map(|&(count, has_to)| has_to || count < least).collect();
    loop {
        let people: i64 = parts.iter().zip(&joined).filter(|(_, joined)| **joined).map(|(part, _)| part.0).sum();
        if people == 0 || people >= least {
            return joined;
        }
        let apart = (0..parts.len()).filter(|&at| !joined[at]);
        let Some(next) = apart.min_by_key(|&at| parts[at].0) else { return joined };
        joined[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_alone_is_never_hidden_alone() {
        assert_eq!(hidden(&[12, 4, 30], 5), [true, true, false]);
        assert_eq!(hidden(&[12, 4, 4], 5), [false, true, true]);
        assert_eq!(hidden(&[12, 1, 2], 5), [true, true, true]);
        assert_eq!(hidden(&[12, 0, 7], 5), [false, false, false]);
        assert_eq!(hidden(&[4], 5), [true]);
    }

    #[test]
    fn small_units_are_joined_until_they_are_large_enough() {
        let free = |counts: &[i64]| counts.iter().map(|&count| (count, false)).collect::<Vec<_>>();
        assert_eq!(joined(&free(&[12, 4, 30, 7]), 10), [false, true, false, true]);
        assert_eq!(joined(&free(&[12, 4, 30]), 10), [true, true, false]);
        assert_eq!(joined(&free(&[3, 4]), 10), [true, true]);
        assert_eq!(joined(&[(500, true), (12, false), (4, false)], 10), [true, false, true]);
    }

    proptest! {
        #[test]
        fn what_is_left_over_is_never_few_people(counts in prop::collection::vec(0_i64..40, 1..9), least in 2_i64..15) {
            let hidden = hidden(&counts, least);
            let left: Vec<i64> = counts.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|(count, _)| *count).collect();
            let all_hidden = counts.iter().zip(&hidden).all(|(count, hidden)| *hidden || *count == 0);
            prop_assert!(left.is_empty() || all_hidden || (left.len() > 1 && left.iter().sum::<i64>() >= least));
            prop_assert!(counts.iter().zip(&hidden).all(|(count, hidden)| *hidden || *count == 0 || *count >= least));
        }
    }
}
