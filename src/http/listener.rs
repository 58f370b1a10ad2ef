//! The accept loop with every limit on time and number that a public socket needs; what is answered is the router's
//! affair.
//!
//! A peer costs a slot from the moment it is accepted, so each state in which it can make us wait has its own deadline:
//! no first byte, half a header, an answer that it does not read, an idle connection. The body of a request is the one
//! wait that is not timed here, since only the handler knows whether it is wanted.

mod answer;
mod slot;
mod socket;
#[cfg(test)]
mod tests;

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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use answer::Turns;
use slot::{Slot, Slots};
use socket::TimedSocket;

/// How long to leave a failing `accept` alone; the usual cause, no free descriptors, passes when a connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// No limit on time is longer than this, so that arithmetic on clocks cannot overflow.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The smallest read buffer that the HTTP parser takes, in bytes.
const BUFFER_BYTES_MIN: usize = 8 * 1024;

/// What one peer, and all of them together, may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte of a request to the end of its header, in milliseconds.
    pub header_read_ms: u64,
    /// From accepting a connection to its first byte, in milliseconds.
    pub first_byte_ms: u64,
    /// How long a pending write may make no progress that the kernel reports, in milliseconds.
    pub write_stall_ms: u64,
    /// From the end of an answer to the first byte of the next request, in milliseconds.
    pub idle_ms: u64,
    /// Open connections.
    pub connections_max: usize,
    /// Open connections from one IPv4 address or IPv6 /64. Behind a proxy, all of them come from its address.
    pub connections_per_address_max: usize,
    /// Request line and header fields of one request, in bytes.
    pub header_bytes_max: usize,
    /// Header fields of one request.
    pub headers_max: usize,
    /// How long requests in flight may take to finish once told to stop, in milliseconds.
    pub drain_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read_ms: 10_000,
            first_byte_ms: 10_000,
            write_stall_ms: 30_000,
            idle_ms: 30_000,
            connections_max: 512,
            connections_per_address_max: 32,
            header_bytes_max: 16 * 1024,
            headers_max: 64,
            drain_ms: 20_000,
        }
    }
}

impl Limits {
    fn check(&self) -> io::Result<()> {
        let named = [
            ("header_read_ms", self.header_read_ms == 0),
            ("first_byte_ms", self.first_byte_ms == 0),
            ("write_stall_ms", self.write_stall_ms == 0),
            ("idle_ms", self.idle_ms == 0),
            ("connections_max", self.connections_max == 0),
            ("connections_per_address_max", self.connections_per_address_max == 0),
            ("header_bytes_max", self.header_bytes_max == 0),
            ("headers_max", self.headers_max == 0),
        ];
        named.iter().find(|(_, zero)| *zero).map_or(Ok(()), |(name, _)| {
            let message = format!("{name} is 0, which would refuse every request: set it to 1 or more");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        })
    }

    fn protocol(&self) -> http1::Builder {
        // The socket's own clocks tell an idle connection from half a header; this one knows only how long no header
        // was complete. It stays on behind them because without it the protocol does not look at a connection that
        // falls idle.
        let outer = millis(self.first_byte_ms.max(self.idle_ms)) + millis(self.header_read_ms);
        let mut protocol = http1::Builder::new();
        protocol
            .timer(TokioTimer::new())
            .header_read_timeout(outer)
            .max_buf_size(self.header_bytes_max.max(BUFFER_BYTES_MIN))
            .max_header_size(self.header_bytes_max)
            .max_headers(self.headers_max)
            .half_close(false)
            .keep_alive(true);
        protocol
    }
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
    limits.check()?;
    let slots = Slots::new(limits.connections_max, limits.connections_per_address_max);
    let drain = millis(limits.drain_ms);
    let (stop, stopping) = watch::channel(false);
    let host = Host { router, protocol: limits.protocol(), limits, stopping };
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
    router: Router,
    protocol: http1::Builder,
    limits: Limits,
    stopping: watch::Receiver<bool>,
}

impl Host {
    /// Serves one connection to its end and gives its slot back.
    async fn converse(self, stream: TcpStream, peer: SocketAddr, _slot: Slot) {
        let Self { router, protocol, limits, mut stopping } = self;
        // Fails only on a socket that the peer has reset, which the first read will say as well.
        let _ = stream.set_nodelay(true);
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
