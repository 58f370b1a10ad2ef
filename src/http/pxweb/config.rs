//! `/config`: the version, languages, limits and formats that clients ask for before anything else.

use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};
use serde_json::json;

use super::{
    PxRoute,
    answer::{self, Made},
    output::FORMATS,
    parameter,
    problem::PxProblem,
};
use crate::{
    encode::LICENCE,
    http::{App, Limits, Problem},
    model::Language,
};

/// The version of the specification; clients refuse what comes before 2.0.0.
const API_VERSION: &str = "2.0.0";

/// Calls, and the seconds in which no client that makes as many is refused: clients wait by themselves when they have made them.
/// Where there is no such limit, more than any of them makes.
fn window(limits: &Limits) -> (u32, u32) {
    match limits.requests_per_second {
        0 => (1_000_000, 1),
        rate => (limits.requests_burst, limits.requests_burst.div_ceil(rate).max(1)),
    }
}

pub(super) static ROUTE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/config",
    method: Method::GET,
    operation: "GetApiConfiguration",
    summary: ["version, språk, gränser och format", "version, languages, limits and formats"],
    example: "/pxweb/api/v2/config",
    content: None,
    parameters: &[&parameter::LANG],
    media_types: &["application/json"],
    problems: &[PxProblem::UnsupportedLanguage, PxProblem::UnknownParameter, PxProblem::IllegalParameter],
    handler: || get(get_api_configuration),
};

async fn get_api_configuration(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let (cells_max, (calls, seconds)) = (app.data_cells_max(), window(app.limits()));
    answer::get(&app, &uri, &headers, &ROUTE, |served, asked| {
        let label = |language: Language| if language == Language::Sv { "Svenska" } else { "English" };
        let languages = Language::ALL.map(|language| json!({ "id": language.tag(), "label": label(language) }));
        let source = &served.edition.meta.source;
        let references =
            Language::ALL.map(|language| json!({ "language": language.tag(), "text": language.of(source) }));
        let config = json!({
            "apiVersion": API_VERSION,
            "appVersion": env!("CARGO_PKG_VERSION"),
            "languages": languages,
            "defaultLanguage": Language::Sv.tag(),
            "maxDataCells": cells_max,
            "maxCallsPerTimeWindow": calls,
            "timeWindow": seconds,
            "license": LICENCE,
            "sourceReferences": references,
            "defaultDataFormat": FORMATS[0].name,
            "dataFormats": FORMATS.iter().map(|format| format.name).collect::<Vec<_>>(),
            "features": [{ "id": "CORS", "params": [{ "key": "enabled", "value": "True" }] }],
        });
        Made::json(&config, asked.language)
    })
}
