//! Public facts about organisations: who they are, how they are classified and how large; never what they answered.

mod matcher;
mod read;

use std::collections::{BTreeMap, BTreeSet};

pub use matcher::{Match, Matcher};
pub use read::{RegisterError, RegisterSource};

use crate::model::{Organisation, OrganisationId, Sector, Text, Year};

/// A class of a classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Code, such as `A2`.
    pub code: String,
    /// Code of the class above, in the coarser classification.
    pub parent: Option<String>,
    /// Name.
    pub name: Text,
}

/// A classification in one of its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classification {
    /// Classes in the order of their codes.
    pub classes: Vec<Class>,
    /// The class of each organisation.
    pub members: BTreeMap<OrganisationId, String>,
}

/// A county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// Two-digit code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Neighbours, with the length of the shared border in kilometres.
    pub neighbours: BTreeMap<String, u32>,
}

/// How one organisation became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The day it took effect.
    pub date: jiff::civil::Date,
    /// `split`, `merge`, `rename` or `move`.
    pub kind: String,
    /// Before.
    pub predecessor: OrganisationId,
    /// After.
    pub successor: OrganisationId,
}

/// The register.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Organisations, in the order of their ids.
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    /// Other names that an organisation goes by.
    pub aliases: Vec<(OrganisationId, String)>,
    /// Counties by code.
    pub counties: BTreeMap<String, County>,
    /// Classifications by name and version.
    pub classifications: BTreeMap<(String, String), Classification>,
    /// Structure variables: variable, organisation, year to value; population and employees among them.
    variables: BTreeMap<String, BTreeMap<(OrganisationId, Year), f64>>,
    /// Successions in the order of their dates.
    pub successions: Vec<Succession>,
}

impl Register {
    /// Organisations of a sector, in the order of their ids.
    pub fn in_sector(&self, sector: Sector) -> impl Iterator<Item = &Organisation> {
        self.organisations.values().filter(move |organisation| organisation.sector == sector)
    }

    /// A structure variable in a year; `employees` has no year.
    pub fn variable(&self, name: &str, organisation: &OrganisationId, year: Year) -> Option<f64> {
        if name == "employees" {
            return self.organisations.get(organisation)?.employees.map(f64::from);
        }
        self.variables.get(name)?.get(&(organisation.clone(), year)).copied()
    }

    /// The names of the structure variables.
    pub fn variable_names(&self) -> BTreeSet<&str> {
        self.variables.keys().map(String::as_str).chain(["employees"]).collect()
    }

    /// Names that an organisation also goes by, in the order of the register.
    pub fn aliases(&self, organisation: &OrganisationId) -> impl Iterator<Item = &str> {
        self.aliases.iter().filter(move |(id, _)| id == organisation).map(|(_, alias)| alias.as_str())
    }

    /// What an organisation came out of by a merger or a split, in the order of dates.
    pub fn predecessors(&self, organisation: &OrganisationId) -> impl Iterator<Item = &OrganisationId> {
        let own =
            self.successions.iter().filter(move |s| s.successor == *organisation && s.predecessor != *organisation);
        own.map(|succession| &succession.predecessor)
    }
}
