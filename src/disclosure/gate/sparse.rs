//! The Cholesky factor of a symmetric positive definite matrix of which most entries are zero; what the matrix is made of is the gates'.
//!
//! Row by row, each over the columns that its row of the elimination tree reaches (Davis, *Direct Methods for Sparse Linear
//! Systems*, 2006, chapter 4). Every sum runs in one fixed order, so results are the same on every run.

use std::{cmp::Reverse, collections::BinaryHeap};

/// No parent in the elimination tree.
const NONE: usize = usize::MAX;

/// The factor `L` of `K = L L'`.
#[derive(Debug)]
pub(super) struct Factor {
    /// For each column the first row below the diagonal that is not zero: what depends on it next.
    parent: Vec<usize>,
    /// Entries below the diagonal, by column, rows ascending.
    columns: Vec<Vec<(usize, f64)>>,
    diagonal: Vec<f64>,
}

impl Factor {
    /// Factors a matrix given by the rows of its lower triangle: columns ascending, the diagonal last.
    pub(super) fn of(rows: &[Vec<(usize, f64)>]) -> Self {
        let count = rows.len();
        let mut factor =
            Self { parent: parents(rows), columns: vec![Vec::new(); count], diagonal: Vec::with_capacity(count) };
        let mut values = vec![0.0; count];
        let mut reach = Reach::new(count);
        for (row, own) in rows.iter().enumerate() {
            let mut rest = 0.0;
            for &(column, value) in own {
                if column == row {
                    rest = value;
                } else {
                    values[column] = value;
                }
            }
            let below = own.iter().map(|&(column, _)| column).filter(|&column| column < row);
            for &column in reach.from(&factor.parent, below, row) {
                let value = values[column] / factor.diagonal[column];
                values[column] = 0.0;
                for &(at, entry) in &factor.columns[column] {
                    values[at] -= entry * value;
                }
                factor.columns[column].push((row, value));
                rest -= value * value;
            }
            factor.diagonal.push(rest.max(1e-12).sqrt());
        }
        factor
    }

    /// The squared lengths of `X`, column by column, where `L X = B`. `right` holds the rows of `B` that are not zero, each of
    /// `width` columns; `room` is used again from call to call.
    pub(super) fn squares(&self, right: &[(usize, Vec<f64>)], width: usize, room: &mut Room) -> Vec<f64> {
        for (row, values) in right {
            room.values[row * width..(row + 1) * width].copy_from_slice(values);
        }
        let mut squares = vec![0.0; width];
        // as long as `width` for certain, so that the inner loops need no check
        let mut own = vec![0.0; width];
        let own = &mut own[..width];
        for &column in room.reach.from(&self.parent, right.iter().map(|(row, _)| *row), self.diagonal.len()) {
            let place = column * width;
            for at in 0..width {
                own[at] = room.values[place + at] / self.diagonal[column];
                room.values[place + at] = 0.0;
                squares[at] += own[at] * own[at];
            }
            for &(row, entry) in &self.columns[column] {
                let target = &mut room.values[row * width..(row + 1) * width];
                for at in 0..width {
                    target[at] -= entry * own[at];
                }
            }
        }
        squares
    }

    /// Room for `squares` with columns of `width`.
    pub(super) fn room(&self, width: usize) -> Room {
        Room { values: vec![0.0; self.diagonal.len() * width], reach: Reach::new(self.diagonal.len()) }
    }
}

/// Room for solving: zeros between calls.
#[derive(Debug)]
pub(super) struct Room {
    values: Vec<f64>,
    reach: Reach,
}

/// The elimination tree: for each column the next one that it changes.
fn parents(rows: &[Vec<(usize, f64)>]) -> Vec<usize> {
    let mut parent = vec![NONE; rows.len()];
    // the furthest known ancestor of each column, so that paths are walked once
    let mut ancestor = vec![NONE; rows.len()];
    for (row, own) in rows.iter().enumerate() {
        for &(column, _) in own.iter().filter(|&&(column, _)| column < row) {
            let mut at = column;
            while at != NONE && at < row {
                let next = ancestor[at];
                ancestor[at] = row;
                if next == NONE {
                    parent[at] = row;
                }
                at = next;
            }
        }
    }
    parent
}

/// An order in which the factor stays nearly as sparse as the matrix: next is always the row that shares entries with the fewest
/// others, which from then on share entries with each other (minimum degree: Tinney & Walker 1967). `overlaps` holds for each row
/// the others with which it shares an entry.
pub(super) fn minimum_degree(overlaps: &[Vec<usize>]) -> Vec<usize> {
    const BITS: usize = u64::BITS as usize;
    let words = overlaps.len().div_ceil(BITS);
    let bit = |at: usize| 1_u64 << (at % BITS);
    let mut graph: Vec<Vec<u64>> = vec![vec![0; words]; overlaps.len()];
    for (row, others) in overlaps.iter().enumerate() {
        for &other in others.iter().filter(|&&other| other != row) {
            graph[row][other / BITS] |= bit(other);
            graph[other][row / BITS] |= bit(row);
        }
    }
    let count = |own: &Vec<u64>| own.iter().map(|word| word.count_ones() as usize).sum::<usize>();
    let mut degrees: Vec<usize> = graph.iter().map(count).collect();
    // a row stands here once for each degree that it has had; only the last one counts
    let mut least: BinaryHeap<Reverse<(usize, usize)>> =
        degrees.iter().enumerate().map(|(row, &degree)| Reverse((degree, row))).collect();
    let mut is_done = vec![false; overlaps.len()];
    let mut order = Vec::with_capacity(overlaps.len());
    while let Some(Reverse((degree, next))) = least.pop() {
        if is_done[next] || degrees[next] != degree {
            continue;
        }
        is_done[next] = true;
        order.push(next);
        let own = std::mem::take(&mut graph[next]);
        for (word, &bits) in own.iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let row = word * BITS + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let joined = &mut graph[row];
                // less the row that is gone, and the row itself, which is among the others' neighbours
                joined[next / BITS] &= !bit(next);
                degrees[row] -= 1;
                for (at, &others) in own.iter().enumerate() {
                    let mut added = others & !joined[at];
                    if at == row / BITS {
                        added &= !bit(row);
                    }
                    if added != 0 {
                        joined[at] |= added;
                        degrees[row] += added.count_ones() as usize;
                    }
                }
                least.push(Reverse((degrees[row], row)));
            }
        }
    }
    order
}

/// Finds which columns a sparse vector reaches in the elimination tree.
#[derive(Debug)]
struct Reach {
    seen: Vec<usize>,
    turn: usize,
    found: Vec<usize>,
}

impl Reach {
    fn new(count: usize) -> Self {
        Self { seen: vec![0; count], turn: 0, found: Vec::new() }
    }

    /// Columns below `end` on the paths from `starts` upwards, ascending: each comes after those that change it.
    fn from(&mut self, parent: &[usize], starts: impl Iterator<Item = usize>, end: usize) -> &[usize] {
        self.turn += 1;
        self.found.clear();
        for start in starts {
            let mut at = start;
            while at < end && self.seen[at] != self.turn {
                self.seen[at] = self.turn;
                self.found.push(at);
                at = parent[at];
            }
        }
        self.found.sort_unstable();
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix with an arrow and a chain, as dense rows.
    fn example() -> Vec<Vec<f64>> {
        let count = 9;
        let entry = |row: usize, column: usize| match (row, column) {
            _ if row == column => 4.0 + row as f64,
            (8, _) | (_, 8) => 0.5,
            _ if row.abs_diff(column) == 2 => -1.0,
            _ => 0.0,
        };
        (0..count).map(|row| (0..count).map(|column| entry(row, column)).collect()).collect()
    }

    fn lower(dense: &[Vec<f64>]) -> Vec<Vec<(usize, f64)>> {
        let row = |(row, own): (usize, &Vec<f64>)| {
            own[..=row].iter().copied().enumerate().filter(|(_, value)| *value != 0.0).collect()
        };
        dense.iter().enumerate().map(row).collect()
    }

    #[test]
    fn the_factor_times_itself_is_the_matrix() {
        let dense = example();
        let factor = Factor::of(&lower(&dense));
        let mut whole = vec![vec![0.0; dense.len()]; dense.len()];
        for (column, entries) in factor.columns.iter().enumerate() {
            whole[column][column] = factor.diagonal[column];
            for &(row, value) in entries {
                whole[row][column] = value;
            }
        }
        for (row, own) in dense.iter().enumerate() {
            for (column, value) in own.iter().enumerate() {
                let product: f64 = (0..dense.len()).map(|k| whole[row][k] * whole[column][k]).sum();
                assert!((product - value).abs() < 1e-12, "{row} {column}: {product} {value}");
            }
        }
    }

    #[test]
    fn what_overlaps_with_everything_comes_last() {
        // a star with a chain: the middle of the star would join all others
        let overlaps = vec![vec![1, 2, 3, 4], vec![], vec![3], vec![], vec![]];
        let order = minimum_degree(&overlaps);
        assert_eq!(order[..2], [1, 4]);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn squares_are_those_of_the_solution_and_room_is_left_clean() {
        let dense = example();
        let factor = Factor::of(&lower(&dense));
        let mut room = factor.room(2);
        let right = vec![(1, vec![1.0, 2.0]), (6, vec![-3.0, 0.5])];
        let first = factor.squares(&right, 2, &mut room);
        assert_eq!(first, factor.squares(&right, 2, &mut room));
        for at in 0..2 {
            let mut solution = vec![0.0; dense.len()];
            for (row, values) in &right {
                solution[*row] = values[at];
            }
            for column in 0..dense.len() {
                solution[column] /= factor.diagonal[column];
                for &(row, value) in &factor.columns[column] {
                    solution[row] -= value * solution[column];
                }
            }
            let expected: f64 = solution.iter().map(|x| x * x).sum();
            assert!((first[at] - expected).abs() < 1e-12, "{} {expected}", first[at]);
        }
    }
}
