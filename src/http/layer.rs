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

use std::{
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
};
use futures::{FutureExt as _, future::BoxFuture};
use tower::{Service, ServiceExt as _};

use super::{App, Problem, ProblemKind, page, suffix};
use admit::Admission;

/// A router behind everything that each of our answers passes through, as the limits of the application have it.
pub fn layered(router: Router, app: &App) -> Router {
    let routes = router
        .fallback(no_such_resource)
        .method_not_allowed_fallback(other_method)
        .layer(middleware::from_fn(note_route));
    let around = Around { app: app.clone(), admission: Admission::new(app), routes: compress::compressing(routes) };
    Router::new().fallback_service(Steps(Arc::new(around)))
}

/// All steps, and the routes within them.
struct Around {
    app: App,
    admission: Admission,
    routes: Router,
}

impl Around {
    async fn answer(&self, request: Request) -> Response {
        let app = &self.app;
        observe::observe(app, request, |request| {
            tell::tell(app, request, |request| {
                self.survive(self.admission.admit(request, |request| self.pass(request)))
            })
        })
        .await
    }

    /// Addresses are rewritten before a route is looked for.
    async fn pass(&self, request: Request) -> Response {
        match self.routes.clone().oneshot(suffix::rewrite(request)).await {
            Ok(response) => compress::weakened(response),
            Err(never) => match never {},
        }
    }

    /// A handler that panics has no answer, and takes nobody else's with it.
    async fn survive(&self, answer: impl Future<Output = Response>) -> Response {
        AssertUnwindSafe(answer)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Problem::new(ProblemKind::Internal).into_response())
    }
}

/// The steps as a service. They are one, and not a layer each, since a layer copies all those within it for every request.
#[derive(Clone)]
struct Steps(Arc<Around>);

impl Service<Request> for Steps {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let around = Arc::clone(&self.0);
        Box::pin(async move { Ok(around.answer(request).await) })
    }
}

/// Tells the steps outside, which see a request before it has a route, which one it came to, and whether its handler refused it
/// for its format.
async fn note_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    if response.status() == StatusCode::NOT_ACCEPTABLE {
        response.extensions_mut().insert(compress::OwnRefusal);
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
    // people write addresses of pages with a stroke at their end
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.len() < path.len() && trimmed.starts_with('/') && page::language(trimmed).is_some() {
        let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
        // one stroke at the beginning, since two would be another host
        return Redirect::permanent(&format!("/{}{query}", trimmed.trim_start_matches('/'))).into_response();
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
