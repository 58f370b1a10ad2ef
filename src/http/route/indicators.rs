//! `/v1/indicators`: the measures of every instrument, in the order of its tree.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::Route;
use crate::http::{App, Problem, ProblemKind, answer, selection::Ids};

pub(super) const ROUTE: Route = Route {
    path: "/v1/indicators",
    summary: "measures with names, levels and weights",
    example: "/v1/indicators?limit=100",
    handler: || get(list_indicators),
};

async fn list_indicators(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &["instrument"], |edition, parameters| {
        let wanted = Ids::read(parameters.get("instrument"));
        let known = edition.instruments();
        if let Some(id) = wanted.unknown(|id| known.iter().any(|instrument| &**instrument == id)) {
            return Err(super::headlines::unknown("instrument", id));
        }
        let grid = edition.grid("indicators").map_err(|_| Problem::new(ProblemKind::Internal))?;
        Ok(grid.matching("instrument", |instrument| wanted.wants(instrument)))
    })
}
