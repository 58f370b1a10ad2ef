//! The audit of a pattern: what readers can work out of it, and whether that is little enough; nothing of how it was found.

use super::{FixedTable, Protection, SuppressError, intruder::Intruder, reader::Reader};

/// What a reader knows about a hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The cell.
    pub cell: usize,
    /// Whose interval: none for an outsider, else the position in the list of insiders.
    pub insider: Option<usize>,
    /// The least value that fits everything the reader knows.
    pub low: i64,
    /// The greatest; cut at 1000 and four times the table's largest value above the true one.
    pub high: i64,
}

/// Works out the interval of every hidden cell, first for an outsider, then for each insider (a list of cells whose values it
/// knows) but without the cells that it knows.
///
/// A reader knows relations, published cells, and that values are nonnegative whole numbers. In the units of the table.
pub fn audit(table: &FixedTable, hidden: &[bool], insiders: &[Vec<usize>]) -> Result<Vec<Interval>, SuppressError> {
    check(table, hidden)?;
    let mut known =
        insiders.iter().enumerate().flat_map(|(insider, known)| known.iter().map(move |&cell| (insider, cell)));
    if let Some((insider, cell)) = known.find(|(_, cell)| *cell >= table.cells.len()) {
        return Err(SuppressError::NoSuchKnown { insider, cell, cells: table.cells.len() });
    }
    let outsider = Reader::new(table, Vec::new(), &[]);
    let insiders = insiders.iter().map(|known| Reader::new(table, known.clone(), &[]));
    let readers: Vec<Reader> = [outsider].into_iter().chain(insiders).collect();
    let mut intervals = Vec::new();
    let mut found = Vec::new();
    for (at, reader) in readers.iter().enumerate() {
        // who knows published cells alone is an outsider
        if at > 0 && !reader.known.iter().any(|&cell| hidden.get(cell) == Some(&true)) {
            continue;
        }
        let mut intruder = Intruder::new(table, hidden, reader, &found);
        for cell in (0..hidden.len()).filter(|cell| hidden[*cell] && !reader.known.contains(cell)) {
            let [low, high] = intruder.interval(cell, &mut found)?.map(|change| table.cells[cell].value + change);
            intervals.push(Interval { cell, insider: at.checked_sub(1), low, high });
        }
    }
    Ok(intervals)
}

/// Accepts a pattern when every sensitive cell is hidden and keeps what it is owed against every reader. `proofs` are changes
/// that are said to be possible: those that are save work, the others are left out.
pub(super) fn accept(
    table: &FixedTable,
    hidden: &[bool],
    readers: &[Reader],
    primary: &[Option<Protection>],
    proofs: Vec<Vec<i64>>,
) -> Result<(), SuppressError> {
    check(table, hidden)?;
    let mut found = proofs;
    found.retain(|change| table.allows(change, hidden));
    for reader in readers {
        let mut intruder = Intruder::new(table, hidden, reader, &found);
        let owed = primary.iter().enumerate().filter_map(|(cell, owed)| Some((cell, (*owed)?)));
        for (cell, owed) in owed.filter(|(cell, _)| !reader.known.contains(cell)) {
            if !intruder.leaves(cell, owed, &mut found)? {
                let [low, high] = intruder.interval(cell, &mut found)?.map(|change| table.cells[cell].value + change);
                return Err(SuppressError::Refused { cell, insider: reader.name(&readers[0]), low, high });
            }
        }
    }
    Ok(())
}

fn check(table: &FixedTable, hidden: &[bool]) -> Result<(), SuppressError> {
    table.check()?;
    let cells = table.cells.len();
    if hidden.len() != cells {
        return Err(SuppressError::Length { hidden: hidden.len(), cells });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Relation, Totals, two_way};
    use super::*;
    use proptest::prelude::*;

    /// Tries every table with the same totals, cell by cell, and notes what each cell can be.
    fn try_all(table: &FixedTable, free: &[bool], values: &mut Vec<i64>, seen: &mut [Option<[i64; 2]>]) {
        let at = values.len();
        if at == table.cells.len() {
            let kept =
                |relation: &Relation| relation.signed().map(|(cell, sign)| sign * values[cell]).sum::<i64>() == 0;
            if table.relations.iter().all(kept) {
                for (seen, &value) in seen.iter_mut().zip(values.iter()) {
                    *seen = Some(seen.map_or([value; 2], |[low, high]| [low.min(value), high.max(value)]));
                }
            }
            return;
        }
        let own = table.cells[at].value;
        // no inner cell can be above its row's total
        let range = if free[at] { 0..=table.cells[6 + at / 3].value } else { own..=own };
        for value in range {
            values.push(value);
            try_all(table, free, values, seen);
            values.pop();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn intervals_are_those_of_all_tables_there_are(
            counts in prop::collection::vec(0_u32..4, 6),
            dots in prop::collection::vec(any::<bool>(), 6),
        ) {
            let inner: Vec<Cell> = counts.iter().map(|&count| Cell::count(count)).collect();
            let table = two_way(2, 3, &inner, Totals::Published).unwrap();
            let hidden: Vec<bool> = dots.iter().copied().chain([false; 6]).collect();
            let insiders = table.insiders();
            let found = audit(&table, &hidden, &insiders).unwrap();
            let everybody = std::iter::once((None, &[][..])).chain(insiders.iter().enumerate().map(|(at, known)| (Some(at), &known[..])));
            for (insider, known) in everybody {
                let free: Vec<bool> = hidden.iter().enumerate().map(|(cell, &own)| own && !known.contains(&cell)).collect();
                let mut seen = vec![None; table.cells.len()];
                try_all(&table, &free, &mut Vec::new(), &mut seen);
                for own in found.iter().filter(|own| own.insider == insider) {
                    prop_assert_eq!(seen[own.cell], Some([own.low, own.high]));
                }
            }
        }
    }

    #[test]
    fn who_knows_a_cell_that_is_not_there_is_refused() {
        let table = two_way(1, 1, &[Cell::count(7)], Totals::Published).unwrap();
        let refused = audit(&table, &[true, false, false, false], &[vec![0], vec![4]]);
        assert_eq!(refused, Err(SuppressError::NoSuchKnown { insider: 1, cell: 4, cells: 4 }));
    }
}
