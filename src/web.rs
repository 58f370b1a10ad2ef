//! Pages for people, rendered on the server and without scripts: the shell that all of them share, its style and what a browser
//! may load for them. Each page and each chart has a file; at which address it is given is decided in `http`.

mod asked;
mod chart;
mod docs;
mod drawing;
mod page;
mod problem;
mod search;
mod words;

use std::sync::LazyLock;

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

pub use asked::{Asked, Own};
pub use chart::{CHARTS, Chart, ChartKind, chart_kind};
pub use docs::{Docs, Sources};
pub use page::{DifferencePage, KeyPage, NoPage, PAGES, PageKind, Site, SqlOutcome, SqlPage, embedded};
pub use problem::{ProblemPage, Refusal};
pub use words::Words;

use crate::{
    encode::Meta,
    model::{Language, Text},
};

/// The style of every page, which stands in the page itself.
const STYLE: &str = concat!(include_str!("web/style.css"), include_str!("web/chart.css"));

/// The style of a chart by itself.
const CHART_STYLE: &str = include_str!("web/chart.css");

/// The `Content-Type` of pages.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";

/// The `Content-Security-Policy` of pages: nothing is loaded, and the one style is known by its digest.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
});

/// The same of a chart to embed, which other sites may frame.
pub static EMBEDDED_POLICY: LazyLock<String> =
    LazyLock::new(|| POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"));

/// The same of a chart by itself.
pub static CHART_POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(CHART_STYLE));
    format!("default-src 'none'; style-src 'sha256-{digest}'")
});

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The template failed.
    #[error("the page cannot be written: {0}")]
    Template(#[from] askama::Error),
}

/// What stands around the content of every page.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The page's words.
    pub words: Words,
    /// The page's title.
    pub title: String,
    /// The page's address in Swedish and in English; the same where a page has both languages.
    pub addresses: [String; 2],
    /// The address under which the page is best known, where choices that are not told are written out.
    pub canonical: Option<String>,
    /// Said on every page while any data are synthetic.
    pub notice: Option<Text>,
    /// The edition that the page is made from.
    pub edition: Option<EditionLine>,
}

/// An edition as every page names it.
#[derive(Debug, Clone)]
pub struct EditionLine {
    /// The first digits of its release.
    pub release: String,
    /// Number in the log.
    pub sequence: u64,
    /// Day of publication.
    pub day: String,
}

impl EditionLine {
    /// Of what is said beside every answer.
    pub fn new(meta: &Meta) -> Self {
        let day = meta.published_at.get(..10).unwrap_or_default().to_owned();
        Self { release: meta.release.short().to_owned(), sequence: meta.sequence, day }
    }
}

impl Shell {
    fn tag(&self) -> &'static str {
        self.words.language.tag()
    }

    /// The notice in the page's language.
    fn notice(&self) -> Option<&str> {
        self.notice.as_ref().map(|notice| self.words.of(notice))
    }

    /// The other language with its own name for itself and the page's address in it, where that is another one.
    fn other(&self) -> Option<(&'static str, &'static str, &str)> {
        let [sv, en] = &self.addresses;
        match self.words.language {
            _ if sv == en => None,
            Language::Sv => Some(("en", "In English", en)),
            Language::En => Some(("sv", "På svenska", sv)),
        }
    }

    /// The addresses in the page's language that every page leads to, with their names, and whether one is this page's.
    fn places(&self) -> Vec<(&'static str, String, bool)> {
        let language = self.words.language as usize;
        let own = self.addresses[language].split('?').next().unwrap_or_default();
        page::PLACES
            .iter()
            .map(|(key, addresses)| (addresses[language], self.words.say(key), addresses[language] == own))
            .collect()
    }

    /// The edition that the page is made from, as a line.
    fn edition_line(&self) -> Option<String> {
        let EditionLine { release, sequence, day } = self.edition.as_ref()?;
        let line = self.words.with_all(
            "edition-line",
            [("release", release.clone().into()), ("number", sequence.to_string().into()), ("day", day.clone().into())],
        );
        Some(line)
    }

    /// The address of one of two in the page's language.
    fn at(&self, addresses: [&'static str; 2]) -> &'static str {
        addresses[self.words.language as usize]
    }

    /// The page of documentation in the page's language.
    fn docs(&self) -> &'static str {
        self.at(Docs::ADDRESSES)
    }
}
