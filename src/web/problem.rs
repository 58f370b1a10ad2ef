//! Pages of problems: the one that a problem's `type` leads to, in both languages, and the one that a reader meets in place of what
//! was asked for; the kinds of problems are `http`'s.

use askama::Template;

use super::{PageError, Shell, Words};
use crate::model::Language;

/// A kind of problem.
#[derive(Debug, Template)]
#[template(path = "problem.html", config = "src/web/askama.toml")]
pub struct ProblemPage {
    shell: Shell,
    english: Words,
    code: &'static str,
    status: u16,
    title: [&'static str; 2],
    remedy: [&'static str; 2],
}

impl ProblemPage {
    /// The page of a kind.
    pub fn new(code: &'static str, status: u16, title: [&'static str; 2], remedy: [&'static str; 2]) -> Self {
        let shell = Shell {
            words: Words { language: Language::Sv },
            title: title[0].to_owned(),
            addresses: Default::default(),
            canonical: None,
            notice: None,
            edition: None,
        };
        Self { shell, english: Words { language: Language::En }, code, status, title, remedy }
    }

    /// The page as HTML.
    pub fn html(&self) -> Result<String, PageError> {
        Ok(self.render()?)
    }
}

/// What a reader meets in place of a page.
#[derive(Debug, Template)]
#[template(path = "refusal.html", config = "src/web/askama.toml")]
pub struct Refusal<'a> {
    shell: Shell,
    words: Words,
    detail: &'a str,
    /// What to say to whoever is asked for help.
    about: String,
    more: String,
    start: &'static str,
    compare: &'static str,
}

impl<'a> Refusal<'a> {
    /// The page of a problem: its code, status, title, what to do, and the id of the request.
    pub fn new(language: Language, code: &str, status: u16, title: &str, detail: &'a str, request: &str) -> Self {
        let words = Words { language };
        let shell = Shell {
            words,
            title: title.to_owned(),
            addresses: Default::default(),
            canonical: None,
            notice: None,
            edition: None,
        };
        let (start, compare) = (shell.at(super::page::START), shell.at(super::page::COMPARE));
        let about = words
            .with_all("refusal-about", [("status", status.to_string().into()), ("request", request.to_owned().into())]);
        Self { shell, words, detail, about, more: format!("/problems/{code}"), start, compare }
    }

    /// The page as HTML.
    pub fn html(&self) -> Result<String, PageError> {
        Ok(self.render()?)
    }
}
