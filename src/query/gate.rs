//! What is let through to the engine: one query of known parts, with parameters put in, over published tables. Everything that
//! is not on a list is refused: structs of the syntax tree are taken apart by all their fields, so that a new one stops the build.

mod expression;
mod function;
mod kind;
mod name;
mod parameter;
mod source;
mod statement;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::sqlparser::{ast::Statement, tokenizer::Span};

use super::{
    limit,
    refusal::{Code, Place, Refusal},
};

pub(super) use name::{nearest, shown};
pub use parameter::{Parameter, Parameters};

/// What queries can be about: published tables and views, with how many tables each is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Catalogue {
    sources: BTreeMap<String, usize>,
}

impl Catalogue {
    /// Adds a table, or a view made of several.
    pub(super) fn add(&mut self, name: &str, tables: usize) {
        self.sources.insert(name.to_owned(), tables.max(1));
    }

    /// Every name, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }
}

/// A query that was let through.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// The query.
    pub(super) statement: Statement,
    /// Tables and views that it names.
    pub(super) sources: BTreeSet<String>,
    /// How many tables it reads, once every named query and view stands where it is used.
    pub(super) tables: usize,
}

/// Checks a query's text.
pub(super) fn check(sql: &str, parameters: &Parameters, catalogue: &Catalogue) -> Result<Checked, Refusal> {
    let statement = text::parsed(sql, parameters)?;
    let Statement::Query(query) = &statement else {
        return Err(name::other_statement(&statement));
    };
    let mut walk = Walk { catalogue, ..Walk::new(catalogue) };
    walk.query(query)?;
    Ok(Checked { sources: walk.sources, tables: walk.tables, statement })
}

/// The parameters that a query names, each once and in its order.
pub fn parameters(sql: &str) -> Vec<String> {
    text::parameters(sql)
}

/// The walk through a query, with what was counted on the way.
struct Walk<'a> {
    catalogue: &'a Catalogue,
    /// Queries named by `with` that are in sight, each with the tables it is made of; the innermost last.
    named: Vec<BTreeMap<String, usize>>,
    sources: BTreeSet<String>,
    tables: usize,
    parts: usize,
    deep: usize,
    joins: usize,
    united: usize,
    with: usize,
    windows: usize,
}

impl<'a> Walk<'a> {
    fn new(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            named: Vec::new(),
            sources: BTreeSet::new(),
            tables: 0,
            parts: 0,
            deep: 0,
            joins: 0,
            united: 0,
            with: 0,
            windows: 0,
        }
    }

    /// Goes into a part of the tree, unless there are too many or they are too deep.
    fn within(&mut self, part: impl FnOnce(&mut Self) -> Result<(), Refusal>) -> Result<(), Refusal> {
        self.parts += 1;
        self.deep += 1;
        at_most(self.parts, limit::PARTS_MAX, "delar", "parts")?;
        at_most(self.deep, limit::DEEP_MAX, "delar i varandra", "parts within each other")?;
        part(self)?;
        self.deep -= 1;
        Ok(())
    }
}

/// Refuses more of something than a query may have.
fn at_most(count: usize, max: usize, sv: &str, en: &str) -> Result<(), Refusal> {
    if count <= max {
        return Ok(());
    }
    Err(Refusal::new(
        Code::ComplexityLimit,
        format!("Frågan har fler än {max} {sv}. Dela upp den, eller hämta tabellerna som filer."),
        format!("The query has more than {max} {en}. Divide it, or take the tables as files."),
    ))
}

/// Refuses a part of SQL that is not offered, by its keywords.
fn not_allowed(what: &str, span: Option<Span>) -> Refusal {
    Refusal::new(
        Code::NotAllowed,
        format!("{what} erbjuds inte. Vad som går att använda står på sidan om SQL."),
        format!("{what} is not offered. What can be used is listed on the page about SQL."),
    )
    .at(span.and_then(Place::of))
}

/// Refuses a clause that is there.
fn none<T>(clause: Option<&T>, what: &str) -> Result<(), Refusal> {
    if clause.is_none() { Ok(()) } else { Err(not_allowed(what, None)) }
}

/// The same of a list.
fn empty<T>(clause: &[T], what: &str) -> Result<(), Refusal> {
    if clause.is_empty() { Ok(()) } else { Err(not_allowed(what, None)) }
}

/// The same of a flag.
fn off(clause: bool, what: &str) -> Result<(), Refusal> {
    if clause { Err(not_allowed(what, None)) } else { Ok(()) }
}
