//! Effective anonymity over all years and editions together, where an organisation's results in different years are alike.

use std::{collections::HashMap, thread};

use super::sparse::{Factor, minimum_degree};

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
/// `h = diag(S M' (M S M' + R)^-1 M S) / sd^2` with `S = sd^2 rho^|t-s|` within an organisation and 0 between two. Statistics
/// that share no organisation have nothing to do with each other, and most share none, so that `M S M' + R` is sparse.
pub fn over_years(observations: &[Observation], organisations: usize, years: &[u16], prior: Prior) -> Vec<Vec<f64>> {
    let alike: Vec<Vec<f64>> =
        years.iter().map(|&a| years.iter().map(|&b| prior.rho.powi(i32::from(a.abs_diff(b)))).collect()).collect();
    let observations = ordered(observations, organisations);
    let by_organisation = by_organisation(&observations, organisations);
    let rounding = prior.rounding_step * prior.rounding_step / 12.0 / (prior.sd * prior.sd);
    let factor = Factor::of(&covariance(&observations, &by_organisation, &alike, rounding));

    // organisations that are in the same statistics in every year are told apart by none
    let mut places: HashMap<Vec<(usize, usize, u64)>, usize> = HashMap::new();
    let mut kinds: Vec<&[Term]> = Vec::new();
    let kind_of: Vec<usize> = by_organisation
        .iter()
        .map(|own| {
            let key = own.iter().map(|&(row, year, weight)| (row, year, weight.to_bits())).collect();
            *places.entry(key).or_insert_with(|| {
                kinds.push(own);
                kinds.len() - 1
            })
        })
        .collect();
    let share = kinds.len().div_ceil(thread::available_parallelism().map_or(1, usize::from)).max(1);
    let solve = |own: &[&[Term]]| -> Vec<Vec<f64>> {
        let mut room = factor.room(years.len());
        own.iter().map(|terms| factor.squares(&loads(terms, &alike), years.len(), &mut room)).collect()
    };
    // each kind is solved for by itself, so that threads change no result
    let leverages: Vec<Vec<f64>> = thread::scope(|scope| {
        let threads: Vec<_> = kinds.chunks(share).map(|own| scope.spawn(|| solve(own))).collect();
        threads
            .into_iter()
            .flat_map(|one| one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let k_eff = |h: &f64| 1.0 / h.clamp(1e-9, 1.0);
    kind_of.iter().map(|&kind| leverages[kind].iter().map(k_eff).collect()).collect()
}

/// A statistic's row, a year, and the weight that an organisation has in it.
type Term = (usize, usize, f64);

/// The statistics that each organisation is in.
fn by_organisation(observations: &[Observation], organisations: usize) -> Vec<Vec<Term>> {
    let mut by_organisation = vec![Vec::new(); organisations];
    for (row, observation) in observations.iter().enumerate() {
        for &(organisation, year, weight) in &observation.terms {
            by_organisation[organisation].push((row, year, weight));
        }
    }
    by_organisation
}

/// The statistics in an order in which the factor stays sparse.
fn ordered(observations: &[Observation], organisations: usize) -> Vec<Observation> {
    let by_organisation = by_organisation(observations, organisations);
    let mut seen = vec![usize::MAX; observations.len()];
    let mut overlaps = vec![Vec::new(); observations.len()];
    for (row, observation) in observations.iter().enumerate() {
        for &(organisation, ..) in &observation.terms {
            for &(other, ..) in &by_organisation[organisation] {
                if other > row {
                    break;
                }
                if seen[other] != row {
                    seen[other] = row;
                    overlaps[row].push(other);
                }
            }
        }
    }
    minimum_degree(&overlaps).into_iter().map(|row| observations[row].clone()).collect()
}

/// The rows of the lower triangle of `M S M' + R`, in units of the prior variance.
fn covariance(
    observations: &[Observation],
    by_organisation: &[Vec<Term>],
    alike: &[Vec<f64>],
    rounding: f64,
) -> Vec<Vec<(usize, f64)>> {
    let mut sums = vec![0.0; observations.len()];
    let mut seen = vec![usize::MAX; observations.len()];
    let mut rows = Vec::with_capacity(observations.len());
    for (row, observation) in observations.iter().enumerate() {
        let mut columns = Vec::new();
        for &(organisation, year, weight) in &observation.terms {
            for &(other, its_year, its_weight) in &by_organisation[organisation] {
                if other > row {
                    break;
                }
                if seen[other] != row {
                    seen[other] = row;
                    columns.push(other);
                }
                sums[other] += weight * its_weight * alike[year][its_year];
            }
        }
        columns.sort_unstable();
        let mut own: Vec<(usize, f64)> =
            columns.into_iter().map(|column| (column, std::mem::take(&mut sums[column]))).collect();
        match own.last_mut() {
            Some((last, value)) if *last == row => *value += rounding,
            _ => own.push((row, rounding)),
        }
        rows.push(own);
    }
    rows
}

/// Rows of `M S` that are not zero for an organisation, a column for each year, in units of the prior variance.
fn loads(terms: &[Term], alike: &[Vec<f64>]) -> Vec<(usize, Vec<f64>)> {
    let mut rows: Vec<(usize, Vec<f64>)> = Vec::new();
    for &(row, year, weight) in terms {
        if rows.last().is_none_or(|(last, _)| *last != row) {
            rows.push((row, vec![0.0; alike.len()]));
        }
        if let Some((_, own)) = rows.last_mut() {
            for at in 0..own.len() {
                own[at] += weight * alike[year][at];
            }
        }
    }
    rows
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
