//! `/v1/openapi.json` and those of the other faces: the API as `OpenAPI` describes it; the descriptions themselves are made in `openapi`.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, ProblemKind, answer, openapi, parameter::Parameters};

pub(super) static ROUTE: Route = Route {
    path: "/v1/openapi.json",
    operation: "get_openapi",
    summary: ["API:et beskrivet enligt OpenAPI 3.1", "the API as OpenAPI 3.1 describes it"],
    example: "/v1/openapi.json",
    parameters: &[],
    answer: Answer::Document(&["application/json"]),
    handler: || get(get_openapi),
};

pub(super) static PXWEB: Route = Route {
    path: "/pxweb/api/v2/openapi.json",
    operation: "get_pxweb_openapi",
    summary: ["PxWebApi-gränssnittet enligt OpenAPI 3.1", "the PxWebApi face as OpenAPI 3.1 describes it"],
    example: "/pxweb/api/v2/openapi.json",
    ..ROUTE
};

pub(super) static KOLADA: Route = Route {
    path: "/kolada/v3/openapi.json",
    operation: "get_kolada_openapi",
    summary: ["Kolada-gränssnittet enligt OpenAPI 3.1", "the Kolada face as OpenAPI 3.1 describes it"],
    example: "/kolada/v3/openapi.json",
    ..ROUTE
};

async fn get_openapi(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let (publisher, made) = (app.publisher()?, &app.identity.openapi);
    let found = openapi::DOCUMENTS.iter().zip(made.iter()).find(|(document, _)| document.path == uri.path());
    let (document, made) = found.ok_or_else(|| Problem::new(ProblemKind::NoSuchResource))?;
    let body = made.get_or_init(|| Bytes::from((document.write)(&publisher, app.limits())));
    answer::constant(&headers, "application/json", body.clone())
}
