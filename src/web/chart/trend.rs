//! A measure of a group over all published years, with the path of its target.

use super::{Chart, ChartKind, Table, shown};
use crate::{
    figure::Edition,
    web::{
        Asked, Words,
        drawing::line::{self, Path, Point},
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "trend",
    parameters: &["instrument", "indicator", "group"],
    example: "instrument=digital-maturity&indicator=index&group=all",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, key, group) = (asked.get("instrument")?, asked.get("indicator")?, asked.get("group")?);
    let indicator = edition.indicator(instrument, key)?;
    let about = edition.group(instrument, group)?;
    let points = points(edition, instrument, key, group);
    let last = points.last()?;
    let target = edition.target(instrument, key, group, last.year);
    let path = target.map(|target| Path { from: target.from, to: target.to });
    let (name, group_name) = (words.of(&indicator.name), words.of(&about.name));
    let of_target = |year: i64| target.and_then(|target| target.path(year, 0, None).path_value);
    let mut head = vec![words.say("year"), words.say("value"), words.say("change")];
    head.extend(target.map(|_| words.say("chart-path")));
    let rows = edition.series(instrument, key, group).zip(&points).map(|(figure, point)| {
        let change = edition.change(&figure).and_then(|change| change.change);
        let mut row =
            vec![point.value.text(words), change.map_or_else(|| "–".to_owned(), |points| words.signed(points as f64))];
        row.extend(target.map(|_| of_target(point.year).map_or_else(|| "–".to_owned(), |value| words.percent(value))));
        (point.year.to_string(), row)
    });
    let table = Table { head, rows: rows.collect() };
    let mut description = words.with_all(
        "trend-description",
        [("first", points[0].year.to_string().into()), ("last", last.year.to_string().into())],
    );
    if path.is_some() {
        description = format!("{description} {}", words.say("trend-description-path"));
    }
    if points.iter().any(|point| point.value.value().is_none()) {
        description = format!("{description} {}", words.say("trend-description-hatched"));
    }
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words
            .with_all("trend-heading", [("measure", name.to_owned().into()), ("group", group_name.to_owned().into())]),
        finding: finding(&points, words),
        description,
        drawing: line::draw(&points, path, words),
        table,
        rows: format!("/v1/figures?instrument={instrument}&indicator={key}&group={group}&limit=1000"),
    })
}

/// The published years of a measure.
pub(super) fn points(edition: &Edition, instrument: &str, key: &str, group: &str) -> Vec<Point> {
    let point = |figure: crate::figure::Figure| Point {
        year: figure.year,
        value: shown(Some(&figure)),
        series: figure.series.to_string(),
    };
    edition.series(instrument, key, group).map(point).collect()
}

/// From where to where the last series went.
fn finding(points: &[Point], words: Words) -> String {
    let Some(last) = points.last() else { return String::new() };
    let of_series = points.iter().filter(|point| point.series == last.series);
    let shown: Vec<&Point> = of_series.filter(|point| point.value.value().is_some()).collect();
    match shown[..] {
        [] => words.say("nothing-shown"),
        [only] => words
            .with_all("trend-one", [("year", only.year.to_string().into()), ("value", only.value.text(words).into())]),
        [first, .., last] => words.with_all(
            "trend-finding",
            [
                ("first", first.year.to_string().into()),
                ("last", last.year.to_string().into()),
                ("from", first.value.text(words).into()),
                ("to", last.value.text(words).into()),
            ],
        ),
    }
}
