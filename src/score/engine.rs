//! The query engine of the private side: `DataFusion` over files of the private store; every input is a file, so that the same
//! queries can run on several machines.

use std::sync::Arc;

use datafusion::{
    arrow::{
        datatypes::{DataType, SchemaRef},
        record_batch::RecordBatch,
    },
    common::{ParamValues, ScalarValue},
    dataframe::DataFrame,
    datasource::{
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    error::DataFusionError,
    execution::{
        context::{SQLOptions, SessionConfig, SessionContext},
        options::ArrowReadOptions,
    },
    prelude::ParquetReadOptions,
};
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;

use super::names::Names;
use crate::{
    definition::Sql,
    store::{PrivateStore, StoreError, path},
    table::{Table, TableError},
};

/// Why a query could not be run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine refused or failed. Its own text could hold values, so it is kept for debugging and not shown.
    #[error(
        "sql/{query}.sql failed; correct its columns if it is your own, else run again, and report it if it repeats"
    )]
    Query {
        /// The query's name.
        query: String,
        /// What the engine said.
        #[source]
        cause: Box<DataFusionError>,
    },
    /// There is no such query.
    #[error("sql/{0}.sql is missing; restore it, or leave out the sql folder to use the built-in queries")]
    Absent(String),
    /// An intermediate table could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An intermediate table could not be made.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A session over the private store.
pub struct Engine {
    context: SessionContext,
    store: PrivateStore,
    nonce: String,
    names: Names,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("nonce", &self.nonce).finish_non_exhaustive()
    }
}

impl Engine {
    /// A session that uses `threads` threads and keeps intermediate tables under `work/<nonce>/`.
    pub fn new(store: &PrivateStore, nonce: &str, threads: usize) -> Self {
        let config = SessionConfig::new()
            .with_target_partitions(threads)
            .with_information_schema(false)
            .with_collect_statistics(false);
        let context = SessionContext::new_with_config(config);
        let (url, objects) = store.0.registration();
        context.runtime_env().register_object_store(url, objects);
        Self { context, store: store.clone(), nonce: nonce.to_owned(), names: Names::default() }
    }

    /// A data frame over a Parquet object.
    pub(super) async fn read(&self, url: String, query: &str) -> Result<DataFrame, EngineError> {
        self.context.read_parquet(url, ParquetReadOptions::default()).await.map_err(failed(query))
    }

    /// A data frame over the Parquet objects of these names anywhere in a folder that is partitioned by `year`, which becomes
    /// a column. They are read one after the other in as many strands as there are threads. The folder is listed once for each
    /// name, so that this is for hundreds of parts and not for many thousands.
    pub(super) fn read_by_year(
        &self,
        folder: &Path,
        names: &[String],
        schema: SchemaRef,
        query: &str,
    ) -> Result<DataFrame, EngineError> {
        let folder = ListingTableUrl::parse(format!("{}/", self.store.0.object_url(folder)));
        let table = folder.and_then(|folder| {
            let files: Result<_, _> = names.iter().map(|name| folder.clone().with_glob(name)).collect();
            let format = Arc::new(ParquetFormat::default());
            let year = vec![("year".to_owned(), DataType::Int16)];
            let options = ListingOptions::new(format).with_table_partition_cols(year);
            let config =
                ListingTableConfig::new_with_multi_paths(files?).with_listing_options(options).with_schema(schema);
            self.context.read_table(Arc::new(ListingTable::try_new(config)?))
        });
        table.map_err(failed(query))
    }

    /// Writes an intermediate table to the private store and registers it under its name. In it, names are numbers.
    pub(super) async fn stage(&self, name: &str, table: &Table) -> Result<(), EngineError> {
        let path = path::work_table(&self.nonce, name);
        let table = self.names.numbered(table)?;
        self.store.0.put_passing(&path, table.to_passing_file()?).await?;
        let url = self.store.0.object_url(&path);
        // told, since the engine cannot find it in a file that it reads over the network
        let schema = table.batch().schema();
        let options = ArrowReadOptions { schema: Some(&schema), ..ArrowReadOptions::default() };
        self.context.register_arrow(name, url, options).await.map_err(failed(name))
    }

    /// Runs a query of `sql/` with its parameters bound by name. In its result, numbers of names are names again.
    pub(super) async fn run(&self, sql: &Sql, name: &str, parameters: &[(&str, i64)]) -> Result<Table, EngineError> {
        let text = sql.get(name).ok_or_else(|| EngineError::Absent(name.to_owned()))?;
        let values: Vec<(&str, ScalarValue)> =
            parameters.iter().map(|&(key, value)| (key, ScalarValue::Int64(Some(value)))).collect();
        // a query reads: it makes, changes, copies and sets nothing
        let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let mut frame = self.context.sql_with_options(text, reading).await.map_err(failed(name))?;
        if !values.is_empty() {
            frame = frame.with_param_values(ParamValues::from(values)).map_err(failed(name))?;
        }
        Ok(self.names.named(&collect(frame, name).await?)?)
    }
}

/// How old the tables of another build are before they count as left by one that was interrupted.
const INTERRUPTED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Removes the intermediate tables of the build `nonce`, and those of builds that were interrupted. Names of builds begin with
/// the microsecond in which they began.
pub async fn sweep(store: &PrivateStore, nonce: &str, now: Timestamp) -> Result<(), EngineError> {
    let began = |name: &str| Timestamp::from_microsecond(name.split('-').next()?.parse().ok()?).ok();
    for path in store.0.list(&path::work()).await? {
        let build = path.parts().nth(1).map_or_else(String::new, |part| part.as_ref().to_owned());
        let is_old = began(&build).is_none_or(|began| now.duration_since(began) > INTERRUPTED_AFTER);
        if build.starts_with(nonce) || is_old {
            store.0.delete(&path).await?;
        }
    }
    Ok(())
}

/// Runs a data frame to its end.
pub(super) async fn collect(frame: DataFrame, name: &str) -> Result<Table, EngineError> {
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let batches: Vec<RecordBatch> = frame.collect().await.map_err(failed(name))?;
    let schema = batches.first().map_or(schema, RecordBatch::schema);
    Ok(Table::from_batches(&schema, &batches)?)
}

pub(super) fn failed(query: &str) -> impl FnOnce(DataFusionError) -> EngineError + use<> {
    let query = query.to_owned();
    |cause| EngineError::Query { query, cause: Box::new(cause) }
}
