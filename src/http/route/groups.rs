//! `/v1/groups` and `/v1/groups/{id}`: the groups that answers are given for, and who counts in one.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route, headlines::wanted_instruments};
use crate::http::{App, Problem, ProblemKind, answer, rows_of, selection, table_of, unknown};

pub(super) static ROUTE: Route = Route {
    path: "/v1/groups",
    operation: "list_groups",
    summary: [
        "grupper med namn, och vad en grupp slagits ihop av",
        "groups with names, and what a group was merged from",
    ],
    example: "/v1/groups?kind=county",
    parameters: &["instrument", "kind"],
    answer: Answer::Table("groups"),
    handler: || get(list_groups),
};

pub(super) static ONE: Route = Route {
    path: "/v1/groups/{id}",
    operation: "get_group",
    summary: ["de organisationer som räknas i en grupp, år för år", "the organisations that count in a group, by year"],
    example: "/v1/groups/sector:region?year=last(1)",
    parameters: &["instrument", "year"],
    answer: Answer::Table("group_members"),
    handler: || get(get_group),
};

async fn list_groups(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        let grid = table_of(edition, "groups")?;
        let instruments = wanted_instruments(edition, parameters)?;
        let kinds = selection::Ids::read(parameters.get("kind"));
        let grid = grid.matching("instrument", |own| instruments.wants(own));
        if let Some(kind) = kinds.unknown(|kind| !grid.matching("kind", |own| own == kind).rows.is_empty()) {
            return Err(unknown("kind", kind));
        }
        selection::found(grid.matching("kind", |own| kinds.wants(own)), parameters, &["instrument", "kind"])
    })
    .await
}

async fn get_group(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ONE, |edition, parameters| {
        if !edition.instruments().iter().any(|instrument| edition.group(instrument, &id).is_some()) {
            return Err(unknown("group", &id));
        }
        let instruments = wanted_instruments(edition, parameters)?;
        let grid = rows_of(edition, "group_members")?.rows_having(&[("group_id", &[&id])]);
        let grid = grid.matching("instrument", |own| instruments.wants(own));
        let years = selection::years(parameters.get("year"), &grid.years(), "*")?;
        let grid = grid.in_years(&years);
        if grid.rows.is_empty() {
            return Err(Problem::with(
                ProblemKind::UnknownId,
                "Gruppen visas inte i något av åren, så att det inte sägs vilka som räknas i den.",
                "The group is not shown in any of the years, so that nobody is said to count in it.",
            ));
        }
        Ok(grid)
    })
    .await
}
