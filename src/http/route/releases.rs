//! `/v1/releases`: the log of editions.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::Route;
use crate::http::{App, Problem, ProblemKind, answer};

pub(super) const ROUTE: Route = Route {
    path: "/v1/releases",
    summary: "the log of releases",
    example: "/v1/releases",
    handler: || get(list_releases),
};

async fn list_releases(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &[], |edition, _| {
        edition.grid("releases").cloned().map_err(|_| Problem::new(ProblemKind::Internal))
    })
}
