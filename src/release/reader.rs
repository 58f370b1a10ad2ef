//! Opens a release: every file is read and its digest verified before anything is served from it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Commit, CommitKind, Log, Manifest, ReleaseError};
use crate::{
    disclosure::{self, ReleaseRow, Safe},
    store::{PublicStore, path},
    table::Table,
};

/// A release, opened and verified.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its manifest.
    pub manifest: Manifest,
    /// Number of entries in the log when it was opened.
    pub log_length: u64,
    /// Published tables by name; `releases` is made from the log.
    pub tables: BTreeMap<String, Safe<Table>>,
}

/// Opens the current release: the newest that stands and whose embargo has passed.
pub async fn open(store: &PublicStore, now: Timestamp) -> Result<Option<Release>, ReleaseError> {
    let log = Log::read(store).await?;
    let mut manifests: Vec<(Commit, Manifest)> = Vec::new();
    for commit in log.commits.iter().filter(|commit| commit.kind == CommitKind::Publish) {
        // the manifest of a release taken back may have been erased
        match Log::manifest(store, commit).await {
            Ok(manifest) => manifests.push((commit.clone(), manifest)),
            Err(_) if log.withdrawn().contains(&commit.release) => {}
            Err(error) => return Err(error),
        }
    }
    let withdrawn = log.withdrawn();
    let visible = |manifest: &Manifest| manifest.embargo_until.is_none_or(|until| until <= now);
    let current =
        manifests.iter().rev().find(|(commit, manifest)| !withdrawn.contains(&commit.release) && visible(manifest));
    let Some((_, manifest)) = current else { return Ok(None) };
    let mut tables = BTreeMap::new();
    for entry in &manifest.tables {
        let bytes = store.0.get_verified(&path::data(&entry.digest), &entry.digest).await?;
        tables.insert(entry.name.clone(), disclosure::reload(bytes, &entry.digest)?);
    }
    let rows: Vec<ReleaseRow> = manifests
        .iter()
        .filter(|(_, manifest)| visible(manifest))
        .map(|(commit, manifest)| ReleaseRow {
            sequence: commit.sequence,
            release: manifest.release.clone(),
            kind: format!("{:?}", manifest.kind).to_lowercase(),
            published_at: manifest.published_at.to_string(),
            supersedes: manifest.supersedes.clone(),
            withdrawn: withdrawn.contains(&commit.release),
            policy_digest: manifest.policy_digest.clone(),
        })
        .collect();
    tables.insert("releases".to_owned(), disclosure::releases(&rows)?);
    Ok(Some(Release { manifest: manifest.clone(), log_length: log.commits.len() as u64, tables }))
}
