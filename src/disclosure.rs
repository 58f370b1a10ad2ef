//! The promise: what leaves this module as [`Safe`] can be published, whatever is asked and however often.
//!
//! Values arrive wrapped in [`Unprotected`] and are opened only in here. Which groups are shown is decided first, from
//! memberships and counts ([`Participation`], [`Plan`]), through the [`catalogue`] and the leverage [`gate`]; only then
//! does [`protect`] write cells, by rules that are fixed functions of them.
//!
//! For a release, [`proof`] searches for other data sets that would be published byte for byte alike ([`witness`]). An
//! organisation's own results are another matter: [`own_results`] decides what it may see of its respondents, and [`seal`] puts
//! them where only its keys reach ([`Sealed`]). A publisher's own two-way tables ([`CrossTables`]) are fixed tables with dots, which
//! [`suppress`] decides on.
//!
//! What the types do not guarantee: that the rules are strong enough (for sums the leverage gate proves it, for histogram
//! classes the witnesses, where they were searched for), that scores are right (the oracle tests compare them), and that somebody with the
//! private store's credentials behaves.

pub mod catalogue;
mod cross;
mod derive;
mod detail;
pub mod gate;
mod own;
mod participation;
pub mod plan;
pub mod proof;
mod protect;
mod published;
mod reload;
pub mod revision;
mod rule;
mod seal;
pub mod suppress;
pub mod witness;
mod wrapper;

pub use cross::{CrossAudit, CrossTables, Earlier as EarlierCrossTables, attendance};
pub use derive::{PublicSession, Setting};
pub use detail::Detailed;
pub use own::own_results;
pub use participation::Participation;
pub use plan::Plan;
pub use protect::{PublishedTables, Round, protect};
pub use published::{Published, Wanted};
pub use reload::{ReleaseRow, releases, reload};
pub use seal::{HOLDERS_MAX, Identity, Opened, Recipient, SealError, Sealed, fingerprint, seal};
pub use wrapper::{Safe, Unprotected};

/// Why nothing can be published.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// A score belongs to an organisation or year that the register does not know.
    #[error(
        "a score belongs to no organisation in the register; publish with the register that the survey was ingested with"
    )]
    Unregistered,
    /// A sum is not over the whole group that the gates decided on.
    #[error(
        "the sum for {measure} in group {group}, {year}, is not over all members of the group; nothing is published, since the difference could tell one organisation's result: publish again, and report it if it repeats"
    )]
    PartOfGroup {
        /// The group.
        group: String,
        /// The year.
        year: crate::model::Year,
        /// The measure.
        measure: String,
    },
    /// A publisher's query for a two-way table leaves respondents out, or counts some twice.
    #[error(
        "sql/{0}.sql does not count every respondent once; let it give organisation, year, category and respondents of all of attendance, in whole numbers"
    )]
    NotCountedOnce(String),
    /// A published table is not what its manifest says.
    #[error("published table {0} is damaged: its content does not match its digest; restore it from a copy")]
    Damaged(String),
    /// Published tables could not be opened for queries.
    #[error("published tables cannot be opened for queries; verify the release")]
    Session,
    /// Own results could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The witness search was asked something that is no round.
    #[error("the round cannot be searched for witnesses: {0}; report it")]
    Witness(#[from] witness::RoundError),
    /// A table has another shape than expected.
    #[error(transparent)]
    Table(#[from] crate::table::TableError),
}
