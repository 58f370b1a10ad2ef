//! What published means tell of the sums behind them: the least and the greatest sum that would be written in the same way.
//!
//! A coded block's own sum counts as exact, though only its end is published: other numbers of its year are made as if it were
//! at that end, and this keeps them so. It makes the witnesses fewer than they could be, never wrong.

use super::{Round, coding::Coding, scores::Scores, sums::Key};
use crate::{
    definition::Policy,
    disclosure::rule,
    model::{OrganisationId, Year},
};

/// A window on the sum of some organisations' scores in a measure and year; millionths of a point, both ends included.
pub(in crate::disclosure) struct SumWindow<'a> {
    pub(in crate::disclosure) measure: usize,
    pub(in crate::disclosure) members: &'a [OrganisationId],
    pub(in crate::disclosure) low: i64,
    pub(in crate::disclosure) high: i64,
}

/// Every window on a year's sums, other years being as they are.
pub(in crate::disclosure) fn of_year<'a>(
    round: &'a Round<'a>,
    scores: &Scores,
    policy: &Policy,
    year: Year,
) -> Vec<SumWindow<'a>> {
    let sums = scores.sums(round, policy);
    let coding = Coding::of(round, &sums, policy);
    let mut windows = Vec::new();
    for (measure, node) in round.instrument.nodes.iter().enumerate() {
        for group in &round.plan.groups {
            let key: Key = (group.id.to_string(), year, node.id.to_string());
            let (Some(members), Some(&(organisations, sum))) = (group.members.get(&year), sums.means.get(&key)) else {
                continue;
            };
            let (low, high) = if coding.is_coded(&key) {
                (sum, sum)
            } else {
                let held = coding.of_members(members, year, node.id.as_str());
                let least = same(sum, 0, |sum| rule::mean::write(sum + held, organisations, policy));
                let most = organisations * 100_000_000;
                (least, same(sum, most, |sum| rule::mean::write(sum + held, organisations, policy)))
            };
            windows.push(SumWindow { measure, members, low, high });
        }
        for (group, years) in &round.plan.panels {
            for (to, members) in years {
                let sign = match (*to == year, to.previous() == Some(year)) {
                    (true, _) => 1,
                    (_, true) => -1,
                    _ => continue,
                };
                let key: Key = (group.to_string(), *to, node.id.to_string());
                let Some(&(organisations, change)) = sums.matched.get(&key) else { continue };
                let held = |of: Year| coding.of_members(members, of, node.id.as_str());
                let held = held(*to) - to.previous().map_or(0, held);
                let step = i128::from(policy.mean_step.max(1)) * 1_000_000 * i128::from(organisations.max(1));
                let written = |change: i64| rule::mean::half_even(i128::from(change + held), step);
                let most = organisations * 100_000_000;
                let room = [same(change, -most, written) - change, same(change, most, written) - change];
                let [down, up] = if sign > 0 { room } else { [-room[1], -room[0]] };
                // the other year being as it is, the change leaves this year's sum as much room as it has itself
                let Some(sum) = scores.sum(members, year, measure) else { continue };
                windows.push(SumWindow { measure, members, low: sum + down, high: sum + up });
            }
        }
    }
    windows
}

/// The number furthest from `at` towards `end` that a monotone function writes as it writes `at`.
fn same<T: PartialEq>(at: i64, end: i64, write: impl Fn(i64) -> T) -> i64 {
    let wanted = write(at);
    let (mut inside, mut outside) = (at, end);
    if write(end) == wanted {
        return end;
    }
    while inside.abs_diff(outside) > 1 {
        let middle = inside + (outside - inside) / 2;
        if write(middle) == wanted {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Definitions, Source};

    #[test]
    fn a_window_ends_where_another_number_begins() {
        let policy = Definitions::load(&Source::BuiltIn).unwrap().policy;
        let write = |sum: i64| rule::mean::write(sum, 14, &policy);
        for points in [5.1, 46.5, 46.6, 47.5, 94.4] {
            let sum = (points * 14e6) as i64;
            let (low, high) = (same(sum, 0, write), same(sum, 1_400_000_000, write));
            assert!(low <= sum && sum <= high);
            assert_eq!((write(low), write(high)), (write(sum), write(sum)), "{points}");
            assert!(write(low - 1) != write(sum) && write(high + 1) != write(sum), "{points}");
            assert!(high - low <= 14_000_000, "{points}: {low} {high}");
        }
    }
}
