//! Parses the command line, starts tracing, runs the command and turns its outcome into an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Computing on columns takes and gives back memory all the time; the system's allocator hands much of it to the system and back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = mognad::cli::Cli::parse();
    mognad::cli::subscriber(cli.log(), std::io::stderr).init();
    match cli.run() {
        Ok(outcome) => outcome.exit_code(),
        Err(error) => {
            // the cause is part of each message already; the chain is for MOGNAD_LOG=debug
            tracing::debug!(?error, "failed");
            eprintln!("mognad: {error}");
            mognad::cli::exit_code(&error)
        }
    }
}
