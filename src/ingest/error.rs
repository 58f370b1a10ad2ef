//! Why a file could not be ingested at all; what is wrong with its rows is told in `report`.

use std::path::Path;

use datafusion::arrow::error::ArrowError;

use crate::{
    microdata::MicrodataError,
    model::{Digest, InstrumentId, Year},
};

/// Why a file could not be ingested.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file cannot be read.
    #[error("cannot read {file}: {cause}; check the path and that the file may be read")]
    Unreadable {
        /// The file.
        file: String,
        /// What the operating system says.
        cause: std::io::Error,
    },
    /// Reading ended by a fault in the program.
    #[error(
        "reading {file} stopped unexpectedly; the file may be damaged: open it in a spreadsheet program and save it as CSV"
    )]
    Stopped {
        /// The file.
        file: String,
    },
    /// The instrument was not in use in the year.
    #[error("{instrument} has no version for {year}; check the year, or add a [[version]] to the instrument")]
    NoVersion {
        /// The instrument.
        instrument: InstrumentId,
        /// The year.
        year: Year,
    },
    /// The round is no number of a round.
    #[error("round {0} is not from 1 to 100; give the number of the round within the year")]
    Round(u8),
    /// The receipt to replace does not exist.
    #[error("there is no receipt {receipt} of {instrument}; `mognad receipts` lists them")]
    UnknownReceipt {
        /// The receipt.
        receipt: Digest,
        /// The instrument.
        instrument: InstrumentId,
    },
    /// The receipt to replace belongs to another year or round.
    #[error("receipt {receipt} is of {year}, round {round}; give that year and round, or the receipt of this one")]
    OtherRound {
        /// The receipt.
        receipt: Digest,
        /// Its year.
        year: Year,
        /// Its round.
        round: u8,
    },
    /// The receipt to replace has been replaced.
    #[error("receipt {receipt} has been replaced by {by} already; replace that one")]
    Superseded {
        /// The receipt.
        receipt: Digest,
        /// What replaced it.
        by: Digest,
    },
    /// The file was ingested before, and its receipt has been replaced.
    #[error(
        "the same rows were ingested as receipt {receipt}, which {by} has replaced; to go back to them, replace {by}"
    )]
    Replaced {
        /// The receipt.
        receipt: Digest,
        /// What replaced it.
        by: Digest,
    },
    /// Stored files of the round were read with another pseudonym key.
    #[error(
        "receipt {receipt} of the same round was made with another pseudonym key, so that respondents could not be told apart; use that key"
    )]
    OtherKey {
        /// The receipt.
        receipt: Digest,
    },
    /// Rows cannot be kept while they are sorted.
    #[error("rows cannot be kept while they are sorted: {0}; check that the folder for temporary files has room")]
    Rows(#[from] ArrowError),
    /// The private store fails.
    #[error(transparent)]
    Microdata(#[from] MicrodataError),
}

impl IngestError {
    pub(super) fn unreadable(file: &Path, cause: std::io::Error) -> Self {
        Self::Unreadable { file: file.display().to_string(), cause }
    }
}
