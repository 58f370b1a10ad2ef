//! The categories of an instrument over all published years, side by side.

use super::{Chart, ChartKind, Table, extremes, trend::points};
use crate::{
    figure::{Edition, categories},
    web::{
        Asked, Words,
        drawing::{
            Shown,
            multiples::{self, Panel},
        },
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "small-trends",
    parameters: &["instrument", "group"],
    example: "instrument=digital-maturity&group=all",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, group) = (asked.get("instrument")?, asked.get("group")?);
    let about = edition.group(instrument, group)?;
    let panels: Vec<Panel> = categories(edition, instrument)
        .into_iter()
        .map(|own| Panel { name: words.of(&own.name).to_owned(), points: points(edition, instrument, &own.key, group) })
        .collect();
    let years: Vec<i64> = panels.first()?.points.iter().map(|point| point.year).collect();
    let head = std::iter::once(words.say("category")).chain(years.iter().map(i64::to_string)).collect();
    let rows = panels.iter().map(|panel| {
        let of =
            |year: &i64| panel.points.iter().find(|point| point.year == *year).map_or(&Shown::Absent, |own| &own.value);
        (panel.name.clone(), years.iter().map(|year| of(year).text(words)).collect())
    });
    let table = Table { head, rows: rows.collect() };
    let last = |panel: &Panel| panel.points.last().and_then(|point| point.value.value());
    let finding = extremes(
        panels.iter().map(|panel| (&*panel.name, last(panel).map_or(Shown::Absent, |value| Shown::Value(value, "")))),
        words,
    );
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with("small-trends-heading", "group", words.of(&about.name)),
        finding,
        description: words.say("small-trends-description"),
        drawing: multiples::draw(&panels, words),
        table,
        rows: format!("/v1/figures?instrument={instrument}&group={group}&limit=1000"),
    })
}
