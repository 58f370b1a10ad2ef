//! What the private store keeps of surveys: receipts and the Parquet parts that they vouch for; reading files is `ingest`'s work.

mod append;
mod content;
mod scan;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    definition::MappingKind,
    model::{Digest, InstrumentId, MappingId, Year},
    store::{PrivateStore, StoreError, path},
    table::TableError,
};

pub(crate) use append::{Appended, Appender, GROUP_ROWS, keep};
pub(crate) use scan::{Attendance, attendance, visit};
pub use scan::{Scanned, scan};
pub use schema::{answers_schema, scores_schema};

/// What can go wrong with microdata.
#[derive(Debug, thiserror::Error)]
pub enum MicrodataError {
    /// The private store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part cannot be written or read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A receipt is not one.
    #[error("{path} is no receipt: {cause}; restore it from a copy")]
    Receipt {
        /// The object.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A temporary file fails while parts are gathered.
    #[error("a temporary file cannot be used: {0}; check that the folder for temporary files has room")]
    Temporary(#[from] std::io::Error),
}

impl From<parquet::errors::ParquetError> for MicrodataError {
    fn from(cause: parquet::errors::ParquetError) -> Self {
        Self::Table(cause.into())
    }
}

impl From<datafusion::arrow::error::ArrowError> for MicrodataError {
    fn from(cause: datafusion::arrow::error::ArrowError) -> Self {
        Self::Table(cause.into())
    }
}

/// What one row of a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A row per respondent, of [`answers_schema`].
    Answers,
    /// A row per organisation and measure, of [`scores_schema`].
    Scores,
}

impl Kind {
    /// The word used in receipts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Scores => "scores",
        }
    }
}

impl From<MappingKind> for Kind {
    fn from(kind: MappingKind) -> Self {
        match kind {
            MappingKind::Answers => Self::Answers,
            MappingKind::Scores => Self::Scores,
        }
    }
}

/// A Parquet file of microdata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// SHA-256 of the file, and its name.
    pub digest: Digest,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Year of the survey.
    pub year: Year,
}

/// What one accepted survey file became. Parts count only from the moment when their receipt exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// SHA-256 of what the receipt stands for: `content`, and what it supersedes if anything.
    pub id: Digest,
    /// SHA-256 of the survey's rows in canonical order, whatever file format or order of rows they came in.
    pub content: Digest,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Version of the instrument in the survey's year.
    pub version: String,
    /// Year of the survey.
    pub year: Year,
    /// Round within the year, from 1.
    pub round: u8,
    /// What a row is.
    pub kind: Kind,
    /// Which pseudonym key was used, without telling it: files of one round need the same.
    pub pseudonym_key: String,
    /// Mapping that the file was read with.
    pub mapping: MappingId,
    /// SHA-256 of the file as it was.
    pub file_digest: Digest,
    /// Rows that the file had, header and blank rows not counted.
    pub rows_read: u64,
    /// Rows that the parts have.
    pub rows_accepted: u64,
    /// Number of findings by rule.
    pub findings: BTreeMap<String, u64>,
    /// The parts, in the order of their rows.
    pub parts: Vec<Part>,
    /// Receipts whose parts no longer count, because this one corrects them.
    pub supersedes: Vec<Digest>,
    /// When the file was ingested, RFC 3339 in UTC. It has no part in `id`.
    pub created_at: String,
}

impl Receipt {
    /// The id of a receipt for rows with this digest.
    pub(crate) fn id_of(content: &Digest, supersedes: &[Digest]) -> Digest {
        if supersedes.is_empty() {
            return content.clone();
        }
        let mut text = format!("mognad receipt 1\n{content}\n");
        for superseded in supersedes {
            text.push_str(superseded.as_str());
            text.push('\n');
        }
        Digest::of(text.as_bytes())
    }
}

/// All receipts of an instrument, those that are superseded among them, in the order of their ids.
pub async fn receipts(store: &PrivateStore, instrument: &InstrumentId) -> Result<Vec<Receipt>, MicrodataError> {
    let mut found = Vec::new();
    for path in store.0.list(&path::receipts(instrument)).await? {
        let bytes = store.0.get(&path).await?;
        let wrong = |cause: String| MicrodataError::Receipt { path: path.to_string(), cause };
        let receipt: Receipt = serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string()))?;
        if path != path::receipt(instrument, &receipt.id) || receipt.instrument != *instrument {
            return Err(wrong("its name is not the id that it holds".to_owned()));
        }
        found.push(receipt);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// The receipts of an instrument whose parts count, in the order of their ids.
pub async fn active(store: &PrivateStore, instrument: &InstrumentId) -> Result<Vec<Receipt>, MicrodataError> {
    Ok(without_superseded(receipts(store, instrument).await?))
}

/// Leaves out every receipt that another one supersedes, even if that one is superseded in turn.
pub(crate) fn without_superseded(receipts: Vec<Receipt>) -> Vec<Receipt> {
    let superseded: BTreeSet<Digest> = receipts.iter().flat_map(|receipt| receipt.supersedes.clone()).collect();
    receipts.into_iter().filter(|receipt| !superseded.contains(&receipt.id)).collect()
}
