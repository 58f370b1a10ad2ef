//! A publisher's own two-way table: respondents of a sector by group and by a category of theirs; which cells of it carry dots is
//! decided in `disclosure`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Problem, SourceFile, Sql};
use crate::model::{AnsweredBy, Instrument, InstrumentId, Sector, Text};

/// A file of a publisher's own two-way table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "cross-table")]
pub struct CrossTable {
    /// Identifier, equal to the file's name.
    pub id: String,
    /// What it shows.
    pub title: Text,
    /// Instrument.
    #[schemars(with = "String")]
    pub instrument: Spanned<InstrumentId>,
    /// Sector whose organisations are counted.
    pub sector: Sector,
    /// Kind of the published groups that are its rows, such as `county`, `size` or `skr-group`.
    #[schemars(with = "String")]
    pub rows: Spanned<String>,
    /// Query below `sql/`, without the ending: from `attendance` to `organisation`, `year`, `category`, `respondents`.
    #[schemars(with = "String")]
    pub query: Spanned<String>,
    /// Categories that are columns; all others together are one more.
    #[schemars(with = "Vec<Column>")]
    pub columns: Spanned<Vec<Column>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The category in the query's result.
    pub key: String,
    /// Name.
    pub name: Text,
}

/// Kinds of groups that can be rows.
const ROWS: [&str; 6] = ["county", "size", "block", "skr-group", "skr-main-group", "branch"];

impl CrossTable {
    /// The column of a row's total.
    pub const ALL: &str = "all";
    /// The column of all categories that have none of their own.
    pub const OTHER: &str = "other";

    /// Checks what the file says against other definitions. `others` come before it.
    pub(super) fn check<'a>(
        &self,
        file: &SourceFile,
        instruments: &BTreeMap<InstrumentId, Instrument>,
        sql: &Sql,
        mut others: impl Iterator<Item = &'a Self>,
    ) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        let id = self.instrument.get_ref();
        match instruments.get(id) {
            None => problems.push(file.at(&self.instrument, format!("`{id}` is no instrument"))),
            Some(instrument) if instrument.answered_by == AnsweredBy::Organisation => {
                let message =
                    format!("`{id}` is answered by organisations as one, so that there are no respondents to count");
                problems.push(file.at(&self.instrument, message));
            }
            Some(_) => {}
        }
        if !ROWS.contains(&self.rows.get_ref().as_str()) {
            let message = format!(
                "`{}` is no kind of groups that can be rows; there are {}",
                self.rows.get_ref(),
                ROWS.join(", ")
            );
            problems.push(file.at(&self.rows, message));
        }
        if sql.get(self.query.get_ref()).is_none() {
            problems.push(file.at(&self.query, format!("sql/{}.sql does not exist", self.query.get_ref())));
        }
        let mut seen = BTreeSet::from([Self::ALL, Self::OTHER]);
        for column in self.columns.get_ref() {
            if !seen.insert(&column.key) {
                let message = format!("`{}` stands here twice, or is reserved for totals and the rest", column.key);
                problems.push(file.at(&self.columns, message));
            }
        }
        if self.columns.get_ref().is_empty() {
            problems.push(file.at(&self.columns, "names no category; a table needs at least one"));
        }
        if let Some(other) = others.find(|other| other.instrument == self.instrument && other.sector == self.sector) {
            let message = format!(
                "the table `{}` is about the same respondents, and dots of one would be given away by the other; keep one of them",
                other.id
            );
            problems.push(file.at(&self.instrument, message));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

pub(super) fn read(file: &SourceFile) -> Result<CrossTable, Vec<Problem>> {
    let table: CrossTable = file.parse()?;
    if file.path.ends_with(&format!("/{}.toml", table.id)) {
        Ok(table)
    } else {
        Err(vec![Problem::in_file(&file.path, format!("has the id `{}`; name the file like it", table.id))])
    }
}
