//! A measure on the map of counties, in a year.

use super::{Chart, ChartKind, Table, extremes, shown};
use crate::{
    figure::Edition,
    web::{
        Asked, Words,
        drawing::{
            Shown,
            map::{self, County},
        },
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "counties",
    parameters: &["instrument", "indicator", "year"],
    example: "instrument=digital-maturity&indicator=index",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, key) = (asked.get("instrument")?, asked.get("indicator")?);
    let indicator = edition.indicator(instrument, key)?;
    let year = asked.year(edition, instrument)?;
    let is_county = |id: &str| id.strip_prefix("county:").is_some_and(|code| !code.contains('+'));
    let found: Vec<(String, County, String)> = edition
        .groups(instrument)
        .filter(|(id, _)| is_county(id))
        .filter_map(|(id, group)| {
            let own = edition.figure(instrument, key, id, year)?;
            // a county that is not shown by itself has the value of those that it is shown together with
            let with = own.answers_with.as_deref().filter(|with| with.starts_with("county:"));
            let together = with.and_then(|with| edition.group(instrument, with));
            let figure = with.and_then(|with| edition.figure(instrument, key, with, year)).unwrap_or(own);
            let county = County { code: id.strip_prefix("county:")?.to_owned(), value: shown(Some(&figure)) };
            let shown_with = together.map_or_else(|| "–".to_owned(), |with| words.of(&with.name).to_owned());
            Some((words.of(&group.name).to_owned(), county, shown_with))
        })
        .collect();
    if found.is_empty() {
        return None;
    }
    let rows = found.iter().map(|(name, county, with)| (name.clone(), vec![county.value.text(words), with.clone()]));
    let head = ["county", "value", "shown-with"].map(|key| words.say(key)).to_vec();
    let table = Table { head, rows: rows.collect() };
    // those that are shown together are one, under the name of all of them
    let mut ends: Vec<(&str, Shown)> = Vec::new();
    for (name, county, with) in &found {
        let name = if with == "–" { name } else { with };
        if !ends.iter().any(|(known, _)| known == name) {
            ends.push((name, county.value.clone()));
        }
    }
    let finding = extremes(ends.into_iter(), words);
    let counties: Vec<County> = found.into_iter().map(|(_, county, _)| county).collect();
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with_all(
            "counties-heading",
            [("measure", words.of(&indicator.name).to_owned().into()), ("year", year.to_string().into())],
        ),
        finding,
        description: words.say("counties-description"),
        drawing: map::draw(&counties, words),
        table,
        rows: format!("/v1/figures?instrument={instrument}&indicator={key}&year={year}&limit=1000"),
    })
}
