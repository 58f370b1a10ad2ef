//! Tables as bytes for clients: one file per format behind one trait, and the choice between them; what is in a table is decided elsewhere.

mod accept;
mod arrays;
mod arrow;
mod csv;
mod cube;
#[cfg(test)]
mod generated;
mod grid;
mod json;
pub mod jsonstat;
mod names;
pub mod parquet;
mod pivot;
pub mod px;
mod sdmx;
mod sheet;
pub mod xlsx;

use std::{borrow::Cow, fmt, io::Write, sync::Arc};

pub use self::arrow::rows_of_stream;
pub use accept::{NotAcceptable, named, negotiate};
pub use cube::{CELLS_MAX, Category, Cell, Cube, Dimension, Role};
pub use grid::{Column, Grid, Value, camel_case};
pub use names::Names;
pub use pivot::{Pivot, Shown, write_csv, write_html, write_xlsx};
pub use sheet::{Sheet, SheetColumn};

use serde::{Deserialize, Serialize};

use crate::{
    definition::TableText,
    model::{Digest, Language, Text},
};

/// The licence of everything published: CC0 1.0, as Sweden's data portal recommends for open public data.
pub const LICENCE: &str = "https://creativecommons.org/publicdomain/zero/1.0/";

/// What every answer carries beside its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Meta {
    /// The release it comes from.
    pub release: Digest,
    /// Number of the release in the log.
    pub sequence: u64,
    /// `preliminary`, `final` or `revision`.
    pub kind: String,
    /// When it was published, RFC 3339.
    pub published_at: String,
    /// Digest of the disclosure policy that it was made under.
    pub policy: Digest,
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
    /// What the rows are, in words.
    pub table: Cow<'static, TableText>,
    /// Rows of the page.
    pub grid: Grid,
    /// Beside the rows.
    pub meta: Meta,
    /// Which page.
    pub page: Page,
    /// What ids are called.
    pub names: Arc<Names>,
    /// The language of formats that speak only one.
    pub language: Language,
}

impl Document {
    /// The one text that all rows have in a column; none where there are several or none.
    fn sole(&self, column: &str) -> Option<&str> {
        let at = self.grid.position(column)?;
        let mut texts =
            self.grid.rows.iter().map(|row| if let Value::Text(text) = &row[at] { Some(&**text) } else { None });
        let first = texts.next()??;
        texts.all(|text| text == Some(first)).then_some(first)
    }
}

/// Why a document cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// The format holds figures, and the table has none.
    #[error("the format holds figures in cells, and this table is a list; choose another format")]
    NoCube,
    /// There are no rows to make a cube of.
    #[error("there are no rows to make a cube of; select others")]
    NoRows,
    /// Some of the rows are on other pages, so that their cells would look as if there were no figures.
    #[error(
        "a cube holds all rows of a selection and not a page of them; leave out `page` and `limit`, or select fewer"
    )]
    Page,
    /// Rows of several instruments would be one cube.
    #[error("a cube holds one instrument, since figures of several cannot be compared; choose one")]
    MixedInstruments,
    /// The rows are too many, or their cube has too many cells.
    #[error("the rows make a cube of more than {CELLS_MAX} cells; select fewer")]
    TooLarge,
    /// The reader has gone.
    #[error("the answer cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// A library failed.
    #[error("the answer cannot be made: {0}")]
    Library(String),
}

/// An output format.
pub trait Format: Sync + fmt::Debug {
    /// Name in `?format=`, and the end of an address that asks for it.
    fn name(&self) -> &'static str;
    /// Further names, by which the same format goes elsewhere.
    fn other_names(&self) -> &'static [&'static str] {
        &[]
    }
    /// Media type in `Accept`; its parameters tell formats of one type apart.
    fn media_type(&self) -> &'static str;
    /// The `Content-Type` header.
    fn content_type(&self) -> &'static str;
    /// The end of a file's name.
    fn extension(&self) -> &'static str {
        self.name()
    }
    /// Whether its bytes depend on the reader's language, rather than holding both or none.
    fn is_in_one_language(&self) -> bool {
        false
    }
    /// Whether it holds figures in cells and nothing else, so that lists cannot be written in it.
    fn is_cube(&self) -> bool {
        false
    }
    /// Writes a document.
    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError>;
}

/// Every format, the default first.
pub static FORMATS: &[&dyn Format] = &[
    &json::Json,
    &csv::Csv,
    &csv::ExcelCsv,
    &xlsx::Xlsx,
    &parquet::Parquet,
    &arrow::ArrowStream,
    &jsonstat::JsonStat,
    &sdmx::SdmxCsv,
    &px::Px,
];
