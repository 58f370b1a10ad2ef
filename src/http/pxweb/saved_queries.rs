//! Saved queries, which nobody can save here: every address of them says so.

use super::problem::PxProblem;
use crate::http::Problem;

/// Their addresses in the specification.
pub(super) const PATHS: [&str; 4] = [
    "/pxweb/api/v2/savedqueries",
    "/pxweb/api/v2/savedqueries/{id}",
    "/pxweb/api/v2/savedqueries/{id}/data",
    "/pxweb/api/v2/savedqueries/{id}/selection",
];

pub(super) async fn refuse() -> Problem {
    PxProblem::NonExistentSavedQuery.into()
}
