//! The little dense linear algebra that the gate needs; deterministic, since every sum runs in one fixed order.

/// Rows of equal length, in one block.
#[derive(Debug, Clone)]
pub(in crate::disclosure) struct Matrix {
    pub(in crate::disclosure) rows: usize,
    pub(in crate::disclosure) columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    pub(in crate::disclosure) fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    pub(in crate::disclosure) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub(in crate::disclosure) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// Two rows at once, the first before the second.
    fn two_rows(&mut self, first: usize, second: usize) -> (&[f64], &mut [f64]) {
        let (head, tail) = self.values.split_at_mut(second * self.columns);
        (&head[first * self.columns..(first + 1) * self.columns], &mut tail[..self.columns])
    }
}

pub(in crate::disclosure) fn dot(a: &[f64], b: &[f64]) -> f64 {
    // four running sums, so that the compiler can keep them in one register
    let mut sums = [0.0_f64; 4];
    let (chunks_a, chunks_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = chunks_a.remainder().iter().zip(chunks_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in chunks_a.zip(chunks_b) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

fn subtract_multiple(target: &mut [f64], factor: f64, source: &[f64]) {
    for (t, s) in target.iter_mut().zip(source) {
        *t -= factor * s;
    }
}

/// An orthonormal basis of the span of the rows (modified Gram-Schmidt, each row twice, which is enough: Giraud et al. 2005).
/// Rows that add less than `1e-9` of their length are dependent and left out.
pub(in crate::disclosure) fn orthonormal_basis(rows: &Matrix) -> Matrix {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for row in 0..rows.rows {
        let mut candidate = rows.row(row).to_vec();
        let before = dot(&candidate, &candidate).sqrt();
        for _ in 0..2 {
            for direction in &basis {
                let along = dot(direction, &candidate);
                subtract_multiple(&mut candidate, along, direction);
            }
        }
        let length = dot(&candidate, &candidate).sqrt();
        if length > 1e-9 * before.max(1e-300) {
            for value in &mut candidate {
                *value /= length;
            }
            basis.push(candidate);
        }
    }
    let mut matrix = Matrix::zero(basis.len(), rows.columns);
    for (row, direction) in basis.iter().enumerate() {
        matrix.row_mut(row).copy_from_slice(direction);
    }
    matrix
}

/// The lower Cholesky factor of a symmetric positive definite matrix, in place; entries above the diagonal are left alone.
pub(in crate::disclosure) fn cholesky(matrix: &mut Matrix) {
    for row in 0..matrix.rows {
        for column in 0..row {
            let (above, below) = matrix.two_rows(column, row);
            let value = (below[column] - dot(&above[..column], &below[..column])) / above[column];
            below[column] = value;
        }
        let own = matrix.row_mut(row);
        let rest = own[row] - dot(&own[..row], &own[..row]);
        own[row] = rest.max(1e-12).sqrt();
    }
}

/// Solves `L X = B` in place, where `L` is a lower Cholesky factor and `B` has a column per unknown.
pub(in crate::disclosure) fn solve_lower(factor: &Matrix, right: &mut Matrix) {
    for row in 0..factor.rows {
        for earlier in 0..row {
            let weight = factor.row(row)[earlier];
            if weight != 0.0 {
                let (source, target) = right.two_rows(earlier, row);
                subtract_multiple(target, weight, source);
            }
        }
        let pivot = factor.row(row)[row];
        for value in right.row_mut(row) {
            *value /= pivot;
        }
    }
}
