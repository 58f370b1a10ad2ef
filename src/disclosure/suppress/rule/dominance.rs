//! The dominance rule, in the form of the p% rule: cells that are mostly one contributor's; how many there are is the threshold's.
//!
//! *Protects against*: the second largest contributor, who takes its own contribution from the value, and so comes close to the
//! largest one's.
//!
//! *Rule*: with contributions `x1 >= x2 >= ...` and value `X`, a cell is sensitive when `X - x1 - x2 < p / 100 * x1`. It is owed an
//! interval that moves at least `p / 100 * x1 - (X - x1 - x2)` both ways, rounded up. Not used by counts.
//!
//! *Why it holds*: the second largest knows that `x1` is at most `X - x2`, which is at least `p` per cent too much when the cell
//! is not sensitive; and when it is, the interval adds just what is missing to that.
//!
//! *Cost*: cells with many contributors are lost to one large one. The rule reads values, so dots tell something about them.

use super::super::Cell;
use super::{Basis, Protection, Thresholds};

/// What a cell is owed for being mostly one contributor's.
pub(super) fn owed(cell: &Cell, thresholds: &Thresholds) -> Option<Protection> {
    let Basis::Values { percent } = thresholds.basis else { return None };
    let [first, second] = cell.largest;
    let rest = cell.value - first - second;
    let missing = i64::from(percent) * first - 100 * rest;
    (missing > 0).then(|| {
        let up = (missing + 99) / 100;
        let down = up.min(cell.value);
        Protection { down, up, width: down + up }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_large_contributor_is_sensitive() {
        let owed = |value, largest, percent| {
            let cell = Cell { value, contributors: 9, largest, least: 0, can_be_hidden: true };
            owed(&cell, &Thresholds::by_values(3, percent)).map(|owed| owed.up)
        };
        // ten others with 1 each are 11 % of 90
        assert_eq!(owed(110, [90, 10], 10), None);
        assert_eq!(owed(110, [90, 10], 20), Some(8));
        assert_eq!(owed(100, [90, 10], 10), Some(9));
        assert_eq!(owed(0, [0, 0], 10), None);
    }
}
