//! `/v1/method`: what is protected, how, and what is not, in plain words and both languages.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, table_of};

pub(super) static ROUTE: Route = Route {
    path: "/v1/method",
    operation: "get_method",
    summary: [
        "röjandeskyddet i klarspråk: vad som skyddas, hur, och vad som inte skyddas",
        "the method of disclosure control in plain words: what is protected, how, and what is not",
    ],
    example: "/v1/method",
    parameters: &[],
    answer: Answer::Table("method"),
    handler: || get(get_method),
};

async fn get_method(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, _| table_of(edition, "method").cloned()).await
}
