//! Look-ups in PostgreSQL's catalogue that drivers and `psql` make: which tables there are, and who one is. Nothing else of it is
//! there; columns are described at `/v1/tables`.

use pgwire::error::PgWireResult;

use super::{
    session::{folded, text_table},
    told,
};
use crate::{http::Queries, query::SCHEMA, table::Table};

/// Functions about the session, with what they give.
const FUNCTIONS: [(&str, &str); 8] = [
    ("version()", "PostgreSQL 16.0 (mognad)"),
    ("current_schema()", SCHEMA),
    ("current_schema", SCHEMA),
    ("current_database()", "mognad"),
    ("current_catalog", "mognad"),
    ("current_user", "reader"),
    ("session_user", "reader"),
    ("pg_backend_pid()", "1"),
];

/// The answer to a look-up; none where the query is about something else.
pub(super) fn answer(sql: &str, queries: &Queries) -> Option<PgWireResult<Table>> {
    let text = folded(sql);
    if let Some(called) = text.strip_prefix("select ") {
        let called = called.strip_prefix("pg_catalog.").unwrap_or(called);
        if let Some((name, value)) = FUNCTIONS.iter().find(|(name, _)| *name == called) {
            return Some(text_table(&[(name.trim_end_matches("()"), &[Some(*value)])]));
        }
    }
    let has = |word: &str| text.contains(word);
    if !has("pg_catalog") && !has(" pg_") && !has("information_schema") {
        return None;
    }
    let tables = queries.tables();
    let names: Vec<Option<&str>> = tables.iter().map(|(name, _)| Some(name.as_str())).collect();
    let same = |value: &'static str| vec![Some(value); tables.len()];
    let kinds: Vec<Option<&str>> =
        tables.iter().map(|(_, is_view)| Some(if *is_view { "view" } else { "table" })).collect();
    // `\d` and `\dt` of psql
    if has("pg_catalog.pg_class c") && has("as \"owner\"") {
        return Some(text_table(&[
            ("Schema", &same(SCHEMA)),
            ("Name", &names),
            ("Type", &kinds),
            ("Owner", &same("mognad")),
        ]));
    }
    // `SQLTables` of ODBC
    if has("select relname, nspname, relkind") {
        let relkinds: Vec<Option<&str>> =
            tables.iter().map(|(_, is_view)| Some(if *is_view { "v" } else { "r" })).collect();
        return Some(text_table(&[("relname", &names), ("nspname", &same(SCHEMA)), ("relkind", &relkinds)]));
    }
    if has("from pg_tables") || has("from pg_catalog.pg_tables") {
        return Some(if has("schemaname, tablename") || has("schemaname,tablename") {
            text_table(&[("schemaname", &same(SCHEMA)), ("tablename", &names)])
        } else {
            text_table(&[("tablename", &names)])
        });
    }
    if has("information_schema.tables") {
        return Some(text_table(&[("table_schema", &same(SCHEMA)), ("table_name", &names), ("table_type", &kinds)]));
    }
    // kinds of values that there are none of
    if has("from pg_type") || has("from pg_catalog.pg_type") {
        return Some(text_table(&[("oid", &[]), ("typname", &[])]));
    }
    Some(Err(told::refused(
        "0A000",
        "of the catalogue only lists of tables are offered; tables and columns are described at /v1/tables",
    )))
}
