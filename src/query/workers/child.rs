//! One worker process: its pipes, what it said last, and how it ended.

use std::{
    io::{self, BufReader, BufWriter, Read as _},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{Arc, LazyLock, Mutex, PoisonError, mpsc},
    thread,
};

use crate::{
    model::Digest,
    query::worker::{Order, Reply, SUBCOMMAND, read, write},
};

/// What is kept of what a worker says to its log, in bytes.
const SAID_MAX: usize = 4 * 1024;

/// The signal of a process that used up its time (signal(7), Linux).
const SIGXCPU: i32 = 24;
/// The signal of a process that somebody killed.
const SIGKILL: i32 = 9;

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// At the deadline, or when its processor time was used up.
    Late,
    /// For want of memory.
    OutOfMemory,
    /// For want of stack.
    TooDeep,
    /// Otherwise.
    Otherwise,
}

/// The process itself, for whoever has to stop it while another waits for its answer.
#[derive(Debug, Clone)]
pub(super) struct Process(Arc<Mutex<std::process::Child>>);

impl Process {
    /// Stops the process.
    pub(super) fn kill(&self) {
        // one that has ended cannot be killed, and need not be
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).kill();
    }

    fn wait(&self) -> io::Result<ExitStatus> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wait()
    }
}

/// A worker.
#[derive(Debug)]
pub(super) struct Child {
    process: Process,
    to: Option<BufWriter<ChildStdin>>,
    from: BufReader<ChildStdout>,
    said: Arc<Mutex<String>>,
    log: Option<thread::JoinHandle<()>>,
    tables: Option<Digest>,
}

impl Child {
    /// Starts a process that has nothing of ours: no environment, no folder, no open file.
    pub(super) fn start(program: &Path) -> io::Result<Self> {
        let mut child = started(program)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(to), Some(from), Some(log)) = pipes else {
            return Err(io::Error::other("a pipe is missing"));
        };
        let said = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&said);
        let log = thread::Builder::new().name("query-log".to_owned()).spawn(move || listen(log, &kept))?;
        Ok(Self {
            process: Process(Arc::new(Mutex::new(child))),
            to: Some(BufWriter::new(to)),
            from: BufReader::new(from),
            said,
            log: Some(log),
            tables: None,
        })
    }

    pub(super) fn process(&self) -> Process {
        self.process.clone()
    }

    /// Whether it has these tables open.
    pub(super) fn has(&self, tables: &Digest) -> bool {
        self.tables.as_ref() == Some(tables)
    }

    pub(super) fn opened(&mut self, tables: Digest) {
        self.tables = Some(tables);
    }

    /// Gives an order and waits for the reply.
    pub(super) fn ask(&mut self, order: &Order, bodies: &[&[u8]]) -> io::Result<(Reply, Vec<u8>)> {
        let to = self.to.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        write(to, order, bodies)?;
        read(&mut self.from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// How it ended; one that has not is ended.
    pub(super) fn ended(mut self, is_late: bool) -> Ended {
        self.process.kill();
        let status = self.process.wait();
        if let Some(log) = self.log.take() {
            // it ends with the pipe
            let _ = log.join();
        }
        if is_late {
            return Ended::Late;
        }
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let signal = status.ok().and_then(|status| status.signal());
        tracing::warn!(signal, said, "a process for queries ended");
        match signal {
            Some(SIGXCPU) => Ended::Late,
            _ if said.contains("overflowed its stack") => Ended::TooDeep,
            _ if said.contains("memory allocation of") || said.contains("out of memory") => Ended::OutOfMemory,
            // not by us: the system had no memory left
            Some(SIGKILL) => Ended::OutOfMemory,
            _ => Ended::Otherwise,
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // a worker whose input ends, ends; one that still computes is not waited for
        drop(self.to.take());
        self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is asked of the thread that starts processes: the program, and where to say what came of it.
type Start = (PathBuf, mpsc::Sender<io::Result<std::process::Child>>);

/// Starts a process from a thread that never ends: a worker's life ends with that of the thread it was started by
/// (`PR_SET_PDEATHSIG`, prctl(2)), and those that answer come and go.
fn started(program: &Path) -> io::Result<std::process::Child> {
    static STARTER: LazyLock<io::Result<Mutex<mpsc::Sender<Start>>>> = LazyLock::new(|| {
        let (orders, asked) = mpsc::channel::<Start>();
        thread::Builder::new().name("query-start".to_owned()).spawn(move || {
            for (program, told) in asked {
                // whoever asked may have gone
                let _ = told.send(spawn(&program));
            }
        })?;
        Ok(Mutex::new(orders))
    });
    let gone = || io::Error::other("the thread that starts processes is gone");
    let orders = STARTER.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    let (told, started) = mpsc::channel();
    let order = (program.to_owned(), told);
    orders.lock().unwrap_or_else(PoisonError::into_inner).send(order).map_err(|_| gone())?;
    started.recv().map_err(|_| gone())?
}

fn spawn(program: &Path) -> io::Result<std::process::Child> {
    Command::new(program)
        .arg(SUBCOMMAND)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Keeps the beginning of what a worker says to its log.
fn listen(mut log: ChildStderr, kept: &Mutex<String>) {
    let mut buffer = [0; 1_024];
    while let Ok(read) = log.read(&mut buffer) {
        if read == 0 {
            break;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&buffer[..read]);
        if kept.len() + text.len() <= SAID_MAX {
            kept.push_str(&text);
        }
    }
}
