//! How the organisations of a group are distributed in a measure and year, where that is published.

use super::{Chart, ChartKind, Table};
use crate::{
    figure::{Distribution, Edition},
    web::{Asked, Words, drawing::histogram},
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "distribution",
    parameters: &["instrument", "indicator", "group", "year"],
    example: "instrument=digital-maturity&indicator=index&group=sector:municipality",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, key, group) = (asked.get("instrument")?, asked.get("indicator")?, asked.get("group")?);
    let (indicator, about) = (edition.indicator(instrument, key)?, edition.group(instrument, group)?);
    let year = asked.year(edition, instrument)?;
    let counts = edition.membership.histogram(instrument, key, group, year)?;
    let total: i64 = counts.iter().sum();
    let step = i64::from(edition.release.manifest.policy.histogram_step);
    let shares: Vec<f64> = counts.iter().map(|count| *count as f64 / total.max(1) as f64).collect();
    let distribution = Distribution::new(shares.clone(), step);
    let quartiles = [0.25, 0.5, 0.75].map(|share| distribution.quantile(share, 5));
    let rows = counts.iter().enumerate().map(|(class, count)| {
        (
            class_name(class, counts.len(), step, words),
            vec![words.number(*count as f64), words.percent((shares[class] * 100.0).round())],
        )
    });
    let table =
        Table { head: ["class", "organisations", "share"].map(|key| words.say(key)).to_vec(), rows: rows.collect() };
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with_all(
            "distribution-heading",
            [
                ("measure", words.of(&indicator.name).to_owned().into()),
                ("group", words.of(&about.name).to_owned().into()),
                ("year", year.to_string().into()),
            ],
        ),
        finding: of_quartiles(quartiles, words),
        description: words.say("distribution-description"),
        drawing: histogram::draw(&shares, Some(quartiles), None, words),
        table,
        rows: format!("/v1/distributions?instrument={instrument}&indicator={key}&group={group}&year={year}"),
    })
}

/// Between which values the middle half lies.
pub(super) fn of_quartiles(quartiles: [i64; 3], words: Words) -> String {
    let [lower, middle, upper] = quartiles.map(|value| value as f64);
    words.with_all(
        "quartiles-finding",
        [
            ("lower", words.number(lower).into()),
            ("middle", words.percent(middle).into()),
            ("upper", words.percent(upper).into()),
        ],
    )
}

/// A class by its ends: whole per cent, the last with its upper end.
pub(super) fn class_name(class: usize, classes: usize, step: i64, words: Words) -> String {
    let from = class as i64 * step;
    let to = if class + 1 == classes { 100 } else { from + step - 1 };
    format!("{from}–{}", words.percent(to as f64))
}
