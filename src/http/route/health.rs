//! `/health` and `/ready`: whether the process lives, and whether it has an edition to serve.

use axum::{Json, extract::State, http::Uri, response::IntoResponse as _, response::Response, routing::get};
use jiff::Timestamp;
use serde_json::json;

use super::{Answer, Route};
use crate::http::{App, Problem, ProblemKind, parameter::Parameters};

pub(super) static HEALTH: Route = Route {
    path: "/health",
    operation: "get_health",
    summary: ["om processen lever", "whether the process lives"],
    example: "/health",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_health),
};

pub(super) static READY: Route = Route {
    path: "/ready",
    operation: "get_ready",
    summary: ["om en utgåva visas, och vilken", "whether a release is served, and which"],
    example: "/ready",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_ready),
};

async fn get_health(uri: Uri) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    Ok(Json(json!({ "status": "ok" })).into_response())
}

async fn get_ready(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    if app.is_closing() {
        return Err(Problem::new(ProblemKind::Closing));
    }
    let served = app.served()?;
    let mut said = json!({ "status": "ok", "release": served.edition.meta.release, "store": "ok" });
    // what is served goes on being good; whoever runs the service has to see to the store
    if let Some(since) = app.failing_since() {
        said["store"] = "failing".into();
        said["storeFailingSince"] =
            Timestamp::from_second(since).map(|since| since.to_string()).unwrap_or_default().into();
    }
    Ok(Json(said).into_response())
}
