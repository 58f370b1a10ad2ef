//! What commands print: results to standard output, progress to standard error; a closed pipe ends a command quietly.

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write as _, stderr, stdout},
    time::Duration,
};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use crate::encode::{Grid, Value};

/// Prints a line of results.
pub(super) fn line(text: impl AsRef<str>) {
    let mut out = stdout().lock();
    // whoever reads has seen enough
    if writeln!(out, "{}", text.as_ref()).is_err() {
        std::process::exit(0);
    }
}

/// Tells what is going on: a turning wheel on a terminal, plain lines elsewhere.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new() -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(
                ProgressStyle::with_template("{spinner} {msg} [{elapsed}]")
                    .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            );
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar }
    }

    pub(super) fn tell(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(text.to_owned()),
            None => eprintln!("{text}"),
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RowFormat {
    /// A table for people.
    Table,
    /// Comma-separated values.
    Csv,
    /// A JSON array of objects.
    Json,
}

/// Rows as a table for people.
pub(super) fn table(grid: &Grid) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(grid.columns.iter().map(ToString::to_string));
    for row in &grid.rows {
        table.add_row(row.iter().map(|value| if *value == Value::Null { "–".to_owned() } else { text(value) }));
    }
    table.to_string()
}

/// Prints rows.
pub(super) fn rows(grid: &Grid, format: RowFormat) -> anyhow::Result<()> {
    match format {
        RowFormat::Table => {
            line(self::table(grid));
        }
        RowFormat::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(grid.columns.iter().map(|name| &**name))?;
            for row in &grid.rows {
                writer.write_record(row.iter().map(text))?;
            }
            line(String::from_utf8_lossy(&writer.into_inner()?).trim_end());
        }
        RowFormat::Json => {
            let rows: Vec<BTreeMap<&str, &Value>> =
                grid.rows.iter().map(|row| grid.columns.iter().map(|name| &**name).zip(row).collect()).collect();
            line(serde_json::to_string_pretty(&rows)?);
        }
    }
    Ok(())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
    }
}
