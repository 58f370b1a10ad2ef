//! The third door to [`Safe`]: whatever is computed from published tables alone is as safe as they are.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{
    arrow::array::RecordBatch,
    datasource::{MemTable, ViewTable},
    error::DataFusionError,
    execution::{
        SessionState, SessionStateBuilder, SessionStateDefaults, context::SessionContext, runtime_env::RuntimeEnv,
    },
    logical_expr::{AggregateUDF, LogicalPlan, ScalarUDF, WindowUDF},
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{ExecutionPlan, execute_stream},
    prelude::SessionConfig,
    sql::{parser, sqlparser::ast::Statement},
};
use futures::StreamExt as _;

use super::{DisclosureError, Safe};
use crate::table::Table;

/// Rows of a batch of a table: as many as operators take at once, so that none copies a part of a large one again and again.
const BATCH_ROWS: usize = 8_192;

/// How a session is set: nothing that is not named here is in it.
#[derive(Debug)]
pub struct Setting {
    /// Options.
    pub config: SessionConfig,
    /// Memory and files.
    pub runtime: Arc<RuntimeEnv>,
    /// What is done to a physical plan before it is run, in this order.
    pub rules: Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>>,
    /// Functions of a row.
    pub scalar: Vec<Arc<ScalarUDF>>,
    /// Functions of a group of rows.
    pub aggregate: Vec<Arc<AggregateUDF>>,
    /// Functions of a window of rows.
    pub window: Vec<Arc<WindowUDF>>,
}

/// A session into which only published tables can be registered, so that what it computes is published too.
pub struct PublicSession {
    context: SessionContext,
}

impl std::fmt::Debug for PublicSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicSession")
    }
}

/// A query as a session understood it.
#[derive(Debug)]
pub struct Planned(LogicalPlan);

impl Planned {
    /// The plan.
    pub fn logical(&self) -> &LogicalPlan {
        &self.0
    }
}

/// A query that is ready to be run by the session that prepared it.
#[derive(Debug)]
pub struct Prepared(Arc<dyn ExecutionPlan>);

impl Prepared {
    /// The plan.
    pub fn physical(&self) -> &Arc<dyn ExecutionPlan> {
        &self.0
    }
}

impl PublicSession {
    /// A session over published tables.
    pub fn new(tables: &BTreeMap<String, Safe<Table>>, setting: Setting) -> Result<Self, DisclosureError> {
        let state = SessionStateBuilder::new()
            .with_config(setting.config)
            .with_runtime_env(setting.runtime)
            .with_expr_planners(SessionStateDefaults::default_expr_planners())
            .with_physical_optimizer_rules(setting.rules)
            .with_scalar_functions(setting.scalar)
            .with_aggregate_functions(setting.aggregate)
            .with_window_functions(setting.window)
            .build();
        let context = SessionContext::new_with_state(state);
        for (name, table) in tables {
            // what files say of columns does not hold for what is computed from them
            let table = table.get().plain()?;
            let batch = table.batch();
            let rows = batch.num_rows();
            let parts =
                (0..rows).step_by(BATCH_ROWS).map(|from| batch.slice(from, BATCH_ROWS.min(rows - from))).collect();
            let table = MemTable::try_new(batch.schema(), vec![parts]).map_err(|_| DisclosureError::Session)?;
            context.register_table(name.as_str(), Arc::new(table)).map_err(|_| DisclosureError::Session)?;
        }
        Ok(Self { context })
    }

    fn state(&self) -> SessionState {
        self.context.state()
    }

    /// Adds a view, which is a query over what is there.
    pub async fn add_view(&self, name: &str, statement: Statement) -> Result<(), DataFusionError> {
        let Planned(plan) = self.plan(statement).await?;
        self.context.register_table(name, Arc::new(ViewTable::new(plan, None)))?;
        Ok(())
    }

    /// Plans a query.
    pub async fn plan(&self, statement: Statement) -> Result<Planned, DataFusionError> {
        let statement = parser::Statement::Statement(Box::new(statement));
        Ok(Planned(self.state().statement_to_plan(statement).await?))
    }

    /// Decides how a planned query is run.
    pub async fn prepare(&self, planned: Planned) -> Result<Prepared, DataFusionError> {
        Ok(Prepared(self.state().create_physical_plan(&planned.0).await?))
    }

    /// Runs a query, and has its rows looked at as they come: what is refused is not waited for.
    pub async fn collect<E>(
        &self,
        prepared: Prepared,
        mut look: impl FnMut(&RecordBatch) -> Result<(), E>,
        failed: impl Fn(DataFusionError) -> E,
    ) -> Result<Safe<Table>, E> {
        let mut stream = execute_stream(prepared.0, self.context.task_ctx()).map_err(&failed)?;
        let schema = stream.schema();
        let mut batches = Vec::new();
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(&failed)?;
            look(&batch)?;
            batches.push(batch);
        }
        let table = Table::from_batches(&schema, &batches);
        table.map(Safe::seal).map_err(|error| failed(DataFusionError::External(Box::new(error))))
    }
}
