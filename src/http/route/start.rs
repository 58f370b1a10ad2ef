//! `/`: where to go from here, for whoever opens the service without a path.

use axum::{Json, extract::State, response::IntoResponse as _, response::Response, routing::get};
use serde_json::{Value, json};

use super::{ROUTES, Route};
use crate::http::App;

pub(super) const ROUTE: Route = Route { path: "/", summary: "this list", example: "/", handler: || get(get_start) };

async fn get_start(State(app): State<App>) -> Response {
    let resources: Vec<Value> = ROUTES
        .iter()
        .map(|route| json!({ "path": route.path, "summary": route.summary, "example": route.example }))
        .collect();
    let notice = app.served().ok().and_then(|served| served.edition.meta.notice.clone());
    Json(json!({ "service": "mognad", "notice": notice, "resources": resources })).into_response()
}
