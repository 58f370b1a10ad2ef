//! Effective anonymity over all years and editions together, where an organisation's results in different years are alike.

use super::matrix::{Matrix, cholesky, solve_lower};

/// What a reader is credited with knowing beforehand, and how published numbers are rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Standard deviation of an organisation's result, points.
    pub sd: f64,
    /// Correlation of its results in adjacent years; `rho^d` for years `d` apart.
    pub rho: f64,
    /// Step of rounding, points; a rounded number has the error variance `step^2 / 12`.
    pub rounding_step: f64,
}

/// Columns that are solved for at a time, so that they stay in the cache.
const BAND: usize = 64;

/// One published linear statistic: a weighted sum of results, each of an organisation (by position) in a year (by position).
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Organisation, year, weight.
    pub terms: Vec<(usize, usize, f64)>,
}

impl Observation {
    /// The mean of members in a year.
    pub fn mean(members: &[usize], year: usize) -> Self {
        let weight = 1.0 / members.len() as f64;
        Self { terms: members.iter().map(|&member| (member, year, weight)).collect() }
    }

    /// The mean change of members from one year to another.
    pub fn change(members: &[usize], from: usize, to: usize) -> Self {
        let weight = 1.0 / members.len() as f64;
        Self { terms: members.iter().flat_map(|&m| [(m, to, weight), (m, from, -weight)]).collect() }
    }
}

/// The effective anonymity of each result, by organisation then year; `years` are the calendar years of the positions.
///
/// `h = diag(S M' (M S M' + R)^-1 M S) / sd^2` with `S = sd^2 rho^|t-s|` within an organisation and 0 between two.
pub fn over_years(observations: &[Observation], organisations: usize, years: &[u16], prior: Prior) -> Vec<Vec<f64>> {
    let count = years.len();
    let alike: Vec<Vec<f64>> =
        years.iter().map(|&a| years.iter().map(|&b| prior.rho.powi(i32::from(a.abs_diff(b)))).collect()).collect();
    let variance = prior.sd * prior.sd;

    // M S, in units of the prior variance
    let mut loads = Matrix::zero(observations.len(), organisations * count);
    for (row, observation) in observations.iter().enumerate() {
        let load = loads.row_mut(row);
        for &(organisation, year, weight) in &observation.terms {
            for (other, likeness) in alike[year].iter().enumerate() {
                load[organisation * count + other] += weight * likeness;
            }
        }
    }
    // K = M S M' + R, in the same units
    let mut covariance = Matrix::zero(observations.len(), observations.len());
    for (row, observation) in observations.iter().enumerate() {
        for column in 0..=row {
            let load = loads.row(column);
            let value: f64 = observation
                .terms
                .iter()
                .map(|&(organisation, year, weight)| weight * load[organisation * count + year])
                .sum();
            covariance.row_mut(row)[column] = value;
        }
        covariance.row_mut(row)[row] += prior.rounding_step * prior.rounding_step / 12.0 / variance;
    }
    cholesky(&mut covariance);
    let total = organisations * count;
    let mut leverage = vec![0.0; total];
    for start in (0..total).step_by(BAND) {
        let width = BAND.min(total - start);
        let mut band = Matrix::zero(observations.len(), width);
        for row in 0..observations.len() {
            band.row_mut(row).copy_from_slice(&loads.row(row)[start..start + width]);
        }
        solve_lower(&covariance, &mut band);
        for row in 0..observations.len() {
            for (at, value) in band.row(row).iter().enumerate() {
                leverage[start + at] += value * value;
            }
        }
    }
    leverage.chunks(count.max(1)).map(|own| own.iter().map(|&h| 1.0 / h.clamp(1e-9, 1.0)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIOR: Prior = Prior { sd: 10.0, rho: 0.8, rounding_step: 1.0 };

    #[test]
    fn a_rounded_mean_of_n_gives_a_little_more_than_n() {
        let members: Vec<usize> = (0..8).collect();
        let found = over_years(&[Observation::mean(&members, 0)], 8, &[2020], PRIOR);
        // 1/h = n (1 + n R / (sd^2)) for one mean: h = (1/n)^2 / (1/n + R)
        let expected = 8.0 * (1.0 + 8.0 / 1200.0);
        assert!((found[0][0] - expected).abs() < 1e-9, "{} {expected}", found[0][0]);
    }

    #[test]
    fn one_that_joins_is_given_away_by_the_matched_change() {
        let (before, after): (Vec<usize>, Vec<usize>) = ((0..9).collect(), (0..10).collect());
        let rows = [Observation::mean(&before, 0), Observation::mean(&after, 1), Observation::change(&before, 0, 1)];
        let found = over_years(&rows, 10, &[2019, 2020], PRIOR);
        assert!(found[9][1] < 1.5, "the newcomer's value follows: {}", found[9][1]);
        assert!(found[0][1] > 5.0);
    }
}
