//! The categories of an instrument for an organisation's peers, with the middle half of them and marks for one's own results.

use super::{Chart, ChartKind, Table, extremes, span};
use crate::{
    figure::{Edition, Peers, categories, compare},
    web::{
        Asked, Words,
        drawing::{
            Shown,
            bars::{self, Bar},
        },
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "peers-categories",
    parameters: &["instrument", "organisation", "peers", "year"],
    example: "instrument=digital-maturity&organisation=municipality-1881&peers=similar:16",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let instrument = asked.get("instrument")?;
    let year = asked.year(edition, instrument)?;
    let peers = Peers::parse(asked.get("peers").unwrap_or("block")).ok()?;
    let chosen = peers.choose(edition, instrument, year, asked.get("organisation")).ok()?;
    let own = |key: &str| Some(asked.own.as_ref()?.results.get(instrument, key, year)?.value);
    let bars: Vec<Bar> = categories(edition, instrument)
        .into_iter()
        .map(|category| {
            let found = compare(edition, instrument, &category.key, year, &chosen);
            let value = match found.mean {
                Some(mean) => Shown::Value(mean as f64, found.bound.map_or("", super::sign)),
                None if &*found.status == "withheld" => Shown::Withheld,
                None => Shown::Absent,
            };
            let range = found.quartiles.map(|[lower, _, upper]| (lower as f64, upper as f64));
            Bar { name: words.of(&category.name).to_owned(), value, range, mark: own(&category.key) }
        })
        .collect();
    if bars.is_empty() {
        return None;
    }
    let has_own = bars.iter().any(|bar| bar.mark.is_some());
    let mut head = ["category", "peers", "middle-half"].map(|key| words.say(key)).to_vec();
    if has_own {
        head.push(words.say("own"));
    }
    let rows = bars.iter().map(|bar| {
        let mut row = vec![bar.value.text(words), span(bar.range, words)];
        if has_own {
            row.push(bar.mark.map_or_else(|| "–".to_owned(), |value| words.percent(value)));
        }
        (bar.name.clone(), row)
    });
    let table = Table { head, rows: rows.collect() };
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with("peers-categories-heading", "year", year.to_string()),
        finding: extremes(bars.iter().map(|bar| (&*bar.name, bar.value.clone())), words),
        description: words.say(if has_own {
            "peers-categories-own-description"
        } else {
            "peers-categories-description"
        }),
        drawing: bars::draw(&bars, words),
        table,
        rows: format!("/v1/comparisons?{}&limit=1000", asked.query()),
    })
}
