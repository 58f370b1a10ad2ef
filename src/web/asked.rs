//! What a reader asks of a page or a chart: choices from its address and, with a key, own results; what they select is decided there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::page::text;
use crate::{
    encode::{Grid, Value},
    figure::{Edition, OwnResults},
};

/// Choices by name.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    choices: BTreeMap<String, String>,
    /// What the reader's key has opened; never kept, and in no address.
    pub own: Option<Arc<Own>>,
}

/// An organisation's own results, for the reader who has its key.
#[derive(Debug)]
pub struct Own {
    /// The organisation's values.
    pub results: OwnResults,
    /// All rows, those of units and roles too.
    pub rows: Grid,
}

impl Own {
    /// Reads own results.
    pub fn new(rows: Grid) -> Self {
        Self { results: OwnResults::read(&rows), rows }
    }

    /// The same for one of the organisation's units.
    pub(super) fn of_unit(&self, unit: &str) -> Self {
        Self { results: OwnResults::of_unit(&self.rows, unit), rows: self.rows.clone() }
    }

    /// Names of units with results in a year of an instrument.
    pub(super) fn units(&self, instrument: &str, year: i64) -> BTreeSet<String> {
        let of = |row: &[Value], column: &str| text(&self.rows, row, column);
        let year = year.to_string();
        let own = self.rows.rows.iter().filter(|row| {
            of(row, "instrument").as_deref() == Some(instrument) && of(row, "year").as_deref() == Some(&*year)
        });
        own.filter(|row| of(row, "scope").as_deref() == Some("unit")).filter_map(|row| of(row, "unit")).collect()
    }
}

impl Asked {
    /// Choices from pairs; empty ones are none, as a form sends them.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name, value.trim())).filter(|(_, value)| !value.is_empty());
        Self { choices: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(), own: None }
    }

    /// A choice.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.choices.get(name).map(String::as_str)
    }

    /// The same with another choice.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.choices.insert(name.to_owned(), value.to_owned());
        other
    }

    /// The same without a choice.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.choices.remove(name);
        other
    }

    /// The choices among these names.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        let choices = self.choices.iter().filter(|(name, _)| names.contains(&name.as_str()));
        Self { choices: choices.map(|(name, value)| (name.clone(), value.clone())).collect(), own: self.own.clone() }
    }

    /// The choices as a query, in the order of their names.
    pub fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.choices).finish()
    }

    /// The year asked for, if the instrument has it; unless told, its latest.
    pub(super) fn year(&self, edition: &Edition, instrument: &str) -> Option<i64> {
        let years = edition.membership.years(instrument);
        match self.get("year") {
            Some(text) => text.parse().ok().filter(|year| years.contains(year)),
            None => years.last().copied(),
        }
    }
}
