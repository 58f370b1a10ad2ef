//! From microdata to organisations' scores and the sums of cells, with the queries in `sql/`; what may leave is decided in `disclosure`.

mod cluster;
mod cube;
mod detail;
mod engine;
mod expression;
mod names;
mod organisation;
mod respondent;

pub use cluster::{Cluster, ready};
pub use cube::{Cells, cells, contributions};
pub use detail::{Details, answered_column, details, sum_column};
pub use engine::{Engine, EngineError, Execution, sweep};
pub use organisation::{OrganisationScores, Scored, organisations};

/// A score is held in millionths of a percentage point, so that sums are exact in any order.
pub const MILLIONTHS_PER_POINT: i64 = 1_000_000;

/// Why scores could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A part could not be read.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The microdata could not be listed.
    #[error(transparent)]
    Microdata(#[from] crate::microdata::MicrodataError),
    /// A table had another shape than the query promises.
    #[error(transparent)]
    Table(#[from] crate::table::TableError),
    /// A survey was taken in with another version of the questionnaire than the definition now names for its year.
    #[error(
        "the survey of receipt {receipt} was ingested with version {ingested} of `{instrument}`, and the definition now says version {defined} for {year}; correct the definition, or ingest the file again with --replace {receipt}"
    )]
    OtherVersion {
        /// The receipt.
        receipt: crate::model::Digest,
        /// The instrument.
        instrument: String,
        /// The year.
        year: crate::model::Year,
        /// Version when the file was ingested.
        ingested: String,
        /// Version by the definition.
        defined: String,
    },
    /// The instrument has no version for a year that has data.
    #[error("instrument `{instrument}` has no version for {year}; add one to its definition")]
    NoVersion {
        /// The instrument.
        instrument: String,
        /// The year.
        year: crate::model::Year,
    },
}
