//! Worked examples, as files in `sql/example`, in the order in which they are shown.

use std::sync::LazyLock;

use super::{Parameter, Parameters};
use crate::{
    definition::{self, QueryText},
    model::Text,
};

/// A worked example.
#[derive(Debug)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// The question.
    pub title: Text,
    /// What it does, and what to mind.
    pub text: Text,
    /// The query.
    pub sql: String,
    /// Parameters with the values that it is shown with, as they are written in an address.
    pub parameters: Vec<(String, String)>,
}

impl Example {
    fn new(own: &QueryText) -> Option<Self> {
        let said = |key: &str| own.header.get(key).cloned();
        let parameters = said("parameters").unwrap_or_default();
        let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Self {
            // the number in front of a file's name is its place
            name: own.name.split_once('-').map_or(own.name.as_str(), |(_, name)| name).to_owned(),
            title: Text::new(said("title_sv")?, said("title_en")?),
            text: Text::new(said("text_sv")?, said("text_en")?),
            sql: own.sql.clone(),
            parameters: parameters.split_whitespace().filter_map(pair).collect(),
        })
    }

    /// The parameters' values.
    pub fn values(&self) -> Parameters {
        self.parameters.iter().map(|(name, value)| (name.clone(), Parameter::read(value))).collect()
    }
}

/// Every example.
pub fn examples() -> &'static [Example] {
    static EXAMPLES: LazyLock<Vec<Example>> =
        LazyLock::new(|| definition::queries("example").iter().filter_map(Example::new).collect());
    &EXAMPLES
}
