//! `/v1/tables` and `/v1/tables/{name}`: the published tables, the views over them and their columns in words; content is at
//! `files` and `sql`.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    definition::{self, TableText},
    encode::{Grid, Value},
    figure::Edition,
    http::{App, Problem, answer, unknown},
    query,
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/tables",
    operation: "list_tables",
    summary: ["publicerade tabeller", "published tables"],
    example: "/v1/tables?limit=100",
    parameters: &[],
    answer: Answer::Table("tables"),
    handler: || get(list_tables),
};

pub(super) static ONE: Route = Route {
    path: "/v1/tables/{name}",
    operation: "get_table",
    summary: ["en tabells kolumner med enheter och betydelse", "a table's columns with units and meaning"],
    example: "/v1/tables/figures",
    parameters: &[],
    answer: Answer::Table("columns"),
    handler: || get(get_table),
};

async fn list_tables(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, _| Ok(tables(edition))).await
}

async fn get_table(
    State(app): State<App>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ONE, |edition, _| {
        let known = edition.release.manifest.tables.iter().any(|entry| entry.name == name);
        let is_view = query::views().any(|own| own == name);
        let text = definition::table(&name).filter(|text| is_view || known && text.published);
        text.map(columns).ok_or_else(|| unknown("table", &name))
    })
    .await
}

fn tables(edition: &Edition) -> Grid {
    let mut grid = Grid::new(&[
        "table_name",
        "is_view",
        "title_sv",
        "title_en",
        "text_sv",
        "text_en",
        "rows",
        "columns",
        "digest",
        "bytes",
    ]);
    for entry in &edition.release.manifest.tables {
        // a table that this version of the program does not know is a file without words
        let text = definition::table(&entry.name);
        let words = |pick: &dyn Fn(&TableText) -> &str| text.map_or(Value::Null, |text| Value::text(pick(text)));
        grid.rows.push(vec![
            Value::text(&entry.name),
            Value::Flag(false),
            words(&|text| &text.title.sv),
            words(&|text| &text.title.en),
            words(&|text| &text.text.sv),
            words(&|text| &text.text.en),
            Value::Whole(i64::try_from(entry.rows).unwrap_or(i64::MAX)),
            Value::whole(text.map(|text| text.columns.len() as i64)),
            Value::text(entry.digest.as_str()),
            Value::Whole(i64::try_from(entry.bytes).unwrap_or(i64::MAX)),
        ]);
    }
    // views are computed where they are asked for, and are no files
    for text in query::views().filter_map(definition::table) {
        let titles = [&text.title.sv, &text.title.en, &text.text.sv, &text.text.en].map(Value::text);
        let mut row = vec![Value::text(&text.id), Value::Flag(true)];
        row.extend(titles);
        row.extend([Value::Null, Value::Whole(text.columns.len() as i64), Value::Null, Value::Null]);
        grid.rows.push(row);
    }
    grid
}

fn columns(table: &TableText) -> Grid {
    let mut grid = Grid::new(&[
        "table_name",
        "column_name",
        "kind",
        "unit",
        "is_key",
        "is_measure",
        "title_sv",
        "title_en",
        "text_sv",
        "text_en",
        "values",
    ]);
    for (name, text) in &table.columns {
        let listed = |list: &[String]| Value::Flag(list.contains(name));
        let values = if text.values.is_empty() { Value::Null } else { Value::text(text.values.join(" ")) };
        grid.rows.push(vec![
            Value::text(&table.id),
            Value::text(name),
            Value::text(text.kind.word()),
            text.unit.map_or(Value::Null, |unit| Value::text(unit.word())),
            listed(&table.key),
            listed(&table.measures),
            Value::text(&text.title.sv),
            Value::text(&text.title.en),
            Value::text(&text.text.sv),
            Value::text(&text.text.en),
            values,
        ]);
    }
    grid
}
