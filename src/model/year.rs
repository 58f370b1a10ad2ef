//! The calendar year of a measurement; rounds within a year are numbered where they occur.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A year that a survey can belong to, 1990 to 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u16", into = "u16")]
#[schemars(with = "u16")]
pub struct Year(u16);

/// A number or text that is no year of a survey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no survey year: use four digits, 1990 to 2100")]
pub struct InvalidYear(String);

impl Year {
    /// The year as a number.
    pub fn number(self) -> u16 {
        self.0
    }

    /// The year before, while it is one that a survey can belong to.
    pub fn previous(self) -> Option<Self> {
        Self::try_from(self.0 - 1).ok()
    }
}

impl TryFrom<u16> for Year {
    type Error = InvalidYear;
    fn try_from(number: u16) -> Result<Self, InvalidYear> {
        if (1990..=2100).contains(&number) { Ok(Self(number)) } else { Err(InvalidYear(number.to_string())) }
    }
}

impl From<Year> for u16 {
    fn from(year: Year) -> Self {
        year.0
    }
}

impl FromStr for Year {
    type Err = InvalidYear;
    fn from_str(text: &str) -> Result<Self, InvalidYear> {
        let number: u16 = text.parse().map_err(|_| InvalidYear(text.chars().take(20).collect()))?;
        Self::try_from(number)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
