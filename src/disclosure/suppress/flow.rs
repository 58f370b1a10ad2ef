//! The cheapest change of cells that a reader cannot see and that takes one of them far enough, as a linear programme; which
//! changes are asked for, and what becomes of them, is the search's.

use super::{
    FixedTable, SuppressError,
    proof::Doubt,
    solver::{Programme, Unknown},
};

/// What a unit of change of a cell costs that is hidden already: a little, so that no change runs in a circle.
const HIDDEN: f64 = 1.0 / 1024.0;

/// What is gained by a unit of change where it is to go as far as can be: more than any change costs.
const GAIN: f64 = 1e6;

/// Where a cell is to go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aim {
    /// At least so far below (negative) or above its value.
    Beyond(i64),
    /// As far down (-1) or up (1) as can be.
    Farthest(i64),
}

/// The cheapest change of free cells that the reader cannot see and that takes the doubted cell where it is to go; none when
/// there is none. Cells in `hidden` cost next to nothing.
pub(super) fn cheapest_change(
    table: &FixedTable,
    hidden: &[bool],
    doubt: Doubt<'_>,
    aim: Aim,
    free: &[bool],
) -> Result<Option<Vec<i64>>, SuppressError> {
    let mut free = free.to_vec();
    for &cell in &doubt.reader.known {
        free[cell] = false;
    }
    let movable: Vec<usize> = (0..free.len()).filter(|&cell| free[cell]).collect();
    let mut place = vec![None; free.len()];
    let mut programme = Programme::default();
    // two unknowns a cell, what it rises and what it falls by
    for (at, &cell) in movable.iter().enumerate() {
        place[cell] = Some(2 * at);
        let cost = cost(table, hidden, cell);
        for (sign, most) in [(1, table.reach()), (-1, doubt.reader.room[cell])] {
            let mut unknown = Unknown { low: 0, high: most, cost };
            if cell == doubt.cell {
                match aim {
                    Aim::Beyond(by) if by.signum() == sign => unknown.low = by.abs(),
                    Aim::Farthest(way) if way == sign => unknown.cost = -GAIN,
                    Aim::Beyond(_) | Aim::Farthest(_) => unknown.high = 0,
                }
            }
            if unknown.low > unknown.high {
                return Ok(None);
            }
            programme.unknowns.push(unknown);
        }
    }
    for relation in &table.relations {
        let both = |(cell, sign): (usize, i64)| {
            let at = place[cell]?;
            Some([(at, sign as f64), (at + 1, -sign as f64)])
        };
        let terms: Vec<(usize, f64)> = relation.signed().filter_map(both).flatten().collect();
        if !terms.is_empty() {
            programme.sums.push(terms);
        }
    }
    let whole_change = |unknowns: &[i64]| {
        let mut change = vec![0; free.len()];
        for (&cell, both) in movable.iter().zip(unknowns.chunks_exact(2)) {
            change[cell] = both[0] - both[1];
        }
        change
    };
    let solved = programme.cheapest(|unknowns| {
        let change = whole_change(unknowns);
        table.allows(&change, &free) && doubt.reader.allows(&change)
    });
    let unknowns = solved.map_err(|cause| SuppressError::Solver { cell: doubt.cell, cause })?;
    Ok(unknowns.map(|unknowns| whole_change(&unknowns)))
}

/// What a unit of change of a cell costs: the number of binary digits of its value, and by a trifle less the earlier it is.
fn cost(table: &FixedTable, hidden: &[bool], cell: usize) -> f64 {
    let own = &table.cells[cell];
    if hidden[cell] {
        // a change that leaves insiders' cells alone is a proof against those insiders too
        return if own.contributors == 1 { 4.0 * HIDDEN } else { HIDDEN };
    }
    f64::from(digits(own.value)) + cell as f64 / table.cells.len() as f64 / 64.0
}

/// How much is lost with a cell.
pub(super) fn digits(value: i64) -> u32 {
    1 + i64::BITS - value.leading_zeros()
}
