//! How an organisation's peers are distributed in a measure, with a mark for a value of one's own.

use super::{
    Chart, ChartKind, Table,
    distribution::{class_name, of_quartiles},
};
use crate::{
    figure::{Edition, Method, Peers, compare},
    web::{Asked, Words, drawing::histogram},
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "peers",
    parameters: &["instrument", "indicator", "organisation", "peers", "year", "value"],
    example: "instrument=digital-maturity&indicator=index&organisation=municipality-1881&peers=similar:16",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, key) = (asked.get("instrument")?, asked.get("indicator")?);
    let indicator = edition.indicator(instrument, key)?;
    let year = asked.year(edition, instrument)?;
    let peers = Peers::parse(asked.get("peers").unwrap_or("block")).ok()?;
    let chosen = peers.choose(edition, instrument, year, asked.get("organisation")).ok()?;
    let found = compare(edition, instrument, key, year, &chosen);
    let shares = found.distribution.as_ref()?.shares().to_vec();
    let step = i64::from(edition.release.manifest.policy.histogram_step);
    let tried = asked.get("value").and_then(|text| text.parse::<f64>().ok());
    let own = asked.own.as_ref().and_then(|own| own.results.get(instrument, key, year)).map(|own| own.value);
    let mark = tried.or(own).map(|value| {
        let text = if tried.is_some() { "mark-tried" } else { "mark-own" };
        (value, words.with(text, "value", words.percent(value)))
    });
    let rows = shares.iter().enumerate().map(|(class, share)| {
        (class_name(class, shares.len(), step, words), vec![words.percent((share * 100.0).round())])
    });
    let table = Table { head: ["class", "share"].map(|key| words.say(key)).to_vec(), rows: rows.collect() };
    let position = mark.as_ref().and_then(|(value, _)| found.position(*value)).map(|position| {
        words.with_all(
            "position-finding",
            [
                ("below", words.percent(position.below as f64).into()),
                ("from", words.number(position.from as f64).into()),
                ("to", words.percent(position.to as f64).into()),
            ],
        )
    });
    let quartiles = found.quartiles.map(|quartiles| of_quartiles(quartiles, words)).unwrap_or_default();
    let mut description = words.say("distribution-description");
    if found.distribution_method == Some(Method::BlockMixture) {
        description = format!("{description} {}", words.say("of-blocks"));
    }
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with_all(
            "peers-heading",
            [("measure", words.of(&indicator.name).to_owned().into()), ("year", year.to_string().into())],
        ),
        finding: position.map_or_else(|| quartiles.clone(), |position| format!("{position} {quartiles}")),
        description,
        drawing: histogram::draw(&shares, found.quartiles, mark, words),
        table,
        rows: format!("/v1/comparisons?{}", asked.query()),
    })
}
