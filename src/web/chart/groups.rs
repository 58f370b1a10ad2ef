//! A measure in all groups of a kind, such as sectors or SKR groups, in a year.

use super::{Chart, ChartKind, Table, extremes, quartiles, shown, span};
use crate::{
    figure::Edition,
    model::Sector,
    web::{
        Asked, Words,
        drawing::dots::{self, Dot},
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "groups",
    parameters: &["instrument", "indicator", "kind", "year"],
    example: "instrument=digital-maturity&indicator=index&kind=sector",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, key, kind) = (asked.get("instrument")?, asked.get("indicator")?, asked.get("kind")?);
    let indicator = edition.indicator(instrument, key)?;
    let year = asked.year(edition, instrument)?;
    let of_kind = edition.groups(instrument).filter(|(_, group)| &*group.kind == kind);
    let found: Vec<(Dot, Option<i64>, Option<String>)> = of_kind
        .filter_map(|(id, group)| {
            let figure = edition.figure(instrument, key, id, year)?;
            // groups that were joined are there to answer for their parts
            if id.contains('+') && figure.mean.is_none() {
                return None;
            }
            let dot = Dot {
                name: words.of(&group.name).to_owned(),
                value: shown(Some(&figure)),
                range: quartiles(edition, &figure),
            };
            let sector = (kind == "sector").then(|| group.sector.as_deref().unwrap_or_default().to_owned());
            Some((dot, figure.organisations, sector))
        })
        .collect();
    let mut found = found;
    // sectors in the order in which people name them; other kinds by their ids
    found.sort_by_key(|(_, _, sector)| Sector::ALL.iter().position(|own| Some(own.word()) == sector.as_deref()));
    let found = found.into_iter().map(|(dot, organisations, _)| (dot, organisations));
    let (dots, organisations): (Vec<Dot>, Vec<Option<i64>>) = found.unzip();
    if dots.is_empty() {
        return None;
    }
    let whole = edition.figure(instrument, key, "all", year).and_then(|figure| shown(Some(&figure)).value());
    let mut finding = extremes(dots.iter().map(|dot| (&*dot.name, dot.value.clone())), words);
    if let (Some(whole), Some((_, all))) = (whole, edition.groups(instrument).find(|(id, _)| &***id == "all")) {
        let said = [("group", words.of(&all.name).to_owned().into()), ("value", words.percent(whole).into())];
        finding = format!("{finding} {}", words.with_all("groups-line", said));
    }
    let rows = dots.iter().zip(organisations).map(|(dot, organisations)| {
        let count = organisations.map_or_else(|| "–".to_owned(), |count| words.number(count as f64));
        (dot.name.clone(), vec![dot.value.text(words), span(dot.range, words), count])
    });
    let head = ["group", "value", "middle-half", "organisations"].map(|key| words.say(key)).to_vec();
    let table = Table { head, rows: rows.collect() };
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words.with_all(
            "groups-heading",
            [
                ("measure", words.of(&indicator.name).to_owned().into()),
                ("kind", words.say(&format!("kind-{kind}")).into()),
                ("year", year.to_string().into()),
            ],
        ),
        finding,
        description: words.say("groups-description"),
        drawing: dots::draw(&dots, whole, words),
        table,
        rows: format!("/v1/figures?instrument={instrument}&indicator={key}&year={year}&limit=1000"),
    })
}
