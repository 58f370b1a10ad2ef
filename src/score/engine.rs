//! The query engine of the private side: `DataFusion` over files of the private store; every input is a file, so that what is added up
//! over respondents can be left to several machines.

use std::{sync::Arc, time::Duration};

use datafusion::{
    arrow::{datatypes::SchemaRef, record_batch::RecordBatch},
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
    prelude::lit,
};
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use url::Url;

use super::{
    cluster::{self, Cluster},
    names::Names,
};
use crate::{
    definition::Sql,
    model::Year,
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
    /// The cluster refused, failed or was not there. Its own text could hold values.
    #[error(
        "the cluster at {scheduler} could not compute; see that its scheduler and executors are up, of Ballista 55 and able to read the private store (their logs say what they lack), and publish again"
    )]
    Cluster {
        /// The scheduler.
        scheduler: Url,
        /// What the cluster said.
        #[source]
        cause: Box<DataFusionError>,
    },
    /// The cluster took a query and gave no answer.
    #[error(
        "the cluster at {scheduler} gave no answer within {} s; see that it has executors, and that they can read the private store", waited.as_secs()
    )]
    NoAnswer {
        /// The scheduler.
        scheduler: Url,
        /// How long it was given.
        waited: Duration,
    },
    /// The cluster's answer is not about all respondents.
    #[error(
        "the cluster at {scheduler} gave sums of other respondents than there are, as it may when an executor is lost; nothing of them is used: see that its executors stay up, and publish again"
    )]
    Incomplete {
        /// The scheduler.
        scheduler: Url,
    },
    /// Other machines cannot read this store.
    #[error(
        "the private store {0} is in this process's memory, where a cluster cannot read it; use a bucket, or a folder that all its machines have"
    )]
    NotShared(String),
    /// This build of the program knows no clusters.
    #[error("this program was built without clusters; build it with `cargo build --release --features cluster`")]
    NoCluster,
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

/// Where is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Threads of this process.
    pub threads: usize,
    /// Machines to which is left what is added up over respondents.
    pub cluster: Option<Cluster>,
}

impl Execution {
    /// Everything in this process.
    pub fn local(threads: usize) -> Self {
        Self { threads, cluster: None }
    }
}

impl Default for Execution {
    /// Everything in this process, on as many threads as there are cores.
    fn default() -> Self {
        Self::local(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

/// A session over the private store.
pub struct Engine {
    context: SessionContext,
    store: PrivateStore,
    nonce: String,
    names: Names,
    /// The cluster, and the session whose queries it runs.
    machines: Option<(Cluster, SessionContext)>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("nonce", &self.nonce).finish_non_exhaustive()
    }
}

impl Engine {
    /// A session that keeps intermediate tables under `work/<nonce>/`.
    pub async fn open(store: &PrivateStore, nonce: &str, execution: &Execution) -> Result<Self, EngineError> {
        let config = SessionConfig::new()
            .with_target_partitions(execution.threads)
            .with_information_schema(false)
            .with_collect_statistics(false);
        let context = SessionContext::new_with_config(config);
        let (url, objects) = store.0.registration();
        context.runtime_env().register_object_store(url, objects);
        let machines = match &execution.cluster {
            Some(own) => Some((own.clone(), cluster::session(own).await?)),
            None => None,
        };
        Ok(Self { context, store: store.clone(), nonce: nonce.to_owned(), names: Names::default(), machines })
    }

    /// The cluster that respondents are left to.
    pub(super) fn cluster(&self) -> Option<&Cluster> {
        self.machines.as_ref().map(|(own, _)| own)
    }

    /// A data frame over Parquet objects of one year, which becomes a column. Each is named by its whole path: folders, and patterns
    /// of names in them, do not reach a cluster (`datafusion-proto` 55.2 sends a folder without its pattern).
    pub(super) fn read(
        &self,
        year: Year,
        paths: &[Path],
        schema: SchemaRef,
        query: &str,
    ) -> Result<DataFrame, EngineError> {
        let (context, urls): (_, Vec<String>) = match &self.machines {
            None => (&self.context, paths.iter().map(|path| self.store.0.object_url(path)).collect()),
            Some((_, machines)) => {
                (machines, paths.iter().map(|path| cluster::url(&self.store, path)).collect::<Result<_, _>>()?)
            }
        };
        parquet(context, &urls, schema)
            .and_then(|frame| frame.with_column("year", lit(year.number() as i16)))
            .map_err(failed(query))
    }

    /// Writes an intermediate table to the private store and registers it under its name. In it, names are numbers.
    pub(super) async fn stage(&self, name: &str, table: &Table) -> Result<(), EngineError> {
        let path = path::work_table(&self.nonce, name);
        let table = self.names.numbered(table)?;
        self.store.0.put_passing(&path, table.to_passing_file()?).await?;
        // told, since the engine cannot find it in a file that it reads over the network
        let schema = table.batch().schema();
        let options = ArrowReadOptions { schema: Some(&schema), ..ArrowReadOptions::default() };
        let url = self.store.0.object_url(&path);
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

/// A data frame over Parquet objects by their URLs.
pub(super) fn parquet(
    context: &SessionContext,
    urls: &[String],
    schema: SchemaRef,
) -> Result<DataFrame, DataFusionError> {
    let urls = urls.iter().map(ListingTableUrl::parse).collect::<Result<_, _>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    context.read_table(Arc::new(ListingTable::try_new(config)?))
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
