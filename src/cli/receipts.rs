//! `mognad receipts`: which survey files count and which have been replaced; what is in them is told by nothing here.

use std::collections::BTreeSet;

use clap::Args;

use super::{
    Outcome, output,
    places::{Knowledge, Private},
};
use crate::{
    encode::{Grid, Value},
    microdata,
    model::Digest,
};

/// Arguments of `receipts`.
#[derive(Debug, Args)]
pub(super) struct Receipts {
    #[command(flatten)]
    knowledge: Knowledge,
    #[command(flatten)]
    private: Private,
    /// How rows are printed
    #[arg(long, value_enum, default_value = "table")]
    format: output::RowFormat,
}

impl Receipts {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let (definitions, store) = (self.knowledge.definitions()?, self.private.existing()?);
        let mut grid =
            Grid::new(&["instrument", "year", "round", "kind", "receipt", "rows", "ingested_at", "replaced"]);
        for instrument in definitions.instruments.keys() {
            let mut receipts = microdata::receipts(&store, instrument).await?;
            let replaced: BTreeSet<Digest> = receipts.iter().flat_map(|receipt| receipt.supersedes.clone()).collect();
            receipts.sort_by(|a, b| (a.year, a.round, &a.created_at).cmp(&(b.year, b.round, &b.created_at)));
            for receipt in receipts {
                grid.rows.push(vec![
                    Value::text(instrument.as_str()),
                    Value::Whole(i64::from(receipt.year.number())),
                    Value::Whole(i64::from(receipt.round)),
                    Value::text(receipt.kind.word()),
                    Value::text(receipt.id.as_str()),
                    Value::Whole(receipt.rows_accepted as i64),
                    Value::text(&receipt.created_at),
                    Value::Flag(replaced.contains(&receipt.id)),
                ]);
            }
        }
        output::rows(&grid, self.format)?;
        Ok(Outcome::Done)
    }
}
