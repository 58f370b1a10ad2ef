//! What is remembered of a request: its id, its numbers and, where they are wanted, one line of the log. Neither holds anything
//! that a client has written: no address but its neighbourhood, no path but the route's, no field, no value.

use std::{
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, StatusCode},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tracing::Instrument as _;

use crate::http::{App, client, meter, meter::Meter, problem};

/// Where lines of the log come from, as `MOGNAD_LOG` names them.
const TARGET: &str = "mognad::access";

/// A request's id, which its answer, its problem and every line of its log repeat. A client's own id is not taken over: it
/// could be anything.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) HeaderValue);

/// A request that is being answered.
struct Seen {
    meter: Arc<Meter>,
    begun: Instant,
    id: RequestId,
    method: Method,
    client: Option<IpAddr>,
}

/// Gives a request its id, and remembers how it was answered.
pub(super) async fn observe<F>(app: &App, mut request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let id = problem::request_id();
    let span = tracing::error_span!("request", request_id = id);
    let id = RequestId(HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("none")));
    request.extensions_mut().insert(id.clone());
    let is_logged = tracing::enabled!(target: TARGET, tracing::Level::INFO);
    let client = is_logged
        .then(|| client::address(request.extensions(), request.headers(), app.limits().trusted_proxies))
        .flatten();
    let seen = Seen { begun: Instant::now(), id, method: request.method().clone(), client, meter: app.shared_meter() };
    let in_flight = seen.meter.begin();
    let response = next(request).instrument(span).await;
    drop(in_flight);
    seen.answered(response)
}

impl Seen {
    /// Remembers an answer whose length is known, and others when the last of them has been taken.
    fn answered(self, mut response: Response) -> Response {
        let route = response.extensions_mut().remove::<MatchedPath>();
        let release = response.headers().get("x-mognad-release").cloned();
        let has_body = self.method != Method::HEAD
            && !matches!(response.status(), StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT);
        let told = Told { seen: self, status: response.status(), route, release };
        match response.body().size_hint().exact() {
            Some(bytes) => told.tell(bytes),
            None if !has_body => told.tell(0),
            None => return response.map(|body| Body::new(Counted { body, bytes: 0, told: Some(told) })),
        }
        response
    }
}

/// What is known of an answer before its length.
struct Told {
    seen: Seen,
    status: StatusCode,
    route: Option<MatchedPath>,
    release: Option<HeaderValue>,
}

impl Told {
    fn tell(&self, bytes: u64) {
        let Self { seen, status, route, release } = self;
        let bytes = if seen.method == Method::HEAD { 0 } else { bytes };
        let elapsed = seen.begun.elapsed();
        let route = route.as_ref().map(MatchedPath::as_str);
        seen.meter.answered(route, &seen.method, *status, elapsed, bytes);
        if !tracing::enabled!(target: TARGET, tracing::Level::INFO) {
            return;
        }
        let release = release.as_ref().and_then(|release| release.to_str().ok()).unwrap_or_default();
        tracing::info!(
            target: TARGET,
            request_id = seen.id.0.to_str().unwrap_or_default(),
            method = meter::method_word(&seen.method),
            route = route.unwrap_or("none"),
            status = status.as_u16(),
            bytes,
            milliseconds = (elapsed.as_secs_f64() * 1e4).round() / 10.0,
            release = release.get(..12).unwrap_or_default(),
            client = seen.client.map(client::neighbourhood).unwrap_or_default(),
            "answered"
        );
    }
}

/// A body that is counted while it is sent.
struct Counted {
    body: Body,
    bytes: u64,
    told: Option<Told>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Some(told) = self.told.take() {
            told.tell(self.bytes);
        }
    }
}
