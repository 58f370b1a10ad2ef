//! The Cholesky factor of a symmetric positive definite matrix of which most entries are zero; what the matrix is made of is the gates'.
//!
//! Row by row, each over the columns that its row of the elimination tree reaches (Davis, *Direct Methods for Sparse Linear
//! Systems*, 2006, chapter 4). Every sum runs in one fixed order, so results are the same on every run.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::span::dot;

/// No parent in the elimination tree.
const NONE: usize = usize::MAX;

/// The factor `L` of `K = L L'`. Its last rows, which elimination fills, are held as a dense triangle.
#[derive(Debug)]
pub(super) struct Factor {
    /// For each column the first row below the diagonal that is not zero: what depends on it next.
    parent: Vec<usize>,
    /// Entries below the diagonal, by column, rows ascending; of columns before the dense ones.
    columns: Vec<Vec<(usize, f64)>>,
    diagonal: Vec<f64>,
    /// Rows of the dense triangle, each as long as there are dense rows.
    dense: Vec<f64>,
}

impl Factor {
    /// Factors a matrix given by the rows of its lower triangle: columns ascending, the diagonal last. The last `dense` rows are
    /// worked on as if none of their entries in each other's columns were zero.
    pub(super) fn of(rows: &[Vec<(usize, f64)>], dense: usize) -> Self {
        let (count, first) = (rows.len(), rows.len() - dense);
        let mut factor = Self {
            parent: parents(rows),
            columns: vec![Vec::new(); first],
            diagonal: Vec::with_capacity(count),
            dense: vec![0.0; dense * dense],
        };
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
            for &column in reach.from(&factor.parent, below, row.min(first)) {
                let value = values[column] / factor.diagonal[column];
                values[column] = 0.0;
                for &(at, entry) in &factor.columns[column] {
                    values[at] -= entry * value;
                }
                factor.columns[column].push((row, value));
                rest -= value * value;
            }
            if row >= first {
                let (above, own) = factor.dense.split_at_mut((row - first) * dense);
                for column in 0..row - first {
                    let other = &above[column * dense..column * dense + column];
                    let value = (values[first + column] - dot(other, own)) / factor.diagonal[first + column];
                    values[first + column] = 0.0;
                    own[column] = value;
                    rest -= value * value;
                }
            }
            factor.diagonal.push(rest.max(1e-12).sqrt());
        }
        factor
    }

    /// The squared lengths of `X`, column by column, where `L X = B`. `right` holds the rows of `B` that are not zero, each of
    /// `width` columns; `room` is used again from call to call.
    pub(super) fn squares(&self, right: &[(usize, Vec<f64>)], width: usize, room: &mut Room) -> Vec<f64> {
        let mut squares = Vec::with_capacity(width);
        // columns have nothing to do with each other; the compiler makes most of a number of them that it knows
        for from in (0..width).step_by(WIDEST) {
            let columns = from..width.min(from + WIDEST);
            squares.extend(match columns.len().div_ceil(4) {
                1 => self.squares_of::<4>(right, columns, room),
                2 => self.squares_of::<8>(right, columns, room),
                3 => self.squares_of::<12>(right, columns, room),
                _ => self.squares_of::<WIDEST>(right, columns, room),
            });
        }
        squares
    }

    fn squares_of<const W: usize>(
        &self,
        right: &[(usize, Vec<f64>)],
        wanted: std::ops::Range<usize>,
        room: &mut Room,
    ) -> Vec<f64> {
        let number = wanted.len();
        let values = room.values.as_chunks_mut::<W>().0;
        for (row, own) in right {
            values[*row][..number].copy_from_slice(&own[wanted.clone()]);
        }
        let mut squares = [0.0; W];
        let first = self.columns.len();
        for &column in room.reach.from(&self.parent, right.iter().map(|(row, _)| *row), first) {
            let mut own = std::mem::replace(&mut values[column], [0.0; W]);
            for at in 0..W {
                own[at] /= self.diagonal[column];
                squares[at] += own[at] * own[at];
            }
            for &(row, entry) in &self.columns[column] {
                let target = &mut values[row];
                for at in 0..W {
                    target[at] -= entry * own[at];
                }
            }
        }
        let dense = self.diagonal.len() - first;
        let values = &mut values[first..self.diagonal.len()];
        let start = values.iter().position(|own| own.iter().any(|value| *value != 0.0)).unwrap_or(dense);
        for row in start..dense {
            let (before, own) = values.split_at_mut(row);
            let mut value = own[0];
            for (other, &entry) in before[start..].iter().zip(&self.dense[row * dense + start..row * dense + row]) {
                for at in 0..W {
                    value[at] -= entry * other[at];
                }
            }
            for at in 0..W {
                value[at] /= self.diagonal[first + row];
                squares[at] += value[at] * value[at];
            }
            own[0] = value;
        }
        values[start..].fill([0.0; W]);
        squares[..number].to_vec()
    }

    /// Room for `squares`.
    pub(super) fn room(&self) -> Room {
        Room { values: vec![0.0; self.diagonal.len() * WIDEST], reach: Reach::new(self.diagonal.len()) }
    }
}

/// Columns that are solved for at a time, at most.
const WIDEST: usize = 16;

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
/// the others with which it shares an entry. With the order comes how many rows at its end all share entries with each other.
pub(super) fn minimum_degree(overlaps: &[Vec<usize>]) -> (Vec<usize>, usize) {
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
    // every row stands here with a degree that is no higher than its own; where it is lower, the row is put back
    let mut least: BinaryHeap<Reverse<(usize, usize)>> =
        degrees.iter().enumerate().map(|(row, &degree)| Reverse((degree, row))).collect();
    let mut noted = degrees.clone();
    let mut is_done = vec![false; overlaps.len()];
    let mut order = Vec::with_capacity(overlaps.len());
    while let Some(Reverse((degree, next))) = least.pop() {
        if is_done[next] || degree != noted[next] {
            continue;
        }
        if degrees[next] > degree {
            noted[next] = degrees[next];
            least.push(Reverse((degrees[next], next)));
            continue;
        }
        // where all that are left share entries with each other, any order is as good as another
        if degree + order.len() + 1 == overlaps.len() {
            order.extend((0..overlaps.len()).filter(|&row| !is_done[row]));
            return (order, degree + 1);
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
                if degrees[row] < noted[row] {
                    noted[row] = degrees[row];
                    least.push(Reverse((degrees[row], row)));
                }
            }
        }
    }
    (order, 0)
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

    /// The factor as a dense matrix.
    fn unfolded(factor: &Factor) -> Vec<Vec<f64>> {
        let count = factor.diagonal.len();
        let (first, dense) = (factor.columns.len(), count - factor.columns.len());
        let mut whole = vec![vec![0.0; count]; count];
        for (column, entries) in factor.columns.iter().enumerate() {
            for &(row, value) in entries {
                whole[row][column] = value;
            }
        }
        for row in 0..dense {
            whole[first + row][first..first + row].copy_from_slice(&factor.dense[row * dense..row * dense + row]);
        }
        for (at, &value) in factor.diagonal.iter().enumerate() {
            whole[at][at] = value;
        }
        whole
    }

    #[test]
    fn the_factor_times_itself_is_the_matrix() {
        let matrix = example();
        for dense in [0, 1, 4, 9] {
            let whole = unfolded(&Factor::of(&lower(&matrix), dense));
            for (row, own) in matrix.iter().enumerate() {
                for (column, value) in own.iter().enumerate() {
                    let product: f64 = (0..matrix.len()).map(|k| whole[row][k] * whole[column][k]).sum();
                    assert!((product - value).abs() < 1e-12, "{row} {column}: {product} {value}");
                }
            }
        }
    }

    #[test]
    fn what_overlaps_with_everything_comes_last() {
        // a star with a chain: the middle of the star would join all others
        let overlaps = vec![vec![1, 2, 3, 4], vec![], vec![3], vec![], vec![]];
        let (order, dense) = minimum_degree(&overlaps);
        assert_eq!((&order[..2], dense), (&[1, 4][..], 3));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn squares_are_those_of_the_solution_and_room_is_left_clean() {
        let matrix = example();
        for (dense, width) in [(0, 2), (3, 5), (9, 12), (4, 19)] {
            let factor = Factor::of(&lower(&matrix), dense);
            let whole = unfolded(&factor);
            let mut room = factor.room();
            let row = |seed: usize| (0..width).map(|at| ((7 * at + seed) % 5) as f64 - 1.5).collect::<Vec<f64>>();
            let right = vec![(1, row(1)), (6, row(2))];
            let first = factor.squares(&right, width, &mut room);
            assert_eq!(first, factor.squares(&right, width, &mut room));
            for (at, square) in first.into_iter().enumerate() {
                let mut solution = vec![0.0; matrix.len()];
                for (row, values) in &right {
                    solution[*row] = values[at];
                }
                for row in 0..matrix.len() {
                    let before: f64 = (0..row).map(|column| whole[row][column] * solution[column]).sum();
                    solution[row] = (solution[row] - before) / whole[row][row];
                }
                let expected: f64 = solution.iter().map(|x| x * x).sum();
                assert!((square - expected).abs() < 1e-12, "{dense} {at}: {square} {expected}");
            }
        }
    }
}
