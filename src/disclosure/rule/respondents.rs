//! Numbers of respondents: rounded, absent where small, and absent where two of them would give a small one away.
//!
//! *Protects against*: small numbers of people, directly or as the difference of a group and a part of it.
//!
//! *Rule*: round to tens, half up; absent below `min_respondents_cell`; absent for a group when a shown group within it has fewer than
//! `min_respondents_cell` respondents less.
//!
//! *Why it holds*: what is left tells sums of at least that many people, to the nearest ten. It looks at counts and memberships only.
//!
//! *Cost*: a large group's number is lost where a part of it is nearly all of it; the part's number stays.

use std::collections::BTreeSet;

use crate::definition::Policy;

/// The numbers shown for one year's groups, each with its members and its exact number (none where unknown).
pub(in crate::disclosure) fn write<T: Ord>(groups: &[(BTreeSet<T>, Option<u32>)], policy: &Policy) -> Vec<Option<u32>> {
    let least = policy.min_respondents_cell;
    groups
        .iter()
        .map(|(members, count)| {
            let count = (*count)?;
            let gives_away = groups.iter().any(|(part, part_count)| {
                part.len() < members.len()
                    && part.is_subset(members)
                    && part_count.is_some_and(|part_count| part_count >= least && count - part_count.min(count) < least)
            });
            (count >= least && !gives_away).then_some((count + 5) / 10 * 10)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    #[test]
    fn small_numbers_and_small_differences_are_absent() {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let group = |members: std::ops::Range<u32>, count| (members.collect::<BTreeSet<_>>(), count);
        let groups = [
            group(0..3, Some(29)),
            group(0..10, Some(104)),
            group(0..11, Some(120)),
            group(0..20, Some(255)),
            group(20..40, None),
        ];
        assert_eq!(write(&groups, &policy), [None, Some(100), None, Some(260), None]);
    }
}
