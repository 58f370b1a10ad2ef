//! Runs the `.slt` files below `tests/slt` over a published release: what tables mean, as text that SQL people can read.

use std::{fs, path::Path};

use mognad::{
    encode::Value,
    query::{self, Parameters, QueryError},
    release::{self, Release},
};
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};

use crate::fixture::{Fixture, moment};

struct Published(Release);

#[async_trait::async_trait]
impl AsyncDB for Published {
    type Error = QueryError;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, QueryError> {
        let grid = query::run(&self.0, sql, &Parameters::new())?;
        let text = |value: &Value| match value {
            Value::Null => "NULL".to_owned(),
            Value::Text(text) => text.to_string(),
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
        };
        Ok(DBOutput::Rows {
            types: vec![DefaultColumnType::Any; grid.columns.len()],
            rows: grid.rows.iter().map(|row| row.iter().map(text).collect()).collect(),
        })
    }

    async fn shutdown(&mut self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn published_tables_mean_what_they_say() {
    let (fixture, _) = Fixture::published(&Fixture::plan(2018..=2020, 120, 6)).await;
    let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slt")).unwrap() {
        let mut runner = Runner::new(|| async { Ok(Published(release.clone())) });
        runner.run_file_async(entry.unwrap().path()).await.unwrap();
    }
}
