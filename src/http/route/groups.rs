//! `/v1/groups` and `/v1/groups/{id}`: the groups that answers are given for, and who counts in one.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{
    Route,
    headlines::{unknown, wanted_instruments},
};
use crate::http::{App, Problem, ProblemKind, answer, selection};

pub(super) const ROUTE: Route = Route {
    path: "/v1/groups",
    summary: "groups with names, and what a group was merged from",
    example: "/v1/groups?kind=county",
    handler: || get(list_groups),
};

pub(super) const ONE: Route = Route {
    path: "/v1/groups/{id}",
    summary: "the organisations that count in a group, by year",
    example: "/v1/groups/sector:region?year=last(1)",
    handler: || get(get_group),
};

async fn list_groups(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &["instrument", "kind"], |edition, parameters| {
        let grid = edition.grid("groups").map_err(|_| Problem::new(ProblemKind::Internal))?;
        let instruments = wanted_instruments(edition, parameters)?;
        let kinds = selection::Ids::read(parameters.get("kind"));
        let grid = grid.matching("instrument", |own| instruments.wants(own));
        if let Some(kind) = kinds.unknown(|kind| !grid.matching("kind", |own| own == kind).rows.is_empty()) {
            return Err(unknown("kind", kind));
        }
        selection::found(grid.matching("kind", |own| kinds.wants(own)), parameters, &["instrument", "kind"])
    })
}

async fn get_group(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &["instrument", "year"], |edition, parameters| {
        if !edition.instruments().iter().any(|instrument| edition.group(instrument, &id).is_some()) {
            return Err(unknown("group", &id));
        }
        let grid = edition.grid("group_members").map_err(|_| Problem::new(ProblemKind::Internal))?;
        let instruments = wanted_instruments(edition, parameters)?;
        let grid = grid.matching("group_id", |own| own == id).matching("instrument", |own| instruments.wants(own));
        let years = selection::years(parameters.get("year"), &grid.years(), "*")?;
        selection::found(grid.in_years(&years), parameters, &["instrument", "year"])
    })
}
