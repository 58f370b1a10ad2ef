//! Runs the `.slt` files below `tests/slt` over a published release: what tables mean and what can be asked, as text that SQL
//! people can read. An error is told by its stable code.

use std::{fmt, fs, path::Path, sync::Arc};

use mognad::{
    encode::{Grid, Value},
    query::{Engine, Parameters, QueryLimits, Refusal, deeply},
    release,
};
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};

use crate::fixture::{Fixture, moment};

struct Published(Arc<Engine>);

/// A refusal as the files name it.
#[derive(Debug)]
struct Coded(Refusal);

impl fmt::Display for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.word(), self.0)
    }
}

impl std::error::Error for Coded {}

#[async_trait::async_trait]
impl AsyncDB for Published {
    type Error = Coded;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Coded> {
        let answer = deeply(async || self.0.answer(sql, &Parameters::new()).await).unwrap().map_err(Coded)?;
        let grid = Grid::of(&answer.table).unwrap();
        let text = |value: &Value| match value {
            Value::Null => "NULL".to_owned(),
            other => other.to_string(),
        };
        Ok(DBOutput::Rows {
            types: vec![DefaultColumnType::Any; grid.columns.len()],
            rows: grid.rows.iter().map(|row| row.iter().map(text).collect()).collect(),
        })
    }

    async fn shutdown(&mut self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn published_tables_mean_what_they_say_and_queries_are_let_through_or_refused() {
    let (fixture, _) = Fixture::published(&Fixture::plan(2018..=2020, 120, 6)).await;
    let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
    let engine = Arc::new(Engine::open(&release.whole().unwrap(), &QueryLimits::default()).await.unwrap());
    let mut wrong = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slt")).unwrap() {
        let own = Arc::clone(&engine);
        let mut runner = Runner::new(|| async { Ok(Published(Arc::clone(&own))) });
        // all that is wrong at once
        for record in sqllogictest::parse_file(entry.unwrap().path()).unwrap() {
            if let Err(error) = runner.run_async(record).await {
                wrong.push(error.display(false).to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
