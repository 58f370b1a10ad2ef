//! What every request and every answer passes through, and in which order; each step lives in a file of its own.
//!
//! ```text
//! request ─► observe ─► tell ─► panics ─► admit ─► suffix ─► compress ─► route
//!            id, span   header            whole, in time,
//!            log line   fields,           not too fast,
//!            metrics    problems          not too many
//! ```

mod admit;
mod body;
mod compress;
mod observe;
mod tell;

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower::util::MapRequest;
use tower_http::catch_panic::CatchPanicLayer;

use super::{App, Problem, ProblemKind, suffix};
use admit::Admission;

/// A router behind everything that each of our answers passes through, as the limits of the application have it.
pub fn layered(router: Router, app: &App) -> Router {
    let inner = router
        .fallback(no_such_resource)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn(note_route));
    // addresses are rewritten before a route is looked for
    let inner = MapRequest::new(compress::layered(inner), suffix::rewrite);
    let admission = Arc::new(Admission::new(app));
    Router::new()
        .fallback_service(inner)
        .layer(middleware::from_fn_with_state(admission, admit::admit))
        .layer(CatchPanicLayer::custom(|_| Problem::new(ProblemKind::Internal).into_response()))
        .layer(middleware::from_fn_with_state(app.clone(), tell::tell))
        .layer(middleware::from_fn_with_state(app.clone(), observe::observe))
}

/// Tells the layers outside, which see a request before it has a route, which one it came to.
async fn note_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

async fn no_such_resource(request: Request) -> Response {
    // what the service as a whole can do (RFC 9110, 9.3.7)
    if request.method() == Method::OPTIONS && request.uri().path() == "*" {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD,POST"));
        return response;
    }
    Problem::new(ProblemKind::NoSuchResource).into_response()
}

/// Every route can be asked what it can do; which methods that are, the router adds.
async fn other_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::new(ProblemKind::MethodNotAllowed).into_response()
}
