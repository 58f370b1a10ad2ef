//! What has to hold before a request is answered: it can be read in one way, comes whole and in time, its client does not ask
//! too fast, and not too many are being answered.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::{
    extract::Request,
    http::{HeaderValue, Method, Uri, header},
    response::{IntoResponse as _, Response},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::body;
use crate::http::{
    App, Problem, ProblemKind, client, guard,
    holder::KeyIsGood,
    meter::Meter,
    rate::{Counted, Rate},
};
use crate::web::SqlPage;

/// What watchers ask for all the time, and must get whatever else goes on. Both answer at once, so that nothing is gained by
/// asking for them a lot.
const WATCHED: [&str; 2] = ["/health", "/ready"];

/// A query in SQL counts as so many requests: it takes a processor of its own, and there are few.
const QUERY_WEIGHT: u64 = 10;

/// What requests are admitted by.
#[derive(Debug)]
pub(super) struct Admission {
    app: App,
    rate: Option<Rate>,
    places: Semaphore,
    /// Whether it has been said that a proxy seems to be in front which nobody has told of.
    has_warned: AtomicBool,
}

impl Admission {
    /// As the limits of the application have it.
    pub(super) fn new(app: &App) -> Self {
        let limits = app.limits();
        Self {
            app: app.clone(),
            rate: Rate::new(limits),
            places: Semaphore::new(limits.requests_at_once_max.min(Semaphore::MAX_PERMITS)),
            has_warned: AtomicBool::new(false),
        }
    }

    fn meter(&self) -> &Meter {
        self.app.meter()
    }

    /// A place among the requests that are answered at once.
    async fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let wait = Duration::from_millis(self.app.limits().queue_wait_ms);
        if let Ok(Ok(place)) = timeout(wait, self.places.acquire()).await {
            return Ok(place);
        }
        self.meter().busy();
        Err(Problem::new(ProblemKind::Busy))
    }

    /// Counts a request where there is a rate and somebody to count it for.
    fn count(&self, request: &Request) -> Option<Counted> {
        let rate = self.rate.as_ref().filter(|_| request.method() != Method::OPTIONS)?;
        let (headers, trusted) = (request.headers(), self.app.limits().trusted_proxies);
        if trusted == 0 && headers.contains_key(client::FORWARDED_FOR) && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "requests come with X-Forwarded-For, and --trusted-proxies is 0: all who come through one proxy share one rate"
            );
        }
        let weight = if is_query(request.uri()) { QUERY_WEIGHT } else { 1 };
        rate.count(client::address(request.extensions(), headers, trusted), client::bearer(headers), weight)
    }

    /// The answer to a request that has been counted.
    fn settled(&self, counted: &Counted, mut response: Response) -> Response {
        if let Some(rate) = &self.rate {
            let is_key_good = response.extensions().get::<KeyIsGood>().is_some();
            let fields = rate.settle(counted, response.status(), is_key_good);
            response.headers_mut().extend(fields);
        }
        response
    }

    async fn answer<F>(&self, request: Request, next: impl FnOnce(Request) -> F) -> Result<Response, Problem>
    where
        F: Future<Output = Response>,
    {
        let limits = self.app.limits();
        // first the body, so that nobody holds a place by sending slowly
        let (parts, body) = request.into_parts();
        let body = body::whole(&parts, body, limits).await?;
        let _place = self.place().await?;
        let time = Duration::from_millis(limits.answer_ms);
        let answer = timeout(time, next(Request::from_parts(parts, body)));
        answer.await.map_err(|_| Problem::new(ProblemKind::TookTooLong))
    }

    /// Passes on a request that is admitted.
    pub(super) async fn admit<F>(&self, request: Request, next: impl FnOnce(Request) -> F) -> Response
    where
        F: Future<Output = Response>,
    {
        let (parts, body) = request.into_parts();
        if let Err(refusal) = guard::examine(&parts) {
            return refusal.into_response();
        }
        let request = Request::from_parts(parts, body);
        if is_watched(request.uri()) {
            return next(request).await;
        }
        let counted = self.count(&request);
        if let Some(counted) = &counted
            && let Some(early) = counted.early()
        {
            self.meter().limited(counted.by());
            return self.settled(counted, too_early(early));
        }
        let response = match self.answer(request, next).await {
            Ok(response) => response,
            Err(problem) => refused(&problem),
        };
        match &counted {
            Some(counted) => self.settled(counted, response),
            None => response,
        }
    }
}

/// Whether a request asks for a query in SQL to be run.
fn is_query(uri: &Uri) -> bool {
    let path = uri.path();
    path.starts_with("/v1/sql") || uri.query().is_some() && SqlPage::ADDRESSES.contains(&path)
}

fn is_watched(uri: &Uri) -> bool {
    WATCHED.contains(&uri.path())
}

/// Told to wait: whole seconds, and never none.
fn too_early(early: Duration) -> Response {
    let seconds = early.as_secs() + u64::from(early.subsec_nanos() > 0);
    let problem = Problem::new(ProblemKind::TooManyRequests);
    problem.with_header(header::RETRY_AFTER, &seconds.max(1).to_string()).into_response()
}

/// A refusal; of a body that was not read to its end nothing more can be told on the same connection.
fn refused(problem: &Problem) -> Response {
    let mut response = problem.clone().into_response();
    if matches!(problem.kind(), ProblemKind::ContentTooLarge | ProblemKind::RequestTimeout | ProblemKind::BadRequest) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

impl axum::response::IntoResponse for guard::Refusal {
    fn into_response(self) -> Response {
        match self {
            // what was wrong with the request may be a second one hidden in it
            Self::BadRequest => refused(&Problem::new(ProblemKind::BadRequest)),
            Self::UriTooLong => Problem::new(ProblemKind::UriTooLong).into_response(),
            Self::UnsupportedMediaType => Problem::new(ProblemKind::UnsupportedMediaType).into_response(),
        }
    }
}
