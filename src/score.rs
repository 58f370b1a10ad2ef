//! From microdata to organisations' scores and the sums of cells, with the queries in `sql/`; what may leave is decided in `disclosure`.

mod cube;
mod engine;
mod expression;
mod organisation;

pub use cube::{Cells, cells};
pub use engine::{Engine, EngineError};
pub use organisation::{OrganisationScores, organisations};

/// A score is held in millionths of a percentage point, so that sums are exact in any order.
pub const MILLIONTHS_PER_POINT: i64 = 1_000_000;

/// Why scores could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The microdata could not be listed.
    #[error(transparent)]
    Microdata(#[from] crate::microdata::MicrodataError),
    /// A table had another shape than the query promises.
    #[error(transparent)]
    Table(#[from] crate::table::TableError),
    /// The instrument has no version for a year that has data.
    #[error("instrument `{instrument}` has no version for {year}; add one to its definition")]
    NoVersion {
        /// The instrument.
        instrument: String,
        /// The year.
        year: crate::model::Year,
    },
}
