//! The whole way from a table to its audit, on tables made up at random; odd shapes and named traps stand elsewhere.

use proptest::prelude::*;

use super::{
    Cell, FixedTable, Relation, SuppressError, Thresholds, Totals, Zeros, audit, audit::accept, reader::Reader,
    suppress, two_way,
};

/// Checks a pattern from outside; says how many dots it has, and how many of those protect others.
pub(super) fn hold(table: &FixedTable, thresholds: &Thresholds) -> Result<Option<(usize, usize)>, TestCaseError> {
    let pattern = match suppress(table, thresholds) {
        Ok(pattern) => pattern,
        Err(SuppressError::Unprotectable { .. } | SuppressError::Pinned { .. }) => return Ok(None),
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    let insiders = table.insiders();
    for interval in audit(table, &pattern.hidden, &insiders).unwrap() {
        let value = table.cells[interval.cell].value;
        prop_assert!(interval.low <= value && value <= interval.high);
        if let Some(owed) = pattern.primary[interval.cell] {
            let own = interval
                .insider
                .map_or(0, |insider| Reader::new(table, insiders[insider].clone(), &[]).least[interval.cell]);
            let met = owed.against(value, own).is_met(value - interval.low, interval.high - value);
            prop_assert!(met, "{:?} {:?}", interval, owed);
        }
    }
    // no single dot can be taken back
    for cell in (0..pattern.hidden.len()).filter(|&cell| pattern.hidden[cell]) {
        let mut fewer = pattern.hidden.clone();
        fewer[cell] = false;
        let needed = pattern.primary[cell].is_some()
            || accept(table, &fewer, &table.readers(), &pattern.primary, Vec::new()).is_err();
        prop_assert!(needed, "cell {cell} is hidden for nothing");
    }
    let secondary = pattern.hidden.iter().zip(&pattern.primary).filter(|(hidden, owed)| **hidden && owed.is_none());
    Ok(Some((pattern.hidden.iter().filter(|hidden| **hidden).count(), secondary.count())))
}

fn counts() -> impl Strategy<Value = (usize, usize, Vec<u32>)> {
    let count = prop_oneof![Just(0_u32), 1_u32..5, 5_u32..60];
    (1_usize..=6, 1_usize..=6).prop_flat_map(move |(rows, columns)| {
        (Just(rows), Just(columns), prop::collection::vec(count.clone(), rows * columns))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn tables_of_counts((rows, columns, counts) in counts(), least in 2_u32..7, published: bool, zeros: bool) {
        let inner: Vec<Cell> = counts.iter().map(|&count| Cell::count(count)).collect();
        let totals = if published { Totals::Published } else { Totals::MayBeHidden };
        let table = two_way(rows, columns, &inner, totals).unwrap();
        let zeros = if zeros { Zeros::Sensitive } else { Zeros::MayBeKnown };
        let found = hold(&table, &Thresholds { zeros, ..Thresholds::by_counts(least) })?;
        // where totals may be hidden there is a way, unless somebody who is alone in a row or column knows its zeros
        prop_assert!(published || zeros == Zeros::Sensitive || found.is_some());
    }

    #[test]
    fn tables_of_magnitudes(
        (rows, columns, counts) in counts(),
        sizes in prop::collection::vec((1_i64..2000, 0_i64..=100), 36),
        percent in 1_u8..30,
        unit in prop_oneof![Just(1_i64), Just(300)],
    ) {
        let cell = |(&count, &(first, share)): (&u32, &(i64, i64))| {
            let second = if count > 1 { first * share / 100 } else { 0 };
            let others = i64::from(count.saturating_sub(2)) * second / 2;
            let value = if count > 0 { first + second + others } else { 0 };
            let largest = if count > 0 { [first, second] } else { [0, 0] };
            Cell { value: value * unit, contributors: count, largest: largest.map(|own| own * unit), least: 0, can_be_hidden: true }
        };
        let inner: Vec<Cell> = counts.iter().zip(&sizes).map(cell).collect();
        let table = two_way(rows, columns, &inner, Totals::MayBeHidden).unwrap();
        prop_assert!(hold(&table, &Thresholds::by_values(3, percent))?.is_some());
    }

    #[test]
    fn cubes_have_corners_that_are_not_whole(counts in prop::collection::vec(0_u32..9, 27), least in 2_u32..5) {
        // three by three by three, with all sums along a side as totals: the relaxation alone would overstate doubt
        let mut table = FixedTable { cells: counts.iter().map(|&count| Cell::count(count)).collect(), relations: vec![], brought: vec![] };
        for step in [1, 3, 9] {
            for start in (0..27).filter(|cell| cell / step % 3 == 0) {
                let parts = vec![start, start + step, start + 2 * step];
                let total = Cell::count(parts.iter().map(|&part| counts[part]).sum());
                table.relations.push(Relation { total: table.cells.len(), parts });
                table.cells.push(total);
            }
        }
        prop_assert!(hold(&table, &Thresholds::by_counts(least))?.is_some());
    }

    #[test]
    fn by_counts_values_are_not_read((rows, columns, counts) in counts(), values in prop::collection::vec(-9_i64..900, 36)) {
        let inner: Vec<Cell> = counts.iter().map(|&count| Cell::count(count)).collect();
        let other: Vec<Cell> = inner.iter().zip(&values).map(|(cell, &value)| Cell { value, ..*cell }).collect();
        let pattern = |inner: &[Cell]| {
            suppress(&two_way(rows, columns, inner, Totals::MayBeHidden).unwrap(), &Thresholds::by_counts(5))
        };
        prop_assert_eq!(pattern(&inner), pattern(&other));
    }
}
