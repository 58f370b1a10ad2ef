//! Keeps the served edition current: a new one is opened and verified beside the old, then takes its place between requests.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::watch;

use super::{Served, kolada};
use crate::{
    figure::{Edition, FigureError},
    release::{self, Log, ReleaseError},
    store::PublicStore,
};

/// The edition that is served, or none.
pub type Editions = watch::Receiver<Option<Arc<Served>>>;

/// Bytes of answers kept per edition.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// Why an edition cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The release.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Its tables.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// Its ids in the Kolada face.
    #[error(transparent)]
    Kolada(#[from] kolada::IdError),
}

/// Opens the current edition, if there is one.
pub async fn open(store: &PublicStore, now: Timestamp) -> Result<Option<Arc<Served>>, WatchError> {
    open_after(store, now, None).await
}

async fn open_after(
    store: &PublicStore,
    now: Timestamp,
    before: Option<&Served>,
) -> Result<Option<Arc<Served>>, WatchError> {
    let log = match before {
        Some(before) => before.edition.release.log.clone().read_on(store).await?,
        None => Log::known(store).await?,
    };
    let Some(release) = release::open_at(store, log, now).await? else { return Ok(None) };
    let edition = Edition::new(release)?;
    kolada::check(&edition)?;
    let served = Served::new(edition, KEPT_BYTES).with_store(store.clone());
    Ok(Some(Arc::new(if let Some(before) = before { served.counting_with(before) } else { served })))
}

/// Looks every `pause` whether another edition is current, for as long as anybody listens. An edition that cannot be opened
/// or verified is reported and the old one goes on being served.
pub async fn follow(store: PublicStore, editions: watch::Sender<Option<Arc<Served>>>, pause: Duration) {
    follow_telling(store, editions, pause, |_| {}).await;
}

/// The same, telling somebody each time whether the store could be looked at and its newest edition opened.
pub async fn follow_telling(
    store: PublicStore,
    editions: watch::Sender<Option<Arc<Served>>>,
    pause: Duration,
    told: impl Fn(bool),
) {
    while !editions.is_closed() {
        tokio::time::sleep(pause).await;
        let looked = refresh(&store, &editions).await;
        if let Err(error) = &looked {
            tracing::error!(%error, "the newest edition cannot be served; the one before stays");
        }
        told(looked.is_ok());
    }
}

async fn refresh(store: &PublicStore, editions: &watch::Sender<Option<Arc<Served>>>) -> Result<(), WatchError> {
    let before = editions.borrow().clone();
    let current =
        before.as_ref().map(|served| (served.edition.release.log.commits.len(), served.edition.meta.sequence));
    let known = before.as_ref().map(|served| served.edition.release.log.clone()).unwrap_or_default();
    let log = known.read_on(store).await?;
    let mut expected = None;
    for commit in log.standing() {
        let manifest = Log::manifest(store, commit).await?;
        if manifest.embargo_until.is_none_or(|until| until <= Timestamp::now()) {
            expected = Some(manifest.sequence);
            break;
        }
    }
    if current.map(|(length, _)| length) == Some(log.commits.len()) && current.map(|(_, sequence)| sequence) == expected
    {
        return Ok(());
    }
    if current.is_none() && expected.is_none() {
        return Ok(());
    }
    let opened = open_after(store, Timestamp::now(), before.as_deref()).await?;
    if let Some(served) = &opened {
        tracing::info!(release = served.edition.meta.release.short(), "serving another edition");
    }
    // requests under way hold the old edition until they end
    editions.send_replace(opened);
    Ok(())
}
