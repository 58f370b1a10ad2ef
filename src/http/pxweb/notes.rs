//! What has to be known before a table is used: that data are made up, how figures are made, what symbols mean.

use super::table::Table;
use crate::{
    encode::{Grid, Value},
    figure::Edition,
    model::{Status, Text},
};

/// Notes on a table; the first `mandatory` of them have to be shown with every figure.
pub(super) struct Notes {
    pub(super) texts: Vec<Text>,
    pub(super) mandatory: usize,
}

/// The notes on a table.
pub(super) fn of(edition: &Edition, table: &Table) -> Notes {
    let mut texts: Vec<Text> = edition.meta.notice.iter().cloned().collect();
    let mandatory = texts.len();
    texts.push(table.text.text.clone());
    if let (Ok(grid), Some((instrument, _))) = (edition.grid("notes"), &table.instrument) {
        texts.extend(said(grid, instrument));
    }
    if table.text.columns.iter().any(|(column, _)| column == "answers_with") {
        texts.push(Text::new(
            "Där en grupp inte visas räknas dess medlemmar i en större grupp; vilken den är står under answersWith i /v1/figures.",
            "Where a group is not shown, its members count in a larger one; answersWith at /v1/figures says which one that is.",
        ));
    }
    texts.push(Text::new(
        "Medelvärden kan varken läggas samman eller räknas om till medelvärden för andra grupper, eftersom varje organisation väger lika.",
        "Means can neither be added up nor made into means of other groups, since every organisation has the same weight.",
    ));
    let symbols = |name: fn(&Text) -> &str| {
        let own = Status::ALL.into_iter().filter_map(|status| Some((status.px()?, status.name())));
        own.map(|(symbol, text)| format!("{symbol} {}", name(&text))).collect::<Vec<_>>().join("; ")
    };
    texts.push(Text::new(
        format!("Tecken: {}.", symbols(|text| &text.sv)),
        format!("Symbols: {}.", symbols(|text| &text.en)),
    ));
    Notes { texts, mandatory }
}

/// What is published of an instrument, but for what every answer says anyway.
fn said(grid: &Grid, instrument: &str) -> Vec<Text> {
    let at = |name: &str| grid.position(name);
    let (Some(own), Some(note), Some(sv), Some(en)) = (at("instrument"), at("note"), at("text_sv"), at("text_en"))
    else {
        return Vec::new();
    };
    let text = |value: &Value| if let Value::Text(text) = value { text.to_string() } else { String::new() };
    let rows = grid.rows.iter().filter(|row| text(&row[own]) == instrument && text(&row[note]) != "synthetic");
    rows.map(|row| Text::new(text(&row[sv]), text(&row[en]))).collect()
}
