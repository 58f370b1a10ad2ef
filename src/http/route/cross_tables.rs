//! `/v1/cross-tables`: the publisher's own two-way tables, a row for each cell; cells with dots have the status `withheld`.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{
    Route,
    headlines::{unknown, wanted_instruments},
};
use crate::http::{App, Problem, ProblemKind, answer, selection};

pub(super) const ROUTE: Route = Route {
    path: "/v1/cross-tables",
    summary: "respondents by group and category, in the publisher's own tables; totals have the category `all`, cells that cannot be shown the status `withheld`",
    example: "/v1/cross-tables?table=respondents-by-role&year=last(1)",
    handler: || get(list_cells),
};

async fn list_cells(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &["instrument", "table", "year"], |edition, parameters| {
        let grid = edition.grid("cross_tables").map_err(|_| Problem::new(ProblemKind::Internal))?;
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
}
