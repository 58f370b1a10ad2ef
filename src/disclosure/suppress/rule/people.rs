//! The rule for few people: cells whose value is small although several contribute; how few these are is the threshold's.
//!
//! *Protects against*: numbers of people so small that somebody who knows some of them knows all.
//!
//! *Rule*: a cell is sensitive when its value is above 0 and below `min_value`. It is owed an interval that moves at least 1 both
//! ways and is `min_value` wide.
//!
//! *Why it holds*: hidden cells whose sum follows from what is published leave each of them an interval no wider than that sum;
//! so each such sum with a sensitive cell is at least `min_value`.
//!
//! *Cost*: more cells are hidden than are sensitive. By counts the threshold says the same, so it is not used there.

use super::super::Cell;
use super::{Protection, Thresholds};

/// What a cell is owed for being of few people.
pub(super) fn owed(cell: &Cell, thresholds: &Thresholds) -> Option<Protection> {
    (1..thresholds.min_value).contains(&cell.value).then(|| Protection {
        down: 1,
        up: 1,
        width: thresholds.min_value.max(2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_of_many_is_sensitive_and_none_is_not() {
        let thresholds = Thresholds { min_value: 30, ..Thresholds::by_values(3, 10) };
        let owed = |value| {
            let cell = Cell { value, contributors: 9, largest: [1, 1], least: 0, can_be_hidden: true };
            owed(&cell, &thresholds)
        };
        assert_eq!(owed(29), Some(Protection { down: 1, up: 1, width: 30 }));
        assert_eq!((owed(30), owed(0)), (None, None));
    }
}
