//! `/v1/organisations/{id}/results`: an organisation's own results, for the holder of its key.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::Route;
use crate::{
    encode::Grid,
    http::{App, Problem, answer, holder, parameter::Parameters, selection},
};

const OWN: [&str; 4] = ["instrument", "measure", "scope", "year"];

pub(super) const ROUTE: Route = Route {
    path: "/v1/organisations/{id}/results",
    summary: "an organisation's own results by unit, role and question; needs the organisation's key as a bearer token",
    example: "/v1/organisations/municipality-1881/results",
    handler: || get(get_results),
};

async fn get_results(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let served = app.served()?;
    // whoever has no key learns nothing from parameters either
    let own = holder::own_results(&served, &id, &headers).await?;
    answer::for_holder(&served, &uri, &headers, &OWN, |_, parameters| rows(&own, parameters))
}

fn rows(own: &Grid, parameters: &Parameters) -> Result<Grid, Problem> {
    let wanted = |name: &str| selection::Ids::read(parameters.get(name));
    let (instruments, measures, scopes) = (wanted("instrument"), wanted("measure"), wanted("scope"));
    let years = selection::years(parameters.get("year"), &own.years(), "last(1)")?;
    let found = own
        .matching("instrument", |id| instruments.wants(id))
        .matching("measure", |id| measures.wants(id))
        .matching("scope", |scope| scopes.wants(scope))
        .in_years(&years);
    selection::found(found, parameters, &OWN)
}
