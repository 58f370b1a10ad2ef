//! `/v1/organisations` and `/v1/organisations/{id}`: the public register; results of one organisation are nowhere here.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Route, headlines::unknown};
use crate::http::{App, Problem, ProblemKind, answer, selection};

pub(super) const ROUTE: Route = Route {
    path: "/v1/organisations",
    summary: "the register: names, codes, classifications",
    example: "/v1/organisations?sector=region&limit=30",
    handler: || get(list_organisations),
};

pub(super) const ONE: Route = Route {
    path: "/v1/organisations/{id}",
    summary: "one organisation in the register",
    example: "/v1/organisations/municipality-0114",
    handler: || get(get_organisation),
};

async fn list_organisations(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &["sector", "county"], |edition, parameters| {
        let grid = edition.grid("organisations").map_err(|_| Problem::new(ProblemKind::Internal))?;
        let (sectors, counties) =
            (selection::Ids::read(parameters.get("sector")), selection::Ids::read(parameters.get("county")));
        for (what, wanted) in [("sector", &sectors), ("county", &counties)] {
            if let Some(id) = wanted.unknown(|id| !grid.matching(what, |own| own == id).rows.is_empty()) {
                return Err(unknown(what, id));
            }
        }
        let grid = grid.matching("sector", |own| sectors.wants(own));
        // a row without a county matches only where all counties are wanted
        Ok(if counties == selection::Ids::Every { grid } else { grid.matching("county", |own| counties.wants(own)) })
    })
}

async fn get_organisation(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &[], |edition, _| {
        let grid = edition.grid("organisations").map_err(|_| Problem::new(ProblemKind::Internal))?;
        let found = grid.matching("organisation", |own| own == id);
        if found.rows.is_empty() { Err(unknown("organisation", &id)) } else { Ok(found) }
    })
}
