//! Immutable editions of the published tables: written once, found through the commit log, verified whenever opened.

mod difference;
mod log;
mod manifest;
mod reader;
mod writer;

pub use difference::{Changed, Difference, difference};
pub use log::{Commit, CommitKind, Log};
pub use manifest::{Manifest, ReleaseKind, TableEntry, release_id};
pub use reader::{Release, open, open_at, open_earlier, open_one, own_results};
pub use writer::{Draft, Written, withdraw, write};

/// What can go wrong with releases.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// The public store fails.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// A published table is not what it should be.
    #[error(transparent)]
    Disclosure(#[from] crate::disclosure::DisclosureError),
    /// A table cannot be written.
    #[error(transparent)]
    Table(#[from] crate::table::TableError),
    /// A commit or manifest cannot be understood.
    #[error("{path} is no valid entry: {cause}; restore it from a copy")]
    Entry {
        /// The object.
        path: String,
        /// What is wrong.
        cause: String,
    },
    /// The store shows less of the log than it did.
    #[error(
        "the store no longer has entry {0} of the log, which it had: it is behind, or has been set back; restore it from a copy"
    )]
    Older(u64),
    /// Another publisher was first.
    #[error(
        "another publisher has just committed release {0}; nothing was overwritten, so look at it and publish again"
    )]
    Conflict(u64),
    /// There is no such release.
    #[error("there is no release {0}; `mognad releases list` shows them")]
    Unknown(String),
    /// The release has been taken back.
    #[error("release {0} has been withdrawn")]
    Withdrawn(String),
}
