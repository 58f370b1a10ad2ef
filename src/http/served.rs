//! An edition as it is served: with the answers already given from it, the store of sealed results, and the editions before it.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue},
};
use jiff::Timestamp;
use moka::sync::Cache;

use super::{Problem, ProblemKind, difference, kolada, pxweb, queried::QueryTables};
use crate::{
    disclosure::Sealed,
    encode::Grid,
    figure::Edition,
    model::{Digest, Language, OrganisationId},
    query::Tables,
    release::{self, ReleaseError},
    store::PublicStore,
};

/// Editions before the current one that are kept open.
const EARLIER_MAX: u64 = 3;

/// How long an earlier edition is served before the log is read again: a withdrawal is heeded within 60 s.
const EARLIER_KEPT: Duration = Duration::from_secs(30);

/// Bytes of answers kept for an edition before the current one.
const EARLIER_BYTES: u64 = 8 * 1024 * 1024;

/// Pairs of releases whose differences are kept.
const DIFFERENCES_MAX: u64 = 16;

/// What is answered at an address: format and language.
type Kind = (&'static str, Language);

/// An answer's bytes. A release never changes, so they are good for as long as it is current.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) body: Bytes,
    pub(super) content_type: HeaderValue,
    pub(super) tag: HeaderValue,
    /// Further fields that belong to these bytes.
    pub(super) extra: Vec<(HeaderName, HeaderValue)>,
}

impl Kept {
    /// No bytes but their tag.
    pub(super) fn known(tag: HeaderValue) -> Self {
        Self {
            body: Bytes::new(),
            content_type: HeaderValue::from_static("application/octet-stream"),
            tag,
            extra: Vec::new(),
        }
    }
}

/// What was done for answers, from whichever edition.
#[derive(Debug, Default)]
pub(super) struct Tally {
    found: AtomicU64,
    missed: AtomicU64,
    built: AtomicU64,
}

impl Tally {
    /// Answers found ready.
    pub(super) fn found(&self) -> u64 {
        self.found.load(Ordering::Relaxed)
    }

    /// Answers looked for and not found ready.
    pub(super) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }

    /// Answers made from rows.
    pub(super) fn built(&self) -> u64 {
        self.built.load(Ordering::Relaxed)
    }
}

/// An edition with the answers already given from it.
#[derive(Debug)]
pub struct Served {
    /// The edition.
    pub edition: Edition,
    kept: Cache<(String, Kind), Kept>,
    built: AtomicU64,
    kolada: OnceLock<kolada::Index>,
    tally: Arc<Tally>,
    /// The edition's release as a header field has it.
    release_field: Option<HeaderValue>,
    /// Where sealed results and earlier editions are read from; without it there are none.
    store: Option<PublicStore>,
    earlier: Cache<String, Arc<Served>>,
    /// What one release changed in another, by their ids.
    differences: Cache<(String, String), Arc<Grid>>,
    opening: tokio::sync::Mutex<()>,
    pxweb: OnceLock<pxweb::Tables>,
    /// Whole tables in formats that they were asked for in, with their digests.
    files: Cache<(String, Kind), (Bytes, Digest)>,
    /// The tables as they are sent to those who run queries.
    query_tables: QueryTables,
}

/// Bytes of written files that an edition keeps.
const FILES_BYTES: u64 = 64 << 20;

impl Served {
    /// Prepares an edition for serving, with at most `bytes` of answers kept.
    pub fn new(edition: Edition, bytes: u64) -> Self {
        let weigh = |key: &(String, Kind), kept: &Kept| {
            let fields: usize = kept.extra.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
            u32::try_from(key.0.len() + kept.body.len() + fields + 256).unwrap_or(u32::MAX)
        };
        Self {
            release_field: HeaderValue::from_str(edition.meta.release.as_str()).ok(),
            edition,
            kept: Cache::builder().max_capacity(bytes).weigher(weigh).build(),
            built: AtomicU64::new(0),
            kolada: OnceLock::new(),
            tally: Arc::default(),
            store: None,
            earlier: Cache::builder().max_capacity(EARLIER_MAX).time_to_live(EARLIER_KEPT).build(),
            differences: Cache::builder().max_capacity(DIFFERENCES_MAX).build(),
            opening: tokio::sync::Mutex::new(()),
            pxweb: OnceLock::new(),
            files: Cache::builder()
                .max_capacity(FILES_BYTES)
                .weigher(|_, (bytes, _): &(Bytes, Digest)| u32::try_from(bytes.len()).unwrap_or(u32::MAX))
                .build(),
            query_tables: QueryTables::new(),
        }
    }

    /// The same, with sealed results and earlier editions read from a store.
    pub fn with_store(self, store: PublicStore) -> Self {
        Self { store: Some(store), ..self }
    }

    /// The same, counting on where another edition is.
    pub(super) fn counting_with(self, other: &Self) -> Self {
        Self { tally: Arc::clone(&other.tally), ..self }
    }

    /// What was done for answers from this edition and those that it counts with.
    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many answers have been made from the edition's rows, rather than found ready.
    pub fn built(&self) -> u64 {
        self.built.load(Ordering::Relaxed)
    }

    /// What ids of the Kolada face stand for.
    pub(super) fn kolada(&self) -> &kolada::Index {
        self.kolada.get_or_init(|| kolada::Index::new(&self.edition))
    }

    /// The edition's release as a header field has it.
    pub(super) fn release_field(&self) -> Option<HeaderValue> {
        self.release_field.clone()
    }

    /// Counts an answer that was made of rows, unless some of them could not be read.
    pub(super) fn count_built(&self) -> Result<(), Problem> {
        self.is_sound()?;
        self.built.fetch_add(1, Ordering::Relaxed);
        self.tally.built.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Refuses to answer from an edition whose rows cannot all be read: an answer that lacks some looks like any other.
    pub(super) fn is_sound(&self) -> Result<(), Problem> {
        if self.edition.is_damaged() { Err(Problem::new(ProblemKind::Internal)) } else { Ok(()) }
    }

    /// The edition's tables as the `PxWeb` face has them, found when they are first asked for.
    pub(super) fn pxweb(&self) -> &pxweb::Tables {
        self.pxweb.get_or_init(|| pxweb::Tables::of(&self.edition))
    }

    pub(super) fn kept(&self, address: &str, kind: Kind) -> Option<Kept> {
        let kept = self.kept.get(&(address.to_owned(), kind));
        let count = if kept.is_some() { &self.tally.found } else { &self.tally.missed };
        count.fetch_add(1, Ordering::Relaxed);
        kept
    }

    pub(super) fn keep(&self, address: &str, kind: Kind, kept: Kept) {
        self.kept.insert((address.to_owned(), kind), kept);
    }

    /// A table as a file, written once, away from the threads that answer.
    pub(super) async fn file(
        self: &Arc<Self>,
        table: &str,
        kind: Kind,
        write: impl FnOnce(&Self) -> Result<Bytes, Problem> + Send + 'static,
    ) -> Result<(Bytes, Digest), Problem> {
        let key = (table.to_owned(), kind);
        if let Some(found) = self.files.get(&key) {
            return Ok(found);
        }
        let own = Arc::clone(self);
        let written = move || write(&own).map(|bytes| (bytes.clone(), Digest::of(&bytes)));
        let file = apart(written).await??;
        self.files.insert(key, file.clone());
        Ok(file)
    }

    /// The tables as they are sent to those who run queries.
    pub(super) fn query_tables(&self) -> &Arc<Tables> {
        self.query_tables.get_or_init(|| Arc::new(Tables::of(&self.edition.release, &self.edition.meta)))
    }

    pub(super) fn store(&self) -> Option<&PublicStore> {
        self.store.as_ref()
    }

    /// An organisation's sealed results.
    pub(super) async fn own_results(&self, organisation: &OrganisationId) -> Result<Option<Sealed>, Problem> {
        let Some(store) = &self.store else { return Ok(None) };
        release::own_results(store, &self.edition.release.nonce, organisation).await.map_err(|error| {
            tracing::error!(%error, "sealed results cannot be read");
            Problem::new(ProblemKind::Internal)
        })
    }

    /// An edition of the log by its identifier or the first eight digits of it, unless it was withdrawn or is under embargo.
    pub(super) async fn earlier(self: &Arc<Self>, id: &str) -> Result<Arc<Self>, Problem> {
        if !(8..=64).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Problem::with(
                ProblemKind::InvalidParameter,
                "release ska vara en utgåvas identitet, eller minst de första åtta tecknen av den.",
                "release has to be the id of a release, or at least the first eight characters of it.",
            ));
        }
        let id = id.to_ascii_lowercase();
        if let Some(found) = self.known(&id) {
            return Ok(found);
        }
        // whoever gives up waiting does not undo the work, which the next one would begin again
        let own = Arc::clone(self);
        tokio::spawn(async move { own.opened(&id).await }).await.map_err(|_| Problem::new(ProblemKind::Internal))?
    }

    /// An edition that is open, by the beginning of its identifier: itself, or one that was asked for before.
    fn known(self: &Arc<Self>, id: &str) -> Option<Arc<Self>> {
        if self.edition.meta.release.as_str().starts_with(id) {
            return Some(Arc::clone(self));
        }
        let found = self.earlier.iter().find(|(known, _)| known.starts_with(id))?;
        // counted as used
        self.earlier.get(&*found.0)
    }

    async fn opened(self: &Arc<Self>, id: &str) -> Result<Arc<Self>, Problem> {
        let unknown = || super::unknown("release", id);
        let Some(store) = &self.store else { return Err(unknown()) };
        // one at a time: opening reads and verifies a whole release
        let _turn = self.opening.lock().await;
        if let Some(found) = self.known(id) {
            return Ok(found);
        }
        let opened = release::open_earlier(store, id, Timestamp::now()).await;
        let release = match opened {
            Ok(release) => release,
            Err(ReleaseError::Unknown(_)) => return Err(unknown()),
            Err(ReleaseError::Withdrawn(_)) => return Err(Problem::new(ProblemKind::Withdrawn)),
            Err(error) => {
                tracing::error!(%error, "an earlier release cannot be opened");
                return Err(Problem::new(ProblemKind::Internal));
            }
        };
        let edition = apart(move || Edition::new(release)).await?.map_err(|error| {
            tracing::error!(%error, "an earlier release cannot be served");
            Problem::new(ProblemKind::Internal)
        })?;
        let served = Arc::new(Self::new(edition, EARLIER_BYTES).with_store(store.clone()).counting_with(self));
        self.earlier.insert(served.edition.meta.release.to_string(), served.clone());
        Ok(served)
    }

    /// What one release changed in another. It is looked for once, since that takes as long as reading both.
    pub(super) async fn differences(
        self: &Arc<Self>,
        before: &Arc<Self>,
        after: &Arc<Self>,
    ) -> Result<Arc<Grid>, Problem> {
        let id = |served: &Self| served.edition.meta.release.to_string();
        let key = (id(before), id(after));
        if let Some(found) = self.differences.get(&key) {
            return Ok(found);
        }
        let (own, before, after) = (Arc::clone(self), Arc::clone(before), Arc::clone(after));
        let found = tokio::spawn(async move { own.compared(key, before, after).await });
        found.await.map_err(|_| Problem::new(ProblemKind::Internal))?
    }

    async fn compared(&self, key: (String, String), before: Arc<Self>, after: Arc<Self>) -> Result<Arc<Grid>, Problem> {
        let _turn = self.opening.lock().await;
        if let Some(found) = self.differences.get(&key) {
            return Ok(found);
        }
        let found = apart(move || release::difference(&before.edition.release, &after.edition.release)).await?;
        let found = found.map_err(|error| {
            tracing::error!(%error, "releases cannot be compared");
            Problem::new(ProblemKind::Internal)
        })?;
        let grid = Arc::new(difference::rows(&found));
        self.differences.insert(key, Arc::clone(&grid));
        Ok(grid)
    }
}

/// Work that takes long, away from the threads that answer.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::new(ProblemKind::Internal))
}
