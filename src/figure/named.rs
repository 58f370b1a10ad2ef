//! What the ids of an edition are called: read from its tables, and the closed words that tables use.

use std::sync::Arc;

use super::{
    PublishedRows,
    edition::{Row, rows},
};
use crate::{
    encode::{Grid, Names},
    model::{Sector, Status, Text},
};

/// Words of closed lists: column, word, Swedish, English.
const WORDS: [(&str, &str, &str, &str); 11] = [
    ("role", "all", "Alla", "All"),
    ("category", "all", "Alla", "All"),
    ("level", "index", "Helhet", "Whole"),
    ("level", "dimension", "Dimension", "Dimension"),
    ("level", "category", "Kategori", "Category"),
    ("level", "factor", "Faktor", "Factor"),
    ("level", "area", "Område", "Area"),
    ("method", "exact", "Exakt grupp", "Exact group"),
    ("method", "block-mixture", "Blandning av block", "Block mixture"),
    ("mean_bound", "le", "högst", "at most"),
    ("mean_bound", "ge", "minst", "at least"),
];

/// The names in published tables.
pub(super) fn names<'a>(grid: impl Fn(&str) -> Option<&'a Grid>, organisations: Option<Arc<PublishedRows>>) -> Names {
    let mut names = Names::default();
    for (column, word, sv, en) in WORDS {
        names.add(None, column, &Arc::from(word), Text::new(sv, en));
    }
    for status in Status::ALL {
        names.add(None, "status", &Arc::from(status.word()), status.name());
    }
    let of = |table: &str| grid(table).into_iter().flat_map(rows);
    for row in of("indicators") {
        let instrument = row.text("instrument");
        names.add(None, "instrument", &instrument, row.both("instrument_name"));
        names.add(Some(&instrument), "indicator", &row.text("indicator"), row.both("name"));
    }
    for row in of("groups") {
        let (instrument, name) = (row.text("instrument"), row.both("name"));
        names.add(Some(&instrument), "group_id", &row.text("group_id"), name.clone());
        names.add(Some(&instrument), "population", &row.text("group_id"), name);
    }
    for row in of("questions") {
        names.add(Some(&row.text("instrument")), "question", &row.text("question"), row.both("text"));
    }
    for row in of("cross_tables") {
        names.add(None, "table_id", &row.text("table_id"), row.both("title"));
        let (instrument, category) = (row.text("instrument"), row.text("category"));
        names.add(Some(&instrument), "category", &category, row.both("category"));
        // the categories of the publisher's tables are roles, where roles have names
        names.add(Some(&instrument), "role", &category, row.both("category"));
    }
    if let Some(table) = organisations {
        // there may be very many, and most answers name none
        names.add_late("organisation", move || {
            let named = table.checked(table.distinct(&["organisation", "name"])).unwrap_or_default();
            let name = |row: Row<'_>| (row.text("organisation"), Text::new(&*row.text("name"), &*row.text("name")));
            rows(&named).map(name).collect()
        });
    }
    for sector in Sector::ALL {
        names.add(None, "sector", &Arc::from(sector.word()), sector.name());
    }
    names
}
