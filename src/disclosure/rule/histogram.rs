//! Distributions: exact numbers of organisations in fixed classes, of blocks and of unions of blocks alone.
//!
//! *Protects against*: seeing where one organisation lies, directly or as the difference of two distributions.
//!
//! *Rule*: classes `histogram_step` wide from 0 to 100, the last one closed; every class has a number, empty ones too. Shown of
//! groups of the similarity partition and of nothing that overlaps with these otherwise (`Plan::shows_histogram`).
//!
//! *Why it holds*: blocks are disjoint and have at least `min_block` organisations, and all other distributions are sums of theirs,
//! so that what is told is one distribution for each block and no more. That such a distribution leaves each member enough
//! doubt is what the witnesses show (`proof`), for each release anew; where all of a block lie in one class, larger
//! blocks are tried for the whole round. The rule itself looks at no value.
//!
//! *Cost*: counties and size bands have no distribution, and none is finer than its classes.

use crate::definition::Policy;

/// A class with the number of organisations in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::disclosure) struct Class {
    /// Lower end, per cent, included.
    pub(in crate::disclosure) from: i16,
    /// Upper end, excluded except in the last class.
    pub(in crate::disclosure) to: i16,
    pub(in crate::disclosure) organisations: usize,
}

/// Every class; `counts` holds the numbers of the first ones, from 0 upwards.
pub(in crate::disclosure) fn write(counts: &[i64], policy: &Policy) -> impl Iterator<Item = Class> {
    let step = i16::from(policy.histogram_step);
    (0..100 / step).map(move |class| Class {
        from: class * step,
        to: (class + 1) * step,
        organisations: counts.get(class as usize).copied().unwrap_or(0) as usize,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    #[test]
    fn every_class_is_told_the_empty_ones_too() {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let classes: Vec<Class> = write(&[0, 3, 0, 14], &policy).collect();
        assert_eq!(classes.len(), 10);
        assert_eq!(classes[3], Class { from: 30, to: 40, organisations: 14 });
        assert_eq!(classes[9], Class { from: 90, to: 100, organisations: 0 });
    }
}
