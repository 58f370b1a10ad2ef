//! Text in both languages of the service; sentences with numbers in them are made in `figure`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One text in Swedish and English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The text in Swedish.
    pub sv: String,
    /// The text in English.
    pub en: String,
}

impl Text {
    /// A text from its two languages.
    pub fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { sv: sv.into(), en: en.into() }
    }
}
