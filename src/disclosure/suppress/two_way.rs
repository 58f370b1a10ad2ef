//! Two-way tables as cells and relations, with their totals; tables of other shapes are put together by the caller.

use super::{Cell, FixedTable, Relation, SuppressError};

/// Whether totals may carry dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Totals {
    /// They are published whatever happens.
    Published,
    /// They may be hidden as any other cell.
    MayBeHidden,
}

/// A table of `rows` by `columns` inner cells, given row by row. In the result come first the inner cells (`row * columns +
/// column`), then the row totals, then the column totals, then the grand total. Where contributors stand in
/// several inner cells, what they bring has to be added ([`FixedTable::brought`]).
pub fn two_way(rows: usize, columns: usize, inner: &[Cell], totals: Totals) -> Result<FixedTable, SuppressError> {
    let inside = rows.checked_mul(columns).filter(|inside| *inside == inner.len());
    let Some(inside) = inside else {
        return Err(SuppressError::Shape { rows, columns, cells: inner.len() });
    };
    let mut table = FixedTable { cells: inner.to_vec(), ..FixedTable::default() };
    let mut add = |total: usize, parts: Vec<usize>| {
        let sum = sum(parts.iter().filter_map(|&part| table.cells.get(part)), totals);
        // the grand total stands at the end of rows and of columns, and is made once
        if table.cells.len() == total {
            table.cells.push(sum);
        }
        table.relations.push(Relation { total, parts });
    };
    for row in 0..rows {
        add(inside + row, (row * columns..(row + 1) * columns).collect());
    }
    for column in 0..columns {
        add(inside + rows + column, (column..inside).step_by(columns).collect());
    }
    add(inside + rows + columns, (inside..inside + rows).collect());
    add(inside + rows + columns, (inside + rows..inside + rows + columns).collect());
    Ok(table)
}

fn sum<'a>(parts: impl Iterator<Item = &'a Cell>, totals: Totals) -> Cell {
    let start =
        Cell { value: 0, contributors: 0, largest: [0; 2], least: 0, can_be_hidden: totals == Totals::MayBeHidden };
    parts.fold(start, |sum, part| {
        let mut largest = [sum.largest[0], sum.largest[1], part.largest[0], part.largest[1]];
        largest.sort_unstable_by(|a, b| b.cmp(a));
        Cell {
            value: sum.value.saturating_add(part.value),
            contributors: sum.contributors.saturating_add(part.contributors),
            largest: [largest[0], largest[1]],
            least: sum.least.saturating_add(part.least),
            ..sum
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_add_up_and_know_their_largest_contributors() {
        let inner: Vec<Cell> = [3, 0, 1, 5, 2, 2].map(Cell::count).to_vec();
        let table = two_way(2, 3, &inner, Totals::Published).unwrap();
        let values: Vec<i64> = table.cells.iter().map(|cell| cell.value).collect();
        assert_eq!(values, [3, 0, 1, 5, 2, 2, 4, 9, 8, 2, 3, 13]);
        assert_eq!(table.relations[1], Relation { total: 7, parts: vec![3, 4, 5] });
        assert_eq!(table.relations[3], Relation { total: 9, parts: vec![1, 4] });
        assert_eq!(table.relations[6], Relation { total: 11, parts: vec![8, 9, 10] });
        assert!(table.check().is_ok() && table.cells[..6].iter().all(|cell| cell.can_be_hidden));
        assert!(table.cells[6..].iter().all(|cell| !cell.can_be_hidden));

        let two = |value, largest| Cell { value, contributors: 2, largest, least: 0, can_be_hidden: true };
        let row = two_way(1, 2, &[two(10, [7, 3]), two(9, [5, 4])], Totals::MayBeHidden).unwrap();
        assert_eq!(row.cells[2], Cell { contributors: 4, ..two(19, [7, 5]) });
    }

    #[test]
    fn a_table_of_another_shape_is_refused() {
        let error = two_way(2, 2, &[Cell::count(1)], Totals::Published).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 rows and 2 columns need 4 cells, but 1 were given; give one per row and column"
        );
    }
}
