//! Statements about the session itself, which drivers send without being asked to: they are acknowledged and change nothing.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, StringArray},
    datatypes::{DataType, Field, Schema},
};
use pgwire::{
    api::results::{FieldFormat, Response, Tag},
    error::PgWireResult,
};

use super::{rows, told};
use crate::table::Table;

/// What `show` says.
const SETTINGS: [(&str, &str); 12] = [
    ("server_version", "16.0 (mognad)"),
    ("server_encoding", "UTF8"),
    ("client_encoding", "UTF8"),
    ("transaction isolation level", "serializable"),
    ("transaction_isolation", "serializable"),
    ("default_transaction_isolation", "serializable"),
    ("transaction_read_only", "on"),
    ("default_transaction_read_only", "on"),
    ("standard_conforming_strings", "on"),
    ("datestyle", "ISO, YMD"),
    ("timezone", "UTC"),
    ("search_path", "published"),
];

/// A text without what makes no difference.
pub(super) fn folded(sql: &str) -> String {
    sql.trim().trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The answer to a statement about the session; none where it is about something else.
pub(super) fn answer(sql: &str) -> Option<PgWireResult<Response>> {
    let text = folded(sql);
    let mut words = text.split(' ');
    let first = words.next().unwrap_or_default();
    let done = |tag: &str| Some(Ok(Response::Execution(Tag::new(tag))));
    match first {
        "begin" | "start" => Some(Ok(Response::TransactionStart(Tag::new("BEGIN")))),
        "commit" | "end" => Some(Ok(Response::TransactionEnd(Tag::new("COMMIT")))),
        "rollback" if text.contains(" to ") => done("ROLLBACK"),
        "rollback" | "abort" => Some(Ok(Response::TransactionEnd(Tag::new("ROLLBACK")))),
        "set" => done("SET"),
        "reset" => done("RESET"),
        "discard" => done("DISCARD ALL"),
        "deallocate" => done("DEALLOCATE"),
        "savepoint" => done("SAVEPOINT"),
        "release" => done("RELEASE"),
        "close" => done("CLOSE CURSOR"),
        "unlisten" => done("UNLISTEN"),
        "show" => Some(show(text.strip_prefix("show ").unwrap_or_default())),
        _ => None,
    }
}

fn show(name: &str) -> PgWireResult<Response> {
    let known = SETTINGS.iter().find(|(own, _)| *own == name);
    let (_, value) = known.ok_or_else(|| {
        told::refused("42704", "this setting is not known; tables and columns are described at /v1/tables")
    })?;
    rows::response(&text_table(&[(name, &[Some(value)])])?, &|_| FieldFormat::Text)
}

/// A table of texts: columns with their values.
pub(super) fn text_table(columns: &[(&str, &[Option<&str>])]) -> PgWireResult<Table> {
    let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, true)).collect();
    let arrays: Vec<ArrayRef> = columns
        .iter()
        .map(|(_, values)| -> ArrayRef { Arc::new(values.iter().copied().collect::<StringArray>()) })
        .collect();
    let table = Table::from_columns(Schema::new(fields), arrays);
    table.map_err(|_| told::refused("XX000", "the answer could not be made"))
}

/// The statements of a text, which semicolons divide where they stand in no quotes and in no comment.
pub(super) fn statements(sql: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut chars = sql.chars().peekable();
    let mut quote: Option<char> = None;
    let (mut in_line, mut in_block) = (false, false);
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let own = found.len() - 1;
        match (c, next) {
            _ if in_line => in_line = c != '\n',
            ('*', Some('/')) if in_block => {
                in_block = false;
                found[own].push(c);
                found[own].extend(chars.next());
                continue;
            }
            _ if in_block => {}
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            ('\'' | '"', _) => quote = Some(c),
            ('-', Some('-')) => in_line = true,
            ('/', Some('*')) => in_block = true,
            (';', _) => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found[own].push(c);
    }
    found.retain(|text| !text.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_divided_where_they_end() {
        let check = |sql: &str, expected: &[&str]| {
            let found: Vec<String> = statements(sql).iter().map(|text| text.trim().to_owned()).collect();
            assert_eq!(found, expected, "{sql}");
        };
        check("set a = 'b;c'; select 1;", &["set a = 'b;c'", "select 1"]);
        check("select \";\" -- ; no\n; select 2 /* ; */", &["select \";\" -- ; no", "select 2 /* ; */"]);
        check("select 'it''s;'", &["select 'it''s;'"]);
        check(" ;; ", &[]);
    }

    #[test]
    fn only_sessions_are_answered_here() {
        for sql in ["BEGIN", "set search_path to published", "show Server_Version;", "ROLLBACK TO a", "deallocate all"]
        {
            assert!(answer(sql).is_some(), "{sql}");
        }
        for sql in ["select 1", "with a as (select 1) select * from a", "drop table figures", "explain select 1", ""] {
            assert!(answer(sql).is_none(), "{sql}");
        }
    }
}
