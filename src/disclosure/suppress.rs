//! Fixed tables with dots: which cells of a table are hidden, and what a reader can still work out; how a table is read or
//! written lives elsewhere.
//!
//! A table is a list of cells and of relations between them (*total = sum of parts*); one list covers two-way tables,
//! hierarchies, and tables that share cells. Three steps, each with its own file:
//!
//! 1. *primary*: cells that are sensitive by themselves ([`Thresholds`], one rule a file under `rule`);
//! 2. *secondary*: for each of them the cheapest change of hidden cells that keeps everything published as it is and moves the
//!    cell far enough, by a sequence of linear programmes; then a clean-up. Sources: Kelly, Golden & Assad, *Cell suppression:
//!    disclosure protection for sensitive tabular data*, Networks 22 (1992); Fischetti & Salazar, *Solving the cell
//!    suppression problem on tabular data with linear constraints*, Management Science 47 (2001);
//! 3. *audit*: the interval that remains for each hidden cell, for an outsider and for insiders: everybody who is alone in a cell
//!    and so knows it, or all contributors with what they bring ([`FixedTable::brought`]). It shares no search with step 2, and nothing is handed out that it does not accept.
//!
//! No solver is trusted: an end of an interval counts only when a whole table of nonnegative whole numbers attains it and
//! meets every relation in exact arithmetic. Real uncertainty is therefore never smaller than reported.
//!
//! Which cells carry dots can be seen by everybody. With [`Basis::Counts`] the pattern is a function of relations, contributor
//! counts and [`Cell::can_be_hidden`] alone: cells' values are not read at all.

mod audit;
mod clean;
mod error;
mod flow;
mod intruder;
mod one_way;
mod proof;
mod reader;
mod rule;
mod secondary;
mod solver;
mod table;
mod two_way;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod traps;

pub use audit::{Interval, audit};
pub use error::SuppressError;
pub use one_way::one_way;
pub use rule::{Basis, Protection, Thresholds, Zeros};
pub use table::{Cell, FixedTable, Relation};
pub use two_way::{Totals, two_way};

/// Which cells carry dots, by position in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Whether a cell is hidden.
    pub hidden: Vec<bool>,
    /// Whether a cell is sensitive by itself, and if so which interval it is owed; for the private side only.
    pub primary: Vec<Option<Protection>>,
}

/// Decides which cells are hidden, so that every sensitive one keeps the interval it is owed against an outsider and against
/// each insider: contributors who are alone in a cell, or all whose contributions are given ([`FixedTable::brought`]).
///
/// Deterministic; ties go to the earlier cell. Protection is in units of the cells' values, or of contributors with
/// [`Basis::Counts`]. Fails when the table is not consistent, when a sensitive cell may not be hidden, and when hiding
/// everything that may be hidden is not enough: then nothing is handed out.
pub fn suppress(table: &FixedTable, thresholds: &Thresholds) -> Result<Pattern, SuppressError> {
    let counted;
    let table = match thresholds.basis {
        Basis::Counts { .. } => {
            counted = table.counted();
            &counted
        }
        Basis::Values { .. } => table,
    };
    table.check()?;
    let primary = rule::primary(table, thresholds)?;
    let readers = table.readers();
    let mut search = secondary::Search::new(table, &primary, &readers);
    search.protect()?;
    clean::clean(&mut search)?;
    let (hidden, proofs) = search.into_parts();
    audit::accept(table, &hidden, &readers, &primary, proofs)?;
    Ok(Pattern { hidden, primary })
}
