//! What published tables and answers hold, in words: one file per table in `schemas/table/`, and one dictionary of columns, since a
//! column's name means the same wherever it stands. These texts belong to the program and not to a publisher's own definitions.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Problem, Source, SourceFile};
use crate::model::Text;

/// What kind of values a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// True or false.
    Flag,
}

impl Kind {
    /// The word used in files and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "whole",
            Self::Number => "number",
            Self::Flag => "flag",
        }
    }
}

/// What a column's numbers count or measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Per cent, 0 to 100.
    Percent,
    /// Percentage points.
    PercentagePoints,
    /// Percentage points a year.
    PercentagePointsAYear,
    /// Organisations.
    Organisations,
    /// People who answered.
    Respondents,
    /// A calendar year.
    Year,
}

impl Unit {
    /// The word used in files and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::PercentagePoints => "percentage-points",
            Self::PercentagePointsAYear => "percentage-points-a-year",
            Self::Organisations => "organisations",
            Self::Respondents => "respondents",
            Self::Year => "year",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Percent => Text::new("procent", "per cent"),
            Self::PercentagePoints => Text::new("procentenheter", "percentage points"),
            Self::PercentagePointsAYear => Text::new("procentenheter per år", "percentage points a year"),
            Self::Organisations => Text::new("organisationer", "organisations"),
            Self::Respondents => Text::new("svarande", "respondents"),
            Self::Year => Text::new("år", "year"),
        }
    }
}

/// A column in words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "column")]
pub struct ColumnText {
    /// Kind of values.
    pub kind: Kind,
    /// What numbers count or measure.
    pub unit: Option<Unit>,
    /// Decimal places that numbers are written with, where they are not whole.
    #[serde(default)]
    pub decimals: u8,
    /// Title.
    pub title: Text,
    /// What a value means, and when there is none.
    pub text: Text,
    /// The only values that there can be.
    #[serde(default)]
    pub values: Vec<String>,
}

/// The dictionary of columns by name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "columns")]
pub(super) struct ColumnsFile {
    /// Columns by name. A name that ends with `_N` stands for all that end with a number instead.
    column: BTreeMap<String, ColumnText>,
}

/// A table file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "table")]
pub(super) struct TableFile {
    /// Name, equal to the file's name.
    id: String,
    /// Title.
    title: Text,
    /// What a row is, and what to know before using it.
    text: Text,
    /// Whether it is a table of a release; the others are made from such tables for an answer.
    #[serde(default)]
    published: bool,
    /// Columns in their order.
    columns: Vec<String>,
    /// Columns that can be without a value.
    #[serde(default)]
    optional: Vec<String>,
    /// The columns that tell rows apart.
    key: Vec<String>,
    /// Columns with figures, where the rest of the key is a cube's dimensions. A cube holds one instrument.
    #[serde(default)]
    measures: Vec<String>,
    /// Columns whose meaning here differs from the dictionary's.
    #[serde(default)]
    column: BTreeMap<String, ColumnText>,
}

/// A table in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableText {
    /// Name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What a row is.
    pub text: Text,
    /// Whether it is a table of a release.
    pub published: bool,
    /// Columns in their order.
    pub columns: Vec<(String, ColumnText)>,
    /// Columns that can be without a value.
    pub optional: Vec<String>,
    /// The columns that tell rows apart.
    pub key: Vec<String>,
    /// Columns with figures.
    pub measures: Vec<String>,
}

impl ColumnText {
    /// What is said of the column, as pairs that a file can carry.
    pub fn said(&self) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("title_sv", self.title.sv.clone()),
            ("title_en", self.title.en.clone()),
            ("text_sv", self.text.sv.clone()),
            ("text_en", self.text.en.clone()),
        ];
        if let Some(unit) = self.unit {
            let name = unit.name();
            pairs.extend([("unit", unit.word().to_owned()), ("unit_sv", name.sv), ("unit_en", name.en)]);
        }
        if self.kind == Kind::Number {
            pairs.push(("decimals", self.decimals.to_string()));
        }
        if !self.values.is_empty() {
            pairs.push(("values", self.values.join(" ")));
        }
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

impl TableText {
    /// What is said of the table, as pairs that a file can carry.
    pub fn said(&self) -> Vec<(String, String)> {
        let pairs = [
            ("table", &self.id),
            ("title_sv", &self.title.sv),
            ("title_en", &self.title.en),
            ("text_sv", &self.text.sv),
            ("text_en", &self.text.en),
        ];
        pairs.map(|(key, value)| (key.to_owned(), value.clone())).into()
    }

    /// A column in words; `share_20` has the text of `share_N`.
    pub fn column(&self, name: &str) -> Option<&ColumnText> {
        let found = |name: &str| self.columns.iter().find(|(own, _)| own == name).map(|(_, text)| text);
        found(name).or_else(|| found(&pattern(name)?))
    }

    /// Whether its figures form a cube: measures in cells of every combination of the key.
    pub fn is_cube(&self) -> bool {
        !self.measures.is_empty()
    }
}

/// `share_20` as `share_N`.
fn pattern(name: &str) -> Option<String> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem.len() < name.len() && stem.ends_with('_')).then(|| format!("{stem}N"))
}

/// Every table in words, in the order of their names.
pub fn tables() -> &'static [TableText] {
    static TABLES: LazyLock<Vec<TableText>> = LazyLock::new(|| {
        // a test reads the same files and shows what is wrong with them
        read_all().unwrap_or_default()
    });
    &TABLES
}

/// A table in words.
pub fn table(id: &str) -> Option<&'static TableText> {
    tables().iter().find(|table| table.id == id)
}

fn read_all() -> Result<Vec<TableText>, Vec<Problem>> {
    let files = Source::BuiltIn.files().map_err(|error| vec![Problem::in_file("schemas", error.to_string())])?;
    let Some(dictionary) = files.iter().find(|file| file.path == "schemas/column.toml") else {
        return Err(vec![Problem::in_file("schemas/column.toml", "is missing")]);
    };
    let mut columns: ColumnsFile = dictionary.parse()?;
    let mut unused: BTreeSet<String> = columns.column.keys().cloned().collect();
    let (mut tables, mut problems) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| file.path.starts_with("schemas/table/")) {
        match read(file, &mut columns, &mut unused) {
            Ok(table) => tables.push(table),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(unused.iter().map(|name| Problem::in_file(&dictionary.path, format!("no table has `{name}`"))));
    if problems.is_empty() { Ok(tables) } else { Err(problems) }
}

fn read(
    file: &SourceFile,
    dictionary: &mut ColumnsFile,
    unused: &mut BTreeSet<String>,
) -> Result<TableText, Vec<Problem>> {
    let table: TableFile = file.parse()?;
    let mut problems = Vec::new();
    let mut problem = |message: String| problems.push(Problem::in_file(&file.path, message));
    if !file.path.ends_with(&format!("/{}.toml", table.id)) {
        problem(format!("has the id `{}`; name the file like it", table.id));
    }
    for name in table.key.iter().chain(&table.measures).chain(&table.optional).chain(table.column.keys()) {
        if !table.columns.contains(name) {
            problem(format!("`{name}` is none of its columns"));
        }
    }
    let mut columns = Vec::new();
    for name in &table.columns {
        if !table.column.contains_key(name) {
            unused.remove(name);
        }
        match table.column.get(name).or_else(|| dictionary.column.get(name)) {
            Some(text) => columns.push((name.clone(), text.clone())),
            None => problem(format!("`{name}` is not in schemas/column.toml")),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(TableText {
        id: table.id,
        title: table.title,
        text: table.text,
        published: table.published,
        columns,
        optional: table.optional,
        key: table.key,
        measures: table.measures,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_described() {
        match read_all() {
            Ok(tables) => assert!(tables.iter().any(|table| table.id == "figures" && table.is_cube())),
            Err(problems) => {
                let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
                assert!(all.is_empty(), "{}", all.join("\n"));
            }
        }
    }

    #[test]
    fn numbered_columns_share_a_text() {
        assert_eq!(pattern("share_20").as_deref(), Some("share_N"));
        assert_eq!(pattern("share"), None);
        assert_eq!(pattern("q01"), None);
    }
}
