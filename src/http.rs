//! The read-only HTTP service over the current release: state, router and the loop that serves them; resources are in `route`.

mod answer;
pub mod guard;
mod holder;
mod listener;
mod parameter;
mod problem;
mod route;
mod selection;
mod watch;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer};

pub use answer::Served;
pub use listener::{Limits, serve};
pub use problem::{PROBLEMS, Problem, ProblemKind};
pub use route::ROUTES;
pub use watch::{Editions, WatchError, follow, open};

/// What every handler can see: the editions, and nothing that could write.
#[derive(Debug, Clone)]
pub struct App {
    editions: Editions,
}

impl App {
    /// An application over editions that are kept current elsewhere.
    pub fn new(editions: Editions) -> Self {
        Self { editions }
    }

    /// The edition that this request is answered from, to its end.
    fn served(&self) -> Result<Arc<Served>, Problem> {
        self.editions.borrow().clone().ok_or_else(|| Problem::new(ProblemKind::NoRelease))
    }
}

/// How long a handler may take.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// The whole service as a router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    let router = router
        .fallback(|| async { Problem::new(ProblemKind::NoSuchResource).into_response() })
        .method_not_allowed_fallback(|| async { Problem::new(ProblemKind::MethodNotAllowed).into_response() })
        .with_state(app);
    layered(router)
}

/// A router behind everything that each of our answers passes through.
pub fn layered(router: Router) -> Router {
    layered_within(router, REQUEST_TIME)
}

fn layered_within(router: Router, time: Duration) -> Router {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .layer(CompressionLayer::new().gzip(true))
        .layer(middleware::map_response(weaken))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(middleware::from_fn(move |request: Request, next: Next| in_time(time, request, next)))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .layer(header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .layer(CatchPanicLayer::custom(|_| Problem::new(ProblemKind::Internal).into_response()))
        .layer(middleware::from_fn(guard::check))
        .layer(middleware::from_fn(identify))
}

impl axum::response::IntoResponse for guard::Refusal {
    fn into_response(self) -> Response {
        let kind = match self {
            Self::BadRequest => ProblemKind::BadRequest,
            Self::UriTooLong => ProblemKind::UriTooLong,
            Self::UnsupportedMediaType => ProblemKind::UnsupportedMediaType,
        };
        let mut response = Problem::new(kind).into_response();
        if kind == ProblemKind::BadRequest {
            // what was wrong with the request may be a second one hidden in it
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Answers with a problem when a handler takes too long.
async fn in_time(time: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemKind::TookTooLong).into_response(),
    }
}

/// A compressed answer has other bytes than the plain one, so a tag that stands for both is a weak one (RFC 9110, 8.8.1).
async fn weaken(mut response: Response) -> Response {
    if response.headers().contains_key(header::CONTENT_ENCODING)
        && let Some(tag) = response.headers().get(header::ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""))
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat())
    {
        response.headers_mut().insert(header::ETAG, weak);
    }
    response
}

/// Gives every request an identifier, which problems repeat as their instance, and settles the language of problems.
async fn identify(request: Request, next: Next) -> Response {
    let english = parameter::prefers_english(request.uri().query(), request.headers());
    let mut response = next.run(request).await;
    let id = problem::request_id();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.write(&id, english);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::StatusCode, routing::get};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_handler_that_takes_too_long_is_told_as_a_problem() {
        let never = get(std::future::pending::<()>);
        let router = layered_within(Router::new().route("/", never), Duration::from_millis(1));
        let request = Request::builder().uri("/").header(header::HOST, "a.se").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert!(response.headers().contains_key(header::RETRY_AFTER));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains("/problems/took-too-long"));
    }
}
