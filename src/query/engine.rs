//! The engine over published tables and views: what it has and how it is set, and the way of a query from its text to rows.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{Array, AsArray as _, RecordBatch},
        compute::cast,
        datatypes::{DataType, Float64Type, Schema},
    },
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::{GreedyMemoryPool, TrackConsumersPool},
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
    },
    physical_optimizer::{
        PhysicalOptimizerRule, combine_partial_final_agg::CombinePartialFinalAggregate, ensure_coop::EnsureCooperative,
        ensure_requirements::EnsureRequirements, join_selection::JoinSelection, limit_pushdown::LimitPushdown,
        output_requirements::OutputRequirements, sanity_checker::SanityCheckPlan,
    },
    prelude::SessionConfig,
};

use super::{
    Parameters, QueryLimits, SCHEMA, error,
    function::Offered,
    gate::{self, Catalogue},
    limit, plan,
    refusal::{Code, Refusal},
    view,
};
use crate::{
    disclosure::{DisclosureError, PublicSession, Safe, Setting},
    table::Table,
};

/// Rows of a batch: small, so that what is too much is noticed soon.
const BATCH_ROWS: usize = 4_096;

/// How much the engine may read ahead to keep rows in order, in bytes; unless told it is a gibibyte.
const READ_AHEAD_BYTES: usize = 64 * 1024 * 1024;

/// Why the engine cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The tables could not be opened.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// A view of ours is refused.
    #[error("the view {0} cannot be used: {1}")]
    View(String, Refusal),
}

/// The engine.
#[derive(Debug)]
pub struct Engine {
    session: PublicSession,
    catalogue: Catalogue,
    limits: QueryLimits,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its rows.
    pub table: Safe<Table>,
    /// The tables and views that the query names.
    pub sources: BTreeSet<String>,
}

impl Engine {
    /// An engine over published tables, with the views whose tables are there.
    pub async fn open(tables: &BTreeMap<String, Safe<Table>>, limits: &QueryLimits) -> Result<Self, EngineError> {
        let Offered { scalar, aggregate, window } = Offered::new();
        let (config, runtime) = (config(), runtime(limits));
        let setting = Setting { config, runtime, rules: rules(), scalar, aggregate, window };
        let session = PublicSession::new(tables, setting)?;
        let mut catalogue = Catalogue::default();
        for name in tables.keys() {
            catalogue.add(name, 1);
        }
        for own in view::VIEWS.iter() {
            // a release of an earlier version of the program can lack a table
            let checked = match gate::check(&own.sql, &Parameters::new(), &catalogue) {
                Ok(checked) => checked,
                Err(refusal) if refusal.code == Code::UnknownTable => continue,
                Err(refusal) => return Err(EngineError::View(own.name.clone(), refusal)),
            };
            let added = session.add_view(&own.name, checked.statement).await;
            match added {
                Ok(()) => catalogue.add(&own.name, checked.tables),
                Err(inner) => match error::refusal(&inner, &own.sql) {
                    refusal if refusal.code == Code::UnknownColumn => {}
                    refusal => return Err(EngineError::View(own.name.clone(), refusal)),
                },
            }
        }
        Ok(Self { session, catalogue, limits: limits.clone() })
    }

    /// Answers a query, or says why not. Planning cannot be interrupted and needs a deep stack: see [`super::deeply`].
    pub async fn answer(&self, sql: &str, parameters: &Parameters) -> Result<Answer, Refusal> {
        if sql.len() > self.limits.text_bytes_max {
            let max = self.limits.text_bytes_max;
            return Err(Refusal::new(
                Code::TextLimit,
                format!("Frågans text är längre än {max} byte."),
                format!("The query's text is longer than {max} bytes."),
            ));
        }
        let checked = gate::check(sql, parameters, &self.catalogue)?;
        let told = |inner| error::refusal(&inner, sql);
        let logical = self.session.plan(checked.statement).await.map_err(told)?;
        plan::logical(logical.logical())?;
        few_columns(logical.logical().schema().as_arrow(), sql)?;
        let physical = self.session.prepare(logical).await.map_err(told)?;
        plan::physical(physical.physical())?;
        let (mut rows, mut bytes) = (0, 0);
        let looked = |batch: &RecordBatch| {
            rows += batch.num_rows();
            bytes += batch.columns().iter().map(size).sum::<usize>();
            within(rows, bytes, &self.limits)?;
            batch.columns().iter().try_for_each(finite_and_short)
        };
        let table = self.session.collect(physical, looked, told).await?;
        Ok(Answer { table, sources: checked.sources })
    }

    /// The names of tables and views.
    pub fn names(&self) -> Vec<String> {
        self.catalogue.names().map(str::to_owned).collect()
    }
}

fn config() -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema("mognad", SCHEMA)
        .with_create_default_catalog_and_schema(true)
        .with_information_schema(false)
        .with_target_partitions(1)
        .with_batch_size(BATCH_ROWS);
    let options = config.options_mut();
    options.execution.enable_recursive_ctes = false;
    // a join without equality gives its rows in batches, and can be stopped between them
    options.execution.enforce_batch_size_in_joins = true;
    options.execution.sort_pushdown_buffer_capacity = READ_AHEAD_BYTES;
    // known to have given wrong rows through aggregates (datafusion #25264), and of no use with tables in memory
    options.optimizer.enable_dynamic_filter_pushdown = false;
    config
}

/// What is done to a physical plan. Of the engine's own list those are left out that gain nothing where tables are small, lie in
/// memory and are read by one thread: they were most of the time of a query. What is right does not follow from any of them.
fn rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    vec![
        Arc::new(OutputRequirements::new_add_mode()),
        Arc::new(JoinSelection::new()),
        Arc::new(EnsureRequirements::new()),
        Arc::new(CombinePartialFinalAggregate::new()),
        Arc::new(OutputRequirements::new_remove_mode()),
        Arc::new(LimitPushdown::new()),
        // a query that runs long lets itself be stopped
        Arc::new(EnsureCooperative::new()),
        Arc::new(SanityCheckPlan::new()),
    ]
}

/// Memory that is counted, and no files.
fn runtime(limits: &QueryLimits) -> Arc<RuntimeEnv> {
    let pool = TrackConsumersPool::new(GreedyMemoryPool::new(limits.memory_bytes_max), NonZeroUsize::MIN);
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let built = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).with_disk_manager_builder(disk).build_arc();
    // only a folder for temporary files could fail, and there is none
    built.unwrap_or_default()
}

/// Bytes of a column's rows; those of a shared buffer are not all of them.
fn size(column: &Arc<dyn Array>) -> usize {
    column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size())
}

fn within(rows: usize, bytes: usize, limits: &QueryLimits) -> Result<(), Refusal> {
    if rows > limits.rows_max {
        let max = limits.rows_max;
        return Err(Refusal::new(
            Code::RowLimit,
            format!("Svaret har fler än {max} rader. Välj ut färre, eller hämta tabellerna som filer."),
            format!("The answer has more than {max} rows. Select fewer, or take the tables as files."),
        ));
    }
    if bytes > limits.bytes_max {
        let max = limits.bytes_max;
        return Err(too_many_bytes(max));
    }
    Ok(())
}

/// The answer is too large.
pub(super) fn too_many_bytes(max: usize) -> Refusal {
    Refusal::new(
        Code::ByteLimit,
        format!("Svaret är större än {max} byte. Välj färre rader eller kolumner, eller hämta tabellerna som filer."),
        format!("The answer is larger than {max} bytes. Select fewer rows or columns, or take the tables as files."),
    )
}

/// As many columns as a format can have, each with a name of its own.
fn few_columns(schema: &Schema, sql: &str) -> Result<(), Refusal> {
    if schema.fields().len() > limit::COLUMNS_MAX {
        let max = limit::COLUMNS_MAX;
        return Err(Refusal::new(
            Code::ComplexityLimit,
            format!("Svaret har fler än {max} kolumner."),
            format!("The answer has more than {max} columns."),
        ));
    }
    let mut seen = BTreeSet::new();
    match schema.fields().iter().find(|field| !seen.insert(field.name().as_str())) {
        Some(twice) => Err(error::ambiguous(twice.name(), sql)),
        None => Ok(()),
    }
}

/// Numbers that every format can write, and texts that people can read.
fn finite_and_short(column: &Arc<dyn Array>) -> Result<(), Refusal> {
    if column.data_type().is_floating() {
        let column = cast(column, &DataType::Float64).unwrap_or_else(|_| Arc::clone(column));
        let numbers = column.as_primitive_opt::<Float64Type>();
        if numbers.is_some_and(|numbers| numbers.iter().flatten().any(|number| !number.is_finite())) {
            return Err(error::not_finite());
        }
    }
    let longest = match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().iter().flatten().map(str::len).max(),
        DataType::LargeUtf8 => column.as_string::<i64>().iter().flatten().map(str::len).max(),
        DataType::Utf8View => column.as_string_view().iter().flatten().map(str::len).max(),
        _ => None,
    };
    if longest.unwrap_or(0) > limit::TEXT_BYTES_MAX {
        let max = limit::TEXT_BYTES_MAX;
        return Err(Refusal::new(
            Code::ByteLimit,
            format!("En text i svaret är längre än {max} byte."),
            format!("A text of the answer is longer than {max} bytes."),
        ));
    }
    Ok(())
}
