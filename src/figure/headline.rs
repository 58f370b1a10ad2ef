//! Headlines: an instrument's figure with its change, its target and the sentence that says it.

use super::{Edition, TargetPath, sentence};
use crate::model::{Bound, Text};

/// A headline. Values are per cent, changes percentage points.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// Instrument.
    pub instrument: String,
    /// Measure.
    pub indicator: String,
    /// Group that it speaks of.
    pub group: String,
    /// Name of the group.
    pub group_name: Text,
    /// Year.
    pub year: i64,
    /// Status word.
    pub status: String,
    /// Value.
    pub value: Option<i64>,
    /// Set where the value is the end of the coded range.
    pub value_bound: Option<Bound>,
    /// Difference from the year before, of published values.
    pub change: Option<i64>,
    /// The part of it within organisations that took part in both years.
    pub change_matched: Option<i64>,
    /// The part of it that comes from who took part.
    pub change_composition: Option<i64>,
    /// Organisations.
    pub organisations: Option<i64>,
    /// Organisations in both years.
    pub organisations_matched: Option<i64>,
    /// Respondents, rounded to tens.
    pub respondents: Option<i64>,
    /// The target, where one is set for this figure.
    pub target: Option<TargetPath>,
    /// The sentence.
    pub sentence: Text,
}

/// Headlines of an instrument for a group, in the order of years.
pub fn headlines(edition: &Edition, instrument: &str, group: &str) -> Vec<Headline> {
    let Some(indicator) =
        edition.indicators.iter().find(|indicator| &*indicator.instrument == instrument && indicator.headline)
    else {
        return Vec::new();
    };
    let Some(about) = edition.group(instrument, group) else { return Vec::new() };
    // where only one sector answers, the sentence names it
    let mut sectors = edition.groups(instrument).map(|(_, group)| group).filter(|group| &*group.kind == "sector");
    let speaks_of = match (&*about.kind, sectors.next(), sectors.next()) {
        ("all", Some(only), None) => only,
        _ => about,
    };
    edition
        .series(instrument, &indicator.key, group)
        .map(|figure| {
            let change = edition.change(&figure);
            let points = change.as_ref().and_then(|change| change.change);
            let target = edition
                .target(instrument, &indicator.key, group, figure.year)
                .zip(figure.mean)
                .map(|(target, mean)| target.path(figure.year, mean, points));
            Headline {
                instrument: instrument.to_owned(),
                indicator: indicator.key.to_string(),
                group: group.to_owned(),
                group_name: about.name.clone(),
                year: figure.year,
                status: figure.status.to_string(),
                value: figure.mean,
                value_bound: figure.bound,
                change: points,
                change_matched: change.as_ref().and_then(|change| change.matched),
                change_composition: change.as_ref().and_then(|change| change.composition),
                organisations: figure.organisations,
                organisations_matched: change.as_ref().and_then(|change| change.organisations_matched),
                respondents: figure.respondents,
                target,
                sentence: sentence(&indicator.subject, speaks_of, &figure, change.as_ref()),
            }
        })
        .collect()
}
