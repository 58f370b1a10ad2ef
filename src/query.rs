//! SQL of researchers over the published tables of a release: what is let through, how it is run, and how it is stopped. It can
//! name nothing else.

mod engine;
mod error;
mod example;
mod function;
mod gate;
mod limit;
mod plan;
mod refusal;
mod view;
mod worker;
mod workers;

use std::{borrow::Cow, sync::Arc, thread};

use datafusion::arrow::datatypes::{DataType, Field};

pub use engine::{Answer, Engine, EngineError};
pub use example::{Example, examples};
pub use function::{FUNCTIONS, Function, Over};
pub use gate::{Parameter, Parameters, parameters};
pub use limit::QueryLimits;
pub use refusal::{CODES, Code, Place, Refusal};
pub use view::views;
pub use worker::{Answered, Question, ROWS, ROWS_SHOWN, SUBCOMMAND, work};
pub use workers::{NotAnswered, Tables, Workers};

use crate::{
    definition::{ColumnText, Kind, TableText},
    encode::{Document, Grid, Meta, Names, Page},
    model::{Language, Text},
    release::Release,
    table::TableError,
};

/// The one schema.
pub const SCHEMA: &str = "published";

/// What the syntax tree and the plan of an allowed query need at most, in bytes, and some: 200 parts deep take a tenth of it.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The engine could not be started.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The answer could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The query was refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The system gave no thread.
    #[error("no thread could be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Runs work that waits on a thread of its own with a deep stack, and waits for it.
pub fn deeply<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> Result<T, std::io::Error> {
    thread::scope(|scope| {
        let own =
            thread::Builder::new().name("query".to_owned()).stack_size(STACK_BYTES).spawn_scoped(scope, || {
                let runtime = tokio::runtime::Builder::new_current_thread().build()?;
                Ok(runtime.block_on(work()))
            })?;
        own.join().unwrap_or_else(|_| Err(std::io::Error::other("the query ended in a panic")))
    })
}

/// Runs one query over a release in this process, where nobody but its user is hurt by what it takes.
pub fn run(release: &Release, sql: &str, parameters: &Parameters) -> Result<Answer, QueryError> {
    let (limits, tables) = (QueryLimits::default(), release.whole()?);
    deeply(async || {
        let engine = Engine::open(&tables, &limits).await?;
        Ok::<_, QueryError>(engine.answer(sql, parameters).await?)
    })?
}

/// An answer with what belongs to it. Columns are described by their kinds: what they mean is what the query says.
pub fn document(sql: &str, answer: &Answer, meta: Meta, language: Language) -> Result<Document, TableError> {
    let grid = Grid::of(&answer.table)?;
    let total = grid.rows.len();
    let schema = answer.table.get().batch().schema();
    let columns = schema.fields().iter().map(|field| (field.name().clone(), described(field))).collect();
    let table = TableText {
        id: "query".to_owned(),
        title: Text::new("Svar på en fråga", "Answer to a query"),
        text: Text::new(sql, sql),
        published: false,
        optional: grid.columns.iter().map(ToString::to_string).collect(),
        columns,
        key: Vec::new(),
        measures: Vec::new(),
    };
    Ok(Document {
        table: Cow::Owned(table),
        page: Page { number: 1, limit: total.max(1), total },
        grid,
        meta,
        names: Arc::new(Names::default()),
        language,
    })
}

fn described(field: &Field) -> ColumnText {
    let kind = match field.data_type() {
        DataType::Boolean => Kind::Flag,
        kind if kind.is_integer() => Kind::Whole,
        kind if kind.is_floating() || matches!(kind, DataType::Decimal128(..)) => Kind::Number,
        _ => Kind::Text,
    };
    let name = field.name();
    ColumnText {
        kind,
        unit: None,
        decimals: 0,
        title: Text::new(name, name),
        text: Text::new("Som frågan räknar fram den.", "As the query computes it."),
        values: Vec::new(),
    }
}
