//! The read-only HTTP service over the current release: state, router and the loop that serves them; resources are in `route`.

mod answer;
mod bundle;
mod catalog;
mod client;
mod comparable;
mod difference;
mod file;
pub mod guard;
mod heading;
mod holder;
mod identity;
pub mod kolada;
mod layer;
mod limit;
mod listener;
mod meter;
pub mod openapi;
mod page;
mod parameter;
mod peers;
mod problem;
pub mod pxweb;
mod queried;
mod rate;
mod route;
mod selection;
mod served;
mod session;
mod stream;
mod suffix;
mod watch;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::Router;

pub use heading::{HEADINGS, Heading, heading};
pub use identity::{BaseUrl, NoBaseUrl};
pub use layer::layered;
pub use limit::{Limit, Limits, published};
pub use listener::{Certificate, ConnectionCounts, Door, Tls, TlsError, serve, serve_through};
pub use meter::metrics;
pub use parameter::{Form, PARAMETERS, ParameterText};
pub use problem::{PROBLEMS, Problem, ProblemKind};
pub use queried::{Queries, Told};
pub use route::{Answer, Key, ROUTES, Route};
pub use served::Served;
pub use watch::{Editions, WatchError, follow, follow_telling, open};

use identity::Identity;
use meter::Meter;
use session::Sessions;

use crate::{
    encode::Grid,
    figure::{Edition, PublishedRows},
    query::Workers,
};

/// What every handler can see: the editions, the limits and what is counted, and nothing that could write.
#[derive(Debug, Clone)]
pub struct App {
    editions: Editions,
    limits: Arc<Limits>,
    meter: Arc<Meter>,
    is_closing: Arc<AtomicBool>,
    is_behind_tls: bool,
    identity: Identity,
    sessions: Arc<Sessions>,
    workers: Option<Workers>,
}

impl App {
    /// An application over editions that are kept current elsewhere, with the usual limits.
    pub fn new(editions: Editions) -> Self {
        Self {
            meter: Arc::new(Meter::new(&editions)),
            editions,
            limits: Arc::default(),
            is_closing: Arc::default(),
            is_behind_tls: false,
            identity: Identity::default(),
            sessions: Arc::default(),
            workers: None,
        }
    }

    /// The same with limits of its own.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits: Arc::new(limits), ..self }
    }

    /// The same for connections that are encrypted here.
    pub fn behind_tls(self) -> Self {
        Self { is_behind_tls: true, ..self }
    }

    /// The same with processes that run queries; without them none is answered.
    pub fn with_workers(self, workers: Workers) -> Self {
        Self { workers: Some(workers), ..self }
    }

    fn workers(&self) -> Option<&Workers> {
        self.workers.as_ref()
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Says that the service will stop: from now on it is not ready, and answers end their connections.
    pub fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    /// What a listener counts of its connections.
    pub fn connection_counts(&self) -> ConnectionCounts {
        self.meter.connections()
    }

    /// Notes whether the store could be looked at and its newest edition opened.
    pub fn looked(&self, is_good: bool) {
        self.meter.looked(is_good);
    }

    /// Since when it could not, in seconds of the epoch; none while it can.
    fn failing_since(&self) -> Option<i64> {
        self.meter.failing_since()
    }

    fn meter(&self) -> &Meter {
        &self.meter
    }

    /// For what is counted after the last step of an answer.
    fn shared_meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    fn is_behind_tls(&self) -> bool {
        self.is_behind_tls
    }

    /// Cells of one answer of the `PxWeb` face at most.
    fn data_cells_max(&self) -> usize {
        self.limits.data_cells_max
    }

    /// The edition that this request is answered from, to its end.
    fn served(&self) -> Result<Arc<Served>, Problem> {
        let served = self.editions.borrow().clone().ok_or_else(|| Problem::new(ProblemKind::NoRelease))?;
        served.is_sound()?;
        Ok(served)
    }

    /// The edition of a release that the request names; the current one where it names none.
    async fn served_in(&self, release: Option<&str>) -> Result<Arc<Served>, Problem> {
        let current = self.served()?;
        match release {
            Some(id) if current.edition.meta.release.as_str() != id => current.earlier(id).await,
            _ => Ok(current),
        }
    }

    /// The release that a path names by its id, or `current`.
    async fn release_at(&self, id: &str) -> Result<Arc<Served>, Problem> {
        match id {
            "current" => self.served(),
            id if parameter::described("release").is_some_and(|text| text.accepts(id)) => {
                self.served_in(Some(id)).await
            }
            id => Err(unknown("release", id)),
        }
    }
}

/// A table of the edition; a release made by an earlier version of the program can lack one.
fn table_of<'a>(edition: &'a Edition, table: &'static str) -> Result<&'a Grid, Problem> {
    edition.grid(table).map_err(|_| unknown("table", table))
}

/// A published table, for rows of it.
fn rows_of<'a>(edition: &'a Edition, table: &'static str) -> Result<&'a PublishedRows, Problem> {
    edition.table(table).ok_or_else(|| unknown("table", table))
}

/// What is not a part of an edition, or names one.
const OUTSIDE: [&str; 3] = ["file", "problem", "release"];

/// No id of this kind; the id is repeated, since whoever sent it knows it.
fn unknown(what: &str, id: &str) -> Problem {
    let id: String = id.chars().filter(|c| !c.is_control()).take(80).collect();
    let [sv, en] = if OUTSIDE.contains(&what) { ["", ""] } else { [" i utgåvan", " in the release"] };
    Problem::with(
        ProblemKind::UnknownId,
        format!("{what}: {id} finns inte{sv}."),
        format!("{what}: {id} does not exist{en}."),
    )
}

/// The whole service as a router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    // an address with dots between two ids is answered by the route of one id
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    let router = pxweb::mounted(page::mounted(router)).merge(kolada::router());
    let state = app.clone();
    layered(router.with_state(app), &state)
}
