//! Targets as paths: where a figure should be by now, and how fast it has to move; the targets themselves are published data.

use std::sync::Arc;

use super::{Edition, edition::Row};
use crate::model::Text;

/// A published target.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Identifier.
    pub id: Arc<str>,
    /// Instrument, measure and group that it is set for.
    pub key: (Arc<str>, Arc<str>, Arc<str>),
    /// Start of the path: year and per cent.
    pub from: (i64, i64),
    /// End of the path: year and per cent.
    pub to: (i64, i64),
    /// Name.
    pub name: Text,
    /// Who set it.
    pub source: Text,
}

/// A figure beside its target path. Numbers are per cent, or percentage points a year.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetPath {
    /// Identifier of the target.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Year in which the target is to be reached.
    pub year: i64,
    /// Target value.
    pub value: i64,
    /// Where the path stands in the figure's year; none before it starts.
    pub path_value: Option<f64>,
    /// What is left to the target.
    pub gap: i64,
    /// Percentage points a year needed from the figure's year; none when the target's year has passed.
    pub pace_needed: Option<f64>,
    /// Percentage points gained in the last year.
    pub pace_had: Option<i64>,
    /// Where last year's pace would lead in the target's year.
    pub value_at_pace: Option<i64>,
}

impl Target {
    pub(super) fn read(row: &Row<'_>) -> Self {
        let pair =
            |year: &str, value: &str| (row.number(year).unwrap_or_default(), row.number(value).unwrap_or_default());
        Self {
            id: row.text("target"),
            key: (row.text("instrument"), row.text("indicator"), row.text("group_id")),
            from: pair("from_year", "from_value"),
            to: pair("to_year", "to_value"),
            name: row.both("name"),
            source: row.both("source"),
        }
    }

    /// The path as seen from a figure: a straight line from start to end, to tenths.
    pub fn path(&self, year: i64, value: i64, pace_had: Option<i64>) -> TargetPath {
        let tenths = |number: f64| (number * 10.0).round() / 10.0;
        let (span, rise) = ((self.to.0 - self.from.0).max(1) as f64, (self.to.1 - self.from.1) as f64);
        let left = self.to.0 - year;
        TargetPath {
            id: self.id.to_string(),
            name: self.name.clone(),
            year: self.to.0,
            value: self.to.1,
            path_value: (year >= self.from.0).then(|| {
                let gone = (year.min(self.to.0) - self.from.0) as f64;
                tenths(self.from.1 as f64 + rise * gone / span)
            }),
            gap: self.to.1 - value,
            pace_needed: (left > 0).then(|| tenths((self.to.1 - value) as f64 / left as f64)),
            pace_had,
            value_at_pace: pace_had.filter(|_| left > 0).map(|pace| (value + pace * left).clamp(0, 100)),
        }
    }
}

impl Edition {
    /// The target that is set for a figure, unless a series break lies between the start of its path and the figure's year.
    pub fn target(&self, instrument: &str, indicator: &str, group: &str, year: i64) -> Option<&Target> {
        let own = |target: &&Target| (&*target.key.0, &*target.key.1, &*target.key.2) == (instrument, indicator, group);
        let target = self.targets.iter().find(own)?;
        self.one_series(instrument, &[target.from.0, year]).is_ok().then_some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_national_goal_needs_six_and_six_tenths_a_year() {
        let none = Arc::from("");
        let target = Target {
            id: Arc::from("t"),
            key: (Arc::clone(&none), Arc::clone(&none), none),
            from: (2020, 47),
            to: (2025, 80),
            name: Text::new("", ""),
            source: Text::new("", ""),
        };
        let path = target.path(2020, 47, Some(6));
        assert_eq!((path.pace_needed, path.value_at_pace, path.gap), (Some(6.6), Some(77), 33));
        assert_eq!(target.path(2022, 50, None).path_value, Some(60.2));
        assert_eq!(target.path(2025, 70, Some(1)).pace_needed, None);
    }
}
