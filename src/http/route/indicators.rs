//! `/v1/indicators`: the measures of every instrument, in the order of its tree.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection, unknown};

pub(super) static ROUTE: Route = Route {
    path: "/v1/indicators",
    operation: "list_indicators",
    summary: ["mått med namn, nivåer och vikter", "measures with names, levels and weights"],
    example: "/v1/indicators?limit=100",
    parameters: &["instrument"],
    answer: Answer::Table("indicators"),
    handler: || get(list_indicators),
};

pub(super) static ONE: Route = Route {
    path: "/v1/indicators/{id}",
    operation: "get_indicator",
    summary: ["ett mått, i varje instrument som har det", "one measure, in every instrument that has it"],
    example: "/v1/indicators/index",
    parameters: &["instrument"],
    answer: Answer::Table("indicators"),
    handler: || get(get_indicator),
};

async fn list_indicators(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "indicators", parameters, ROUTE.parameters)
    })
    .await
}

async fn get_indicator(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ONE, |edition, parameters| {
        let found = selection::of_table(edition, "indicators", parameters, ONE.parameters)?;
        let found = found.matching("indicator", |own| own == id);
        if found.rows.is_empty() { Err(unknown("indicator", &id)) } else { Ok(found) }
    })
    .await
}
