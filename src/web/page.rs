//! The pages that are made from an edition, one file each, and the one list of them; how they are answered is `http`'s.

mod accessibility;
mod compare;
mod data;
mod difference;
mod editions;
mod key;
mod measure;
mod measures;
mod method;
mod own;
mod report;
mod sql;
mod start;

pub use difference::DifferencePage;
pub use key::KeyPage;
pub use sql::{SqlOutcome, SqlPage};

use askama::Template;

use super::{
    Asked, Chart, EditionLine, PageError, Shell, Words,
    chart::{self},
};
use crate::{
    definition::Publisher,
    encode::{Grid, Value},
    figure::{Edition, PeersError},
    http::Limit,
    model::Language,
};

/// Addresses of pages in Swedish and in English.
pub(super) const START: [&str; 2] = ["/", "/en"];
pub(super) const MEASURES: [&str; 2] = ["/matt", "/en/measures"];
const MEASURE: [&str; 2] = ["/matt/{instrument}/{indicator}", "/en/measures/{instrument}/{indicator}"];
pub(super) const COMPARE: [&str; 2] = ["/jamfor", "/en/compare"];
const REPORT: [&str; 2] = ["/rapport", "/en/report"];
pub(super) const DATA: [&str; 2] = ["/data", "/en/data"];
pub(super) const EDITIONS: [&str; 2] = ["/utgavor", "/en/editions"];
pub(super) const METHOD: [&str; 2] = ["/metod", "/en/method"];
pub(super) const ACCESSIBILITY: [&str; 2] = ["/tillganglighet", "/en/accessibility"];
/// Charts by themselves and to embed; the name follows.
const CHART: [&str; 2] = ["/diagram", "/en/chart"];

/// Where every page leads: messages with names, and addresses.
pub(super) static PLACES: [(&str, [&str; 2]); 6] = [
    ("place-start", START),
    ("place-measures", MEASURES),
    ("place-compare", COMPARE),
    ("place-data", DATA),
    ("place-editions", EDITIONS),
    ("place-method", METHOD),
];

/// A page.
#[derive(Debug)]
pub struct PageKind {
    /// Its addresses in Swedish and in English, with what is chosen by a path in braces.
    pub addresses: [&'static str; 2],
    /// What can be chosen by its query.
    pub parameters: &'static [&'static str],
    /// Choices to try, as a query, those of the path too.
    pub example: &'static str,
    /// Whether it shows more to the holder of the chosen organisation's key.
    pub is_for_holders: bool,
    /// Makes it.
    pub make: fn(&Site<'_>, &Asked, Words) -> Result<String, NoPage>,
}

/// Every page.
pub static PAGES: &[&PageKind] = &[
    &start::PAGE,
    &measures::PAGE,
    &measure::PAGE,
    &compare::PAGE,
    &report::PAGE,
    &data::PAGE,
    &editions::PAGE,
    &method::PAGE,
    &accessibility::PAGE,
];

/// What pages are made from.
#[derive(Debug)]
pub struct Site<'a> {
    /// The edition.
    pub edition: &'a Edition,
    /// Who publishes.
    pub publisher: &'a Publisher,
    /// The limits in force.
    pub limits: Vec<Limit>,
    /// The address that examples begin with.
    pub base: String,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum NoPage {
    /// Nothing of this kind has this id.
    #[error("{0}: {1} does not exist")]
    Unknown(&'static str, String),
    /// It cannot be written.
    #[error(transparent)]
    Page(#[from] PageError),
}

impl From<askama::Error> for NoPage {
    fn from(error: askama::Error) -> Self {
        Self::Page(error.into())
    }
}

impl PageKind {
    /// Its addresses with the choices in them.
    pub fn addressed(&self, asked: &Asked) -> [String; 2] {
        let query = asked.only(self.parameters).query();
        self.addresses.map(|address| {
            let mut path = address.to_owned();
            for name in ["instrument", "indicator"] {
                path = path.replace(&format!("{{{name}}}"), asked.get(name).unwrap_or_default());
            }
            let is_in_path = address.contains('{');
            if query.is_empty() || is_in_path && asked.only(self.parameters).query().is_empty() {
                path
            } else {
                format!("{path}?{query}")
            }
        })
    }

    fn shell(&self, site: &Site<'_>, asked: &Asked, words: Words, title: impl Into<String>) -> Shell {
        let meta = &site.edition.meta;
        Shell {
            words,
            title: title.into(),
            addresses: self.addressed(asked),
            canonical: None,
            notice: meta.notice.clone(),
            edition: Some(EditionLine::new(meta)),
        }
    }
}

/// The same shell for a page whose choices are all known.
fn settled(mut shell: Shell, page: &PageKind, all: &Asked) -> Shell {
    let addresses = page.addressed(all);
    shell.canonical = Some(addresses[at(shell.words)].clone());
    shell
}

/// A chart as it stands in a page.
#[derive(Debug, Template)]
#[template(path = "exhibit.html", config = "src/web/askama.toml")]
struct Exhibit<'a> {
    chart: &'a Chart,
    words: Words,
    source: &'a str,
    level: u8,
}

impl Exhibit<'_> {
    /// Where the chart and its rows are found by themselves.
    fn links(&self) -> Vec<(String, String)> {
        let Chart { name, query, rows, .. } = self.chart;
        let place = CHART[self.words.language as usize];
        let of_rows = |format: &str| {
            let (path, query) = rows.split_once('?').unwrap_or((rows, ""));
            format!("{path}.{format}?{query}").trim_end_matches('?').to_owned()
        };
        vec![
            (format!("{place}/{name}.svg?{query}"), self.words.say("chart-svg")),
            (of_rows("csv"), "CSV".to_owned()),
            (of_rows("xlsx"), "XLSX".to_owned()),
            (format!("{place}/{name}?{query}"), self.words.say("chart-embed")),
        ]
    }
}

/// A chart of an edition with its heading, its data as a table and where to fetch it; nothing where there is no such chart.
fn exhibit(site: &Site<'_>, name: &str, asked: &Asked, words: Words, level: u8) -> Result<Option<String>, NoPage> {
    let Some(chart) = chart::chart(site.edition, name, asked, words) else { return Ok(None) };
    let source = words.of(&site.edition.meta.source);
    Ok(Some(Exhibit { chart: &chart, words, source, level }.render()?))
}

/// A small page with a chart, to stand within pages of others.
#[derive(Debug, Template)]
#[template(path = "embed.html", config = "src/web/askama.toml")]
struct Embedded<'a> {
    words: Words,
    title: String,
    chart: &'a Chart,
    exhibit: String,
    notice: Option<&'a str>,
    home: String,
    cite: String,
}

/// The page of a chart to embed.
pub fn embedded(site: &Site<'_>, chart: &Chart, words: Words) -> Result<String, NoPage> {
    let source = words.of(&site.edition.meta.source);
    let exhibit = Exhibit { chart, words, source, level: 2 }.render()?;
    let notice = site.edition.meta.notice.as_ref().map(|notice| words.of(notice));
    let home = START[words.language as usize].to_owned();
    let of = chart.query.split('&').find_map(|pair| pair.strip_prefix("instrument=")).unwrap_or_default();
    let title = format!("{} ({})", chart.heading, instrument_name(site, of, words));
    Ok(Embedded { words, title, chart, exhibit, notice, home, cite: cite(site, words) }.render()?)
}

/// The instrument asked for, or the first with a headline and a target, else with a headline, else the first.
fn instrument(site: &Site<'_>, asked: &Asked) -> Result<std::sync::Arc<str>, NoPage> {
    let all = site.edition.instruments();
    if let Some(id) = asked.get("instrument") {
        return all.into_iter().find(|own| &**own == id).ok_or_else(|| NoPage::Unknown("instrument", id.to_owned()));
    }
    let has_target = |id: &&std::sync::Arc<str>| site.edition.targets.iter().any(|target| target.key.0 == **id);
    let has_headline =
        |id: &&std::sync::Arc<str>| site.edition.indicators.iter().any(|own| own.headline && own.instrument == **id);
    let found = all.iter().find(has_target).or_else(|| all.iter().find(has_headline)).or(all.first());
    found.cloned().ok_or_else(|| NoPage::Unknown("instrument", String::new()))
}

/// The name of an instrument.
fn instrument_name(site: &Site<'_>, id: &str, words: Words) -> String {
    site.edition.names.of(None, "instrument", id).map_or_else(|| id.to_owned(), |name| words.of(name).to_owned())
}

/// Text of a row's column.
pub(super) fn text(grid: &Grid, row: &[Value], column: &str) -> Option<String> {
    match row.get(grid.position(column)?)? {
        Value::Text(text) => Some(text.to_string()),
        Value::Whole(number) => Some(number.to_string()),
        _ => None,
    }
}

/// How to name the publisher and the edition.
fn cite(site: &Site<'_>, words: Words) -> String {
    let meta = &site.edition.meta;
    words.with_all(
        "cite",
        [
            ("publisher", words.of(&site.publisher.name).to_owned().into()),
            ("year", meta.published_at.get(..4).unwrap_or_default().to_owned().into()),
            ("release", meta.release.short().to_owned().into()),
        ],
    )
}

/// Why there are no such peers, in words.
fn no_peers(edition: &Edition, error: &PeersError, words: Words) -> String {
    let name = |id: &String| super::search::organisation(edition, id).map_or_else(|| id.clone(), |own| own.name);
    match error {
        PeersError::Unreadable => words.say("no-peers-unreadable"),
        PeersError::NoOrganisation => words.say("no-peers-organisation"),
        PeersError::UnknownOrganisation(id) => words.with("no-peers-unknown-organisation", "id", id),
        PeersError::UnknownGroup(id) => words.with("no-peers-unknown-group", "id", id),
        PeersError::NotParticipating { ids, year } => words.with_all(
            "no-peers-not-participating",
            [("ids", ids.iter().map(name).collect::<Vec<_>>().join(", ").into()), ("year", year.to_string().into())],
        ),
        PeersError::NoSuchPeers(id) => words.with("no-peers-none", "id", name(id)),
        PeersError::TooFew { found } => words.with_all(
            "no-peers-too-few",
            [("found", (*found as i64).into()), ("least", (crate::figure::LEAST_PEERS as i64).into())],
        ),
    }
}

/// The page's language as a place in pairs.
fn at(words: Words) -> usize {
    match words.language {
        Language::Sv => 0,
        Language::En => 1,
    }
}
