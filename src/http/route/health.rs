//! `/health` and `/ready`: whether the process lives, and whether it has an edition to serve.

use axum::{Json, extract::State, response::IntoResponse as _, response::Response, routing::get};
use serde_json::json;

use super::Route;
use crate::http::{App, Problem};

pub(super) const HEALTH: Route =
    Route { path: "/health", summary: "whether the process lives", example: "/health", handler: || get(get_health) };

pub(super) const READY: Route = Route {
    path: "/ready",
    summary: "whether a release is served, and which",
    example: "/ready",
    handler: || get(get_ready),
};

async fn get_health() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

async fn get_ready(State(app): State<App>) -> Result<Response, Problem> {
    let served = app.served()?;
    Ok(Json(json!({ "status": "ok", "release": served.edition.meta.release })).into_response())
}
