//! The categories of an instrument for a group in a year, with the spread between organisations.

use super::{Chart, ChartKind, Table, extremes, quartiles, shown, span};
use crate::{
    figure::{Edition, categories},
    web::{
        Asked, Words,
        drawing::bars::{self, Bar},
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "categories",
    parameters: &["instrument", "group", "year"],
    example: "instrument=digital-maturity&group=all",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, group) = (asked.get("instrument")?, asked.get("group")?);
    let about = edition.group(instrument, group)?;
    let year = asked.year(edition, instrument)?;
    let bars: Vec<Bar> = categories(edition, instrument)
        .into_iter()
        .map(|own| {
            let figure = edition.figure(instrument, &own.key, group, year);
            Bar {
                name: words.of(&own.name).to_owned(),
                value: shown(figure.as_ref()),
                range: figure.and_then(|figure| quartiles(edition, &figure)),
                mark: None,
            }
        })
        .collect();
    if bars.is_empty() {
        return None;
    }
    let rows = bars.iter().map(|bar| (bar.name.clone(), vec![bar.value.text(words), span(bar.range, words)]));
    let table =
        Table { head: vec![words.say("category"), words.say("value"), words.say("middle-half")], rows: rows.collect() };
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with_all(
            "categories-heading",
            [("group", words.of(&about.name).to_owned().into()), ("year", year.to_string().into())],
        ),
        finding: extremes(bars.iter().map(|bar| (&*bar.name, bar.value.clone())), words),
        description: words.say("categories-description"),
        drawing: bars::draw(&bars, words),
        table,
        rows: format!("/v1/figures?instrument={instrument}&group={group}&year={year}&limit=1000"),
    })
}
