//! Pages for people, rendered on the server and without scripts: the shell that all of them share, its style and what a browser
//! may load for them. Each page has a file; at which address it is given is decided in `http`.

mod docs;
mod problem;

use std::sync::LazyLock;

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

pub use docs::{Docs, Sources};
pub use problem::ProblemPage;

use crate::model::{Language, Text};

/// The style of every page, which stands in the page itself.
const STYLE: &str = include_str!("web/style.css");

/// The `Content-Type` of pages.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";

/// The `Content-Security-Policy` of pages: nothing is loaded, and the one style is known by its digest.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
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
    /// The page's language.
    pub language: Language,
    /// The page's title.
    pub title: String,
    /// The page's address in Swedish and in English; the same where a page has both languages.
    pub addresses: [&'static str; 2],
    /// Said on every page while any data are synthetic.
    pub notice: Option<Text>,
}

impl Shell {
    /// One of two texts, in the page's language.
    fn say<'a>(&self, sv: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Sv => sv,
            Language::En => en,
        }
    }

    fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// The notice in the page's language.
    fn notice(&self) -> Option<&str> {
        self.notice.as_ref().map(|notice| self.language.of(notice))
    }

    /// The other language with its own name for itself and the page's address in it, where that is another one.
    fn other(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let [sv, en] = self.addresses;
        match self.language {
            _ if sv == en => None,
            Language::Sv => Some(("en", "In English", en)),
            Language::En => Some(("sv", "På svenska", sv)),
        }
    }

    /// The page of documentation in the page's language.
    fn docs(&self) -> &'static str {
        match self.language {
            Language::Sv => "/docs",
            Language::En => "/en/docs",
        }
    }
}
