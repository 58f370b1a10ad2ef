//! Odd shapes, tables that are refused, and how long a large table takes; tables made up at random stand elsewhere.

use super::{Cell, FixedTable, SuppressError, Thresholds, Totals, Zeros, audit, generated::hold, suppress, two_way};

fn table(rows: usize, columns: usize, counts: &[u32], totals: Totals) -> FixedTable {
    two_way(rows, columns, &counts.iter().map(|&count| Cell::count(count)).collect::<Vec<_>>(), totals).unwrap()
}

#[test]
fn odd_shapes() {
    let five = Thresholds::by_counts(5);
    let zeros = Thresholds { zeros: Zeros::Sensitive, ..five };
    let dots = |table: &FixedTable, thresholds: &Thresholds| hold(table, thresholds).unwrap();

    let nothing = table(3, 3, &[0; 9], Totals::MayBeHidden);
    assert_eq!(dots(&nothing, &five), Some((0, 0)));
    assert_eq!(dots(&nothing, &zeros), Some((16, 0)));
    assert_eq!(dots(&FixedTable::default(), &five), Some((0, 0)));

    // everything below the threshold: all inner cells, and no total
    assert_eq!(dots(&table(4, 4, &[3; 16], Totals::Published), &five), Some((16, 0)));
    assert_eq!(dots(&table(2, 2, &[1; 4], Totals::MayBeHidden), &five), Some((9, 0)));

    // in one row the column totals are the cells once more
    let row = [3, 20, 8, 40];
    assert_eq!(
        suppress(&table(1, 4, &row, Totals::Published), &five),
        Err(SuppressError::Pinned { cell: 5, contributors: 3 })
    );
    assert_eq!(dots(&table(1, 4, &row, Totals::MayBeHidden), &five), Some((4, 2)));
    assert_eq!(dots(&table(4, 1, &row, Totals::MayBeHidden), &five), Some((4, 2)));
}

#[test]
fn where_nothing_can_be_hidden_the_cause_and_a_remedy_are_told() {
    let mut table = table(2, 2, &[3, 20, 30, 40], Totals::Published);
    for cell in &mut table.cells[1..] {
        cell.can_be_hidden = false;
    }
    let error = suppress(&table, &Thresholds::by_counts(5)).unwrap_err();
    let unprotectable = "cell 0 stays between 3 and 3 for an outsider when every cell that may be hidden is; \
        let totals be hidden, or merge rows or columns";
    assert_eq!(error.to_string(), unprotectable);
    table.cells[0].can_be_hidden = false;
    let error = suppress(&table, &Thresholds::by_counts(5)).unwrap_err();
    let pinned = "cell 0 is sensitive (3 contributors) but may not be hidden; \
        let it be hidden, or merge its row or column with a neighbour";
    assert_eq!(error.to_string(), pinned);
}

#[test]
fn inconsistent_tables_are_refused() {
    let good = table(2, 2, &[3, 20, 30, 40], Totals::Published);
    let refused = |change: &dyn Fn(&mut FixedTable)| {
        let mut table = good.clone();
        change(&mut table);
        suppress(&table, &Thresholds::by_values(3, 10)).unwrap_err()
    };
    assert!(matches!(refused(&|table| table.cells[0].value = -1), SuppressError::Value { cell: 0, .. }));
    assert!(matches!(refused(&|table| table.cells[0].value = 4), SuppressError::DoesNotAddUp { relation: 0, .. }));
    assert!(matches!(refused(&|table| table.cells[0].largest = [2, 2]), SuppressError::Contributions { cell: 0, .. }));
    assert!(matches!(refused(&|table| table.relations[0].parts[0] = 99), SuppressError::NoSuchCell { cell: 99, .. }));
    assert!(matches!(refused(&|table| table.relations[0].parts[0] = 1), SuppressError::NamedTwice { cell: 1, .. }));
    assert!(matches!(audit(&good, &[true], &[]), Err(SuppressError::Length { hidden: 1, cells: 9 })));
}

#[test]
fn what_everybody_knows_a_cell_to_be_at_least_is_not_doubted() {
    let mut inner: Vec<Cell> = [12, 8, 9, 11].map(Cell::count).to_vec();
    inner[0].least = 10;
    inner[1].least = 5;
    let table = two_way(2, 2, &inner, Totals::Published).unwrap();
    let hidden = [true, true, true, true, false, false, false, false, false];
    let intervals = audit(&table, &hidden, &[]).unwrap();
    let of = |cell: usize| intervals.iter().find(|own| own.cell == cell).map(|own| (own.low, own.high));
    // the first can fall by 2 only, and the second by 3, which is what the first can rise by
    assert_eq!((of(0), of(1)), (Some((10, 15)), Some((5, 10))));
    // ten are owed, and there are five
    let refused = suppress(&table, &Thresholds::by_values(13, 50)).unwrap_err();
    assert!(matches!(refused, SuppressError::Unprotectable { .. }), "{refused}");
    inner[3].least = 12;
    let error = two_way(2, 2, &inner, Totals::Published).unwrap().check().unwrap_err();
    assert_eq!(error, SuppressError::Least { cell: 3, value: 11, least: 12 });
}
