//! Refusals as PostgreSQL's clients know them: a state of SQL (appendix A of its manual), a message, and the place in the text.

use pgwire::error::{ErrorInfo, PgWireError};

use crate::http::Told;

/// States by the codes of refusals; those of other problems are in no class that a client acts on.
const STATES: [(&str, &str); 21] = [
    ("syntax", "42601"),
    ("statement", "25006"),
    ("not-allowed", "0A000"),
    ("unknown-function", "42883"),
    ("unknown-table", "42P01"),
    ("unknown-column", "42703"),
    ("ambiguous-column", "42702"),
    ("parameter", "42P02"),
    ("type", "42804"),
    ("meaning", "42803"),
    ("cast", "22P02"),
    ("division-by-zero", "22012"),
    ("overflow", "22003"),
    ("not-finite", "2201E"),
    ("text-limit", "54000"),
    ("complexity-limit", "54001"),
    ("time-limit", "57014"),
    ("memory-limit", "53200"),
    ("row-limit", "54000"),
    ("byte-limit", "54000"),
    ("busy", "53300"),
];

/// What is wrong with a query.
pub(super) fn error(told: &Told, sql: &str) -> PgWireError {
    let state = STATES.iter().find(|(code, _)| *code == told.code).map_or("XX000", |(_, state)| *state);
    let mut error = ErrorInfo::new("ERROR".to_owned(), state.to_owned(), told.text.clone());
    error.position = told.place.map(|(line, column)| position(sql, line, column).to_string());
    PgWireError::UserError(Box::new(error))
}

/// A refusal of ours.
pub(super) fn refused(state: &str, message: &str) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("ERROR".to_owned(), state.to_owned(), message.to_owned())))
}

/// The number of a character in a text, from 1.
fn position(sql: &str, line: u64, column: u64) -> usize {
    let before: usize = sql.split('\n').take(line as usize - 1).map(|line| line.chars().count() + 1).sum();
    before + column as usize
}
