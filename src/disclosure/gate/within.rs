//! Effective anonymity within one year, where published means count as exact and a reader may know one member's value.

use super::matrix::{Matrix, dot, orthonormal_basis};

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
/// `insiders` is how many other members' exact values the reader knows, 0 or 1.
///
/// With the span of the groups' indicator rows as `M` and `R = 0`: `P = I - M' (M M')^-1 M`, and with member `c` known
/// `P_ii|c = P_ii - P_ic^2 / P_cc`.
pub fn within_year(groups: &[Vec<usize>], organisations: usize, insiders: u8, limit: f64) -> WithinYear {
    let mut rows = Matrix::zero(groups.len(), organisations);
    for (row, members) in groups.iter().enumerate() {
        for &member in members {
            rows.row_mut(row)[member] = 1.0;
        }
    }
    let basis = orthonormal_basis(&rows);
    // a column per organisation becomes a row, so that inner products run over neighbouring numbers
    let mut loads = Matrix::zero(organisations, basis.rows);
    for row in 0..basis.rows {
        for (column, &value) in basis.row(row).iter().enumerate() {
            loads.row_mut(column)[row] = value;
        }
    }
    let own: Vec<f64> = (0..organisations).map(|i| 1.0 - dot(loads.row(i), loads.row(i))).collect();
    let mut found = WithinYear { k_eff: f64::INFINITY, worst: 0, rank: basis.rows, below: 0 };
    for i in 0..organisations {
        let mut left = own[i];
        if insiders > 0 {
            for c in 0..organisations {
                // what is known already cannot be learnt from an insider
                if c != i && own[c] > 1e-12 {
                    let shared = dot(loads.row(i), loads.row(c));
                    left = left.min(own[i] - shared * shared / own[c]);
                }
            }
        }
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
