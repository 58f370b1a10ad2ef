//! How many of the organisations of each sector, or of each county's municipalities, took part in a year.

use std::collections::BTreeMap;

use super::{Chart, ChartKind, Table, extremes};
use crate::{
    encode::Value,
    figure::Edition,
    model::Sector,
    web::{
        Asked, Words,
        drawing::{
            Shown,
            bars::{self, Bar},
        },
    },
};

pub(super) static KIND: ChartKind = ChartKind {
    name: "participation",
    parameters: &["instrument", "by", "year"],
    example: "instrument=digital-maturity&by=sector",
    make,
};

fn make(edition: &Edition, asked: &Asked, words: Words) -> Option<Chart> {
    let (instrument, by) = (asked.get("instrument")?, asked.get("by")?);
    let year = asked.year(edition, instrument)?;
    let counts = match by {
        "sector" => by_sector(edition, instrument, year, words)?,
        "county" => by_county(edition, instrument, year, words)?,
        _ => return None,
    };
    let bars: Vec<Bar> = counts
        .iter()
        .map(|(name, (took_part, all))| Bar {
            name: name.clone(),
            value: Shown::Value((100.0 * *took_part as f64 / (*all).max(1) as f64).round(), ""),
            range: None,
            mark: None,
        })
        .collect();
    let rows = counts.iter().zip(&bars).map(|((name, (took_part, all)), bar)| {
        (name.clone(), vec![bar.value.text(words), words.number(*took_part as f64), words.number(*all as f64)])
    });
    let head = [by, "share", "took-part", "of-all"].map(|key| words.say(key)).to_vec();
    let table = Table { head, rows: rows.collect() };
    Some(Chart {
        name: KIND.name,
        query: asked.query(),
        heading: words
            .with_all("participation-heading", [("by", by.to_owned().into()), ("year", year.to_string().into())]),
        finding: extremes(bars.iter().map(|bar| (&*bar.name, bar.value.clone())), words),
        description: words.say("participation-description"),
        drawing: bars::draw(&bars, words),
        table,
        // who counts in which year; the register has all
        rows: "/v1/files/current/group_members".to_owned(),
    })
}

/// Took part, and all: by name, in an order of their own.
type Counts = Vec<(String, (usize, usize))>;

/// Rows of the register: id, sector, county and its name, of those that there were in the year.
fn organisations(edition: &Edition, year: i64) -> Option<Vec<[String; 4]>> {
    let grid = edition.grid("organisations").ok()?;
    let at =
        ["organisation", "sector", "county", "county_name", "valid_from", "valid_to"].map(|name| grid.position(name));
    let of = |row: &[Value], place: usize| match at[place].and_then(|at| row.get(at)) {
        Some(Value::Text(text)) => text.to_string(),
        _ => String::new(),
    };
    let first = |text: &str| text.get(..4).and_then(|year| year.parse::<i64>().ok());
    let is_there = |row: &[Value]| {
        first(&of(row, 4)).is_none_or(|from| from <= year) && first(&of(row, 5)).is_none_or(|to| to >= year)
    };
    let rows = grid.rows.iter().filter(|row| is_there(row));
    Some(rows.map(|row| [0, 1, 2, 3].map(|place| of(row, place))).collect())
}

fn by_sector(edition: &Edition, instrument: &str, year: i64, words: Words) -> Option<Counts> {
    let took_part = edition.membership.members(instrument, year, "all")?;
    let rows = organisations(edition, year)?;
    // a sector of which nobody counts in the year was not asked, or is not told
    let asked = |sector: &Sector| {
        rows.iter().any(|row| row[1] == sector.word() && took_part.contains(&*row[0]))
            && edition.group(instrument, &format!("sector:{}", sector.word())).is_some()
    };
    let of = |sector: Sector| {
        let own: Vec<_> = rows.iter().filter(|row| row[1] == sector.word()).collect();
        let count = own.iter().filter(|row| took_part.contains(&*row[0])).count();
        (words.of(&sector.name()).to_owned(), (count, own.len()))
    };
    Some(Sector::ALL.into_iter().filter(asked).map(of).collect())
}

fn by_county(edition: &Edition, instrument: &str, year: i64, words: Words) -> Option<Counts> {
    let took_part = edition.membership.members(instrument, year, "all")?;
    let mut counties: BTreeMap<String, (String, (usize, usize))> = BTreeMap::new();
    for [id, sector, county, name] in organisations(edition, year)? {
        if sector != "municipality" || county.is_empty() {
            continue;
        }
        let group = edition.group(instrument, &format!("county:{county}"));
        let name = group.map_or(name, |group| words.of(&group.name).to_owned());
        let (_, (count, all)) = counties.entry(county).or_insert_with(|| (name, (0, 0)));
        *all += 1;
        *count += usize::from(took_part.contains(&*id));
    }
    let is_asked = counties.values().any(|(_, (count, _))| *count > 0);
    is_asked.then(|| counties.into_values().collect())
}
