//! `/tables/{id}/defaultselection`: what is answered where nothing is chosen, and how that is decided.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};
use serde_json::json;

use super::{
    PxRoute,
    answer::{self, Made},
    chosen::Chosen,
    link::link,
    parameter,
    problem::PxProblem,
    table::Table,
};
use crate::{
    encode::Role,
    http::{App, Problem},
};

pub(super) static ROUTE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables/{id}/defaultselection",
    method: Method::GET,
    operation: "GetDefaultSelection",
    summary: ["det urval som gäller när inget väljs", "the selection that applies where nothing is chosen"],
    example: "/pxweb/api/v2/tables/figures-digital-maturity/defaultselection",
    content: None,
    parameters: &[&parameter::LANG, &parameter::ID],
    media_types: &["application/json"],
    problems: &[
        PxProblem::UnsupportedLanguage,
        PxProblem::UnknownParameter,
        PxProblem::IllegalParameter,
        PxProblem::NonExistentTable,
    ],
    handler: || get(get_default_selection),
};

/// Years of a default selection at most, as in `PxWeb`.
const YEARS_MAX: usize = 13;

/// The first measure in the latest years, by those variables of which something has to be chosen, or else by the last of the
/// others; what is left is eliminated. It never has more cells than are given at once.
pub(super) fn of(table: &Table, cells_max: usize) -> Chosen {
    let is_plain = |at: &usize| table.variables[*at].role == Role::Plain;
    let plain: Vec<usize> = (0..table.variables.len()).filter(is_plain).collect();
    let mandatory: Vec<usize> = plain.iter().copied().filter(|&at| table.variables[at].elimination.is_none()).collect();
    let shown = if mandatory.is_empty() { plain.last().copied().into_iter().collect() } else { mandatory };
    let mut positions: Vec<Option<Vec<usize>>> = table
        .variables
        .iter()
        .enumerate()
        .map(|(at, variable)| {
            let count = variable.categories.len();
            match variable.role {
                Role::Measure => Some(vec![0]),
                // one year of a large table is more of a table than many years are
                Role::Time if shown.len() > 1 => Some(vec![count - 1]),
                Role::Time => Some((count.saturating_sub(YEARS_MAX)..count).collect()),
                Role::Plain => shown.contains(&at).then(|| (0..count).collect()),
            }
        })
        .collect();
    while cells(&positions) > cells_max {
        let own = positions.iter_mut().enumerate().filter_map(|(at, own)| Some((at, own.as_mut()?)));
        let Some((at, largest)) = own.max_by_key(|(_, own)| own.len()).filter(|(_, own)| own.len() > 1) else { break };
        let half = largest.len().div_ceil(2);
        if table.variables[at].is_time() {
            largest.drain(..largest.len() - half);
        } else {
            largest.truncate(half);
        }
    }
    Chosen::placed(table, positions)
}

fn cells(positions: &[Option<Vec<usize>>]) -> usize {
    positions.iter().flatten().fold(1, |cells, own| cells.saturating_mul(own.len()))
}

async fn get_default_selection(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let cells_max = app.data_cells_max();
    answer::get(&app, &uri, &headers, &ROUTE, |served, asked| {
        let table = served.pxweb().find(&id).ok_or(PxProblem::NonExistentTable)?;
        let chosen = of(table, cells_max);
        let codes =
            |variables: &[usize]| -> Vec<&str> { variables.iter().map(|&at| &*table.variables[at].code).collect() };
        let selection: Vec<_> = table
            .variables
            .iter()
            .zip(&chosen.positions)
            .map(|(variable, positions)| {
                let values = positions.iter().flatten().map(|&at| &*variable.categories[at].code);
                json!({ "variableCode": variable.code, "valueCodes": values.collect::<Vec<_>>() })
            })
            .collect();
        let body = json!({
            "selection": selection,
            "placement": { "heading": codes(chosen.heading()), "stub": codes(chosen.stub()) },
            "language": asked.language.tag(),
            "links": [link("self", &format!("tables/{}/defaultselection", table.id), "", asked.language)],
        });
        Made::json(&body, asked.language)
    })
}
