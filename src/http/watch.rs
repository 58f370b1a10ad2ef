//! Keeps the served edition current: a new one is opened and verified beside the old, then takes its place between requests.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::watch;

use super::Served;
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
}

/// Opens the current edition, if there is one.
pub async fn open(store: &PublicStore, now: Timestamp) -> Result<Option<Arc<Served>>, WatchError> {
    let Some(release) = release::open(store, now).await? else { return Ok(None) };
    Ok(Some(Arc::new(Served::new(Edition::new(release)?, KEPT_BYTES).with_sealed(store.clone()))))
}

/// Looks every `pause` whether another edition is current, for as long as anybody listens. An edition that cannot be opened
/// or verified is reported and the old one goes on being served.
pub async fn follow(store: PublicStore, editions: watch::Sender<Option<Arc<Served>>>, pause: Duration) {
    while !editions.is_closed() {
        tokio::time::sleep(pause).await;
        if let Err(error) = refresh(&store, &editions).await {
            tracing::error!(%error, "the newest edition cannot be served; the one before stays");
        }
    }
}

async fn refresh(store: &PublicStore, editions: &watch::Sender<Option<Arc<Served>>>) -> Result<(), WatchError> {
    let current =
        editions.borrow().as_ref().map(|served| (served.edition.release.log_length, served.edition.meta.sequence));
    let log = Log::read(store).await?;
    let mut expected = None;
    for commit in log.standing() {
        let manifest = Log::manifest(store, commit).await?;
        if manifest.embargo_until.is_none_or(|until| until <= Timestamp::now()) {
            expected = Some(manifest.sequence);
            break;
        }
    }
    if current.map(|(length, _)| length) == Some(log.commits.len() as u64)
        && current.map(|(_, sequence)| sequence) == expected
    {
        return Ok(());
    }
    if current.is_none() && expected.is_none() {
        return Ok(());
    }
    let opened = open(store, Timestamp::now()).await?;
    if let Some(served) = &opened {
        tracing::info!(release = served.edition.meta.release.short(), "serving another edition");
    }
    // requests under way hold the old edition until they end
    editions.send_replace(opened);
    Ok(())
}
