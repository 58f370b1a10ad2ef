//! Each limit of the listener met by a peer on a real socket; every other limit is then too long to be the cause.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::{any, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;

mod encrypted;

/// Long enough for a busy machine; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);
const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// Limits of which none is met within a test.
fn patient() -> Limits {
    Limits {
        header_read_ms: 60_000,
        first_byte_ms: 60_000,
        write_stall_ms: 60_000,
        idle_ms: 60_000,
        ..Limits::default()
    }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<io::Result<()>>,
}

impl Running {
    async fn start(router: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, router, limits, async { drop(stopped.await) }));
        Self { address, stop, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

fn greeting() -> Router {
    Router::new().route("/", get(|| async { "hej" }))
}

/// What arrives until the peer closes, in whichever way it does.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One answer of [`greeting`], or nothing if the connection was closed.
async fn greeted(stream: &mut TcpStream) -> Option<String> {
    stream.write_all(ASK).await.ok()?;
    answer(stream).await
}

async fn answer(stream: &mut TcpStream) -> Option<String> {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nhej") {
        let read = timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("no answer").ok()?;
        if read == 0 {
            return None;
        }
    }
    String::from_utf8(answer).ok()
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = Running::start(greeting(), Limits { first_byte_ms: 150, ..patient() }).await;
    assert_eq!(rest(&mut server.connect().await).await, "");
}

#[tokio::test]
async fn a_header_that_drips_is_closed() {
    let server = Running::start(greeting(), Limits { header_read_ms: 150, ..patient() }).await;
    let (mut reader, mut writer) = server.connect().await.into_split();
    let drip = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        writer.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX: ").await.unwrap();
        while writer.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = drip => {}
        closed = timeout(PATIENCE, reader.read_to_end(&mut answer)) => drop(closed.expect("the connection stays open")),
    }
    assert_eq!(answer, b"");
}

#[tokio::test]
async fn an_idle_connection_is_closed_by_the_limit_on_idling_and_no_other() {
    let limits = Limits { idle_ms: 300, header_read_ms: 100, ..patient() };
    let server = Running::start(greeting(), limits).await;
    let mut stream = server.connect().await;
    let asked = Instant::now();
    assert!(greeted(&mut stream).await.is_some());
    assert_eq!(rest(&mut stream).await, "");
    assert!(asked.elapsed() >= Duration::from_millis(300), "an idle connection has more time than a header");
}

fn slow_greeting() -> Router {
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        "hej"
    };
    Router::new().route("/", get(slow))
}

#[tokio::test]
async fn a_slow_handler_is_not_an_idle_connection() {
    let limits = Limits { idle_ms: 50, header_read_ms: 50, write_stall_ms: 50, ..patient() };
    let server = Running::start(slow_greeting(), limits).await;
    assert!(greeted(&mut server.connect().await).await.is_some());
}

#[tokio::test]
async fn a_request_begun_during_an_answer_has_its_time_after_it() {
    let server = Running::start(slow_greeting(), Limits { header_read_ms: 50, ..patient() }).await;
    let mut stream = server.connect().await;
    let (first, second) = ([ASK, &ASK[..5]].concat(), &ASK[5..]);
    stream.write_all(&first).await.unwrap();
    assert!(answer(&mut stream).await.is_some());
    stream.write_all(second).await.unwrap();
    assert!(answer(&mut stream).await.is_some());
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_closed() {
    let (held, released) = oneshot::channel::<()>();
    let held = Arc::new(Mutex::new(Some(held)));
    let endless = move || {
        let held = held.lock().unwrap().take();
        let chunk = Bytes::from(vec![b'x'; 65_536]);
        let chunks = futures::stream::repeat_with(move || held.as_ref().map(|_| chunk.clone()).ok_or("asked twice"));
        async { Body::from_stream(chunks) }
    };
    let server =
        Running::start(Router::new().route("/", get(endless)), Limits { write_stall_ms: 200, ..patient() }).await;
    let mut stream = server.connect().await;
    stream.write_all(ASK).await.unwrap();
    assert!(timeout(PATIENCE, released).await.expect("the answer is still being written").is_err());
    // An answer without an end ends for the peer only if the connection is closed.
    rest(&mut stream).await;
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_them_back() {
    let server = Running::start(greeting(), Limits { connections_per_address_max: 2, ..patient() }).await;
    let (mut first, mut second) = (server.connect().await, server.connect().await);
    assert!(greeted(&mut first).await.is_some());
    assert!(greeted(&mut second).await.is_some());
    assert_eq!(rest(&mut server.connect().await).await, "", "the third is closed");
    assert!(greeted(&mut second).await.is_some(), "the others are not");
    drop(first);
    let replaced = async { while greeted(&mut server.connect().await).await.is_none() {} };
    timeout(PATIENCE, replaced).await.expect("the place is not given back");
}

#[tokio::test]
async fn a_header_has_so_many_bytes_and_fields() {
    let server = Running::start(greeting(), Limits { header_bytes_max: 1024, ..patient() }).await;
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(1024));
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: x\r\n".repeat(64));
    for header in [long, many] {
        let mut stream = server.connect().await;
        stream.write_all(header.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test]
async fn a_refusal_reaches_a_peer_that_is_still_sending() {
    let refusing = Router::new().route("/", any(|| async { StatusCode::PAYLOAD_TOO_LARGE }));
    let server = Running::start(refusing, patient()).await;
    let (mut reader, mut writer) = server.connect().await.into_split();
    let sender = tokio::spawn(async move {
        // More than the kernel keeps for a reader that does not read.
        let body = vec![b'x'; 32 << 20];
        writer
            .write_all(format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes())
            .await?;
        writer.write_all(&body).await
    });
    let mut answer = Vec::new();
    timeout(PATIENCE, reader.read_to_end(&mut answer)).await.expect("no answer").expect("the answer was reset");
    assert!(answer.starts_with(b"HTTP/1.1 413 "));
    sender.await.unwrap().expect("the request was reset");
}

#[tokio::test]
async fn a_body_of_two_lengths_is_the_last_of_its_connection() {
    let router = Router::new().route("/", any(|_: Bytes| async { "hej" }));
    let server = Running::start(router, patient()).await;
    for lengths in
        ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5"]
    {
        let mut stream = server.connect().await;
        let smuggler =
            format!("POST / HTTP/1.1\r\nHost: a\r\n{lengths}\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        stream.write_all(smuggler.as_bytes()).await.unwrap();
        assert_eq!(rest(&mut stream).await.matches("HTTP/1.1 ").count(), 1, "{lengths}");
    }
}

#[tokio::test]
async fn the_router_learns_who_asks() {
    let own_port = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.port().to_string() };
    let server = Running::start(Router::new().route("/", get(own_port)), patient()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let port = stream.local_addr().unwrap().port().to_string();
    assert!(rest(&mut stream).await.ends_with(&format!("\r\n\r\n{port}")));
}

/// A router whose handler tells that it has begun and answers once it is let.
fn held_up() -> (Router, mpsc::UnboundedReceiver<()>, watch::Sender<bool>) {
    let (begin, begun) = mpsc::unbounded_channel();
    let (finish, finishing) = watch::channel(false);
    let handler = move || {
        let (begin, mut finishing) = (begin.clone(), finishing.clone());
        async move {
            begin.send(()).unwrap();
            let _ = finishing.wait_for(|finish| *finish).await;
            "hej"
        }
    };
    (Router::new().route("/", get(handler)), begun, finish)
}

#[tokio::test]
async fn stopping_lets_a_request_in_flight_finish_and_closes_the_idle() {
    let (slow, mut begun, finish) = held_up();
    let router = slow.route("/quick", get(|| async { "hej" }));
    let Running { address, stop, served } = Running::start(router, patient()).await;
    let (mut busy, mut idle) = (TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap());
    idle.write_all(b"HEAD /quick HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    busy.write_all(ASK).await.unwrap();
    timeout(PATIENCE, begun.recv()).await.expect("the request does not arrive");
    stop.send(()).unwrap();
    assert!(!rest(&mut idle).await.contains("HTTP/1.1"), "an idle connection is closed at once");
    assert!(!served.is_finished(), "the request in flight is waited for");
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
    finish.send_replace(true);
    let answer = rest(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nhej"), "{answer}");
    timeout(PATIENCE, served).await.expect("serving does not end").unwrap().unwrap();
}

#[tokio::test]
async fn stopping_drops_what_does_not_finish() {
    let (slow, mut begun, _finish) = held_up();
    let Running { address, stop, served } = Running::start(slow, Limits { drain_ms: 150, ..patient() }).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    timeout(PATIENCE, begun.recv()).await.expect("the request does not arrive");
    stop.send(()).unwrap();
    timeout(PATIENCE, served).await.expect("serving does not end").unwrap().unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn failing_to_accept_is_tried_again() {
    let attempts = Mutex::new(0);
    let peer = SocketAddr::from(([192, 0, 2, 1], 1));
    let next = || {
        let mut attempts = attempts.lock().unwrap();
        *attempts += 1;
        let outcome = match *attempts {
            // No descriptors left, as Linux numbers it.
            1 => Err(io::Error::from_raw_os_error(24)),
            2 => Err(io::ErrorKind::ConnectionAborted.into()),
            _ => Ok(("a stream", peer)),
        };
        async { outcome }
    };
    let begun = Instant::now();
    assert_eq!(timeout(PATIENCE, accept(next)).await.unwrap(), ("a stream", peer));
    assert!(begun.elapsed() >= ACCEPT_PAUSE);
}

#[tokio::test]
async fn a_limit_of_nothing_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limits = Limits { idle_ms: 0, ..Limits::default() };
    let error = serve(listener, greeting(), limits, std::future::pending()).await.unwrap_err();
    assert!(error.to_string().starts_with("idle_ms is 0"), "{error}");
}
