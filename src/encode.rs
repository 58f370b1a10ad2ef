//! Tables as bytes for clients: one file per format behind one trait, and the choice between them; what is in a table is decided elsewhere.

mod csv;
mod grid;
mod json;

use std::fmt;

pub use grid::{Column, Grid, Value, camel_case};

use crate::model::{Digest, Text};

/// What every answer carries beside its rows.
#[derive(Debug, Clone)]
pub struct Meta {
    /// The release it comes from.
    pub release: Digest,
    /// Number of the release in the log.
    pub sequence: u64,
    /// `preliminary`, `final` or `revision`.
    pub kind: String,
    /// When it was published, RFC 3339.
    pub published_at: String,
    /// Said with every answer while any data are synthetic.
    pub notice: Option<Text>,
    /// The source line.
    pub source: Text,
}

/// Which part of all rows an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Number, from 1.
    pub number: usize,
    /// Rows per page.
    pub limit: usize,
    /// Rows in all.
    pub total: usize,
}

/// Rows with what belongs to them.
#[derive(Debug, Clone)]
pub struct Document {
    /// Rows of the page.
    pub grid: Grid,
    /// Beside the rows.
    pub meta: Meta,
    /// Which page.
    pub page: Page,
}

/// An output format.
pub trait Format: Sync + fmt::Debug {
    /// Name in `?format=`.
    fn name(&self) -> &'static str;
    /// Media type in `Accept`.
    fn media_type(&self) -> &'static str;
    /// The `Content-Type` header.
    fn content_type(&self) -> &'static str;
    /// Writes a document.
    fn encode(&self, document: &Document) -> Vec<u8>;
}

/// Every format, the default first.
pub static FORMATS: &[&dyn Format] = &[&json::Json, &csv::Csv, &csv::ExcelCsv];

/// No format that the client accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no format fits; there are {}", FORMATS.iter().map(|format| format.name()).collect::<Vec<_>>().join(", "))]
pub struct NotAcceptable;

/// Chooses by `?format=`, else by `Accept`, else JSON; never anything that was not asked for.
pub fn negotiate(named: Option<&str>, accept: Option<&str>) -> Result<&'static dyn Format, NotAcceptable> {
    if let Some(name) = named {
        return FORMATS.iter().copied().find(|format| format.name() == name).ok_or(NotAcceptable);
    }
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else { return Ok(FORMATS[0]) };
    let mut wanted: Vec<(f32, &str)> = accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next()?;
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
            (quality > 0.0).then_some((quality, media))
        })
        .collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted
        .iter()
        .find_map(|(_, media)| {
            FORMATS.iter().copied().find(|format| {
                let own = format.media_type();
                let family = own.split('/').next().unwrap_or_default();
                *media == own || *media == "*/*" || media.strip_suffix("/*") == Some(family)
            })
        })
        .ok_or(NotAcceptable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_named_accepted_or_refused() {
        let check = |named: Option<&str>, accept: Option<&str>, expected: Option<&str>| {
            assert_eq!(negotiate(named, accept).ok().map(Format::name), expected, "{named:?} {accept:?}");
        };
        check(None, None, Some("json"));
        check(None, Some("*/*"), Some("json"));
        check(None, Some("text/csv"), Some("csv"));
        check(None, Some("text/html,application/json;q=0.5,text/csv;q=0.9"), Some("csv"));
        check(None, Some("application/xml"), None);
        check(None, Some("text/csv;q=0"), None);
        check(Some("csv"), Some("application/json"), Some("csv"));
        check(Some("pdf"), None, None);
    }
}
