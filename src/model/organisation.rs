//! An organisation as the public register knows it; its answers are nowhere in here.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{OrganisationId, Text};

/// The sector of an organisation: its kind in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Sector {
    /// A municipality (*kommun*).
    Municipality,
    /// A region.
    Region,
    /// A publicly owned company.
    Company,
    /// A state agency (*myndighet*).
    Agency,
    /// An association, such as a municipal federation.
    Association,
}

impl Sector {
    /// Every sector, in the order in which pages list them.
    pub const ALL: [Self; 5] = [Self::Municipality, Self::Region, Self::Company, Self::Agency, Self::Association];

    /// The word used in tables and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Municipality => "municipality",
            Self::Region => "region",
            Self::Company => "company",
            Self::Agency => "agency",
            Self::Association => "association",
        }
    }

    /// The sector's name, in the plural.
    pub fn name(self) -> Text {
        match self {
            Self::Municipality => Text::new("Kommuner", "Municipalities"),
            Self::Region => Text::new("Regioner", "Regions"),
            Self::Company => Text::new("Offentligt ägda företag", "Publicly owned companies"),
            Self::Agency => Text::new("Statliga myndigheter", "State agencies"),
            Self::Association => Text::new("Föreningar och förbund", "Associations"),
        }
    }
}

/// A row of the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Identifier in this service.
    pub id: OrganisationId,
    /// Sector.
    pub sector: Sector,
    /// Official code; text, with leading zeros. Only municipalities and regions have one.
    pub code: Option<String>,
    /// Organisation number; not unique (all courts share one).
    pub number: Option<String>,
    /// Short name.
    pub name: String,
    /// Official name, where it differs.
    pub official_name: Option<String>,
    /// Two-digit county code.
    pub county: Option<String>,
    /// Branch, for companies and agencies.
    pub branch: Option<String>,
    /// Owner, where verified.
    pub owner: Option<OrganisationId>,
    /// Number of employees, where known.
    pub employees: Option<u32>,
    /// First day as this organisation, ISO 8601.
    pub valid_from: Option<jiff::civil::Date>,
    /// Last day as this organisation, ISO 8601.
    pub valid_to: Option<jiff::civil::Date>,
}

impl Organisation {
    /// Whether the organisation existed on some day of the year.
    pub fn exists_in(&self, year: crate::model::Year) -> bool {
        let year = i16::try_from(year.number()).unwrap_or(i16::MAX);
        self.valid_from.is_none_or(|day| day.year() <= year) && self.valid_to.is_none_or(|day| day.year() >= year)
    }
}
