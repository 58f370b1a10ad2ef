//! `/v1/releases`, one of them, and what one changed in another: the log of editions.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

use serde_json::Value;

use super::{Answer, Route};
use crate::{
    encode::Grid,
    figure::Edition,
    http::{App, Problem, ProblemKind, answer, parameter, parameter::Parameters, table_of, unknown},
    release::Manifest,
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/releases",
    operation: "list_releases",
    summary: ["utgåvornas logg", "the log of releases"],
    example: "/v1/releases",
    parameters: &[],
    answer: Answer::Table("releases"),
    handler: || get(list_releases),
};

pub(super) static ONE: Route = Route {
    path: "/v1/releases/{id}",
    operation: "get_release",
    summary: [
        "en utgåvas manifest: policy, metod, tabeller och kontrollsummor; current är den aktuella",
        "a release's manifest: policy, method, tables and digests; current is the current one",
    ],
    example: "/v1/releases/current",
    parameters: &[],
    answer: Answer::Json,
    handler: || get(get_release),
};

pub(super) static DIFFERENCE: Route = Route {
    path: "/v1/releases/{earlier}/differences/{later}",
    operation: "list_differences",
    summary: ["vad en utgåva ändrade i en annan", "what one release changed in another"],
    example: "/v1/releases/current/differences/current",
    parameters: &[],
    answer: Answer::Table("differences"),
    handler: || get(list_differences),
};

async fn list_releases(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let served = app.served()?;
    answer::tabular_of(&served, false, &uri, &headers, &ROUTE, |edition, _| table_of(edition, "releases").cloned())
}

async fn get_release(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // the short way of writing a difference
    if let Some((earlier, later)) = id.split_once("...") {
        let known = |id: &str| parameter::described("earlier").is_some_and(|own| own.accepts(id));
        if let Some(id) = [earlier, later].into_iter().find(|id| !known(id)) {
            return Err(unknown("release", id));
        }
        let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
        let address = format!("/v1/releases/{earlier}/differences/{later}{query}");
        return Ok(Redirect::permanent(&address).into_response());
    }
    Parameters::only(uri.query(), &[])?;
    let served = app.release_at(&id).await?;
    // tagged by what is current and not by its bytes, which tell when it was published
    answer::bytes(&app, &uri, &headers, None, "application/json", |now| {
        manifest(if id == "current" { &now.edition } else { &served.edition })
    })
}

async fn list_differences(
    State(app): State<App>,
    Path((earlier, later)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // what is current may change while it is looked for
    let served = app.served()?;
    let (earlier, later) = (app.release_at(&earlier).await?, app.release_at(&later).await?);
    let found = served.differences(&earlier, &later).await?;
    answer::tabular_of(&served, false, &uri, &headers, &DIFFERENCE, |_, _| Ok(Grid::clone(&found)))
}

/// A manifest as everybody may see it.
pub(in crate::http) fn public_manifest(manifest: &Manifest) -> Option<Value> {
    let mut manifest = serde_json::to_value(manifest).ok()?;
    // to whom own results are sealed is nobody's business
    manifest.as_object_mut()?.remove("sealedTo");
    Some(manifest)
}

fn manifest(edition: &Edition) -> Result<Vec<u8>, Problem> {
    let manifest = public_manifest(&edition.release.manifest).ok_or_else(|| Problem::new(ProblemKind::Internal))?;
    let mut bytes = serde_json::to_vec(&manifest).map_err(|_| Problem::new(ProblemKind::Internal))?;
    bytes.push(b'\n');
    Ok(bytes)
}
