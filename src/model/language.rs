//! The two languages of the service; which one a reader prefers is found out by `http`.

use serde::{Deserialize, Serialize};

use super::Text;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Swedish, which comes first.
    #[default]
    Sv,
    /// English.
    En,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sv, Self::En];

    /// Its tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }

    /// A text in this language.
    pub fn of(self, text: &Text) -> &str {
        match self {
            Self::Sv => &text.sv,
            Self::En => &text.en,
        }
    }
}
