//! Three patterns that look safe and are not, from the literature's own tools; the audit finds each, and the search avoids it.
//!
//! Sources: the sdcTable and tau-ARGUS test tables, and the sdcTools user-support threads 135 and 136.

use super::{Basis, Cell, FixedTable, Interval, Pattern, Relation, Thresholds, Totals, audit, suppress, two_way};

fn pattern(cells: usize, hidden: &[usize]) -> Vec<bool> {
    (0..cells).map(|cell| hidden.contains(&cell)).collect()
}

fn interval(intervals: &[Interval], cell: usize, insider: Option<usize>) -> (i64, i64) {
    let found = intervals.iter().find(|interval| interval.cell == cell && interval.insider == insider).unwrap();
    (found.low, found.high)
}

/// The audit, run from outside on what `suppress` hands out: every sensitive cell has the interval it is owed.
fn accepted(table: &FixedTable, pattern: &Pattern) -> Vec<Interval> {
    let intervals = audit(table, &pattern.hidden, &table.insiders()).unwrap();
    assert!(pattern.primary.iter().zip(&pattern.hidden).all(|(owed, &hidden)| owed.is_none() || hidden));
    for interval in &intervals {
        let value = table.cells[interval.cell].value;
        if let Some(owed) = pattern.primary[interval.cell] {
            assert!(owed.is_met(value - interval.low, interval.high - value), "{interval:?} {owed:?}");
        }
    }
    intervals
}

const FOUR: [[i64; 4]; 4] = [[30, 47, 64, 89], [90, 124, 5, 31], [92, 100, 59, 85], [800, 991, 651, 685]];

fn four(cell: impl Fn(usize, i64) -> Cell) -> FixedTable {
    let inner: Vec<Cell> = FOUR.concat().into_iter().enumerate().map(|(at, value)| cell(at, value)).collect();
    two_way(4, 4, &inner, Totals::Published).unwrap()
}

#[test]
fn two_dots_in_every_line_do_not_protect_a_cell() {
    let table = four(|_, value| Cell::count(value as u32));
    // (w,a) (w,b) (w,c), (x,a) (x,c), (y,b) (y,d), (z,b) (z,d)
    let naive = [0, 1, 2, 4, 6, 9, 11, 13, 15];
    let intervals = audit(&table, &pattern(25, &naive), &[]).unwrap();
    assert_eq!(interval(&intervals, 1, None), (47, 47));
    let wider: Vec<usize> = naive.into_iter().chain([7]).collect();
    let intervals = audit(&table, &pattern(25, &wider), &[]).unwrap();
    assert_eq!(interval(&intervals, 1, None), (0, 78));

    // (w,b) has two contributors and is owed 5 both ways
    let values = four(|at, value| {
        let (contributors, largest) = if at == 1 { (2, [40, 7]) } else { (20, [1, 1]) };
        Cell { value, contributors, largest, least: 0, can_be_hidden: true }
    });
    let found = suppress(&values, &Thresholds::by_values(3, 10)).unwrap();
    let (low, high) = interval(&accepted(&values, &found), 1, None);
    println!("4 x 4 by values: {:?}, (w,b) in [{low}, {high}]", dots(&found));
    assert!(low <= 42 && high >= 52);

    // and by counts all cells below 48 are sensitive
    let found = suppress(&table, &Thresholds::by_counts(48)).unwrap();
    let intervals = accepted(&table, &found);
    println!("4 x 4 by counts: {:?}, (w,b) in {:?}", dots(&found), interval(&intervals, 1, None));
    assert!([0, 1, 6, 7].iter().all(|&cell| found.primary[cell].is_some()));
}

fn dots(pattern: &Pattern) -> Vec<usize> {
    (0..pattern.hidden.len()).filter(|&cell| pattern.hidden[cell]).collect()
}

#[test]
fn linked_tables_give_a_cell_away_together() {
    // A B I J K L M N, county-1, county-2, BIG, small, all
    let mut cells: Vec<Cell> = [2, 2, 8, 8, 3, 3, 3, 7].map(Cell::count).to_vec();
    cells.extend([20, 16, 6, 30, 36].map(|count| Cell { can_be_hidden: false, ..Cell::count(count) }));
    let relation = |total, parts: &[usize]| Relation { total, parts: parts.to_vec() };
    let relations = vec![
        relation(8, &[0, 1, 2, 3]),
        relation(9, &[4, 5, 6, 7]),
        relation(10, &[5, 6]),
        relation(11, &[0, 1, 2, 3, 4, 7]),
        relation(12, &[8, 9]),
        relation(12, &[10, 11]),
    ];
    let table = FixedTable { cells, relations, ..FixedTable::default() };
    let naive = pattern(13, &[0, 1, 4, 5, 6]);
    assert_eq!(interval(&audit(&table, &naive, &[]).unwrap(), 4, None), (3, 3));
    for tables in [[0, 4], [2, 4]] {
        // each table alone looks safe
        let relations = table.relations.iter().enumerate();
        let alone = relations.filter(|(at, _)| (tables[0]..tables[0] + 2).contains(at) || *at == tables[1]);
        let alone = FixedTable { relations: alone.map(|(_, own)| own.clone()).collect(), ..table.clone() };
        let (low, high) = interval(&audit(&alone, &naive, &[]).unwrap(), 4, None);
        assert!(high - low >= 4, "{low} {high}");
    }
    let found = suppress(&table, &Thresholds::by_counts(4)).unwrap();
    let (low, high) = interval(&accepted(&table, &found), 4, None);
    println!("linked: {:?}, K in [{low}, {high}]", dots(&found));
    assert!(high - low >= 4);
}

#[test]
fn who_is_alone_in_a_cell_knows_more() {
    let inner: Vec<Cell> = [1, 1, 7, 1, 0, 1, 0, 0, 2, 8].map(Cell::count).to_vec();
    let table = two_way(2, 5, &inner, Totals::MayBeHidden).unwrap();
    // cells of 1 and 2, inner and totals, are hidden: (1,A) (1,B) (1,M) (2,A) (2,M), and the totals of A and B
    let naive = pattern(18, &[0, 1, 3, 5, 8, 12, 13]);
    let insiders = table.insiders();
    assert_eq!(insiders, [vec![0], vec![1, 13], vec![3], vec![5]]);
    let intervals = audit(&table, &naive, &insiders).unwrap();
    assert_eq!((interval(&intervals, 5, None), interval(&intervals, 8, None)), ((0, 3), (0, 3)));
    assert_eq!((interval(&intervals, 5, Some(2)), interval(&intervals, 8, Some(2))), ((1, 1), (2, 2)));

    for thresholds in [
        Thresholds::by_counts(3),
        Thresholds { basis: Basis::Counts { width: 1 }, ..Thresholds::by_counts(2) },
        Thresholds { basis: Basis::Counts { width: 2 }, ..Thresholds::by_counts(3) },
    ] {
        let found = suppress(&table, &thresholds).unwrap();
        let intervals = accepted(&table, &found);
        println!(
            "singletons, {thresholds:?}: {:?}; for the contributor of (1,M): (2,A) in {:?}",
            dots(&found),
            interval(&intervals, 5, Some(2)),
        );
    }
}

#[test]
fn who_is_alone_in_two_cells_of_a_row_knows_both() {
    // one organisation has all of the first and of the third category
    let cell = |value, contributors, largest| Cell { value, contributors, largest, least: 0, can_be_hidden: true };
    let row = [cell(8, 1, [8, 0]), cell(28, 9, [5, 4]), cell(9, 1, [9, 0]), cell(235, 12, [30, 25])];
    let other = [cell(90, 9, [15, 12]), cell(80, 9, [15, 12]), cell(70, 9, [15, 12]), cell(300, 12, [30, 25])];
    let mut table = two_way(2, 4, &[row, other].concat(), Totals::Published).unwrap();
    for total in &mut table.cells[8..] {
        *total = Cell { contributors: 99, largest: [0, 0], can_be_hidden: false, ..*total };
    }
    let thresholds = Thresholds { min_value: 30, ..Thresholds::by_values(3, 10) };
    let dots = |table: &FixedTable| suppress(table, &thresholds).map(|pattern| pattern.hidden[..4].to_vec());
    let apart = dots(&table).unwrap();
    table.brought = vec![vec![(0, 8), (2, 9)]];
    let together = dots(&table).unwrap();
    println!("two readers: {apart:?}, one: {together:?}");
    // the second follows from the first and the third for whoever knows both, unless the fourth is hidden too
    assert_eq!((apart[3], together[3]), (false, true));
}

#[test]
fn who_brings_most_of_a_cell_cannot_take_its_doubt_from_another() {
    // of the 29 in the second cell 24 are one organisation's, which thus knows the first to be 24 at most
    let cell = |value, largest| Cell { value, contributors: 9, largest, least: 0, can_be_hidden: true };
    let row = [cell(19, [4, 3]), cell(29, [24, 1]), cell(60, [9, 8]), cell(400, [40, 30])];
    let cells: Vec<Cell> = row.into_iter().chain([Cell { can_be_hidden: false, ..cell(508, [0, 0]) }]).collect();
    let relations = vec![Relation { total: 4, parts: vec![0, 1, 2, 3] }];
    let mut table = FixedTable { cells, relations, brought: Vec::new() };
    let thresholds = Thresholds { min_value: 30, ..Thresholds::by_values(3, 10) };
    let dots = |table: &FixedTable| suppress(table, &thresholds).unwrap().hidden;
    let before = dots(&table);
    table.brought = vec![vec![(0, 1), (1, 24), (3, 2)]];
    let after = dots(&table);
    println!("{before:?} {after:?}");
    assert!(!before[2] && !before[3]);
    assert!(after[2] || after[3], "another cell has to be hidden");
}
