//! The third door to [`Safe`]: whatever is computed from published tables alone is as safe as they are.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{
    datasource::MemTable,
    execution::context::{SQLOptions, SessionConfig, SessionContext},
};

use super::{DisclosureError, Safe};
use crate::table::Table;

/// A session into which only published tables can be registered, so that what it computes is published too.
pub struct PublicSession {
    context: SessionContext,
}

impl std::fmt::Debug for PublicSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicSession")
    }
}

impl PublicSession {
    /// A session over published tables, in the schema `published`.
    pub fn new(tables: &BTreeMap<String, Safe<Table>>) -> Result<Self, DisclosureError> {
        let config = SessionConfig::new()
            .with_default_catalog_and_schema("mognad", "published")
            .with_information_schema(false)
            .with_target_partitions(1);
        let context = SessionContext::new_with_config(config);
        for (name, table) in tables {
            let batch = table.get().batch().clone();
            let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(|_| DisclosureError::Session)?;
            context.register_table(name.as_str(), Arc::new(table)).map_err(|_| DisclosureError::Session)?;
        }
        Ok(Self { context })
    }

    /// Runs one read-only query.
    pub async fn run(&self, sql: &str) -> Result<Safe<Table>, datafusion::error::DataFusionError> {
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        let frame = self.context.sql_with_options(sql, options).await?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await?;
        let schema = batches.first().map_or(schema, datafusion::arrow::array::RecordBatch::schema);
        let table = Table::from_batches(&schema, &batches)
            .map_err(|error| datafusion::error::DataFusionError::External(Box::new(error)))?;
        Ok(Safe::seal(table))
    }
}
