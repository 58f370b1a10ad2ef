//! The accept loop with every limit on time and number that a public socket needs; what is answered is the router's
//! affair.
//!
//! A peer costs a slot from the moment it is accepted, so each state in which it can make us wait has its own deadline:
//! no handshake, no first byte, half a header, an answer that it does not read, an idle connection. The body of a request
//! is the one wait that is not timed here, since only the handler knows whether it is wanted.

mod answer;
mod slot;
mod socket;
#[cfg(test)]
mod tests;
mod tls;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::metrics::{counter::Counter, gauge::Gauge};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

pub use tls::{Certificate, Tls, TlsError};

use super::Limits;
use answer::Turns;
use slot::{Slot, Slots};
use socket::{Carrier, TimedSocket};

/// How long to leave a failing `accept` alone; the usual cause, no free descriptors, passes when a connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// No limit on time is longer than this, so that arithmetic on clocks cannot overflow.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The smallest read buffer that the HTTP parser takes, in bytes.
const BUFFER_BYTES_MIN: usize = 8 * 1024;

/// How connections are let in: encrypted or as they are, and counted.
#[derive(Debug, Clone, Default)]
pub struct Door {
    /// The certificate to show; without one, connections are not encrypted.
    pub tls: Option<Tls>,
    /// What is counted.
    pub counts: ConnectionCounts,
}

/// What is counted of connections.
#[derive(Debug, Clone, Default)]
pub struct ConnectionCounts {
    /// Open now.
    pub(super) open: Gauge,
    /// Closed unanswered, since no slot was free.
    pub(super) refused: Counter,
    /// Closed without a handshake in time.
    pub(super) unsecured: Counter,
}

/// One open connection, for as long as it is kept.
struct Open(Gauge);

impl ConnectionCounts {
    fn open(&self) -> Open {
        self.open.inc();
        Open(self.open.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn protocol(limits: &Limits) -> http1::Builder {
    // The socket's own clocks tell an idle connection from half a header; this one knows only how long no header
    // was complete. It stays on behind them because without it the protocol does not look at a connection that
    // falls idle.
    let outer = millis(limits.first_byte_ms.max(limits.idle_ms)) + millis(limits.header_read_ms);
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(outer)
        .max_buf_size(limits.header_bytes_max.max(BUFFER_BYTES_MIN))
        .max_header_size(limits.header_bytes_max)
        .max_headers(limits.headers_max)
        .half_close(false)
        .keep_alive(true);
    protocol
}

/// Serves `router` on `listener` until `shutdown` resolves, then lets requests in flight finish for at most `drain_ms`
/// and drops what is left. Handlers find the peer in `ConnectInfo<SocketAddr>`.
///
/// Failing to accept a connection never ends it; the only error is a limit that is 0.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_through(Door::default(), listener, router, limits, shutdown).await
}

/// The same through a door of one's own.
pub async fn serve_through(
    door: Door,
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    limits.check()?;
    let slots = Slots::new(limits.connections_max, limits.connections_per_address_max);
    let drain = millis(limits.drain_ms);
    let (stop, stopping) = watch::channel(false);
    let host = Host { door, router, protocol: protocol(&limits), limits, stopping };
    let mut connections = JoinSet::new();
    let mut refused = 0_u64;
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => note_end(&ended),
            (stream, peer) = accept(|| listener.accept()) => {
                if let Some(slot) = slots.take(peer.ip()) {
                    connections.spawn(host.clone().converse(stream, peer, slot));
                } else {
                    refused += 1;
                    host.door.counts.refused.inc();
                    // A flood must not become a flood of log lines.
                    if refused.is_power_of_two() {
                        tracing::warn!(refused, "connections closed unanswered: no slot was free");
                    }
                }
            }
        }
    }
    drop(listener);
    stop.send_replace(true);
    let drained = async {
        while let Some(ended) = connections.join_next().await {
            note_end(&ended);
        }
    };
    if tokio::time::timeout(drain, drained).await.is_err() {
        tracing::warn!(open = connections.len(), "connections dropped since they did not finish within drain_ms");
    }
    // Dropping the set aborts them; awaiting the aborted would hand the deadline to a handler that does not yield.
    Ok(())
}

/// What every connection needs to be served.
#[derive(Clone)]
struct Host {
    door: Door,
    router: Router,
    protocol: http1::Builder,
    limits: Limits,
    stopping: watch::Receiver<bool>,
}

impl Host {
    /// Serves one connection to its end and gives its slot back.
    async fn converse(self, stream: TcpStream, peer: SocketAddr, _slot: Slot) {
        let Self { door, router, protocol, limits, mut stopping } = self;
        let _open = door.counts.open();
        // Fails only on a socket that the peer has reset, which the first read will say as well.
        let _ = stream.set_nodelay(true);
        let Some(stream) = secured(door.tls.as_ref(), stream, &limits).await else {
            door.counts.unsecured.inc();
            return;
        };
        let turns = Turns::default();
        let socket = TimedSocket::new(stream, &limits, turns.clone());
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let turn = turns.begin();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await?.map(|body| turn.accompany(body))) }
        });
        let mut connection = pin!(protocol.serve_connection(TokioIo::new(socket), service));
        let stopped = async { drop(stopping.wait_for(|stop| *stop).await) };
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = stopped => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            // The peer's address stays out of the log: it is personal data.
            tracing::debug!(%error, "connection ended early");
        }
    }
}

/// The stream to talk over: as it is, or encrypted, if the peer shakes hands in time.
async fn secured(tls: Option<&Tls>, stream: TcpStream, limits: &Limits) -> Option<Carrier> {
    let Some(tls) = tls else { return Some(Carrier::Left(stream)) };
    let shaken = tokio::time::timeout(millis(limits.handshake_ms), tls.accept(stream)).await;
    Some(Carrier::Right(Box::new(shaken.ok()?.ok()?)))
}

/// The next connection, however often asking for one fails.
async fn accept<S, F>(next: impl Fn() -> F) -> (S, SocketAddr)
where
    F: Future<Output = io::Result<(S, SocketAddr)>>,
{
    let mut failures = 0_u64;
    loop {
        match next().await {
            Ok(accepted) => return accepted,
            Err(error) if ended_in_the_queue(&error) => {}
            Err(error) => {
                failures += 1;
                if failures.is_power_of_two() {
                    tracing::error!(%error, failures, "no connection can be accepted; trying on");
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether the error is about the one connection that would have been next, so that the one after it may be fine.
fn ended_in_the_queue(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

fn note_end(ended: &Result<(), tokio::task::JoinError>) {
    if ended.as_ref().is_err_and(tokio::task::JoinError::is_panic) {
        tracing::error!("a connection ended by a panic that the router did not catch");
    }
}

fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms.min(DAY_MS))
}
