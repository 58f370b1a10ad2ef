//! A mapping: which column of a survey tool's export is what; applying it is `ingest`'s work.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, SourceFile};
use crate::model::{MappingId, Text};

/// What one row of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MappingKind {
    /// A row per respondent.
    Answers,
    /// A row per organisation and measure.
    Scores,
}

/// A mapping file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "mapping")]
pub struct Mapping {
    /// Identifier, equal to the file's name.
    pub id: MappingId,
    /// Name.
    pub name: Text,
    /// What one row is.
    pub kind: MappingKind,
    /// Column separator; without it the one of comma, semicolon and tab under which the header has the columns named here.
    #[schemars(with = "Option<char>")]
    pub delimiter: Option<Spanned<char>>,
    /// Encoding of files without a byte order mark that are not UTF-8: only `windows-1252` can be named.
    #[schemars(with = "Option<String>")]
    pub encoding: Option<Spanned<String>>,
    /// Columns to leave unread: names, addresses, free text.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Headers of the columns that are no questions.
    pub columns: Columns,
    /// Header to question key, where the header is neither the key nor the question's text.
    #[serde(default)]
    pub questions: BTreeMap<String, String>,
    /// Word in the file to role key, where it is neither the key nor the role's name.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
}

/// Headers of the columns that are no questions.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The organisation: code, organisation number, name or id.
    pub organisation: String,
    /// What tells respondents apart; it becomes a keyed pseudonym.
    pub respondent: Option<String>,
    /// The respondent's unit.
    pub unit: Option<String>,
    /// The respondent's role.
    pub role: Option<String>,
    /// When the answer was given: a date that has to lie in the year before, in or after the survey's.
    pub answered_on: Option<String>,
    /// The measure (organisation scores).
    pub measure: Option<String>,
    /// The measure's value, 0 to 100 (organisation scores).
    pub value: Option<String>,
    /// Number of respondents (organisation scores).
    pub respondents: Option<String>,
}

pub(super) fn read(file: &SourceFile) -> Result<Mapping, Vec<Problem>> {
    let mapping: Mapping = file.parse()?;
    let mut problems = Vec::new();
    if let Some(delimiter) = &mapping.delimiter
        && !matches!(delimiter.get_ref(), ',' | ';' | '\t')
    {
        problems.push(file.at(delimiter, "delimiter must be a comma, a semicolon or a tab"));
    }
    if let Some(encoding) = &mapping.encoding
        && encoding.get_ref() != "windows-1252"
    {
        let message = "encoding can only be windows-1252; Unicode files are recognised by themselves";
        problems.push(file.at(encoding, message));
    }
    let columns = &mapping.columns;
    let missing = match mapping.kind {
        MappingKind::Answers if columns.respondent.is_none() => Some("respondent"),
        MappingKind::Scores if columns.measure.is_none() => Some("measure"),
        MappingKind::Scores if columns.value.is_none() => Some("value"),
        _ => None,
    };
    if let Some(missing) = missing {
        problems.push(Problem::in_file(&file.path, format!("[columns] lacks `{missing}`")));
    }
    if problems.is_empty() { Ok(mapping) } else { Err(problems) }
}
