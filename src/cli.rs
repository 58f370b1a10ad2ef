//! The command line: one file per command; what a command does is done elsewhere.

mod asked;
mod check;
mod demo;
mod doctor;
mod ingest;
mod key;
mod limits;
mod log;
mod output;
mod places;
mod publish;
mod query;
mod receipts;
mod releases;
mod sample;
mod serve;
mod shell;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use log::{LogFormat, subscriber};

use crate::{ingest::IngestError, key::KeyError, publish::PublishError, query::QueryError, release::ReleaseError};

/// How a command ended, if not by an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Something was found, or refused.
    Findings,
}

impl Outcome {
    /// 0 for done, 1 for findings or a refusal.
    pub fn exit_code(self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Findings => ExitCode::from(1),
        }
    }
}

/// Arguments that do not fit together or name what there is not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

/// 1 where the data or the policy refuse, 2 for misuse (as clap has it), 3 for a failure.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    let refused = match error.downcast_ref::<PublishError>() {
        Some(PublishError::Nothing | PublishError::TooFew(_) | PublishError::NoWitnesses { .. }) => true,
        Some(PublishError::Release(cause)) => matches!(cause, ReleaseError::Conflict(_)),
        _ => matches!(error.downcast_ref(), Some(QueryError::Refused(_))),
    };
    let misuse = error.is::<Misuse>()
        || matches!(error.downcast_ref(), Some(ReleaseError::Unknown(_)))
        || matches!(error.downcast_ref(), Some(KeyError::Unknown(_) | KeyError::Full(_)))
        || matches!(
            error.downcast_ref(),
            Some(IngestError::UnknownReceipt { .. } | IngestError::OtherRound { .. } | IngestError::Superseded { .. })
        );
    ExitCode::from(match (refused, misuse) {
        (true, _) => 1,
        (_, true) => 2,
        _ => 3,
    })
}

/// A national benchmarking data service with anonymised comparisons.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sample a national survey, ingest it, publish it and serve it: everything at once, with synthetic data
    Demo(demo::Demo),
    /// Check definitions, and survey files if any are named; nothing is written
    Check(check::Check),
    /// Make synthetic survey files
    Sample(sample::Sample),
    /// Take survey files into the private store
    Ingest(ingest::Ingest),
    /// List survey files taken in, by receipt
    Receipts(receipts::Receipts),
    /// Build a release from everything ingested, and commit it
    Publish(publish::Publish),
    /// Serve the current release over HTTP
    Serve(serve::Serve),
    /// Run one SQL query over the published tables
    Query(query::Query),
    /// Type queries over the published tables, one after the other
    Shell(shell::Shell),
    /// Run queries for a server, which starts and stops it
    #[command(name = crate::query::SUBCOMMAND, hide = true)]
    QueryWorker,
    /// Try whether the stores do what publishing relies on; what is written for it is removed again
    Doctor(doctor::Doctor),
    /// Give organisations keys to their own results, list them, take them back
    Key(key::Keys),
    /// List, show, verify or withdraw releases
    Releases(releases::Releases),
}

impl Cli {
    /// The form of the log, if the command was asked for one.
    pub fn log(&self) -> Option<LogFormat> {
        if let Command::Serve(command) = &self.command { command.log() } else { None }
    }

    /// Runs the command to its end.
    pub fn run(self) -> anyhow::Result<Outcome> {
        // it has threads of its own
        if let Command::QueryWorker = self.command {
            crate::query::work()?;
            return Ok(Outcome::Done);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            match self.command {
                Command::Demo(command) => command.run().await,
                Command::Check(command) => command.run().await,
                Command::Sample(command) => command.run(),
                Command::Ingest(command) => command.run().await,
                Command::Receipts(command) => command.run().await,
                Command::Publish(command) => command.run().await,
                Command::Serve(command) => command.run().await,
                Command::Query(command) => command.run().await,
                Command::Shell(command) => command.run().await,
                Command::QueryWorker => Ok(Outcome::Done),
                Command::Doctor(command) => command.run().await,
                Command::Key(command) => command.run().await,
                Command::Releases(command) => command.run().await,
            }
        })
    }
}
