//! The data as files: every published table in every format, the interfaces, and where to read about columns.

use askama::Template;

use super::{NoPage, PageKind, Site};
use crate::{
    definition,
    encode::FORMATS,
    figure::PublishedRows,
    web::{Asked, Docs, Shell, Words},
};

pub(super) static PAGE: PageKind =
    PageKind { addresses: super::DATA, parameters: &[], example: "", is_for_holders: false, make };

#[derive(Debug, Template)]
#[template(path = "data.html", config = "src/web/askama.toml")]
struct Data {
    shell: Shell,
    words: Words,
    tables: Vec<Listed>,
    docs: &'static str,
    licence: &'static str,
}

/// A table with its files.
#[derive(Debug)]
struct Listed {
    id: String,
    title: String,
    text: String,
    columns: String,
    rows: String,
    files: Vec<(String, String)>,
}

/// Formats of whole tables, in the order in which people ask for them, with their names.
const FILES: [(&str, &str); 4] = [("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet"), ("json", "JSON")];

fn make(site: &Site<'_>, asked: &Asked, words: Words) -> Result<String, NoPage> {
    let docs = Docs::ADDRESSES[super::at(words)];
    let mut tables = Vec::new();
    for entry in &site.edition.release.manifest.tables {
        let Some(text) = definition::table(&entry.name) else { continue };
        let rows = site.edition.table(&entry.name).map_or(0, PublishedRows::len);
        let files = FILES.iter().filter(|(name, _)| FORMATS.iter().any(|format| format.name() == *name));
        tables.push(Listed {
            id: entry.name.clone(),
            title: words.of(&text.title).to_owned(),
            text: words.of(&text.text).to_owned(),
            columns: format!("{docs}#table-{}", entry.name),
            rows: words.counted("data-rows", rows as i64),
            files: files
                .map(|(format, name)| (format!("/v1/files/current/{}.{format}", entry.name), (*name).to_owned()))
                .collect(),
        });
    }
    let page = Data {
        shell: PAGE.shell(site, asked, words, words.say("place-data")),
        words,
        tables,
        docs,
        licence: crate::encode::LICENCE,
    };
    Ok(page.render()?)
}
