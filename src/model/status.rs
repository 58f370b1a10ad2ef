//! Why a cell has or lacks a value; the one list that every face maps from.

use serde::{Deserialize, Serialize};

/// The status of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// There is a value.
    Ok,
    /// Not shown, by disclosure control (decided from memberships and counts, never from values).
    Withheld,
    /// Should exist and does not.
    Missing,
    /// Cannot exist.
    NotApplicable,
    /// Belongs to another instrument or another series.
    NotComparable,
    /// Belongs to a preliminary release.
    Provisional,
    /// As in the edition before, since fewer results were corrected than can be shown.
    Frozen,
}

impl Status {
    /// Every status, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Withheld,
        Self::Missing,
        Self::NotApplicable,
        Self::NotComparable,
        Self::Provisional,
        Self::Frozen,
    ];

    /// The word used in tables and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Withheld => "withheld",
            Self::Missing => "missing",
            Self::NotApplicable => "not-applicable",
            Self::NotComparable => "not-comparable",
            Self::Provisional => "provisional",
            Self::Frozen => "frozen",
        }
    }
}
