//! `/v1/cross-tables`: the publisher's own two-way tables, a row for each cell; cells with dots have the status `withheld`.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::http::{App, Problem, answer, selection, table_of, unknown};

pub(super) static ROUTE: Route = Route {
    path: "/v1/cross-tables",
    operation: "list_cross_tables",
    summary: [
        "svarande efter grupp och kategori i utgivarens egna tabeller; summor har kategorin `all`, celler som inte kan visas status `withheld`",
        "respondents by group and category, in the publisher's own tables; totals have the category `all`, cells that cannot be shown the status `withheld`",
    ],
    example: "/v1/cross-tables?table=respondents-by-role&year=last(1)",
    parameters: &["instrument", "table", "year"],
    answer: Answer::Table("cross_tables"),
    handler: || get(list_cells),
};

async fn list_cells(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        let grid = table_of(edition, "cross_tables")?;
        let instruments = wanted_instruments(edition, parameters)?;
        let tables = selection::Ids::read(parameters.get("table"));
        let grid = grid.matching("instrument", |own| instruments.wants(own));
        if let Some(table) = tables.unknown(|table| !grid.matching("table_id", |own| own == table).rows.is_empty()) {
            return Err(unknown("table", table));
        }
        let grid = grid.matching("table_id", |own| tables.wants(own));
        let years = selection::years(parameters.get("year"), &grid.years(), "*")?;
        selection::found(grid.in_years(&years), parameters, &["instrument", "table", "year"])
    })
    .await
}
