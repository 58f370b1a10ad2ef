//! The commit log: numbered entries, each created once and naming its predecessor; its highest entry decides what is current.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Manifest, ReleaseError};
use crate::{
    model::Digest,
    store::{PublicStore, path},
};

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CommitKind {
    /// Publishes a release.
    Publish,
    /// Takes a release back.
    Withdraw,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Commit {
    /// Number, from 1 without gaps.
    pub sequence: u64,
    /// What it does.
    pub kind: CommitKind,
    /// The release published or taken back.
    pub release: Digest,
    /// Digest of the release's manifest, and part of its path.
    pub manifest: Digest,
    /// Number under which the release was published (its own for a publication).
    pub published_as: u64,
    /// Digest of the entry before; none for the first.
    pub previous: Option<Digest>,
    /// Distinguishes two publishers that do the same at the same time.
    pub nonce: String,
    /// When the entry was made; order is by number, never by time.
    pub committed_at: Timestamp,
}

/// The valid entries, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// Entries.
    pub commits: Vec<Commit>,
    /// Digest of the last entry.
    pub head: Option<Digest>,
    /// The entries as they are written.
    written: Vec<Bytes>,
}

impl Log {
    /// Reads the log: every entry in turn, as long as each names its predecessor.
    pub async fn read(store: &PublicStore) -> Result<Self, ReleaseError> {
        Self::default().read_on(store).await
    }

    /// Reads what has been added to the log. A store that shows less of it than there was is refused, since an older edition would
    /// follow a newer one.
    pub async fn read_on(mut self, store: &PublicStore) -> Result<Self, ReleaseError> {
        let present: BTreeSet<_> = store.0.list(&path::commits()).await?.into_iter().collect();
        if let Some(commit) = self.commits.iter().find(|commit| !present.contains(&path::commit(commit.sequence))) {
            return Err(ReleaseError::Older(commit.sequence));
        }
        loop {
            let sequence = self.commits.len() as u64 + 1;
            let place = path::commit(sequence);
            if !present.contains(&place) {
                return Ok(self);
            }
            let bytes = store.0.get(&place).await?;
            let entry = |cause: String| ReleaseError::Entry { path: place.to_string(), cause };
            let commit: Commit = serde_json::from_slice(&bytes).map_err(|e| entry(e.to_string()))?;
            if commit.sequence != sequence || commit.previous != self.head {
                return Err(entry("it does not follow the entry before it".to_owned()));
            }
            self.head = Some(Digest::of(&bytes));
            self.commits.push(commit);
            self.written.push(bytes);
        }
    }

    /// The log with what was kept of it, which stands where the store does not answer, or shows less of it than it did.
    pub async fn known(store: &PublicStore) -> Result<Self, ReleaseError> {
        let Some(kept) = store.kept() else { return Self::read(store).await };
        let kept = Self::read(&kept).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was kept of the log cannot be read");
            Self::default()
        });
        match kept.clone().read_on(store).await {
            Err(error) if kept.commits.is_empty() => Err(error),
            Err(error) => {
                tracing::error!(%error, "the log cannot be read on; what was kept of it stands");
                Ok(kept)
            }
            read => read,
        }
    }

    /// Keeps the entries, once what they lead to has been verified.
    pub async fn keep(&self, store: &PublicStore) {
        for (commit, bytes) in self.commits.iter().zip(&self.written) {
            store.0.keep(&path::commit(commit.sequence), bytes).await;
        }
    }

    /// The log as it was before a release was first published.
    #[must_use]
    pub fn before(mut self, release: &Digest) -> Self {
        if let Some(at) = self.commits.iter().position(|commit| commit.release == *release) {
            self.head.clone_from(&self.commits[at].previous);
            self.commits.truncate(at);
            self.written.truncate(at);
        }
        self
    }

    /// Releases that have been taken back.
    pub fn withdrawn(&self) -> BTreeSet<&Digest> {
        let mut withdrawn = BTreeSet::new();
        for commit in &self.commits {
            match commit.kind {
                CommitKind::Withdraw => withdrawn.insert(&commit.release),
                CommitKind::Publish => withdrawn.remove(&commit.release),
            };
        }
        withdrawn
    }

    /// Publications that stand, newest first.
    pub fn standing(&self) -> impl Iterator<Item = &Commit> {
        let withdrawn = self.withdrawn();
        let publications = self.commits.iter().rev().filter(|commit| commit.kind == CommitKind::Publish);
        publications.filter(move |commit| !withdrawn.contains(&commit.release))
    }

    /// The manifest of a publication, verified.
    pub async fn manifest(store: &PublicStore, commit: &Commit) -> Result<Manifest, ReleaseError> {
        let place = path::manifest(commit.published_as, &commit.manifest);
        let bytes = store.0.get_verified(&place, &commit.manifest).await?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .map_err(|error| ReleaseError::Entry { path: place.to_string(), cause: error.to_string() })?;
        if manifest.release == commit.release {
            Ok(manifest)
        } else {
            let cause = "it belongs to another release than the log says".to_owned();
            Err(ReleaseError::Entry { path: place.to_string(), cause })
        }
    }
}
