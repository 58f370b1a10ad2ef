//! One connection's socket with a deadline for every wait on the peer; it knows when bytes pass, not what they say.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use super::answer::Turns;
use super::{Limits, millis};

/// What bytes pass over: a connection as it is, or encrypted.
pub(super) type Carrier = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// How long to read on after the last answer, so that bytes still under way do not reset the connection before the peer
/// has read it: a peer that is refused for the size of its body is mostly still sending it.
const LINGER: Duration = Duration::from_secs(1);

/// What the peer is expected to do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// To begin a request, its first or its next.
    Begin,
    /// To finish the header that it has begun.
    Header,
    /// To read its answer; the clock for reading stands still.
    Answer,
}

/// A socket that fails with `TimedOut` when its peer leaves it waiting.
pub(super) struct TimedSocket {
    stream: Carrier,
    turns: Turns,
    phase: Phase,
    read_clock: Clock,
    write_clock: Clock,
    header_read: Duration,
    idle: Duration,
    write_stall: Duration,
    finished: bool,
}

impl TimedSocket {
    /// A socket just accepted: the time to its first byte runs from here.
    pub(super) fn new(stream: Carrier, limits: &Limits, turns: Turns) -> Self {
        let mut read_clock = Clock::new();
        read_clock.start(millis(limits.first_byte_ms));
        Self {
            stream,
            turns,
            phase: Phase::Begin,
            read_clock,
            write_clock: Clock::new(),
            header_read: millis(limits.header_read_ms),
            idle: millis(limits.idle_ms),
            write_stall: millis(limits.write_stall_ms),
            finished: false,
        }
    }

    /// Keeps the clock for writing: it runs from a write that could not go on to the next one that could.
    fn timed_write(&mut self, context: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.write_clock.stop();
            // The time for the next request runs from the last byte of this answer.
            self.phase = Phase::Answer;
            return written;
        }
        self.stalled(context)
    }

    /// Nothing can be written now: fails once that has lasted too long.
    fn stalled<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if !self.write_clock.running {
            self.write_clock.start(self.write_stall);
        }
        if self.write_clock.is_over(context) {
            // Otherwise the kernel would go on offering the rest to a peer that does not read it.
            let _ = match &self.stream {
                Either::Left(stream) => stream.set_zero_linger(),
                Either::Right(stream) => stream.get_ref().0.set_zero_linger(),
            };
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncRead for TimedSocket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let filled = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if this.turns.open() {
            this.phase = Phase::Answer;
            return read;
        }
        if read.is_ready() {
            if buffer.filled().len() > filled && this.phase != Phase::Header {
                this.phase = Phase::Header;
                this.read_clock.start(this.header_read);
            }
            return read;
        }
        if this.phase == Phase::Answer {
            this.phase = Phase::Begin;
            this.read_clock.start(this.idle);
        }
        if this.read_clock.is_over(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncWrite for TimedSocket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.timed_write(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.timed_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Encryption takes bytes before the kernel does, so that a peer that does not read may be noticed only here.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        if flushed.is_pending() {
            return this.stalled(context);
        }
        this.write_clock.stop();
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.finished {
            let shut = Pin::new(&mut this.stream).poll_shutdown(context);
            if shut.is_pending() {
                return this.stalled(context);
            }
            ready!(shut)?;
            this.finished = true;
            this.read_clock.start(LINGER);
        }
        // Asked before the reads and not after them: a task that has used up its turn is told that no timer has ended.
        if this.phase == Phase::Begin || this.read_clock.is_over(context) {
            return Poll::Ready(Ok(()));
        }
        let mut scrap = [0_u8; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut scrap);
            match Pin::new(&mut this.stream).poll_read(context, &mut buffer) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}

/// A timer that stands still or runs towards a deadline.
struct Clock {
    sleep: Pin<Box<Sleep>>,
    running: bool,
}

impl Clock {
    fn new() -> Self {
        Self { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), running: false }
    }

    fn start(&mut self, length: Duration) {
        self.sleep.as_mut().reset(Instant::now() + length);
        self.running = true;
    }

    fn stop(&mut self) {
        self.running = false;
    }

    /// Whether the deadline has passed; if not, the task is woken when it does.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        self.running && self.sleep.as_mut().poll(context).is_ready()
    }
}
