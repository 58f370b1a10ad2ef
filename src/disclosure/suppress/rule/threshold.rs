//! The threshold rule: cells with few contributors; how large a share of a cell one of them has is the dominance rule's.
//!
//! *Protects against*: learning that somebody is one of few with a property, and something about each of them.
//!
//! *Rule*: a cell with fewer than `min_contributors` is sensitive; one without contributors only where zeros are. By counts it
//! is owed an interval that moves at least 1 both ways (up alone where it is 0) and is `width` wide; by values one that moves
//! at least `percent` of the value, and at least 1, both ways.
//!
//! *Why it holds*: by counts, hidden cells whose sum follows from what is published and that hold a sensitive one leave it an
//! interval no wider than that sum; so each such sum has at least `width` contributors, also less those of somebody who is
//! alone in one of them.
//!
//! *Cost*: more cells are hidden than are sensitive, and small totals are lost.

use super::super::Cell;
use super::{Basis, Protection, Thresholds, Zeros};

/// What a cell is owed for having few contributors.
pub(super) fn owed(cell: &Cell, thresholds: &Thresholds) -> Option<Protection> {
    let few = cell.contributors < thresholds.min_contributors;
    let counts = cell.contributors > 0 || thresholds.zeros == Zeros::Sensitive;
    (few && counts).then(|| match thresholds.basis {
        Basis::Counts { width } => {
            let down = cell.value.min(1);
            Protection { down, up: 1, width: i64::from(width).max(down + 1) }
        }
        Basis::Values { percent } => {
            let up = ((cell.value * i64::from(percent) + 99) / 100).max(1);
            let down = up.min(cell.value);
            Protection { down, up, width: down + up }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_contributors_are_sensitive_and_zeros_where_asked() {
        let by_counts = Thresholds::by_counts(5);
        assert_eq!(owed(&Cell::count(3), &by_counts), Some(Protection { down: 1, up: 1, width: 5 }));
        assert_eq!(owed(&Cell::count(5), &by_counts), None);
        assert_eq!(owed(&Cell::count(0), &by_counts), None);
        let zeros = Thresholds { zeros: Zeros::Sensitive, ..by_counts };
        assert_eq!(owed(&Cell::count(0), &zeros), Some(Protection { down: 0, up: 1, width: 5 }));
    }

    #[test]
    fn by_values_the_interval_is_a_share_of_the_value() {
        let cell = Cell { value: 47, contributors: 2, largest: [40, 7], least: 0, can_be_hidden: true };
        let owed = owed(&cell, &Thresholds::by_values(3, 10));
        assert_eq!(owed, Some(Protection { down: 5, up: 5, width: 10 }));
    }
}
