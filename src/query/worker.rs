//! The process that runs queries: told by its parent which tables there are, it answers one query after the other and knows
//! nothing else. It is stopped by being killed; what a query may take of the system is limited in `confine`.

mod confine;
mod frame;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufReader, BufWriter, Read, Write},
};

use serde::{Deserialize, Serialize};

pub(super) use frame::{read, write};

use super::{Engine, Parameters, QueryLimits, Refusal, deeply, document, engine};
use crate::{
    disclosure::{self, Safe},
    encode::{self, EncodeError, Grid, Meta, Value},
    model::{Digest, Language},
    table::Table,
};

/// The hidden command that starts such a process.
pub const SUBCOMMAND: &str = "query-worker";

/// In place of a format's name: the first rows as our own pages show them.
pub const ROWS: &str = "rows";

/// As many.
pub const ROWS_SHOWN: usize = 200;

/// A query and how its answer is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The query.
    pub sql: String,
    /// Its parameters.
    pub parameters: Parameters,
    /// The format's name.
    pub format: String,
    /// The language of formats that speak only one.
    pub language: Language,
}

/// An answer as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The answer in the format asked for.
    pub body: Vec<u8>,
    /// Its rows.
    pub rows: usize,
    /// The tables and views that the query names.
    pub sources: BTreeSet<String>,
}

impl Answered {
    /// The rows of an answer that was asked for as [`ROWS`].
    pub fn grid(&self) -> Option<Grid> {
        let (columns, rows): (Vec<String>, Vec<Vec<Value>>) = serde_json::from_slice(&self.body).ok()?;
        Some(Grid { columns: columns.into_iter().map(Into::into).collect(), rows })
    }
}

/// What the parent says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Order {
    /// The tables of a release as Parquet files, which follow one after the other.
    Open {
        /// Said with every answer.
        meta: Box<Meta>,
        /// Limits of every query.
        limits: QueryLimits,
        /// Their names, digests and lengths.
        tables: Vec<(String, Digest, usize)>,
    },
    /// A query.
    Answer(Question),
}

/// What the process says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// The tables are open.
    Opened,
    /// An answer, whose bytes follow.
    Answered {
        /// Its rows.
        rows: usize,
        /// The tables and views that the query names.
        sources: BTreeSet<String>,
    },
    /// Why there is none.
    Refused(Refusal),
    /// Something is wrong that is not the query's fault.
    Failed(String),
}

struct Opened {
    engine: Engine,
    meta: Meta,
    limits: QueryLimits,
}

/// Answers orders until there are no more.
pub fn work() -> io::Result<()> {
    let (input, output) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    deeply(async move || serve(input, output).await)?
}

async fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut opened: Option<Opened> = None;
    while let Some((order, body)) = read::<Order>(&mut input)? {
        match (order, &opened) {
            (Order::Open { meta, limits, tables }, _) => {
                confine::process(&limits)?;
                // the old ones go before the new ones come
                opened = None;
                match open(*meta, limits, &tables, body).await {
                    Ok(own) => {
                        opened = Some(own);
                        write(&mut output, &Reply::Opened, &[])?;
                    }
                    Err(reason) => write(&mut output, &Reply::Failed(reason), &[])?,
                }
            }
            (Order::Answer(question), Some(own)) => {
                confine::query(&own.limits)?;
                let (reply, body) = answer(own, &question).await;
                write(&mut output, &reply, &[&body])?;
            }
            (Order::Answer(_), None) => write(&mut output, &Reply::Failed("no tables are open".to_owned()), &[])?,
        }
        output.flush()?;
    }
    Ok(())
}

async fn open(
    meta: Meta,
    limits: QueryLimits,
    sent: &[(String, Digest, usize)],
    body: Vec<u8>,
) -> Result<Opened, String> {
    let mut rest = bytes::Bytes::from(body);
    let mut tables: BTreeMap<String, Safe<Table>> = BTreeMap::new();
    for (name, digest, length) in sent {
        if rest.len() < *length {
            return Err(format!("the table {name} is cut off"));
        }
        let own = rest.split_to(*length);
        tables.insert(name.clone(), disclosure::reload(own, digest).map_err(|error| error.to_string())?);
    }
    let engine = Engine::open(&tables, &limits).await.map_err(|error| error.to_string())?;
    Ok(Opened { engine, meta, limits })
}

async fn answer(opened: &Opened, question: &Question) -> (Reply, Vec<u8>) {
    let answer = match opened.engine.answer(&question.sql, &question.parameters).await {
        Ok(answer) => answer,
        Err(refusal) => return (Reply::Refused(refusal), Vec::new()),
    };
    let sources = answer.sources.clone();
    let mut document = match document(&question.sql, &answer, opened.meta.clone(), question.language) {
        Ok(document) => document,
        Err(error) => return (Reply::Failed(error.to_string()), Vec::new()),
    };
    let rows = document.grid.rows.len();
    let mut body = Bounded { bytes: Vec::new(), max: opened.limits.bytes_max };
    let written = match encode::FORMATS.iter().find(|format| format.name() == question.format) {
        Some(format) => format.write(&document, &mut body),
        None if question.format == ROWS => {
            document.grid.rows.truncate(ROWS_SHOWN);
            let columns: Vec<&str> = document.grid.columns.iter().map(|name| &**name).collect();
            let rows = (columns, &document.grid.rows);
            serde_json::to_writer(&mut body, &rows).map_err(|error| EncodeError::Library(error.to_string()))
        }
        None => return (Reply::Failed("the format is unknown".to_owned()), Vec::new()),
    };
    match written {
        Ok(()) => (Reply::Answered { rows, sources }, body.bytes),
        Err(_) if body.bytes.len() >= body.max => (Reply::Refused(engine::too_many_bytes(body.max)), Vec::new()),
        Err(EncodeError::TooLarge) => (Reply::Refused(engine::too_many_bytes(body.max)), Vec::new()),
        Err(error) => (Reply::Failed(error.to_string()), Vec::new()),
    }
}

/// Bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    max: usize,
}

impl Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let room = self.max.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&buffer[..buffer.len().min(room)]);
        if buffer.len() > room { Err(io::Error::other("the answer is too large")) } else { Ok(buffer.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
