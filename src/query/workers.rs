//! The parent's side: who waits, who runs, and what becomes of a worker that does not answer. Serving itself runs no query.

mod child;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    Answered, QueryLimits, Question, Refusal,
    refusal::Code,
    worker::{Order, Reply},
};
use crate::{disclosure::Published, encode::Meta, model::Digest, release::Release};

use child::{Child, Ended};

/// How long a worker may take to open the tables of a release.
const OPENING: Duration = Duration::from_secs(30);

/// Why a query was not answered.
#[derive(Debug)]
pub enum NotAnswered {
    /// The query was refused, or was stopped at a limit.
    Refused(Refusal),
    /// Too many others ask.
    Busy,
    /// Something is wrong that is not the query's fault.
    Failed,
}

/// The tables of a release as they are sent to workers.
#[derive(Debug)]
pub struct Tables {
    /// What tells them from those of another release.
    key: Digest,
    meta: Meta,
    files: Vec<(String, Digest, Bytes)>,
}

impl Tables {
    /// The tables of a release, with what is said with every answer.
    pub fn of(release: &Release, meta: &Meta) -> Self {
        let file = |(name, table): (&String, &Published)| (name.clone(), table.digest().clone(), table.file().clone());
        let files: Vec<(String, Digest, Bytes)> = release.tables.iter().map(file).collect();
        let all: Vec<String> = files.iter().map(|(name, digest, _)| format!("{name} {digest}")).collect();
        Self { key: Digest::of(format!("{}\n{}", meta.release, all.join("\n")).as_bytes()), meta: meta.clone(), files }
    }

    fn order(&self, limits: &QueryLimits) -> Order {
        let tables =
            self.files.iter().map(|(name, digest, bytes)| (name.clone(), digest.clone(), bytes.len())).collect();
        Order::Open { meta: Box::new(self.meta.clone()), limits: limits.clone(), tables }
    }

    fn bodies(&self) -> Vec<&[u8]> {
        self.files.iter().map(|(_, _, bytes)| &**bytes).collect()
    }
}

/// The workers.
#[derive(Debug, Clone)]
pub struct Workers {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    program: PathBuf,
    limits: QueryLimits,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    idle: Mutex<Vec<Child>>,
}

/// One who waits; counted until it does no more.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Workers {
    /// Workers of a program that has the command [`super::SUBCOMMAND`]; none is started before there is a query.
    pub fn new(program: PathBuf, limits: QueryLimits) -> Self {
        Self {
            inner: Arc::new(Inner {
                program,
                turns: Arc::new(Semaphore::new(limits.at_once_max.max(1))),
                limits,
                waiting: AtomicUsize::new(0),
                idle: Mutex::default(),
            }),
        }
    }

    /// The limits in force.
    pub fn limits(&self) -> &QueryLimits {
        &self.inner.limits
    }

    /// Has a query answered.
    pub async fn answer(&self, tables: Arc<Tables>, question: Question) -> Result<Answered, NotAnswered> {
        let permit = self.turn().await?;
        // whoever gives up waiting leaves the query to its end or its deadline, and its turn with it
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move { inner.run(permit, tables, question).await }).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a query's task ended");
            Err(NotAnswered::Failed)
        })
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, NotAnswered> {
        let Inner { turns, waiting, limits, .. } = &*self.inner;
        if let Ok(permit) = Arc::clone(turns).try_acquire_owned() {
            return Ok(permit);
        }
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(waiting);
        if before >= limits.waiting_max {
            return Err(NotAnswered::Busy);
        }
        let turn = timeout(Duration::from_millis(limits.wait_ms), Arc::clone(turns).acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or(NotAnswered::Busy)
    }
}

impl Inner {
    async fn run(
        self: Arc<Self>,
        permit: OwnedSemaphorePermit,
        tables: Arc<Tables>,
        question: Question,
    ) -> Result<Answered, NotAnswered> {
        let child = self.ready(&tables).await?;
        let order = Order::Answer(question);
        let limit = Duration::from_millis(self.limits.time_ms);
        let (answered, child) = exchange(child, limit, move |child| child.ask(&order, &[])).await;
        let result = match answered {
            Ok((Reply::Answered { rows, sources }, body)) => Ok(Answered { body, rows, sources }),
            Ok((Reply::Refused(refusal), _)) => Err(NotAnswered::Refused(refusal)),
            Ok((Reply::Failed(reason), _)) => {
                tracing::error!(reason, "a query failed");
                Err(NotAnswered::Failed)
            }
            Ok((Reply::Opened, _)) => Err(NotAnswered::Failed),
            Err(ended) => Err(after(ended)),
        };
        if let Some(child) = child {
            self.put(child);
        } else {
            // the next query finds one ready
            let own = Arc::clone(&self);
            tokio::spawn(async move {
                if let Ok(child) = own.ready(&tables).await {
                    own.put(child);
                }
            });
        }
        drop(permit);
        result
    }

    /// A worker that has these tables open.
    async fn ready(&self, tables: &Arc<Tables>) -> Result<Child, NotAnswered> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let child = match idle {
            Some(child) if child.has(&tables.key) => return Ok(child),
            Some(child) => child,
            None => Child::start(&self.program).map_err(|error| {
                tracing::error!(%error, "no process for queries can be started");
                NotAnswered::Failed
            })?,
        };
        let (own, order) = (Arc::clone(tables), tables.order(&self.limits));
        let (opened, child) = exchange(child, OPENING, move |child| child.ask(&order, &own.bodies())).await;
        match (opened, child) {
            (Ok((Reply::Opened, _)), Some(mut child)) => {
                child.opened(tables.key.clone());
                Ok(child)
            }
            (opened, _) => {
                tracing::error!(?opened, "a process for queries cannot open the tables");
                Err(NotAnswered::Failed)
            }
        }
    }

    fn put(&self, child: Child) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.limits.at_once_max.max(1) {
            idle.push(child);
        }
    }
}

/// Says something to a worker and waits for its answer, up to a limit; a worker that does not give one is killed.
async fn exchange(
    mut child: Child,
    limit: Duration,
    ask: impl FnOnce(&mut Child) -> std::io::Result<(Reply, Vec<u8>)> + Send + 'static,
) -> (Result<(Reply, Vec<u8>), Ended>, Option<Child>) {
    let process = child.process();
    let mut asking = tokio::task::spawn_blocking(move || {
        let answered = ask(&mut child);
        (answered, child)
    });
    let (joined, is_late) = if let Ok(joined) = timeout(limit, &mut asking).await {
        (joined, false)
    } else {
        process.kill();
        (asking.await, true)
    };
    match joined {
        // an answer that came in the same instant as the deadline is of a worker that has been killed
        Ok((Ok(answered), child)) => (Ok(answered), (!is_late).then_some(child)),
        Ok((Err(_), child)) => (Err(child.ended(is_late)), None),
        Err(_) => (Err(Ended::Otherwise), None),
    }
}

/// What the end of a worker says of the query that it ran.
fn after(ended: Ended) -> NotAnswered {
    match ended {
        Ended::Late => NotAnswered::Refused(Refusal::new(
            Code::TimeLimit,
            "Frågan tog för lång tid och har avbrutits. Välj ut färre rader tidigare, eller hämta tabellerna som filer.",
            "The query took too long and has been stopped. Select fewer rows earlier, or take the tables as files.",
        )),
        Ended::OutOfMemory => NotAnswered::Refused(super::error::memory()),
        Ended::TooDeep => NotAnswered::Refused(Refusal::new(
            Code::ComplexityLimit,
            "Frågan har för många delar i varandra. Dela upp den.",
            "The query has too many parts within each other. Divide it.",
        )),
        Ended::Otherwise => NotAnswered::Failed,
    }
}
