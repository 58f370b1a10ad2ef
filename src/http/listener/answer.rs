//! Whether a connection owes its peer an answer, which the socket cannot see from the bytes that pass.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

/// The requests of one connection that are being answered.
///
/// A number and not a flag: the protocol may begin the next request of a pipeline before it lets go of the last body.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// Counts a request until the turn, or the body that it accompanies, is dropped.
    pub(super) fn begin(&self) -> Turn {
        // One task reads and writes a connection, so the counter orders nothing but itself.
        self.0.fetch_add(1, Ordering::Relaxed);
        Turn(self.clone())
    }

    /// Whether a request is being answered.
    pub(super) fn open(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }
}

/// One request that is being answered.
pub(super) struct Turn(Turns);

impl Turn {
    /// The body, holding the turn until the last of it has been taken.
    pub(super) fn accompany(self, body: Body) -> AnswerBody {
        AnswerBody { body, _turn: self }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer.
pub(super) struct AnswerBody {
    body: Body,
    _turn: Turn,
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_lasts_until_its_body_is_dropped() {
        let turns = Turns::default();
        assert!(!turns.open());
        let first = turns.begin().accompany(Body::empty());
        let second = turns.begin();
        drop(first);
        assert!(turns.open());
        drop(second);
        assert!(!turns.open());
    }
}
