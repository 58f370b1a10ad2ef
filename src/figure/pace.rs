//! Pace: how many percentage points a year a figure has moved over some years of one series; what pace a target needs is `target`'s.

use super::{Edition, Figure, uncertainty::tenths};

/// Over how many years a pace is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Over as many years as there are, and at most these.
    AtMost(i64),
    /// Over these, or not at all.
    Exactly(i64),
}

/// A pace up to a figure's year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The year that it is reckoned from.
    pub from_year: i64,
    /// Percentage points a year, in tenths.
    pub points: f64,
    /// How far it may be off because both figures are rounded: half a step each, over the years between them.
    pub rounding: f64,
}

/// The pace up to a figure: its mean less that of the earlier year, over the years between. None where a figure is not shown, is
/// the end of the coded range or belongs to another series.
pub fn pace(edition: &Edition, figure: &Figure, span: Span) -> Option<Pace> {
    let (Span::AtMost(most) | Span::Exactly(most)) = span;
    let least = if matches!(span, Span::Exactly(_)) { most } else { 1 };
    let comparable = edition.earlier_in_series(&figure.instrument, figure.year);
    let earlier = edition
        .series(&figure.instrument, &figure.indicator, &figure.group)
        .filter(|earlier| (least..=most).contains(&(figure.year - earlier.year)) && comparable.contains(&earlier.year));
    let points: Vec<(i64, i64)> = earlier.filter_map(|earlier| Some((earlier.year, earlier.number()?))).collect();
    let step = f64::from(edition.release.manifest.policy.mean_step.max(1));
    between(*points.first()?, (figure.year, figure.number()?), step)
}

fn between((from_year, before): (i64, i64), (year, now): (i64, i64), step: f64) -> Option<Pace> {
    let years = year.checked_sub(from_year).filter(|years| *years > 0)? as f64;
    Some(Pace { from_year, points: tenths((now - before) as f64 / years), rounding: tenths(step / years) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_a_slope_with_the_rounding_of_its_ends() {
        assert_eq!(between((2017, 37), (2020, 47), 1.0), Some(Pace { from_year: 2017, points: 3.3, rounding: 0.3 }));
        assert_eq!(between((2019, 41), (2020, 47), 1.0), Some(Pace { from_year: 2019, points: 6.0, rounding: 1.0 }));
        assert_eq!(between((2020, 47), (2020, 47), 1.0), None);
    }
}
