//! `/ou`, `/ou/{ids}` and `/oudata`: organisational units, of which there are none here, since units' results are sealed to their owners.

use axum::{response::Response, routing::get};

use super::{
    Route,
    answer::Call,
    asked::{Asked, positions},
    municipality::single,
};
use crate::http::{Answer, Problem, ProblemKind};

pub(super) static ROUTE: Route = Route {
    path: "/kolada/v3/ou",
    operation: "kolada_list_units",
    summary: [
        "enheter: alltid en tom lista, eftersom enheters resultat är förseglade",
        "units: always an empty list, since units' results are sealed",
    ],
    example: "/kolada/v3/ou",
    parameters: &["title", "municipality", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_units),
};

pub(super) static SOME: Route = Route {
    path: "/kolada/v3/ou/{ou_id}",
    operation: "kolada_get_units",
    summary: ["vissa enheter: finns aldrig", "some units: there are never any"],
    example: "/kolada/v3/ou/V15E128000101",
    parameters: &["lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(get_units),
};

pub(super) static DATA: Route = Route {
    path: "/kolada/v3/oudata",
    operation: "kolada_list_unit_data",
    summary: ["enheters värden: finns aldrig", "values of units: there are never any"],
    example: "/kolada/v3/oudata/?ou_id=V15E128000101",
    parameters: &["ou_id", "kpi_id", "municipality_id", "year", "from_date", "lang", "page", "per_page"],
    answer: Answer::Json,
    handler: || get(list_unit_data),
};

async fn list_units(call: Call) -> Result<Response, Problem> {
    call.answer(&ROUTE, |index, asked| {
        positions(asked, "municipality", |id| single(index, id))?;
        call.page::<()>(asked, &[])
    })
    .await
}

async fn get_units(call: Call) -> Result<Response, Problem> {
    call.answer(&SOME, |_, asked| Err(no_unit(asked))).await
}

async fn list_unit_data(call: Call) -> Result<Response, Problem> {
    call.answer(&DATA, |_, asked| Err(no_unit(asked))).await
}

fn no_unit(asked: &Asked) -> Problem {
    let named: String = asked.list("ou_id").unwrap_or_default().join(", ").chars().take(80).collect();
    let [sv, en] = if named.is_empty() {
        [String::new(), String::new()]
    } else {
        [format!("ou_id: {named} finns inte. "), format!("ou_id: {named} does not exist. ")]
    };
    Problem::with(
        ProblemKind::UnknownId,
        format!("{sv}Enheters resultat är förseglade, och inget nyckeltal har värden för enheter (has_ou_data)."),
        format!("{en}Units' results are sealed, and no KPI has values of units (has_ou_data)."),
    )
}
