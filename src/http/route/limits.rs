//! `/v1/limits`: how much may be asked for, how often and how long it may take; the limits themselves are declared in `limit`.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};
use serde_json::{Value, json};

use super::{Answer, Route};
use crate::http::{App, Problem, ProblemKind, answer, parameter::Parameters, published};

pub(super) static ROUTE: Route = Route {
    path: "/v1/limits",
    operation: "list_limits",
    summary: ["gränser för storlek, takt och tid", "limits on size, rate and time"],
    example: "/v1/limits",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(list_limits),
};

async fn list_limits(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let limits: Vec<Value> = published(app.limits())
        .into_iter()
        .map(|limit| {
            let [sv, en] = limit.text;
            json!({ "name": limit.name, "value": limit.value, "unit": limit.unit, "text": { "sv": sv, "en": en } })
        })
        .collect();
    answer::document(&app, &uri, &headers, "application/json", |_| {
        serde_json::to_vec_pretty(&json!({ "limits": limits })).map_err(|_| Problem::new(ProblemKind::Internal))
    })
}
