//! Numbers of respondents: rounded, absent where small, and absent where two of them would give a small one away.
//!
//! *Protects against*: small numbers of people, directly or as the difference of a group and a part of it.
//!
//! *Rule*: round to tens, half up; absent below `min_respondents_cell`; absent for a group when it has fewer than
//! `min_respondents_cell` respondents more than a shown group within it, or than several together that do not overlap.
//!
//! *Why it holds*: what is left tells sums of at least that many people, to the nearest ten. It looks at counts and memberships only.
//!
//! *Cost*: a large group's number is lost where parts of it are nearly all of it; the parts' numbers stay.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::{
    definition::Policy,
    disclosure::plan::{Group, Plan},
    model::{GroupId, OrganisationId, Year},
};

/// The numbers shown of one year's groups; `count` is an organisation's own number, none where it is unknown.
pub(in crate::disclosure) fn of_groups<'a>(
    plan: &'a Plan,
    year: Year,
    count: impl Fn(&OrganisationId) -> Option<u32>,
    policy: &Policy,
) -> BTreeMap<&'a GroupId, Option<u32>> {
    let groups: Vec<(&Group, &Vec<OrganisationId>)> =
        plan.groups.iter().filter_map(|group| Some((group, group.members.get(&year)?))).collect();
    let everybody: BTreeSet<&OrganisationId> = groups.iter().flat_map(|(_, members)| *members).collect();
    let place: HashMap<&OrganisationId, usize> = everybody.into_iter().zip(0..).collect();
    let counted: Vec<Counted<'_>> = groups
        .iter()
        .map(|(group, members)| {
            // cells of one partition do not overlap: blocks and their unions, counties, bands
            let partition = if group.histogram { "block" } else { &group.kind };
            let places = members.iter().map(|id| place[id]);
            Counted { partition, members: places.collect(), count: members.iter().map(&count).sum() }
        })
        .collect();
    groups.iter().map(|(group, _)| &group.id).zip(write(&counted, policy)).collect()
}

/// To tens, half up.
pub(in crate::disclosure) fn rounded(count: u32) -> u32 {
    (count + 5) / 10 * 10
}

/// A group as far as this rule sees it.
struct Counted<'a> {
    /// Groups of one partition hold each other or do not overlap.
    partition: &'a str,
    /// Members, by position.
    members: BTreeSet<usize>,
    /// The exact number of respondents; none where it is unknown.
    count: Option<u32>,
}

fn write(groups: &[Counted<'_>], policy: &Policy) -> Vec<Option<u32>> {
    let least = policy.min_respondents_cell;
    let partitions: BTreeSet<&str> = groups.iter().map(|group| group.partition).collect();
    // a group within another begins with one of its members
    let mut beginning: HashMap<usize, Vec<&Counted<'_>>> = HashMap::new();
    for group in groups {
        if let Some(&first) = group.members.first() {
            beginning.entry(first).or_default().push(group);
        }
    }
    let shown = |group: &Counted<'_>| -> Option<u32> {
        let count = group.count?;
        let within: Vec<(&Counted<'_>, u32)> = group
            .members
            .iter()
            .filter_map(|member| beginning.get(member))
            .flatten()
            .filter(|part| part.members.len() < group.members.len() && part.members.is_subset(&group.members))
            .filter_map(|part| Some((*part, part.count.filter(|count| *count >= least)?)))
            .collect();
        let gives_away = partitions.iter().any(|partition| {
            let mut parts: Vec<(&Counted<'_>, u32)> =
                within.iter().copied().filter(|(part, _)| part.partition == *partition).collect();
            parts.sort_by_key(|(part, _)| part.members.len());
            // the finest parts first, and the coarsest: either may leave less over
            let left = |parts: &mut dyn Iterator<Item = &(&Counted<'_>, u32)>| {
                let mut covered: HashSet<usize> = HashSet::new();
                let mut left = count;
                for (part, of_part) in parts {
                    if part.members.iter().all(|member| !covered.contains(member)) {
                        covered.extend(&part.members);
                        left = left.saturating_sub(*of_part);
                    }
                }
                (covered.len() < group.members.len()).then_some(left)
            };
            let alone = parts.iter().map(|(_, of_part)| count.saturating_sub(*of_part)).min();
            let together = [left(&mut parts.iter()), left(&mut parts.iter().rev())];
            together.into_iter().chain([alone]).flatten().any(|left| left < least)
        });
        (count >= least && !gives_away).then(|| rounded(count))
    };
    groups.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    #[test]
    fn small_numbers_and_small_differences_are_absent() {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let group = |partition, members: std::ops::Range<usize>, count| Counted {
            partition,
            members: members.collect::<BTreeSet<_>>(),
            count,
        };
        let groups = [
            group("block", 0..3, Some(29)),
            group("county", 0..10, Some(104)),
            group("block", 0..11, Some(120)),
            group("block", 0..20, Some(255)),
            group("block", 20..40, None),
        ];
        assert_eq!(write(&groups, &policy), [None, Some(100), None, Some(260), None]);

        // two shown blocks of three, and the whole: the third would be the difference
        let blocks = [
            group("block", 0..14, Some(100)),
            group("block", 14..28, Some(100)),
            group("block", 28..42, Some(20)),
            group("block", 0..42, Some(220)),
        ];
        assert_eq!(write(&blocks, &policy), [Some(100), Some(100), None, None]);
    }
}
