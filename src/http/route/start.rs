//! `/`: where to go from here, for whoever opens the service without a path.

use axum::{Json, extract::State, http::Uri, response::IntoResponse as _, response::Response, routing::get};
use serde_json::{Value, json};

use super::{Answer, ROUTES, Route};
use crate::http::{App, Problem, parameter::Parameters};

pub(super) static ROUTE: Route = Route {
    path: "/",
    operation: "get_start",
    summary: ["den här listan", "this list"],
    example: "/",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_start),
};

async fn get_start(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let resources: Vec<Value> = ROUTES
        .iter()
        .map(|route| json!({ "path": route.path, "summary": { "sv": route.summary[0], "en": route.summary[1] }, "example": route.example }))
        .collect();
    let notice = app.served().ok().and_then(|served| served.edition.meta.notice.clone());
    Ok(Json(json!({ "service": "mognad", "notice": notice, "resources": resources })).into_response())
}
