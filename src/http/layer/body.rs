//! Takes in the body of a request, as a whole, before anything is done for it: a handler never waits for a client.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody as _},
    http::{Method, header, request::Parts},
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::http::{Limits, Problem, ProblemKind};

/// The body of a request whose method can have one, complete. Other methods' bodies are left to the connection, which ends if
/// nobody reads them.
pub(super) async fn whole(parts: &Parts, body: Body, limits: &Limits) -> Result<Body, Problem> {
    if body.is_end_stream() || !matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
        return Ok(body);
    }
    let told = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|bytes| bytes > limits.body_bytes_max as u64) {
        return Err(too_large(limits));
    }
    let read = Limited::new(body, limits.body_bytes_max).collect();
    match tokio::time::timeout(Duration::from_millis(limits.body_read_ms), read).await {
        Ok(Ok(read)) => Ok(Body::from(read.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(limits)),
        // the peer has gone, or its chunks cannot be read
        Ok(Err(_)) => Err(Problem::new(ProblemKind::BadRequest)),
        Err(_) => Err(Problem::new(ProblemKind::RequestTimeout)),
    }
}

fn too_large(limits: &Limits) -> Problem {
    let most = limits.body_bytes_max;
    Problem::with(
        ProblemKind::ContentTooLarge,
        format!("Innehållet får vara {most} byte; skicka mindre på en gång."),
        format!("The content may have {most} bytes; send less at a time."),
    )
}
