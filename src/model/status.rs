//! Why a cell has or lacks a value; the one list that every face maps from.

use serde::{Deserialize, Serialize};

use super::Text;

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

    /// The status of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether a cell of this status has a value.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Ok | Self::Provisional | Self::Frozen)
    }

    /// Its code in SDMX's list `CL_OBS_STATUS`, version 2.3.
    pub fn sdmx(self) -> &'static str {
        match self {
            Self::Ok | Self::Frozen => "A",
            Self::Withheld => "Q",
            Self::Missing => "M",
            Self::NotApplicable => "O",
            Self::NotComparable => "B",
            Self::Provisional => "P",
        }
    }

    /// The symbol that stands for it in PX files and in `PxWeb`'s JSON-stat; none where there is a value.
    pub fn px(self) -> Option<&'static str> {
        match self {
            Self::Ok | Self::Provisional | Self::Frozen => None,
            Self::Withheld => Some(".."),
            // a dash would be a zero (PX file format, AXIS-VERSION 2013, DATASYMBOL)
            Self::Missing => Some("...."),
            Self::NotApplicable => Some("."),
            Self::NotComparable => Some("..."),
        }
    }

    /// The word that Kolada's clients know.
    pub fn kolada(self) -> &'static str {
        match self {
            Self::Ok | Self::Provisional | Self::Frozen => "",
            Self::Withheld => "..",
            Self::Missing => "Missing",
            Self::NotApplicable => ".",
            Self::NotComparable => "...",
        }
    }

    /// What it says to a reader.
    pub fn name(self) -> Text {
        match self {
            Self::Ok => Text::new("värde", "value"),
            Self::Withheld => Text::new("visas ej (röjandeskydd)", "not shown (disclosure control)"),
            Self::Missing => Text::new("uppgift saknas", "not available"),
            Self::NotApplicable => Text::new("inte tillämpligt", "not applicable"),
            Self::NotComparable => Text::new("inte jämförbart", "not comparable"),
            Self::Provisional => Text::new("preliminärt värde", "provisional value"),
            Self::Frozen => Text::new("oförändrat från föregående utgåva", "unchanged from the edition before"),
        }
    }
}
