//! In which form the program logs; what is logged is decided where it happens.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// The form of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A JSON object on each line
    Json,
    /// Lines for people
    Text,
}

/// What writes the log. `MOGNAD_LOG` says what is in it (as the crate tracing-subscriber has it, such as `debug`); without it
/// there are warnings, and a line for each request where a form was asked for.
pub fn subscriber<W>(format: Option<LogFormat>, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let usual = if format.is_some() { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("MOGNAD_LOG").unwrap_or_else(|_| usual.into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match format {
        Some(LogFormat::Json) => Box::new(log.json().flatten_event(true).with_span_list(false).finish()),
        _ => Box::new(log.with_ansi(std::io::stderr().is_terminal()).finish()),
    }
}
