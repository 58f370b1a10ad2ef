//! An organisation's own results as the holder of its key has them: value and, where its units tell it, standard error. Nothing of
//! it is published or kept.
//!
//! How much the value would differ with other respondents is not told by the number of respondents alone. Where results of at least
//! four units are shown, units count as what was sampled: the variance of the value is `U/(U-1) sum_u (n_u/n)² (x_u - x)²`, with `n_u`
//! respondents and the result `x_u` of unit `u`, `n` of all and their mean `x` (ultimate clusters: Hansen, Hurwitz and Madow 1953,
//! *Sample Survey Methods and Theory*, volume 1, chapter 6). Units that differ in truth make it larger, so it errs on the side of
//! saying less. Otherwise it is not known.

use std::{collections::HashMap, sync::Arc};

use super::edition::{Row, rows};
use crate::encode::Grid;

/// Fewer units than these tell nothing of how the value varies.
const LEAST_UNITS: usize = 4;

/// An own result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnResult {
    /// Per cent, in tenths.
    pub value: f64,
    /// How far it may be off by rounding, percentage points.
    pub rounding: f64,
    /// Standard error, percentage points, where it is known.
    pub error: Option<f64>,
}

impl OwnResult {
    /// How far an own result may be off by rounding: results are given in tenths.
    pub const ROUNDING: f64 = 0.05;

    /// A value that is tried: it is what it is.
    pub fn tried(value: f64) -> Self {
        Self { value, rounding: 0.0, error: None }
    }
}

/// Instrument, measure and year.
type Key = (Arc<str>, Arc<str>, i64);

/// An organisation's own results by instrument, measure and year.
#[derive(Debug, Default)]
pub struct OwnResults(HashMap<Key, OwnResult>);

impl OwnResults {
    /// Reads own results.
    pub fn read(own: &Grid) -> Self {
        let mut values: HashMap<Key, f64> = HashMap::new();
        let mut units: HashMap<Key, Vec<(f64, f64)>> = HashMap::new();
        for row in rows(own).filter(|row| &*row.text("kind") == "indicator") {
            let (Some(key), Some(score)) = (key(&row), row.decimal("score")) else { continue };
            match &*row.text("scope") {
                "organisation" => drop(values.insert(key, score)),
                "unit" => {
                    let respondents = row.number("respondents").unwrap_or_default() as f64;
                    units.entry(key).or_default().push((respondents, score));
                }
                _ => {}
            }
        }
        let result = |(key, value): (Key, f64)| {
            let error = units.get(&key).and_then(|units| error_of(units));
            (key, OwnResult { value, rounding: OwnResult::ROUNDING, error })
        };
        Self(values.into_iter().map(result).collect())
    }

    /// Reads the results of one of the organisation's units, of which no error is known.
    pub fn of_unit(own: &Grid, unit: &str) -> Self {
        let is_wanted = |row: &Row<'_>| {
            &*row.text("kind") == "indicator" && &*row.text("scope") == "unit" && &*row.text("unit") == unit
        };
        let result = |row: Row<'_>| {
            let value = row.decimal("score")?;
            Some((key(&row)?, OwnResult { value, rounding: OwnResult::ROUNDING, error: None }))
        };
        Self(rows(own).filter(is_wanted).filter_map(result).collect())
    }

    /// The result in a measure and year.
    pub fn get(&self, instrument: &str, indicator: &str, year: i64) -> Option<OwnResult> {
        self.0.get(&(Arc::from(instrument), Arc::from(indicator), year)).copied()
    }

    /// Years of an instrument, ascending.
    pub fn years(&self, instrument: &str) -> Vec<i64> {
        let own = self.0.keys().filter(|key| &*key.0 == instrument).map(|key| key.2);
        own.collect::<std::collections::BTreeSet<i64>>().into_iter().collect()
    }
}

fn key(row: &Row<'_>) -> Option<Key> {
    Some((row.text("instrument"), row.text("measure"), row.number("year")?))
}

/// The standard error of the mean over units, from their respondents and results.
fn error_of(units: &[(f64, f64)]) -> Option<f64> {
    let all: f64 = units.iter().map(|(respondents, _)| respondents).sum();
    if units.len() < LEAST_UNITS || all <= 0.0 {
        return None;
    }
    let mean: f64 = units.iter().map(|(respondents, result)| respondents / all * result).sum();
    let squares: f64 = units.iter().map(|(respondents, result)| (respondents / all * (result - mean)).powi(2)).sum();
    let count = units.len() as f64;
    Some((count / (count - 1.0) * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Value;

    #[test]
    fn units_of_one_size_give_the_error_of_a_mean_of_so_many() {
        // of four equal units: sd / sqrt(4)
        let results: [f64; 4] = [40.0, 44.0, 52.0, 48.0];
        let mean = results.iter().sum::<f64>() / 4.0;
        let deviation = (results.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 3.0).sqrt();
        let found = error_of(&results.map(|result| (12.0, result))).unwrap();
        assert!((found - deviation / 2.0).abs() < 1e-12, "{found}");
        assert_eq!(error_of(&results[..3].iter().map(|own| (12.0, *own)).collect::<Vec<_>>()), None);
    }

    #[test]
    fn only_the_whole_and_its_units_are_read() {
        let mut grid = Grid::new(&["instrument", "year", "scope", "kind", "measure", "respondents", "score"]);
        let mut row = |scope: &str, kind: &str, score: Value| {
            let start = [Value::text("i"), Value::Whole(2020), Value::text(scope), Value::text(kind)];
            grid.rows.push(start.into_iter().chain([Value::text("m"), Value::Whole(10), score]).collect());
        };
        row("organisation", "indicator", Value::Number(47.3));
        row("organisation", "question", Value::Number(12.0));
        for score in [40.0, 50.0, 45.0, 55.0] {
            row("unit", "indicator", Value::Number(score));
            row("role", "indicator", Value::Number(score + 20.0));
        }
        row("unit", "indicator", Value::Null);
        assert_eq!(OwnResults::of_unit(&grid, "none").get("i", "m", 2020), None);
        let own = OwnResults::read(&grid);
        let found = own.get("i", "m", 2020).unwrap();
        assert!(
            (found.value - 47.3).abs() < 1e-12 && (found.error.unwrap() - 3.227_486_121_839_514).abs() < 1e-9,
            "{found:?}"
        );
        assert_eq!((own.get("i", "m", 2019), own.years("i")), (None, vec![2020]));
    }
}
