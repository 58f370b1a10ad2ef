//! Effective anonymity within one year, where published means count as exact and a reader may know one member's value.

use std::collections::{BTreeSet, HashMap};

use super::{shares::in_shares, span::Span};
use crate::definition::Policy;

/// The effective anonymity of the organisation that has least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithinYear {
    /// The least effective anonymity.
    pub k_eff: f64,
    /// Position of the organisation that has it.
    pub worst: usize,
    /// Number of independent statistics.
    pub rank: usize,
    /// How many organisations lie below `limit`.
    pub below: usize,
}

/// Computes effective anonymity from memberships alone. `groups` holds positions of members, each below `organisations`;
/// `insiders` is how many other members' exact values the reader knows; beyond one, those who help most are taken one after the
/// other, each time given those before, which is at most a little less than the worst choice of all.
///
/// With the span of the groups' indicator rows as `M` and `R = 0`: `P = I - M' (M M')^-1 M`, and with member `c` known
/// `P_ii|c = P_ii - P_ic^2 / P_cc`.
pub fn within_year(groups: &[Vec<usize>], organisations: usize, insiders: u8, limit: f64) -> WithinYear {
    let span = Span::of(groups, organisations);
    let own: Vec<f64> = (0..organisations).map(|i| 1.0 - span.product(i, i)).collect();
    let alike = Alike::of(groups, organisations);
    let left_of =
        |some: &[usize]| some.iter().map(|&i| known_by(i, insiders, &own, &span, &alike)).collect::<Vec<f64>>();
    let leaders: Vec<usize> = alike.classes.iter().map(|class| class[0]).collect();
    let left = if organisations < ALONE { left_of(&leaders) } else { in_shares(&leaders, left_of) };
    let left = alike.class_of.iter().map(|&class| left[class]);
    let mut found = WithinYear { k_eff: f64::INFINITY, worst: 0, rank: span.rank, below: 0 };
    for (i, left) in left.enumerate() {
        let k_eff = 1.0 / (1.0 - left).clamp(1e-12, 1.0);
        if k_eff < limit - 1e-9 {
            found.below += 1;
        }
        if k_eff < found.k_eff - 1e-9 {
            found.k_eff = k_eff;
            found.worst = i;
        }
    }
    found
}

/// Organisations that are in the same groups: nothing that is published tells them apart, and each knows as much of the others.
struct Alike {
    /// The class of each organisation.
    class_of: Vec<usize>,
    /// Members of each class, ascending.
    classes: Vec<Vec<usize>>,
}

impl Alike {
    fn of(groups: &[Vec<usize>], organisations: usize) -> Self {
        let mut said: Vec<Vec<usize>> = vec![Vec::new(); organisations];
        for (group, members) in groups.iter().enumerate() {
            for &member in members {
                said[member].push(group);
            }
        }
        let mut places: HashMap<&[usize], usize> = HashMap::new();
        let mut alike = Self { class_of: Vec::with_capacity(organisations), classes: Vec::new() };
        for (organisation, said) in said.iter().enumerate() {
            let class = *places.entry(said).or_insert(alike.classes.len());
            if class == alike.classes.len() {
                alike.classes.push(Vec::new());
            }
            alike.classes[class].push(organisation);
            alike.class_of.push(class);
        }
        alike
    }
}

/// Fewer organisations are not worth a thread.
const ALONE: usize = 400;

/// The least effective anonymity by groups of one year beside what was shown of it before, and everybody whom the result's
/// positions are of. What was shown is left out where it tells more than the policy allows by itself, which is so after that
/// has been made stricter: it cannot be taken back, and nothing published now would mend it.
pub(in crate::disclosure) fn least_beside<'a, T: Ord>(
    now: &[&'a [T]],
    before: &[&'a [T]],
    policy: &Policy,
) -> (WithinYear, Vec<&'a T>) {
    let known = least(before, policy).0.k_eff >= policy.k_eff_min - 1e-9;
    let before = if known { before } else { &[] };
    least(&[now, before].concat(), policy)
}

fn least<'a, T: Ord>(groups: &[&'a [T]], policy: &Policy) -> (WithinYear, Vec<&'a T>) {
    let everybody: BTreeSet<&T> = groups.iter().copied().flatten().collect();
    let everybody: Vec<&T> = everybody.into_iter().collect();
    let column = |member: &T| everybody.binary_search(&member).ok();
    let columns: Vec<Vec<usize>> = groups.iter().map(|members| members.iter().filter_map(column).collect()).collect();
    (within_year(&columns, everybody.len(), policy.insiders, policy.k_eff_min), everybody)
}

/// What is left of the variance of result `i` when insiders are known who help the reader most, one after the other.
fn known_by(i: usize, insiders: u8, own: &[f64], span: &Span, alike: &Alike) -> f64 {
    let organisations = own.len();
    let covariance = |a: usize, b: usize| if a == b { own[a] } else { -span.product(a, b) };
    if insiders == 0 {
        return own[i];
    }
    if insiders == 1 {
        // of each class one will do, but not the organisation itself
        let others = alike.classes.iter().filter_map(|class| class.iter().find(|&&c| c != i));
        let gain = |c: usize| if own[c] > 1e-12 { covariance(i, c) * covariance(i, c) / own[c] } else { 0.0 };
        return own[i] - others.map(|&c| gain(c)).fold(0.0, f64::max);
    }
    let mut with: Vec<f64> = (0..organisations).map(|c| covariance(i, c)).collect();
    let mut variance = own.to_vec();
    let mut known: Vec<(usize, Vec<f64>, f64)> = Vec::new();
    for number in 0..insiders {
        // what is known already cannot be learnt from an insider
        let gain = |c: usize| {
            let is_open = c != i && variance[c] > 1e-12 && known.iter().all(|(other, ..)| *other != c);
            if is_open { with[c] * with[c] / variance[c] } else { 0.0 }
        };
        let Some(best) = (0..organisations).max_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(b.cmp(&a))) else { break };
        if gain(best) <= 0.0 {
            break;
        }
        if number + 1 == insiders {
            return variance[i] - gain(best);
        }
        let mut row: Vec<f64> = (0..organisations).map(|d| covariance(best, d)).collect();
        for (_, other, of_other) in &known {
            let shared = other[best];
            row.iter_mut().zip(other).for_each(|(own, other)| *own -= shared * other / of_other);
        }
        let of_best = variance[best];
        let shared = with[best];
        for d in 0..organisations {
            with[d] -= shared * row[d] / of_best;
            variance[d] -= row[d] * row[d] / of_best;
        }
        known.push((best, row, of_best));
    }
    variance[i]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_group_gives_its_size_and_an_insider_takes_one() {
        let group = vec![(0..9).collect::<Vec<_>>()];
        let alone = within_year(&group, 9, 0, 5.0);
        assert!((alone.k_eff - 9.0).abs() < 1e-9, "{alone:?}");
        let insider = within_year(&group, 9, 1, 5.0);
        assert!((insider.k_eff - 8.0).abs() < 1e-9, "{insider:?}");
        let three = within_year(&group, 9, 3, 5.0);
        assert!((three.k_eff - 6.0).abs() < 1e-9, "{three:?}");
    }

    #[test]
    fn overlapping_groups_that_differ_by_one_give_that_one_away() {
        let groups = vec![(0..9).collect::<Vec<_>>(), (0..10).collect()];
        let found = within_year(&groups, 10, 0, 5.0);
        assert!((found.k_eff - 1.0).abs() < 1e-6, "{found:?}");
        assert_eq!(found.worst, 9);
    }

    #[test]
    fn unions_of_published_groups_cost_nothing() {
        let parts = vec![(0..10).collect::<Vec<_>>(), (10..20).collect()];
        let with_union = vec![parts[0].clone(), parts[1].clone(), (0..20).collect()];
        assert_eq!(within_year(&parts, 20, 1, 5.0), within_year(&with_union, 20, 1, 5.0));
    }
}
