//! `mognad shell`: queries typed one after the other, with completion and history; who answers them is `asked`'s.

mod prompt;

use std::{ffi::OsString, path::PathBuf};

use clap::Args;
use rustyline::{CompletionType, Config, Editor, error::ReadlineError, history::FileHistory};

use super::{
    Outcome,
    asked::{Asked, Source, parameter},
    output,
};
use crate::{
    definition::{self, TableText},
    encode,
    query::{self, Parameters},
};
use prompt::Prompt;

/// Lines that are remembered.
const HISTORY_MAX: usize = 1_000;

/// What the prompt itself understands.
const HELP: &str = "\
  select …;        run a query, which may be written on several lines
  \\d               tables and views
  \\d NAME          columns of one of them
  \\set NAME=VALUE  a value for :NAME in queries
  \\q               leave";

/// Arguments of `shell`.
#[derive(Debug, Args)]
pub(super) struct Shell {
    #[command(flatten)]
    asked: Asked,
    /// Where what was typed is remembered; an empty name remembers nothing
    #[arg(long, value_name = "FILE", env = "MOGNAD_HISTORY", default_value_os_t = history().into_os_string())]
    history: OsString,
}

fn history() -> PathBuf {
    std::env::home_dir().map(|home| home.join(".mognad_history")).unwrap_or_default()
}

impl Shell {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let source = self.asked.open().await?;
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .max_history_size(HISTORY_MAX)?
            .history_ignore_space(true)
            .build();
        let mut editor: Editor<Prompt, FileHistory> = Editor::with_config(config)?;
        editor.set_helper(Some(Prompt::new()));
        let history = Some(PathBuf::from(self.history)).filter(|file| !file.as_os_str().is_empty());
        if let Some(file) = history.as_deref().filter(|file| file.exists()) {
            editor.load_history(file)?;
        }
        let mut parameters = Parameters::new();
        loop {
            match editor.readline("mognad> ") {
                Ok(typed) if typed.trim().is_empty() => {}
                Ok(typed) => {
                    editor.add_history_entry(&typed)?;
                    if let Some(file) = &history {
                        editor.append_history(file)?;
                    }
                    match typed.trim() {
                        "\\q" | "exit" | "quit" => return Ok(Outcome::Done),
                        command if command.starts_with('\\') => told(command, &mut parameters),
                        sql => answered(&source, sql, &parameters).await,
                    }
                }
                // what is half written is given up, and the shell is not
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(Outcome::Done),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Runs a query and prints its rows, or why there are none.
async fn answered(source: &Source, sql: &str, parameters: &Parameters) {
    // values stay set from one query to the next, and a query need not have a place for each
    let named = |name: &str| sql.match_indices(':').any(|(at, _)| sql[at + 1..].starts_with(name));
    let parameters =
        parameters.iter().filter(|(name, _)| named(name)).map(|(name, value)| (name.clone(), value.clone()));
    let rows = source.answer(sql, &parameters.collect(), "arrow").await;
    match rows.and_then(|bytes| Ok(encode::rows_of_stream(&bytes)?)) {
        Ok(grid) => {
            output::line(output::table(&grid));
            output::line(match grid.rows.len() {
                1 => "1 row".to_owned(),
                rows => format!("{rows} rows"),
            });
        }
        Err(error) => output::line(error.to_string()),
    }
}

/// Tables and views in words.
fn tables() -> impl Iterator<Item = &'static TableText> {
    definition::tables().iter().filter(|own| own.published || query::views().any(|view| view == own.id))
}

/// Does what is no query.
fn told(command: &str, parameters: &mut Parameters) {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    match (name, rest.trim()) {
        ("\\d", "") => {
            for own in tables() {
                output::line(format!("{:<28} {}", own.id, own.title.en));
            }
        }
        ("\\d", named) => match tables().find(|own| own.id == named) {
            Some(own) => {
                output::line(&own.text.en);
                for (column, said) in &own.columns {
                    output::line(format!("  {column:<26} {:<8} {}", said.kind.word(), said.title.en));
                }
            }
            None => output::line(format!("there is no table {named}; \\d lists them")),
        },
        ("\\set", pair) => match parameter(pair) {
            Ok((name, value)) => drop(parameters.insert(name, value)),
            Err(error) => output::line(error.to_string()),
        },
        _ => output::line(HELP),
    }
}
