//! What one edition changed in another, in words and names; finding it is `release`'s, and all of it is in `/v1`.

use askama::Template;

use super::{NoPage, Site, text};
use crate::{
    definition,
    encode::{Grid, Meta, Value},
    web::{EditionLine, Shell, Words},
};

/// Changed values that are listed; the file has all of them.
const LISTED_MAX: usize = 100;

/// The page.
#[derive(Debug, Template)]
#[template(path = "difference.html", config = "src/web/askama.toml")]
pub struct DifferencePage {
    shell: Shell,
    words: Words,
    editions: String,
    tables: Vec<Counted>,
    changed: Vec<Changed>,
    /// Said where there are more changed values than are listed.
    more: Option<String>,
    rows: String,
}

/// What happened to a table.
#[derive(Debug)]
struct Counted {
    title: String,
    added: String,
    removed: String,
    changed: String,
}

/// A value before and after.
#[derive(Debug)]
struct Changed {
    table: String,
    row: String,
    column: String,
    before: String,
    after: String,
}

impl DifferencePage {
    /// The addresses of the page in Swedish and in English.
    pub const ADDRESSES: [&'static str; 2] = ["/utgavor/{earlier}/{later}", "/en/editions/{earlier}/{later}"];

    /// The page of two editions and the rows of `differences` between them.
    pub fn html(site: &Site<'_>, [earlier, later]: [&Meta; 2], found: &Grid, words: Words) -> Result<String, NoPage> {
        let both = |key: &str| {
            words.with_all(
                key,
                [
                    ("earlier", earlier.sequence.to_string().into()),
                    ("later", later.sequence.to_string().into()),
                    ("earlier-day", EditionLine::new(earlier).day.into()),
                    ("later-day", EditionLine::new(later).day.into()),
                ],
            )
        };
        let addresses = Self::ADDRESSES.map(|address| {
            address.replace("{earlier}", earlier.release.as_str()).replace("{later}", later.release.as_str())
        });
        let values = found.rows.iter().filter(|row| text(found, row, "difference").as_deref() == Some("value-changed"));
        let changed: Vec<Changed> =
            values.clone().take(LISTED_MAX).map(|row| changed(site, found, row, words)).collect();
        let all = values.count();
        let page = Self {
            shell: Shell {
                words,
                title: both("difference-title"),
                addresses,
                canonical: None,
                notice: site.edition.meta.notice.clone(),
                edition: Some(EditionLine::new(&site.edition.meta)),
            },
            words,
            editions: both("difference-editions"),
            tables: counted(found, words),
            more: (all > changed.len()).then(|| {
                let shown = words.number(changed.len() as f64);
                words.with_all("difference-more", [("shown", shown.into()), ("all", words.number(all as f64).into())])
            }),
            changed,
            rows: format!("/v1/releases/{}/differences/{}", earlier.release, later.release),
        };
        Ok(page.render()?)
    }
}

/// How many rows and values of each table differ, in the order of the rows.
fn counted(found: &Grid, words: Words) -> Vec<Counted> {
    let of = |row: &[Value], column: &str| text(found, row, column).unwrap_or_default();
    let mut tables: Vec<String> = found.rows.iter().map(|row| of(row, "table_name")).collect();
    tables.dedup();
    let one = |table: String| {
        let own = || found.rows.iter().filter(|row| of(row, "table_name") == table);
        let rows = |kind: &str| {
            let count = own().find(|row| of(row, "difference") == kind).and_then(|row| of(row, "rows").parse().ok());
            words.number(count.unwrap_or(0.0))
        };
        let values = own().filter(|row| of(row, "difference") == "value-changed").count();
        Counted {
            added: rows("rows-added"),
            removed: rows("rows-removed"),
            changed: words.number(values as f64),
            title: title(&table, words),
        }
    };
    tables.into_iter().map(one).collect()
}

fn changed(site: &Site<'_>, found: &Grid, row: &[Value], words: Words) -> Changed {
    let of = |column: &str| text(found, row, column).unwrap_or_default();
    let (table, column) = (of("table_name"), of("column_name"));
    let value = |text: String| if text.is_empty() { words.say("difference-empty") } else { text };
    let described = definition::table(&table);
    let column_title = described.and_then(|own| own.columns.iter().find(|(name, _)| **name == column));
    Changed {
        row: named(site, &table, &of("row_key"), words),
        table: title(&table, words),
        column: column_title.map_or(column, |(_, own)| words.of(&own.title).to_owned()),
        before: value(of("before")),
        after: value(of("after")),
    }
}

fn title(table: &str, words: Words) -> String {
    definition::table(table).map_or_else(|| table.to_owned(), |own| words.of(&own.title).to_owned())
}

/// A row's key with the names of its ids; ids hold no spaces.
fn named(site: &Site<'_>, table: &str, key: &str, words: Words) -> String {
    let columns = definition::table(table).map_or(&[][..], |own| own.key.as_slice());
    let parts: Vec<&str> = key.split(' ').collect();
    if columns.len() != parts.len() {
        return key.to_owned();
    }
    let instrument = columns.iter().position(|column| column == "instrument").map(|at| parts[at]);
    let name = |(column, id): (&String, &&str)| {
        site.edition.names.of(instrument, column, id).map_or_else(|| (*id).to_owned(), |name| words.of(name).to_owned())
    };
    columns.iter().zip(&parts).map(name).collect::<Vec<_>>().join(", ")
}
