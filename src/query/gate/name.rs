//! Names: of tables in sight, and of statements that are no query.

use datafusion::sql::sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Statement};

use super::{Code, Place, Refusal, Walk, limit, not_allowed};
use crate::query::SCHEMA;

impl Walk<'_> {
    /// A table, a view or a query named by `with`; counts what it is made of.
    pub(super) fn table(&mut self, name: &ObjectName) -> Result<(), Refusal> {
        let parts = parts(name)?;
        let (own, is_qualified) = match parts.as_slice() {
            [own] => (*own, false),
            [schema, own] if folded(schema) == SCHEMA => (*own, true),
            [first, .., last] => {
                return Err(Refusal::new(
                    Code::UnknownTable,
                    format!("Det finns ett enda schema, {SCHEMA}. Skriv {SCHEMA}.tabell eller bara tabellens namn."),
                    format!("There is one schema, {SCHEMA}. Write {SCHEMA}.table or just the table's name."),
                )
                .at(Place::of(first.span.union(&last.span))));
            }
            [] => return Err(not_allowed("\"\"", None)),
        };
        let key = folded(own);
        let named = self.named.iter().rev().find_map(|scope| scope.get(&key)).filter(|_| !is_qualified);
        let tables = match named {
            Some(tables) => *tables,
            None => match self.catalogue.sources.get(&key) {
                Some(tables) => {
                    self.sources.insert(key);
                    *tables
                }
                None => return Err(self.unknown_table(own)),
            },
        };
        self.tables = self.tables.saturating_add(tables.max(1));
        let (sv, en) =
            ("tabeller, när varje with står där den används", "tables, once every `with` stands where it is used");
        super::at_most(self.tables, limit::TABLES_MAX, sv, en)
    }

    fn unknown_table(&self, own: &Ident) -> Refusal {
        let key = folded(own);
        let named = self.named.iter().flat_map(|scope| scope.keys().map(String::as_str));
        let near = nearest(&key, self.catalogue.names().chain(named));
        let [sv, en] = near
            .map_or([String::new(), String::new()], |near| [format!(" Menas {near}?"), format!(" Is {near} meant?")]);
        let shown = shown(&own.value);
        Refusal::new(
            Code::UnknownTable,
            format!("Tabellen {shown} finns inte.{sv} Tabellerna finns i /v1/tables."),
            format!("There is no table {shown}.{en} The tables are listed at /v1/tables."),
        )
        .at(Place::of(own.span))
    }
}

/// The parts of a name, all of them plain.
pub(super) fn parts(name: &ObjectName) -> Result<Vec<&Ident>, Refusal> {
    let ObjectName(parts) = name;
    parts
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(own) => Ok(own),
            ObjectNamePart::Function(_) => Err(not_allowed("IDENTIFIER()", None)),
        })
        .collect()
}

/// A name as it is compared: in small letters unless it stands in quotes.
pub(super) fn folded(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() }
}

/// A name as it is repeated to whoever wrote it.
pub(in crate::query) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// The nearest of some names, if any is near.
pub(in crate::query) fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = among.map(|known| (strsim::jaro_winkler(name, known), known)).filter(|(near, _)| *near > 0.8);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}

/// A statement that is no query, by its first word.
pub(super) fn other_statement(statement: &Statement) -> Refusal {
    let written = match statement {
        // what these show is in /v1/tables
        Statement::Explain { .. } | Statement::ExplainTable { .. } => "EXPLAIN".to_owned(),
        other => other.to_string().split_whitespace().next().unwrap_or_default().chars().take(20).collect(),
    };
    Refusal::new(
        Code::Statement,
        format!(
            "{written} går inte att köra: en fråga börjar med select, with eller values. Tabeller och kolumner beskrivs i /v1/tables."
        ),
        format!(
            "{written} cannot be run: a query begins with select, with or values. Tables and columns are described at /v1/tables."
        ),
    )
}
