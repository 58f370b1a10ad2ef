//! `/v1/organisations/{id}/results`: an organisation's own results, for the holder of its key.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    encode::Grid,
    http::{App, Problem, answer, holder, parameter, parameter::Parameters, selection},
};

const OWN: [&str; 4] = ["instrument", "measure", "scope", "year"];

pub(super) static ROUTE: Route = Route {
    path: "/v1/organisations/{id}/results",
    operation: "list_results",
    summary: [
        "en organisations egna resultat efter enhet, roll och fråga; kräver organisationens nyckel",
        "an organisation's own results by unit, role and question; needs the organisation's key as a bearer token",
    ],
    example: "/v1/organisations/municipality-1881/results",
    parameters: &OWN,
    answer: Answer::Table("results"),
    handler: || get(get_results),
};

async fn get_results(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let named = parameter::sole("release", uri.query());
    let served = app.served_in(named.as_deref()).await?;
    // whoever has no key learns nothing from parameters either
    let own = holder::own_results(&served, &id, &headers).await?;
    answer::for_holder(&served, &uri, &headers, &ROUTE, |_, parameters| rows(&own, parameters))
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
