//! Opens a release: every file is read and its digest verified before anything is served from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Commit, CommitKind, Log, Manifest, ReleaseError};
use crate::{
    disclosure::{self, Published, ReleaseRow, Safe, Sealed},
    model::{Digest, OrganisationId},
    store::{PublicStore, StoreError, path},
    table::{Table, TableError},
};

/// A release, opened and verified.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its manifest.
    pub manifest: Manifest,
    /// What the publication's sealed files are found by.
    pub nonce: String,
    /// The log when it was opened.
    pub log: Log,
    /// Published tables by name; `releases` is made from the log.
    pub tables: BTreeMap<String, Published>,
}

impl Release {
    /// All rows of all tables, for whoever computes with them.
    pub fn whole(&self) -> Result<BTreeMap<String, Safe<Table>>, TableError> {
        self.tables.iter().map(|(name, table)| Ok((name.clone(), table.whole()?))).collect()
    }
}

/// Opens the current release: the newest that stands and whose embargo has passed.
pub async fn open(store: &PublicStore, now: Timestamp) -> Result<Option<Release>, ReleaseError> {
    open_at(store, Log::known(store).await?, now).await
}

/// Opens the release that is current by a log.
pub async fn open_at(store: &PublicStore, log: Log, now: Timestamp) -> Result<Option<Release>, ReleaseError> {
    let mut manifests: Vec<(Commit, Manifest)> = Vec::new();
    for commit in log.commits.iter().filter(|commit| commit.kind == CommitKind::Publish) {
        // the manifest of a release taken back may have been erased
        match Log::manifest(store, commit).await {
            Ok(manifest) => manifests.push((commit.clone(), manifest)),
            Err(_) if log.withdrawn().contains(&commit.release) => {}
            Err(error) => return Err(error),
        }
    }
    let withdrawn: BTreeSet<Digest> = log.withdrawn().into_iter().cloned().collect();
    let visible = |manifest: &Manifest| manifest.embargo_until.is_none_or(|until| until <= now);
    let current =
        manifests.iter().rev().find(|(commit, manifest)| !withdrawn.contains(&commit.release) && visible(manifest));
    let Some((commit, manifest)) = current else { return Ok(None) };
    let mut tables = tables(store, manifest).await?;
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
    tables.insert("releases".to_owned(), Published::of(&disclosure::releases(&rows)?)?);
    log.keep(store).await;
    Ok(Some(Release { manifest: manifest.clone(), nonce: commit.nonce.clone(), log, tables }))
}

/// Opens one release of the log, current or not, by its digest or the first eight digits of it.
pub async fn open_one(store: &PublicStore, log: &Log, release: &str) -> Result<Release, ReleaseError> {
    let known = |commit: &&Commit| {
        commit.kind == CommitKind::Publish && release.len() >= 8 && commit.release.as_str().starts_with(release)
    };
    let commit = log.commits.iter().rev().find(known).ok_or_else(|| ReleaseError::Unknown(release.to_owned()))?;
    let manifest = Log::manifest(store, commit).await?;
    let tables = tables(store, &manifest).await?;
    Ok(Release { manifest, nonce: commit.nonce.clone(), log: log.clone(), tables })
}

/// Opens a release for readers as [`open_one`] does, unless it has been withdrawn or its embargo has not passed.
pub async fn open_earlier(store: &PublicStore, release: &str, now: Timestamp) -> Result<Release, ReleaseError> {
    let log = Log::known(store).await?;
    if log.withdrawn().iter().any(|digest| release.len() >= 8 && digest.as_str().starts_with(release)) {
        return Err(ReleaseError::Withdrawn(release.to_owned()));
    }
    let opened = open_one(store, &log, release).await?;
    if opened.manifest.embargo_until.is_some_and(|until| until > now) {
        return Err(ReleaseError::Unknown(release.to_owned()));
    }
    Ok(opened)
}

/// The tables that a manifest names, verified.
async fn tables(store: &PublicStore, manifest: &Manifest) -> Result<BTreeMap<String, Published>, ReleaseError> {
    let mut tables = BTreeMap::new();
    for entry in &manifest.tables {
        let bytes = store.0.get_verified(&path::data(&entry.digest), &entry.digest).await?;
        tables.insert(entry.name.clone(), Published::open(bytes, &entry.digest)?);
    }
    Ok(tables)
}

/// An organisation's own results as the release sealed them; none where it had no key, took no part or does not exist.
pub async fn own_results(
    store: &PublicStore,
    nonce: &str,
    organisation: &OrganisationId,
) -> Result<Option<Sealed>, ReleaseError> {
    match store.0.get(&path::own(nonce, organisation)).await {
        Ok(bytes) => Ok(Some(Sealed::from_store(bytes))),
        Err(StoreError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
