//! SQL over the published tables of a release; it cannot name anything else.

use std::sync::Arc;

use crate::{
    disclosure::{DisclosureError, PublicSession},
    encode::Grid,
    release::Release,
    table::TableError,
};

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The tables could not be opened.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The answer could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The query was refused or failed. Over published tables the engine's text tells nothing that is not public.
    #[error("{0}; the tables are {tables}, and one `select` at a time is run", tables = TABLES.join(", "))]
    Refused(Arc<datafusion::error::DataFusionError>),
}

/// The published tables.
pub const TABLES: [&str; 13] = [
    "figures",
    "blocks",
    "changes",
    "groups",
    "group_members",
    "organisations",
    "indicators",
    "questions",
    "registered_groups",
    "targets",
    "courses",
    "notes",
    "releases",
];

/// Runs one read-only query over a release.
pub async fn run(release: &Release, sql: &str) -> Result<Grid, QueryError> {
    let session = PublicSession::new(&release.tables)?;
    let answer = session.run(sql).await.map_err(|error| QueryError::Refused(Arc::new(error)))?;
    Ok(Grid::of(&answer)?)
}
