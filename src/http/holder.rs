//! Requests of an organisation's key holder: reads the key from the request, opens the organisation's sealed results for this one
//! answer and forgets both. Neither ever reaches a log, an error or a kept answer.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};

use super::{Problem, ProblemKind, answer::Served};
use crate::{
    disclosure::{Identity, Opened, Sealed},
    encode::Grid,
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
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(missing()) };
    let text = value.to_str().map_err(|_| missing())?;
    let (scheme, key) = text.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    Identity::parse(key.trim()).map_err(|_| missing())
}

/// Opens the results of an organisation with the request's key. Whether the organisation exists, has results or has another key
/// cannot be told from the refusal.
pub(super) async fn own_results(served: &Served, organisation: &str, headers: &HeaderMap) -> Result<Grid, Problem> {
    let key = key(headers)?;
    let sealed = match OrganisationId::parse(organisation) {
        Ok(id) => served.own_results(&id).await?,
        Err(_) => None,
    };
    let opened: Opened =
        sealed.as_ref().unwrap_or(&DECOY).open(&key).map_err(|_| Problem::new(ProblemKind::KeyRefused))?;
    Grid::opened(&opened).map_err(|_| Problem::new(ProblemKind::Internal))
}
