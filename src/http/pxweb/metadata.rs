//! `/tables/{id}/metadata`: variables, values and everything else that is needed to choose data.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};

use super::{
    PxRoute,
    answer::{self, Made},
    chosen::{self, Chosen},
    dataset::Dataset,
    parameter,
    problem::PxProblem,
};
use crate::http::{App, Problem};

pub(super) static ROUTE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables/{id}/metadata",
    method: Method::GET,
    operation: "GetMetadataById",
    summary: ["en tabells variabler, värden och kodlistor", "a table's variables, values and code lists"],
    example: "/pxweb/api/v2/tables/figures-digital-maturity/metadata",
    content: None,
    parameters: &[
        &parameter::LANG,
        &parameter::ID,
        &parameter::DEFAULT_SELECTION,
        &parameter::SAVED_QUERY,
        &parameter::CODELIST,
        &parameter::METADATA_FORMAT,
    ],
    media_types: &["application/json"],
    problems: &[
        PxProblem::UnsupportedLanguage,
        PxProblem::UnsupportedFormat,
        PxProblem::UnknownParameter,
        PxProblem::IllegalParameter,
        PxProblem::NonExistentVariable,
        PxProblem::NonExistentVariableCodelist,
        PxProblem::NonExistentTable,
        PxProblem::NonExistentSavedQuery,
    ],
    handler: || get(get_metadata_by_id),
};

async fn get_metadata_by_id(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::get(&app, &uri, &headers, &ROUTE, |served, asked| {
        let table = served.pxweb().find(&id).ok_or(PxProblem::NonExistentTable)?;
        if asked.one(&parameter::SAVED_QUERY).is_some() {
            return Err(PxProblem::NonExistentSavedQuery.into());
        }
        let mut chosen = Chosen::everything(table);
        for (variable, list) in asked.by_variable(&parameter::CODELIST) {
            let at = chosen::variable(table, variable)?;
            let list = list.into_iter().next().unwrap_or_default();
            chosen.positions[at] = Some(chosen::set(&table.variables[at], &list)?.members.clone());
        }
        Made::json(&Dataset::new(&served.edition, table, &chosen, None, asked.language), asked.language)
    })
}
