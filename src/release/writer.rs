//! Writes a release: tables, then manifest, then the commit that makes all of it visible at once.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;

use super::{Commit, CommitKind, Log, Manifest, ReleaseError, ReleaseKind, TableEntry, release_id};
use crate::{
    definition::{self, ColumnText, Policy},
    disclosure::{Safe, Sealed},
    model::{Digest, InstrumentId, OrganisationId, Year},
    store::{PublicStore, StoreError, json, path},
    table::{Table, TableError},
};

/// A release that is to be written.
#[derive(Debug)]
pub struct Draft {
    /// Published tables.
    pub tables: BTreeMap<&'static str, Safe<Table>>,
    /// Kind.
    pub kind: ReleaseKind,
    /// Not shown before this time.
    pub embargo_until: Option<Timestamp>,
    /// Instruments and the newest year of each.
    pub instruments: BTreeMap<InstrumentId, Year>,
    /// Whether any data are synthetic.
    pub synthetic: bool,
    /// Disclosure policy.
    pub policy: Policy,
    /// Digest of the method of each instrument.
    pub method_digests: BTreeMap<InstrumentId, Digest>,
    /// Own results of organisations that have a key.
    pub sealed: BTreeMap<OrganisationId, Sealed>,
    /// Digest of whose results are sealed to which keys.
    pub sealed_to: Digest,
    /// Now.
    pub published_at: Timestamp,
    /// Distinguishes this publisher from others.
    pub nonce: String,
}

/// How writing ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// A new release was committed.
    Committed(Manifest),
    /// The current release has the same content; nothing was written.
    Unchanged(Manifest),
}

impl Draft {
    fn files(&self) -> Result<Vec<(TableEntry, Bytes)>, ReleaseError> {
        let mut files = Vec::new();
        for (name, table) in &self.tables {
            let bytes = described(name, table.get())?.to_parquet_saying()?;
            let entry = TableEntry {
                name: (*name).to_owned(),
                digest: Digest::of(&bytes),
                bytes: bytes.len() as u64,
                rows: table.get().rows() as u64,
            };
            files.push((entry, bytes));
        }
        Ok(files)
    }

    /// The identifier that the release would have.
    pub fn id(&self) -> Result<Digest, ReleaseError> {
        let entries: Vec<TableEntry> = self.files()?.into_iter().map(|(entry, _)| entry).collect();
        Ok(release_id(&entries, &self.policy.digest(), &self.method_digests))
    }
}

/// A table with its own description, which whoever has the file alone can read.
fn described(name: &str, table: &Table) -> Result<Table, TableError> {
    match definition::table(name) {
        Some(text) => {
            table.described(text.said(), |column| text.column(column).map_or_else(Vec::new, ColumnText::said))
        }
        None => Ok(table.clone()),
    }
}

/// Writes and commits a release. Whatever fails before the commit leaves the current release as it is; the objects written
/// by then are named by their content, and the next run uses them again.
///
/// `log` is the log that the draft was gated with: if anything has been committed since, nothing is.
pub async fn write(store: &PublicStore, draft: &Draft, log: &Log) -> Result<Written, ReleaseError> {
    let files = draft.files()?;
    let entries: Vec<TableEntry> = files.iter().map(|(entry, _)| entry.clone()).collect();
    let policy_digest = draft.policy.digest();
    let release = release_id(&entries, &policy_digest, &draft.method_digests);
    let current = current_of(store, log).await?;
    if let Some(current) = current.as_ref().filter(|current| current.is(draft, &release)) {
        return Ok(Written::Unchanged(current.clone()));
    }
    for (entry, bytes) in files {
        store.0.put_new(&path::data(&entry.digest), bytes).await?;
    }
    for (organisation, sealed) in &draft.sealed {
        store.0.put_new(&path::own(&draft.nonce, organisation), sealed.bytes().clone()).await?;
    }
    let manifest = Manifest {
        release: release.clone(),
        sequence: log.commits.len() as u64 + 1,
        kind: draft.kind,
        supersedes: current.map(|current| current.release),
        published_at: draft.published_at,
        embargo_until: draft.embargo_until,
        instruments: draft.instruments.clone(),
        synthetic: draft.synthetic,
        policy: draft.policy.clone(),
        policy_digest,
        method_digests: draft.method_digests.clone(),
        sealed_to: draft.sealed_to.clone(),
        tables: entries,
        made_by: concat!("mognad ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let bytes = json(&manifest);
    let digest = Digest::of(&bytes);
    store.0.put_new(&path::manifest(manifest.sequence, &digest), bytes).await?;
    let commit = Commit {
        sequence: manifest.sequence,
        kind: CommitKind::Publish,
        release,
        manifest: digest,
        published_as: manifest.sequence,
        previous: log.head.clone(),
        nonce: draft.nonce.clone(),
        committed_at: draft.published_at,
    };
    match append(store, &commit).await {
        Ok(()) => Ok(Written::Committed(manifest)),
        // whoever was first may have published the same
        Err(ReleaseError::Conflict(sequence)) => match current_of(store, &Log::read(store).await?).await? {
            Some(first) if first.is(draft, &manifest.release) => Ok(Written::Unchanged(first)),
            _ => Err(ReleaseError::Conflict(sequence)),
        },
        Err(error) => Err(error),
    }
}

async fn current_of(store: &PublicStore, log: &Log) -> Result<Option<Manifest>, ReleaseError> {
    match log.standing().next() {
        Some(commit) => Log::manifest(store, commit).await.map(Some),
        None => Ok(None),
    }
}

impl Manifest {
    /// Whether publishing the draft, whose identifier is `release`, would change nothing.
    fn is(&self, draft: &Draft, release: &Digest) -> bool {
        self.release == *release
            && self.kind == draft.kind
            && self.embargo_until == draft.embargo_until
            && self.sealed_to == draft.sealed_to
    }
}

/// Takes a release back: an entry of its own, after which the newest release that stands is current again.
pub async fn withdraw(store: &PublicStore, release: &str, nonce: &str, now: Timestamp) -> Result<Commit, ReleaseError> {
    let log = Log::read(store).await?;
    let taken = log
        .standing()
        .find(|commit| release.len() >= 8 && commit.release.as_str().starts_with(release))
        .ok_or_else(|| ReleaseError::Unknown(release.to_owned()))?;
    let commit = Commit {
        sequence: log.commits.len() as u64 + 1,
        kind: CommitKind::Withdraw,
        release: taken.release.clone(),
        manifest: taken.manifest.clone(),
        published_as: taken.published_as,
        previous: log.head.clone(),
        nonce: nonce.to_owned(),
        committed_at: now,
    };
    append(store, &commit).await?;
    Ok(commit)
}

async fn append(store: &PublicStore, commit: &Commit) -> Result<(), ReleaseError> {
    match store.0.put_new(&path::commit(commit.sequence), json(commit)).await {
        Ok(_) => Ok(()),
        Err(StoreError::Taken(_)) => Err(ReleaseError::Conflict(commit.sequence)),
        Err(error) => Err(error.into()),
    }
}
