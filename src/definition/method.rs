//! The method text: sections in both languages that say in plain words what is protected, how, and what is not.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Problem, SourceFile};
use crate::model::Text;

/// A section file. Sections stand in the order of their file names.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "method")]
pub struct Section {
    /// Identifier, equal to the file's name.
    pub id: String,
    /// Heading.
    pub title: Text,
    /// Plain text.
    pub text: Text,
}

pub(super) fn read(file: &SourceFile) -> Result<Section, Vec<Problem>> {
    let section: Section = file.parse()?;
    if file.path.ends_with(&format!("/{}.toml", section.id)) {
        Ok(section)
    } else {
        Err(vec![Problem::in_file(&file.path, format!("has the id `{}`; name the file like it", section.id))])
    }
}
