//! Which series a year belongs to, and so which years can be compared: the one place that is asked, by whatever sets one year
//! beside another.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{Edition, edition::rows, published::PublishedRows};
use crate::table::TableError;

/// Consecutive published years of one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Series.
    pub series: Arc<str>,
    /// First year.
    pub first: i64,
    /// Last year.
    pub last: i64,
}

impl fmt::Display for Run {
    /// `2014-2015`, as a selection of years is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

/// Years of more than one series were to be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the series of {instrument} is broken between these years; compare years within {}", .runs.iter().map(Run::to_string).collect::<Vec<_>>().join(" or "))]
pub struct SeriesBreak {
    /// Instrument.
    pub instrument: Arc<str>,
    /// Its published years, divided where the series is broken.
    pub runs: Vec<Run>,
}

/// The series of each published year, by instrument.
#[derive(Debug, Default)]
pub(super) struct Series(BTreeMap<Arc<str>, BTreeMap<i64, Arc<str>>>);

impl Series {
    /// Reads them from the table `figures`.
    pub(super) fn read(figures: &PublishedRows) -> Result<Self, TableError> {
        let mut found: BTreeMap<Arc<str>, BTreeMap<i64, Arc<str>>> = BTreeMap::new();
        for row in rows(&figures.distinct(&["instrument", "year", "series"])?) {
            let years = found.entry(row.text("instrument")).or_default();
            years.entry(row.number("year").unwrap_or_default()).or_insert_with(|| row.text("series"));
        }
        Ok(Self(found))
    }

    fn runs(&self, instrument: &str) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (&year, series) in self.0.get(instrument).into_iter().flatten() {
            match runs.last_mut().filter(|run| run.series == *series) {
                Some(run) => run.last = year,
                None => runs.push(Run { series: series.clone(), first: year, last: year }),
            }
        }
        runs
    }

    fn one(&self, instrument: &str, years: &[i64]) -> Result<(), SeriesBreak> {
        let own = self.0.get(instrument);
        let mut series = years.iter().filter_map(|year| own?.get(year));
        let first = series.next();
        if series.all(|other| Some(other) == first) {
            return Ok(());
        }
        Err(SeriesBreak { instrument: Arc::from(instrument), runs: self.runs(instrument) })
    }
}

impl Edition {
    /// The published years of an instrument, ascending, each with the series that it belongs to.
    pub fn published_years(&self, instrument: &str) -> impl Iterator<Item = (i64, &Arc<str>)> {
        self.series_by_year.0.get(instrument).into_iter().flatten().map(|(year, series)| (*year, series))
    }

    /// The first published year of any instrument.
    pub fn first_year(&self) -> Option<i64> {
        self.series_by_year.0.values().filter_map(|years| years.keys().next().copied()).min()
    }

    /// The series that a published year of an instrument belongs to.
    pub fn series_of(&self, instrument: &str, year: i64) -> Option<&Arc<str>> {
        self.series_by_year.0.get(instrument)?.get(&year)
    }

    /// Whether years can be compared: those that are published all belong to one series.
    pub fn one_series(&self, instrument: &str, years: &[i64]) -> Result<(), SeriesBreak> {
        self.series_by_year.one(instrument, years)
    }

    /// Published years of an instrument from a year on, within the series of that year, that lie before it, latest first.
    pub fn earlier_in_series(&self, instrument: &str, year: i64) -> Vec<i64> {
        let Some(series) = self.series_of(instrument, year) else { return Vec::new() };
        let years = self.series_by_year.0.get(instrument).into_iter().flat_map(|years| years.range(..year).rev());
        years.take_while(|(_, own)| *own == series).map(|(year, _)| *year).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(years: &[(i64, &str)]) -> Series {
        let years = years.iter().map(|(year, series)| (*year, Arc::from(*series))).collect();
        Series([(Arc::from("i"), years)].into())
    }

    #[test]
    fn years_on_either_side_of_a_break_are_not_compared() {
        let broken = series(&[(2014, "a"), (2015, "a"), (2016, "b"), (2018, "b"), (2019, "a")]);
        let check = |years: &[i64], fits: bool| assert_eq!(broken.one("i", years).is_ok(), fits, "{years:?}");
        check(&[], true);
        check(&[2014, 2015], true);
        check(&[2016, 2018], true);
        check(&[2015, 2016], false);
        check(&[2014, 2016, 2018], false);
        // a series that is taken up again is the same one
        check(&[2015, 2019], true);
        // years that are not published cannot be compared in any case, which is told elsewhere
        check(&[2013, 2014, 2017], true);
        assert!(broken.one("other", &[2015, 2016]).is_ok());
        let told = broken.one("i", &[2015, 2016]).unwrap_err().to_string();
        assert!(told.ends_with("compare years within 2014-2015 or 2016-2018 or 2019"), "{told}");
    }
}
