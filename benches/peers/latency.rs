//! A client that asks many questions in turn on several connections and keeps how long each answer took; what is asked is decided by the stages.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use memchr::memmem;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Writes the request of a number, so that no two need be alike.
pub(crate) type Write = Arc<dyn Fn(usize) -> Vec<u8> + Send + Sync>;

/// How questions are asked.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) address: SocketAddr,
    pub(crate) request: Write,
    pub(crate) connections: usize,
    /// How long a connection waits before it asks again.
    pub(crate) pause: Duration,
    /// Whether an answer other than 200 ends the bench.
    pub(crate) must_succeed: bool,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    milliseconds: Vec<f64>,
    pub(crate) per_second: f64,
}

impl Seen {
    /// The time within which so large a part of the answers came, in milliseconds.
    pub(crate) fn within(&self, part: f64) -> f64 {
        let at = (self.milliseconds.len() as f64 * part) as usize;
        self.milliseconds.get(at).or(self.milliseconds.last()).copied().unwrap_or(f64::NAN)
    }
}

impl Asking {
    /// Asks for a while; what is answered before `warm` has passed is not counted.
    pub(crate) async fn run(&self, warm: Duration, window: Duration) -> anyhow::Result<Seen> {
        let begun = Instant::now();
        let until = begun + warm + window;
        let mut tasks = JoinSet::new();
        for connection in 0..self.connections {
            let own = self.clone();
            tasks.spawn(async move { own.converse(connection, begun + warm, || Instant::now() < until).await });
        }
        let mut seen = Seen::default();
        while let Some(ended) = tasks.join_next().await {
            seen.milliseconds.append(&mut ended??);
        }
        seen.per_second = seen.milliseconds.len() as f64 / window.as_secs_f64();
        seen.milliseconds.sort_by(f64::total_cmp);
        Ok(seen)
    }

    /// Asks until the returned flag is set.
    pub(crate) fn until(&self, tasks: &mut JoinSet<anyhow::Result<()>>) -> Arc<AtomicBool> {
        let stop = Arc::new(AtomicBool::new(false));
        for connection in 0..self.connections {
            let (own, stop) = (self.clone(), Arc::clone(&stop));
            tasks.spawn(async move {
                let now = Instant::now();
                own.converse(connection, now, || !stop.load(Ordering::Relaxed)).await.map(|_| ())
            });
        }
        stop
    }

    async fn converse(
        &self,
        connection: usize,
        counted_from: Instant,
        goes_on: impl Fn() -> bool,
    ) -> anyhow::Result<Vec<f64>> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (mut buffer, mut times) = (Vec::with_capacity(64 * 1024), Vec::new());
        let mut at = connection;
        while goes_on() {
            let request = (self.request)(at);
            let begun = Instant::now();
            stream.write_all(&request).await?;
            let answer = read(&mut stream, &mut buffer).await?;
            if begun >= counted_from {
                times.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            if self.must_succeed {
                ensure!(answer.is_success, "{} is answered {}", told(&request), told(answer.whole));
            }
            if answer.is_last {
                stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
            }
            at += self.connections;
            if !self.pause.is_zero() {
                tokio::time::sleep(self.pause).await;
            }
        }
        Ok(times)
    }
}

/// A request that posts a text.
pub(crate) fn post(address: SocketAddr, target: &str, media_type: &str, text: &str) -> Vec<u8> {
    format!(
        "POST {target} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    )
    .into_bytes()
}

/// A request for an address.
pub(crate) fn get(address: SocketAddr, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// The body of the answer to one request.
pub(crate) async fn once(address: SocketAddr, request: &[u8]) -> anyhow::Result<(bool, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut buffer = Vec::new();
    let answer = read(&mut stream, &mut buffer).await?;
    Ok((answer.is_success, answer.whole[answer.body_from..].to_vec()))
}

struct Read<'a> {
    whole: &'a [u8],
    body_from: usize,
    is_success: bool,
    /// Whether the server closes the connection after it.
    is_last: bool,
}

async fn read<'a>(stream: &mut TcpStream, buffer: &'a mut Vec<u8>) -> anyhow::Result<Read<'a>> {
    buffer.clear();
    let mut ends = None;
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection: {}", told(buffer));
        if ends.is_none()
            && let Some(at) = memmem::find(buffer, b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&buffer[..at])?.to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .with_context(|| format!("an answer without a length: {head}"))?;
            ends = Some((at + 4, length.parse::<usize>()?, head.contains("connection: close")));
        }
        if let Some((body_from, length, is_last)) = ends
            && buffer.len() >= body_from + length
        {
            let is_success = buffer.starts_with(b"HTTP/1.1 200 ");
            return Ok(Read { whole: buffer, body_from, is_success, is_last });
        }
    }
}

/// The beginning of a message, for people.
fn told(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(600)]).into_owned()
}
