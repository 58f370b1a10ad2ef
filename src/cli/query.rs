//! `mognad query`: one SQL query over the published tables of a store or of a running service, in any format that holds rows.

use std::{
    io::{IsTerminal as _, Read as _, Write as _, stdin, stdout},
    path::PathBuf,
};

use clap::{Args, builder::PossibleValuesParser};

use super::{
    Misuse, Outcome,
    asked::{Asked, parameter},
    output,
};
use crate::{
    encode::{self, FORMATS},
    query::Parameters,
};

/// The format that people read.
const TABLE: &str = "table";

/// Arguments of `query`.
#[derive(Debug, Args)]
pub(super) struct Query {
    /// The query, such as: `select group_id, mean from figures where indicator = 'index' and year = :year`; `-` reads it from
    /// standard input
    sql: String,
    /// A value for :NAME in the query; may be given several times
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    #[command(flatten)]
    asked: Asked,
    /// How rows are written
    #[arg(long, value_name = "FORMAT", default_value = TABLE, value_parser = formats())]
    format: String,
    /// File to write to, rather than standard output
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// The formats that hold rows.
fn formats() -> PossibleValuesParser {
    let names = FORMATS.iter().filter(|format| !format.is_cube()).map(|format| format.name());
    PossibleValuesParser::new([TABLE].into_iter().chain(names))
}

impl Query {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let sql = match &*self.sql {
            "-" => {
                let mut text = String::new();
                stdin().read_to_string(&mut text)?;
                text
            }
            text => text.to_owned(),
        };
        let mut parameters = Parameters::new();
        for pair in &self.parameters {
            let (name, value) = parameter(pair)?;
            parameters.insert(name, value);
        }
        // tables are drawn here, of what a machine would read
        let format = if self.format == TABLE { "arrow" } else { &self.format };
        let bytes = self.asked.open().await?.answer(&sql, &parameters, format).await?;
        if self.format == TABLE {
            let table = output::table(&encode::rows_of_stream(&bytes)?);
            match self.to {
                Some(file) => std::fs::write(file, table + "\n")?,
                None => output::line(table),
            }
            return Ok(Outcome::Done);
        }
        match self.to {
            Some(file) => std::fs::write(file, &bytes)?,
            None if stdout().is_terminal() && std::str::from_utf8(&bytes).is_err() => {
                return Err(Misuse(format!("{format} is not for a terminal; name a file with --to")).into());
            }
            None => stdout().lock().write_all(&bytes)?,
        }
        Ok(Outcome::Done)
    }
}
