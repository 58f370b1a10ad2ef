//! The page that a problem's `type` leads to, in both languages; the kinds of problems are `http`'s.

use askama::Template;

use super::{PageError, Shell};
use crate::model::Language;

/// A kind of problem.
#[derive(Debug, Template)]
#[template(path = "problem.html", config = "src/web/askama.toml")]
pub struct ProblemPage {
    shell: Shell,
    code: &'static str,
    status: u16,
    title: [&'static str; 2],
    remedy: [&'static str; 2],
}

impl ProblemPage {
    /// The page of a kind.
    pub fn new(code: &'static str, status: u16, title: [&'static str; 2], remedy: [&'static str; 2]) -> Self {
        let shell = Shell { language: Language::Sv, title: title[0].to_owned(), addresses: ["", ""], notice: None };
        Self { shell, code, status, title, remedy }
    }

    /// The page as HTML.
    pub fn html(&self) -> Result<String, PageError> {
        Ok(self.render()?)
    }
}
