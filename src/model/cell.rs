//! What a published mean looks like: whole per cent, coded at both ends; which cells exist is decided in `disclosure`.

use serde::{Deserialize, Serialize};

use super::Text;

/// How a coded mean bounds the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bound {
    /// The mean is at most the number shown.
    Le,
    /// The mean is at least the number shown.
    Ge,
}

impl Bound {
    /// The word used in tables: `le` or `ge`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Le => "le",
            Self::Ge => "ge",
        }
    }

    /// What it says to a reader.
    pub fn name(self) -> Text {
        match self {
            Self::Le => Text::new("högst", "at most"),
            Self::Ge => Text::new("minst", "at least"),
        }
    }
}

/// A published mean in whole per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mean {
    /// Per cent, 0 to 100.
    pub percent: u8,
    /// Set where the number is the end of the coded range.
    pub bound: Option<Bound>,
}
