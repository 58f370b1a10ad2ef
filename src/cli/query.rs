//! `mognad query`: one SQL query over the published tables.

use clap::Args;
use jiff::Timestamp;

use super::{Outcome, output, places::Public};
use crate::{
    query::{self, Parameters},
    release,
};

/// Arguments of `query`.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// The query, such as: `select group_id, mean from figures where indicator = 'index' and year = 2020`
    sql: String,
    #[command(flatten)]
    public: Public,
    /// How rows are printed
    #[arg(long, value_enum, default_value = "table")]
    format: output::RowFormat,
}

impl Query {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let release = release::open(&self.public.existing()?, Timestamp::now())
            .await?
            .ok_or_else(|| anyhow::anyhow!("nothing has been published yet; run `mognad publish` first"))?;
        let rows = query::run(&release, &self.sql, &Parameters::new())?;
        output::rows(&rows, self.format)?;
        Ok(Outcome::Done)
    }
}
