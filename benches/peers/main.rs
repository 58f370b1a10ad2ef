//! `cargo bench`: each stage beside its peer on the same data, as one table of ratios; what is measured is in a module per stage.
//!
//! `cargo bench` runs all stages, `cargo bench -- figures` one of them. Data are kept in a temporary folder, or in the folder
//! that `MOGNAD_BENCH_DIR` names, where a later run finds its survey files again. `MOGNAD_BENCH_ORGANISATIONS` (1600 unless
//! set) makes everything smaller, for trying out. The peer `DuckDB` runs in Python; see `duckdb`.

mod child;
mod client;
mod duckdb;
mod figures;
mod gate;
mod ingest;
mod latency;
mod load;
mod measure;
mod report;
mod roapi;
mod scale;
mod scores;
mod sql;
mod survey;
mod witness;
mod wrk;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;

use duckdb::DuckDb;
use report::Report;
use survey::Surveys;

/// The program's own allocator, so that what is measured is the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measured runs of each work, after one that is not counted.
const RUNS: usize = 5;

const STAGES: [&str; 8] = ["ingest", "scores", "gate", "witness", "figures", "sql", "load", "scale"];

/// What every stage works with.
struct Bench {
    folder: PathBuf,
    threads: usize,
    surveys: Surveys,
    /// None where there is no Python with `DuckDB`; then there are figures without ratios.
    peer: Option<DuckDb>,
    report: Report,
}

impl Bench {
    /// An empty folder of this name; what was in it is removed.
    fn fresh(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == child::FLAG => runtime().and_then(|own| own.block_on(child::run(rest))),
        _ if !arguments.iter().any(|argument| argument == "--bench") => {
            // so that `cargo test --all-targets` does not measure for minutes what it was not asked for
            eprintln!("nothing is measured: run `cargo bench`");
            Ok(true)
        }
        _ => stages(&arguments).and_then(|stages| runtime()?.block_on(run(&stages))),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// The stages asked for; all of them where none is named.
fn stages(arguments: &[String]) -> anyhow::Result<Vec<&str>> {
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|argument| *argument != "--bench").collect();
    if let Some(unknown) = named.iter().find(|name| !STAGES.contains(name)) {
        anyhow::bail!("there is no stage `{unknown}`; there are {}", STAGES.join(", "));
    }
    Ok(STAGES.into_iter().filter(|stage| named.is_empty() || named.contains(stage)).collect())
}

/// Runs the stages and prints the table. False where a stage failed or answers differ from the peer's.
async fn run(stages: &[&str]) -> anyhow::Result<bool> {
    let temporary = env::var_os("MOGNAD_BENCH_DIR").is_none().then(tempfile::tempdir).transpose()?;
    let named = env::var_os("MOGNAD_BENCH_DIR").map(PathBuf::from);
    let folder = temporary.as_ref().map(|own| own.path().to_owned()).or(named).unwrap_or_default();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let folder = folder.canonicalize()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut bench = Bench {
        surveys: Surveys::new(&folder)?,
        peer: duckdb_of(stages, &folder, threads),
        report: Report::default(),
        folder,
        threads,
    };
    bench.report.note(format!("{threads} threads for us and for DuckDB; {} build", build()));
    bench.report.note(bench.surveys.description());
    if let Some(peer) = &bench.peer {
        bench.report.note(format!("DuckDB {}, default settings", peer.version));
    }
    for stage in stages {
        report::tell(&format!("{stage}:"));
        let done = match *stage {
            "ingest" => ingest::run(&mut bench).await,
            "scores" => scores::run(&mut bench).await,
            "gate" => gate::run(&mut bench),
            "witness" => witness::run(&mut bench),
            "figures" => figures::run(&mut bench).await,
            "sql" => sql::run(&mut bench).await,
            "scale" => scale::run(&mut bench),
            _ => load::run(&mut bench).await,
        };
        // what the other stages found is told all the same
        if let Err(error) = done {
            report::tell(&format!("  {error:#}"));
            bench.report.failed(stage, &error);
        }
    }
    bench.report.print();
    Ok(!bench.report.wrong)
}

fn duckdb_of(stages: &[&str], folder: &Path, threads: usize) -> Option<DuckDb> {
    if !stages.iter().any(|stage| ["ingest", "scores", "sql"].contains(stage)) {
        return None;
    }
    DuckDb::start(folder, threads).inspect_err(|error| eprintln!("DuckDB is left out: {error:#}")).ok()
}

fn build() -> &'static str {
    if cfg!(debug_assertions) { "debug (its figures mean nothing)" } else { "release" }
}
