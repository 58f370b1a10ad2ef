//! `/v1/api-info` and `/api-info`: what Sweden's national REST API profile wants to know of an API, and what there is to choose from.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};
use serde_json::json;

use super::{Answer, ROUTES, Route};
use crate::{
    encode::{FORMATS, LICENCE},
    http::{App, Problem, ProblemKind, answer, parameter::Parameters},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/api-info",
    operation: "get_api_info",
    summary: [
        "API:ets namn, version och läge, format och språk",
        "the API's name, version and state, formats and languages",
    ],
    example: "/v1/api-info",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_api_info),
};

pub(super) static ROOT: Route =
    Route { path: "/api-info", operation: "get_root_api_info", example: "/api-info", ..ROUTE };

/// When the first version of this API was given out.
const RELEASED: &str = "2026-11-23";

async fn get_api_info(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    answer::document(&app, &uri, &headers, "application/json", |edition| {
        let formats: Vec<_> =
            FORMATS.iter().map(|format| json!({ "name": format.name(), "mediaType": format.media_type() })).collect();
        let info = json!({
            "apiName": "mognad",
            "apiVersion": env!("CARGO_PKG_VERSION"),
            "apiReleased": RELEASED,
            "apiDocumentation": "/docs",
            "apiSpecification": "/v1/openapi.json",
            "apiStatus": "active",
            "licence": LICENCE,
            "languages": ["sv", "en"],
            "formats": formats,
            "resources": ROUTES.iter().map(|route| route.path).collect::<Vec<_>>(),
            "compatible": [
                { "name": "PxWebApi 2", "path": "/pxweb/api/v2" },
                { "name": "Kolada v3", "path": "/kolada/v3" },
            ],
            "release": edition.meta.release,
            "synthetic": edition.meta.notice.is_some(),
        });
        serde_json::to_vec_pretty(&info).map_err(|_| Problem::new(ProblemKind::Internal))
    })
}
