//! `/v1/targets`: the targets that have been set, with the path from where they start.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection};

pub(super) static ROUTE: Route = Route {
    path: "/v1/targets",
    operation: "list_targets",
    summary: ["mål med start, slut och källa", "targets with start, end and source"],
    example: "/v1/targets",
    parameters: &["instrument", "indicator", "group"],
    answer: Answer::Table("targets"),
    handler: || get(list_targets),
};

async fn list_targets(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "targets", parameters, ROUTE.parameters)
    })
    .await
}
