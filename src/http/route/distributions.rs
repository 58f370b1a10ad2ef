//! `/v1/distributions`: how many organisations of a group lie in each class of a measure; groups of whole blocks have one.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection};

pub(super) static ROUTE: Route = Route {
    path: "/v1/distributions",
    operation: "list_distributions",
    summary: [
        "fördelningar: antal organisationer i varje klass",
        "distributions: number of organisations in each class",
    ],
    example: "/v1/distributions?indicator=index&group=all&year=last(1)",
    parameters: &["instrument", "indicator", "group", "year"],
    answer: Answer::Table("blocks"),
    handler: || get(list_distributions),
};

async fn list_distributions(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "blocks", parameters, ROUTE.parameters)
    })
    .await
}
