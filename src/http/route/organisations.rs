//! `/v1/organisations` and `/v1/organisations/{id}`: the public register; results of one organisation are nowhere here.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, rows_of, selection, table_of, unknown};

pub(super) static ROUTE: Route = Route {
    path: "/v1/organisations",
    operation: "list_organisations",
    summary: ["registret: namn, koder, klassificeringar", "the register: names, codes, classifications"],
    example: "/v1/organisations?sector=region&limit=30",
    parameters: &["sector", "county"],
    answer: Answer::Table("organisations"),
    handler: || get(list_organisations),
};

pub(super) static ONE: Route = Route {
    path: "/v1/organisations/{id}",
    operation: "get_organisation",
    summary: ["en organisation i registret", "one organisation in the register"],
    example: "/v1/organisations/municipality-0114",
    parameters: &[],
    answer: Answer::Table("organisations"),
    handler: || get(get_organisation),
};

async fn list_organisations(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        let grid = table_of(edition, "organisations")?;
        let (sectors, counties) =
            (selection::Ids::read(parameters.get("sector")), selection::Ids::read(parameters.get("county")));
        for (what, wanted) in [("sector", &sectors), ("county", &counties)] {
            if let Some(id) = wanted.unknown(|id| !grid.matching(what, |own| own == id).rows.is_empty()) {
                return Err(unknown(what, id));
            }
        }
        let grid = grid.matching("sector", |own| sectors.wants(own));
        // a row without a county matches only where all counties are wanted
        let every = counties == selection::Ids::Every;
        let grid = if every { grid } else { grid.matching("county", |own| counties.wants(own)) };
        selection::found(grid, parameters, &["sector", "county"])
    })
    .await
}

async fn get_organisation(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ONE, |edition, _| {
        let found = rows_of(edition, "organisations")?.rows_having(&[("organisation", &[&id])]);
        if found.rows.is_empty() { Err(unknown("organisation", &id)) } else { Ok(found) }
    })
    .await
}
