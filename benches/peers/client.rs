//! A client that asks one question on many connections as fast as it is answered, with as little work of its own as it can.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
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

/// What is asked, and what has to be answered.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    request: Arc<[u8]>,
    body: Arc<[u8]>,
}

impl Question {
    /// A question whose right answer is what the server at `address` says now.
    pub(crate) async fn new(address: SocketAddr, target: &str) -> anyhow::Result<Self> {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let request: Arc<[u8]> = request.into_bytes().into();
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(&request).await?;
        let mut buffer = Vec::new();
        let body = read_answer(&mut stream, &mut buffer).await?.into();
        Ok(Self { request, body })
    }

    /// The body of the right answer.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The question as one server is asked it for a while: answers per second, once all connections are warm.
    pub(crate) async fn rate(
        &self,
        address: SocketAddr,
        connections: usize,
        warm: Duration,
        window: Duration,
        at_edge: impl Fn() -> anyhow::Result<f64>,
    ) -> anyhow::Result<Rate> {
        let (answered, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let mut tasks = JoinSet::new();
        for _ in 0..connections {
            tasks.spawn(self.clone().converse(address, Arc::clone(&answered), Arc::clone(&stop)));
        }
        tokio::time::sleep(warm).await;
        let (started, before, spent) = (Instant::now(), answered.load(Ordering::Relaxed), at_edge()?);
        tokio::time::sleep(window).await;
        let (seconds, after, spent) =
            (started.elapsed().as_secs_f64(), answered.load(Ordering::Relaxed), at_edge()? - spent);
        stop.store(true, Ordering::Relaxed);
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        let answers = (after - before) as f64;
        Ok(Rate { per_second: answers / seconds, processor_us: spent * 1e6 / answers })
    }

    async fn converse(
        self,
        address: SocketAddr,
        answered: Arc<AtomicU64>,
        stop: Arc<AtomicBool>,
    ) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut buffer = Vec::with_capacity(16 * 1024);
        while !stop.load(Ordering::Relaxed) {
            stream.write_all(&self.request).await?;
            ensure!(
                read_answer(&mut stream, &mut buffer).await? == &*self.body,
                "an answer differs from the first one"
            );
            answered.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// How fast a server answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// Answers per second.
    pub(crate) per_second: f64,
    /// Processor time of the server for each of them, in microseconds.
    pub(crate) processor_us: f64,
}

/// Reads one answer and gives its body.
async fn read_answer<'a>(stream: &mut TcpStream, buffer: &'a mut Vec<u8>) -> anyhow::Result<&'a [u8]> {
    buffer.clear();
    let mut ends = None;
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection; raise its limits");
        if ends.is_none()
            && let Some(at) = memmem::find(buffer, b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&buffer[..at])?;
            ensure!(head.starts_with("HTTP/1.1 200 "), "the server refuses: {head}");
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .context("an answer without a length")?;
            ends = Some((at + 4, at + 4 + length.parse::<usize>()?));
        }
        if let Some((body, end)) = ends
            && buffer.len() >= end
        {
            return Ok(&buffer[body..end]);
        }
    }
}
