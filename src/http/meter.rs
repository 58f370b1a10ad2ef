//! What the service counts, as text that Prometheus reads, for a listener of its own; labels are ours, never a client's.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode, header},
    response::IntoResponse as _,
    routing::get,
};
use jiff::Timestamp;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use super::{App, Editions, Problem, ProblemKind, listener::ConnectionCounts, rate::By};

/// Upper ends of the classes of durations, in seconds.
const SECONDS: [f64; 13] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Methods by which answers are counted; the last stands for all others, since a method can be any word.
const METHODS: [&str; 5] = ["GET", "HEAD", "POST", "OPTIONS", "other"];

/// Classes of statuses, by their first digit.
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// A method as it is counted.
pub(super) fn method_word(method: &Method) -> &'static str {
    METHODS[method_place(method)]
}

fn method_place(method: &Method) -> usize {
    METHODS.iter().position(|own| *own == method.as_str()).unwrap_or(METHODS.len() - 1)
}

/// What an answer is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// The route's template, or `none`.
    route: Arc<str>,
    method: &'static str,
    status: &'static str,
}

/// What is counted under one set of labels, at hand.
#[derive(Debug)]
struct Numbers {
    requests: Counter,
    seconds: Histogram,
    bytes: Counter,
}

/// The numbers of a route by method and class of status, those that have come up.
type OfRoute = [[OnceLock<Numbers>; STATUSES.len()]; METHODS.len()];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByLabel {
    by: &'static str,
}

/// What became of a query: `answered`, `busy`, `failed` or the code of its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByOutcome {
    outcome: &'static str,
}

/// Everything that is counted while the service runs.
#[derive(Debug)]
pub(super) struct Meter {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram, fn() -> Histogram>,
    bytes: Family<Labels, Counter>,
    /// The same numbers where they are found without making labels.
    at_hand: RwLock<HashMap<Arc<str>, Arc<OfRoute>>>,
    in_flight: Gauge,
    not_modified: Counter,
    limited: Family<ByLabel, Counter>,
    queries: Family<ByOutcome, Counter>,
    query_seconds: Histogram,
    busy: Counter,
    refresh_failures: Counter,
    /// Since when the store could not be looked at, in seconds of the epoch; 0 while it can.
    failing_since: Gauge,
    connections: ConnectionCounts,
}

impl Meter {
    /// Everything at nothing; the edition is looked at when somebody asks.
    pub(super) fn new(editions: &Editions) -> Self {
        let mut meter = Self {
            registry: Registry::with_prefix("mognad"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            bytes: Family::default(),
            at_hand: RwLock::default(),
            in_flight: Gauge::default(),
            not_modified: Counter::default(),
            limited: Family::default(),
            queries: Family::default(),
            query_seconds: Histogram::new(SECONDS),
            busy: Counter::default(),
            refresh_failures: Counter::default(),
            failing_since: Gauge::default(),
            connections: ConnectionCounts::default(),
        };
        meter.register(editions);
        meter
    }

    fn register(&mut self, editions: &Editions) {
        let connections = self.connections.clone();
        let registry = &mut self.registry;
        registry.register("requests", "Requests answered", self.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "From a request's header to its answer, or to the end of an answer whose length was not known",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register_with_unit("answer", "Bytes of answers' bodies", Unit::Bytes, self.bytes.clone());
        registry.register("requests_in_flight", "Requests being answered", self.in_flight.clone());
        registry.register("not_modified", "Answers that the client had already", self.not_modified.clone());
        registry.register("rate_limited", "Requests refused since a client asked too fast", self.limited.clone());
        registry.register("queries", "Queries in SQL by what became of them", self.queries.clone());
        registry.register_with_unit("query", "Time of queries in SQL", Unit::Seconds, self.query_seconds.clone());
        registry.register("busy", "Requests refused since too many were being answered", self.busy.clone());
        registry.register(
            "refresh_failures",
            "Times that the newest edition could not be opened, so that the one before stayed",
            self.refresh_failures.clone(),
        );
        registry.register_with_unit(
            "store_failing_since",
            "When the store could first not be looked at, since the epoch; 0 while it can",
            Unit::Seconds,
            self.failing_since.clone(),
        );
        registry.register("connections_open", "Open connections", connections.open);
        registry.register(
            "connections_refused",
            "Connections closed unanswered, since no slot was free",
            connections.refused,
        );
        registry.register("handshakes_failed", "Connections without a TLS handshake in time", connections.unsecured);
        registry.register_collector(Box::new(Served(editions.clone())));
    }

    /// A request that is being answered, for as long as what it gives is kept.
    pub(super) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// A request that has been answered, at a route's template if it came to one.
    pub(super) fn answered(
        &self,
        route: Option<&str>,
        method: &Method,
        status: StatusCode,
        elapsed: Duration,
        bytes: u64,
    ) {
        let route = route.unwrap_or("none");
        let (method, class) = (method_place(method), usize::from(status.as_u16() / 100 - 1).min(STATUSES.len() - 1));
        let of_route = self.of_route(route);
        let numbers = of_route[method][class].get_or_init(|| {
            let labels = Labels { route: Arc::from(route), method: METHODS[method], status: STATUSES[class] };
            Numbers {
                requests: self.requests.get_or_create_owned(&labels),
                seconds: self.seconds.get_or_create_owned(&labels),
                bytes: self.bytes.get_or_create_owned(&labels),
            }
        });
        numbers.requests.inc();
        numbers.seconds.observe(elapsed.as_secs_f64());
        numbers.bytes.inc_by(bytes);
        if status == StatusCode::NOT_MODIFIED {
            self.not_modified.inc();
        }
    }

    fn of_route(&self, route: &str) -> Arc<OfRoute> {
        // no step under the lock can leave an entry half-written
        if let Some(found) = self.at_hand.read().unwrap_or_else(PoisonError::into_inner).get(route) {
            return Arc::clone(found);
        }
        let mut at_hand = self.at_hand.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(at_hand.entry(Arc::from(route)).or_default())
    }

    /// A request that came too early.
    pub(super) fn limited(&self, by: By) {
        self.limited.get_or_create(&ByLabel { by: by.word() }).inc();
    }

    /// A query, and how long it took with its waiting.
    pub(super) fn queried(&self, outcome: &'static str, elapsed: Duration) {
        self.queries.get_or_create(&ByOutcome { outcome }).inc();
        self.query_seconds.observe(elapsed.as_secs_f64());
    }

    /// A request that found no place.
    pub(super) fn busy(&self) {
        self.busy.inc();
    }

    /// Whether the store could be looked at and its newest edition opened.
    pub(super) fn looked(&self, is_good: bool) {
        if is_good {
            self.failing_since.set(0);
            return;
        }
        self.refresh_failures.inc();
        if self.failing_since.get() == 0 {
            self.failing_since.set(Timestamp::now().as_second());
        }
    }

    /// Since when it could not.
    pub(super) fn failing_since(&self) -> Option<i64> {
        Some(self.failing_since.get()).filter(|since| *since != 0)
    }

    /// What the listener counts.
    pub(super) fn connections(&self) -> ConnectionCounts {
        self.connections.clone()
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// One request in flight.
pub(super) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What is known of the edition when somebody asks.
#[derive(Debug)]
struct Served(Editions);

impl Collector for Served {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let served = self.0.borrow().clone();
        let mut gauge = |name: &str, help: &str, value: i64| {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
        };
        gauge("edition_served", "Whether an edition is served.", i64::from(served.is_some()))?;
        let Some(served) = served else { return Ok(()) };
        let meta = &served.edition.meta;
        gauge("edition_sequence", "Number of the edition in the log.", meta.sequence.cast_signed())?;
        if let Ok(published) = meta.published_at.parse::<Timestamp>() {
            let age = Timestamp::now().duration_since(published).as_secs();
            gauge("edition_age_seconds", "Time since the edition was published.", age)?;
        }
        let mut counter = |name: &str, help: &str, value: u64| {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)
        };
        let tally = served.tally();
        counter("kept_answers_found", "Answers found ready.", tally.found())?;
        counter("kept_answers_missed", "Answers looked for and not found ready.", tally.missed())?;
        counter("documents_built", "Answers made from an edition's rows, which no 304 needs.", tally.built())
    }
}

/// `/metrics`, and nothing else, for a listener that only the operator can reach.
pub fn metrics(app: &App) -> Router {
    let answer = |State(app): State<App>| async move {
        match app.meter().text() {
            Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
            Err(_) => Problem::new(ProblemKind::Internal).into_response(),
        }
    };
    let router: Router<App> = Router::new().route("/metrics", get(answer));
    router.with_state(app.clone())
}
