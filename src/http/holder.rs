//! Requests of an organisation's key holder: reads the key from the request, opens the organisation's sealed results for this one
//! answer and forgets both. Neither ever reaches a log, an error or a kept answer.

use std::sync::LazyLock;

use axum::{
    http::{HeaderMap, Uri, header},
    response::Response,
};

use super::{App, Problem, ProblemKind, Route, Served, answer, client, parameter, parameter::Parameters};
use crate::{
    disclosure::{Identity, Opened, Sealed},
    encode::Grid,
    figure::{Edition, OwnResults},
    model::OrganisationId,
};

/// What keys are tried on where an organisation has no sealed results, so that its answer takes as long as any other.
static DECOY: LazyLock<Sealed> = LazyLock::new(Sealed::decoy);

/// Whether the request carries a key, or anything in its place.
pub(super) fn is_named(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The key of `Authorization: Bearer AGE-SECRET-KEY-1…`.
fn key(headers: &HeaderMap) -> Result<Identity, Problem> {
    let missing = || Problem::new(ProblemKind::KeyMissing);
    Identity::parse(client::bearer(headers).ok_or_else(missing)?).map_err(|_| missing())
}

/// The mark of an answer for which a key has opened something.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyIsGood;

/// Answers a resource that says more to the holder of an organisation's key: with the organisation's own results, or without them
/// where the request carries no key.
pub(super) async fn answered(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    route: &Route,
    rows: impl Fn(&Edition, &Parameters, Option<&OwnResults>) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    if !is_named(headers) {
        return answer::tabular(app, uri, headers, route, |edition, parameters| rows(edition, parameters, None)).await;
    }
    let named = parameter::sole("release", uri.query());
    let served = app.served_in(named.as_deref()).await?;
    let parameters = Parameters::read(uri.query(), route.parameters)?;
    let own = own_results(&served, parameters.get("organisation").unwrap_or_default(), headers).await?;
    let own = OwnResults::read(&own);
    answer::for_holder(&served, uri, headers, route, |edition, parameters| rows(edition, parameters, Some(&own)))
}

/// Opens the results of an organisation with the request's key.
pub(super) async fn own_results(served: &Served, organisation: &str, headers: &HeaderMap) -> Result<Grid, Problem> {
    opened(served, organisation, &key(headers)?).await
}

/// Opens the results of an organisation with a key. Whether the organisation exists, has results or has another key cannot be told
/// from the refusal.
pub(super) async fn opened(served: &Served, organisation: &str, key: &Identity) -> Result<Grid, Problem> {
    let sealed = match OrganisationId::parse(organisation) {
        Ok(id) => served.own_results(&id).await?,
        Err(_) => None,
    };
    let opened: Opened =
        sealed.as_ref().unwrap_or(&DECOY).open(key).map_err(|_| Problem::new(ProblemKind::KeyRefused))?;
    Grid::opened(&opened).map_err(|_| Problem::new(ProblemKind::Internal))
}
