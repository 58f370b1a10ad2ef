//! Bodies of many rows, written by a thread of their own while they are sent; a reader who is slow makes the writer wait.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use futures::StreamExt;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::encode::{Document, Format};

/// Bytes that are sent at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Chunks that wait for the reader at most.
const CHUNKS_WAITING: usize = 4;

/// A body that a format writes into.
pub(super) fn body(format: &'static dyn Format, document: Document) -> Body {
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    tokio::task::spawn_blocking(move || {
        let mut out = Chunks { waiting: Vec::with_capacity(CHUNK_BYTES), sender };
        let written = format.write(&document, &mut out).and_then(|()| Ok(out.flush()?));
        if let Err(error) = written {
            tracing::debug!(%error, "an answer was cut short");
            // the connection ends without the last chunk, so that the reader can tell
            drop(out.sender.blocking_send(Err(io::Error::other("cut short"))));
        }
    });
    sent(receiver)
}

/// A body of chunks as they come.
fn sent(receiver: Receiver<Result<Bytes, io::Error>>) -> Body {
    let chunks = futures::stream::unfold(receiver, |mut receiver| async move {
        let chunk = receiver.recv().await?;
        Some((chunk, receiver))
    });
    // compression asks once more after the end, which cut the answer off
    Body::from_stream(chunks.fuse())
}

struct Chunks {
    waiting: Vec<u8>,
    sender: Sender<Result<Bytes, io::Error>>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let chunk = Bytes::from(std::mem::replace(&mut self.waiting, Vec::with_capacity(CHUNK_BYTES)));
        self.sender.blocking_send(Ok(chunk)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn whoever_asks_after_the_end_is_told_that_it_is_the_end() {
        let (sender, receiver) = mpsc::channel(1);
        sender.send(Ok(Bytes::from_static(b"rows"))).await.unwrap();
        drop(sender);
        let mut body = sent(receiver);
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "rows");
        for _ in 0..2 {
            assert!(body.frame().await.is_none());
        }
    }
}
