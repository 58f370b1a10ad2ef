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
    let helpers = Helpers::of(&own, &span, &alike);
    let left_of = |some: &[usize]| {
        some.iter().map(|&i| known_by(i, insiders, &own, &span, (&alike, &helpers))).collect::<Vec<f64>>()
    };
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

/// One of each class, by how much it can at most tell of anybody who is in none of its groups of the head.
struct Helpers {
    /// Class, and the bound to be multiplied with what the other has in the tail; most first.
    far: Vec<(usize, f64)>,
    /// Classes by group of the head, by the first of their members.
    near: HashMap<usize, Vec<usize>>,
}

impl Helpers {
    /// `cov(i, c)^2 / P_cc <= |tail_i|^2 |tail_c|^2 / P_cc` (Cauchy and Schwarz), where `i` and `c` share no group of the head.
    fn of(own: &[f64], span: &Span, alike: &Alike) -> Self {
        let mut far = Vec::with_capacity(alike.classes.len());
        let mut near: HashMap<usize, Vec<usize>> = HashMap::new();
        for (class, members) in alike.classes.iter().enumerate() {
            let one = members[0];
            if own[one] > 1e-12 {
                far.push((class, span.in_tail(one) / own[one]));
            }
            if let Some(group) = span.head_of(one) {
                near.entry(group).or_default().push(class);
            }
        }
        far.sort_by(|one, other| other.1.total_cmp(&one.1));
        Self { far, near }
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
fn known_by(i: usize, insiders: u8, own: &[f64], span: &Span, (alike, helpers): (&Alike, &Helpers)) -> f64 {
    let organisations = own.len();
    let covariance = |a: usize, b: usize| if a == b { own[a] } else { -span.product(a, b) };
    if insiders == 0 {
        return own[i];
    }
    if insiders == 1 {
        // of each class one will do, but not the organisation itself
        let other_of = |class: usize| alike.classes[class].iter().copied().find(|&c| c != i);
        let gain = |c: usize| if own[c] > 1e-12 { covariance(i, c) * covariance(i, c) / own[c] } else { 0.0 };
        let beside = span.head_of(i).and_then(|group| helpers.near.get(&group)).into_iter().flatten();
        let mut most = beside.filter_map(|&class| other_of(class)).map(gain).fold(0.0, f64::max);
        let in_tail = span.in_tail(i);
        for &(class, bound) in &helpers.far {
            // a little more than the bound, for rounding
            if bound * in_tail * (1.0 + 1e-9) < most {
                break;
            }
            most = other_of(class).map_or(most, |c| most.max(gain(c)));
        }
        return own[i] - most;
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

    /// The least effective anonymity with one insider, by the formula: every pair, with a projection made of a dense Gram matrix.
    fn by_every_pair(groups: &[Vec<usize>], organisations: usize) -> f64 {
        let mut basis: Vec<Vec<f64>> = Vec::new();
        for members in groups {
            let mut row: Vec<f64> = (0..organisations).map(|at| f64::from(u8::from(members.contains(&at)))).collect();
            for _ in 0..2 {
                for own in &basis {
                    let along: f64 = own.iter().zip(&row).map(|(a, b)| a * b).sum();
                    row.iter_mut().zip(own).for_each(|(value, own)| *value -= along * own);
                }
            }
            let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
            if length > 1e-9 {
                basis.push(row.into_iter().map(|value| value / length).collect());
            }
        }
        let left =
            |a: usize, b: usize| f64::from(u8::from(a == b)) - basis.iter().map(|own| own[a] * own[b]).sum::<f64>();
        let of = |i: usize| {
            let others = (0..organisations).filter(|&c| c != i && left(c, c) > 1e-12);
            let most = others.map(|c| left(i, c).powi(2) / left(c, c)).fold(0.0, f64::max);
            1.0 / (1.0 - (left(i, i) - most)).clamp(1e-12, 1.0)
        };
        (0..organisations).map(of).fold(f64::INFINITY, f64::min)
    }

    proptest::proptest! {
        #[test]
        fn what_is_left_out_of_the_search_would_not_be_found(groups in groups()) {
            let found = within_year(&groups, 40, 1, 5.0).k_eff;
            let expected = by_every_pair(&groups, 40);
            proptest::prop_assert!((found - expected).abs() < 1e-6 * expected, "{} and not {}", found, expected);
        }
    }

    /// Groups of forty organisations: a partition in fives, some unions of its cells, and some that are neither.
    fn groups() -> impl proptest::strategy::Strategy<Value = Vec<Vec<usize>>> {
        use proptest::{collection, strategy::Strategy as _};
        let unions = collection::vec(collection::btree_set(0..8_usize, 1..8), 0..5);
        let others = collection::vec(collection::btree_set(0..40_usize, 1..30), 0..4);
        (unions, others).prop_map(|(unions, others)| {
            let cell = |cell: usize| (cell * 5..cell * 5 + 5).collect::<Vec<_>>();
            let unions = unions.into_iter().map(|cells| cells.into_iter().flat_map(cell).collect());
            let others = others.into_iter().map(|group| group.into_iter().collect());
            (0..8).map(cell).chain(unions).chain(others).collect()
        })
    }

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
