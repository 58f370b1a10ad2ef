//! `/v1/method`: what is protected, how, and what is not, in plain words and both languages.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::Route;
use crate::http::{App, Problem, ProblemKind, answer};

pub(super) const ROUTE: Route = Route {
    path: "/v1/method",
    summary: "the method of disclosure control in plain words: what is protected, how, and what is not",
    example: "/v1/method",
    handler: || get(get_method),
};

async fn get_method(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &[], |edition, _| {
        edition.grid("method").cloned().map_err(|_| Problem::new(ProblemKind::Internal))
    })
}
