//! Every resource, one file each, and the one list that the router is made of.

mod answers;
mod api_info;
mod before_after;
mod catalog;
mod changes;
mod comparisons;
mod courses;
mod cross_tables;
mod distributions;
mod docs;
mod figures;
mod files;
mod groups;
mod headlines;
mod health;
mod indicators;
mod instruments;
mod limits;
mod method;
mod notes;
mod openapi;
mod organisations;
mod problems;
mod questions;
mod releases;
mod results;
mod sql;
mod strengths;
mod tables;
mod targets;

use axum::routing::MethodRouter;

pub(super) use releases::public_manifest;

use super::App;

/// What a resource answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Rows of a described table, in every format.
    Table(&'static str),
    /// A JSON document.
    Json,
    /// Documents of these media types.
    Document(&'static [&'static str]),
    /// A page for people.
    Page,
    /// Bytes of a file, of which a range can be asked for.
    File,
    /// Rows of whatever is asked, in the formats that hold rows.
    Query,
}

/// What an organisation's key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Without it there is no answer.
    Needed,
    /// With it there is more.
    Optional,
}

/// A resource.
#[derive(Debug)]
pub struct Route {
    /// Path, with parameters in braces.
    pub path: &'static str,
    /// What its GET is called, in English: a verb and the resource.
    pub operation: &'static str,
    /// What it gives: Swedish, English.
    pub summary: [&'static str; 2],
    /// An address to try.
    pub example: &'static str,
    /// Its own query parameters, by the names under which they are described.
    pub parameters: &'static [&'static str],
    /// What it answers with.
    pub answer: Answer,
    /// Its methods.
    pub handler: fn() -> MethodRouter<App>,
}

impl Route {
    /// The described table whose rows it gives.
    pub fn table(&self) -> Option<&'static str> {
        if let Answer::Table(table) = self.answer { Some(table) } else { None }
    }

    /// Whether its rows are those of a release, so that another one can be named.
    pub fn is_in_releases(&self) -> bool {
        !matches!(self.answer, Answer::Table("releases" | "differences"))
    }

    /// Whether an organisation's key is read here.
    pub fn key(&self) -> Option<Key> {
        match self.answer {
            Answer::Table("results") => Some(Key::Needed),
            Answer::Table("comparisons" | "strengths") => Some(Key::Optional),
            _ => None,
        }
    }
}

/// Every resource.
pub static ROUTES: &[&Route] = &[
    &headlines::ROUTE,
    &figures::ROUTE,
    &distributions::ROUTE,
    &answers::ROUTE,
    &changes::ROUTE,
    &comparisons::ROUTE,
    &strengths::ROUTE,
    &before_after::ROUTE,
    &courses::ROUTE,
    &cross_tables::ROUTE,
    &targets::ROUTE,
    &instruments::ROUTE,
    &instruments::ONE,
    &indicators::ROUTE,
    &indicators::ONE,
    &questions::ROUTE,
    &groups::ROUTE,
    &groups::ONE,
    &organisations::ROUTE,
    &organisations::ONE,
    &results::ROUTE,
    &releases::ROUTE,
    &releases::ONE,
    &releases::DIFFERENCE,
    &tables::ROUTE,
    &tables::ONE,
    &files::ROUTE,
    &sql::ROUTE,
    &method::ROUTE,
    &notes::ROUTE,
    &catalog::ROUTE,
    &limits::ROUTE,
    &api_info::ROUTE,
    &api_info::ROOT,
    &openapi::ROUTE,
    &openapi::PXWEB,
    &openapi::KOLADA,
    &docs::ROUTE,
    &docs::ENGLISH,
    &problems::ROUTE,
    &health::HEALTH,
    &health::READY,
];
