//! The one-way case, parts of one published total such as the units of an organisation; larger tables are searched.

use super::SuppressError;

/// Which parts are hidden, given the contributors of each, when their total is published.
///
/// Parts with fewer than `least` contributors are hidden, except empty ones, and if there is one, the next smallest are
/// until at least two are and all of them together have `least` contributors, also less one who is alone in a part: what is
/// left when shown parts are taken from the total. Ties go to the earlier part. A function of counts alone.
pub fn one_way(contributors: &[u32], least: u32) -> Result<Vec<bool>, SuppressError> {
    let mut hidden: Vec<bool> = contributors.iter().map(|&own| own > 0 && own < least).collect();
    let Some(sensitive) = hidden.iter().position(|hidden| *hidden) else { return Ok(hidden) };
    let mut next: Vec<usize> = (0..hidden.len()).filter(|&part| contributors[part] >= least.max(1)).collect();
    next.sort_by_key(|&part| (contributors[part], part));
    let mut next = next.into_iter();
    loop {
        let parts = hidden.iter().zip(contributors).filter(|(hidden, _)| **hidden).map(|(_, own)| u64::from(*own));
        let alone = u64::from(parts.clone().any(|own| own == 1));
        if parts.clone().count() > 1 && parts.clone().sum::<u64>() >= u64::from(least) + alone {
            return Ok(hidden);
        }
        let Some(part) = next.next() else {
            let high = parts.sum::<u64>().saturating_sub(alone) as i64;
            return Err(SuppressError::Unprotectable { cell: sensitive, insider: None, low: 0, high });
        };
        hidden[part] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, FixedTable, Relation, audit};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_single_hidden_part_takes_the_next_smallest_along() {
        assert_eq!(one_way(&[20, 3, 12, 12, 40], 10).unwrap(), [false, true, true, false, false]);
        assert_eq!(one_way(&[20, 3, 4, 12], 5).unwrap(), [false, true, true, false]);
        // 7 in two hidden parts are fewer than 10
        assert_eq!(one_way(&[20, 3, 4, 12], 10).unwrap(), [false, true, true, true]);
        // who is alone learns of the other nine
        assert_eq!(one_way(&[1, 9, 11, 30], 10).unwrap(), [true, true, true, false]);
        assert_eq!(one_way(&[10, 0, 12], 10).unwrap(), [false; 3]);
        assert!(one_way(&[], 10).unwrap().is_empty());
    }

    #[test]
    fn too_few_altogether_are_refused() {
        let error = one_way(&[4, 1], 5).unwrap_err();
        assert_eq!(error, SuppressError::Unprotectable { cell: 0, insider: None, low: 0, high: 4 });
    }

    proptest! {
        #[test]
        fn the_audit_accepts_what_is_found(contributors in prop::collection::vec(0_u32..20, 1..8), least in 2_u32..12) {
            if let Ok(hidden) = one_way(&contributors, least) {
                let mut cells: Vec<Cell> = contributors.iter().map(|&own| Cell::count(own)).collect();
                cells.push(Cell::count(contributors.iter().sum()));
                let parts = (0..contributors.len()).collect();
                let table = FixedTable { relations: vec![Relation { total: contributors.len(), parts }], cells, brought: Vec::new() };
                let pattern: Vec<bool> = hidden.iter().copied().chain([false]).collect();
                for interval in audit(&table, &pattern, &table.insiders()).unwrap() {
                    let sensitive = contributors[interval.cell] < least;
                    prop_assert!(!sensitive || interval.high - interval.low >= i64::from(least), "{interval:?}");
                }
            }
        }
    }
}
