//! `/v1/notes`: what has to be said with an instrument's figures.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection};

pub(super) static ROUTE: Route = Route {
    path: "/v1/notes",
    operation: "list_notes",
    summary: ["noter till instrumentens siffror", "notes on the instruments' figures"],
    example: "/v1/notes",
    parameters: &["instrument"],
    answer: Answer::Table("notes"),
    handler: || get(list_notes),
};

async fn list_notes(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "notes", parameters, ROUTE.parameters)
    })
    .await
}
