//! The bench of `ingest`: a survey file with all checks, beside `DuckDB` turning the same file into Parquet without any.

use std::{path::Path, time::Instant};

use serde_json::json;

use mognad::{
    ingest::{Outcome, Stored},
    microdata,
    model::Year,
    store::{PrivateStore, path},
};

use crate::{Bench, RUNS, child, measure::Runs, report, report::Unit, survey::Surveys};

/// What the peak memory has to stay below, in megabytes.
const PEAK_MEGABYTES: f64 = 500.0;

/// How much higher the peak may be for a file ten times as long, to be called flat.
const FLAT: f64 = 1.25;

/// Year of the survey.
fn year() -> anyhow::Result<Year> {
    Ok(Year::try_from(2020)?)
}

pub(crate) async fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let year = year()?;
    let file = bench.surveys.file(year, 1)?;
    let parquet = bench.folder.join("ingest.parquet");
    let (mut ours, mut theirs) = (Runs::default(), Runs::default());
    let mut last = None;
    for run in 0..=RUNS {
        report::tell(&format!("  run {run} of {RUNS}"));
        let folder = bench.fresh("ingest")?;
        let store = PrivateStore::open(&folder.display().to_string())?;
        let started = Instant::now();
        let outcome = bench.surveys.ingest(&store, &file, year).await?;
        ours.add(run, started.elapsed().as_secs_f64());
        last = Some((folder, store, outcome));
        if let Some(peer) = &mut bench.peer {
            theirs.add(run, peer.seconds(json!({ "do": "ingest", "csv": file, "parquet": parquet }))?);
        }
    }
    let Some((folder, store, outcome)) = last else { return Ok(()) };
    anyhow::ensure!(matches!(outcome.stored, Stored::Added(_)), "nothing was ingested: {:?}", outcome.report);
    let size = std::fs::metadata(&file)?.len() as f64 / 1e6;
    bench.report.note(format!(
        "ingest: {} of {} rows accepted from {size:.1} MB, {}",
        outcome.report.rows_accepted,
        outcome.report.rows_read,
        findings(&outcome)
    ));
    equality(bench, &folder, &store, &parquet).await?;

    let work = format!("ingest, {} respondents, all checks", outcome.report.rows_accepted);
    let peer = bench.peer.is_some().then_some(&theirs);
    let name = "DuckDB read_csv to Parquet, no checks";
    bench.report.compare(&work, Unit::Seconds, &ours, (name, peer), Some(1.0));
    bench.report.spread("ingest, ours", Unit::Seconds, &ours);
    if let Some(peer) = peer {
        bench.report.spread("ingest, DuckDB", Unit::Seconds, peer);
    }
    memory(bench, &file, year)
}

fn findings(outcome: &Outcome) -> String {
    if outcome.report.counts.is_empty() {
        return "no findings".to_owned();
    }
    let counts: Vec<String> = outcome.report.counts.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    format!("findings: {}", counts.join(", "))
}

/// Compares the number and the sum of answers to every question.
async fn equality(bench: &mut Bench, folder: &Path, store: &PrivateStore, parquet: &Path) -> anyhow::Result<()> {
    let Some(peer) = &mut bench.peer else { return Ok(()) };
    let questions = bench.surveys.questions();
    let parts: Vec<_> = microdata::active(store, &bench.surveys.instrument().id)
        .await?
        .iter()
        .flat_map(|receipt| &receipt.parts)
        .map(|part| folder.join(path::microdata(&bench.surveys.instrument().id, part.year, &part.digest).as_ref()))
        .collect();
    let found =
        peer.ask(json!({ "do": "compare_ingest", "ours": parts, "parquet": parquet, "questions": questions }))?;
    let equal = found["rows"][0] == found["rows"][1] && found["different"].as_array().is_some_and(Vec::is_empty);
    let detail = format!(
        "{} and {} rows, {} questions by number and sum of answers, different: {}",
        found["rows"][0],
        found["rows"][1],
        questions.len(),
        found["different"]
    );
    bench.report.equality("ingest", equal, &detail);
    Ok(())
}

/// Peak memory in processes of their own, for the file and for one ten times as long.
fn memory(bench: &mut Bench, file: &Path, year: Year) -> anyhow::Result<()> {
    let mut peaks = Vec::new();
    for times in [1, 10] {
        let file = if times == 1 { file.to_owned() } else { bench.surveys.file(year, times)? };
        let folder = bench.fresh("ingest")?;
        report::tell(&format!("  peak memory, file of {} MB", file.metadata()?.len() / 1_000_000));
        let answer = child::ask("ingest", &[bench.folder.as_os_str(), file.as_os_str(), folder.as_os_str()])?;
        let peak = answer["peak_bytes"].as_f64().unwrap_or(f64::NAN) / 1e6;
        let seconds = answer["seconds"].as_f64().unwrap_or(f64::NAN);
        bench.report.note(format!("ingest in a process of its own: {} rows in {seconds:.2} s", answer["rows"]));
        peaks.push(peak);
    }
    let below = format!("below {PEAK_MEGABYTES} MB");
    let name = "ingest, peak memory";
    bench.report.limit(name, Unit::Megabytes, peaks[0], None, (&below, peaks[0] < PEAK_MEGABYTES));
    let flat = peaks[1] < PEAK_MEGABYTES && peaks[1] <= FLAT * peaks[0];
    let name = "ingest, peak memory, ten times the file";
    let asked = format!("{below}, flat (at most {FLAT})");
    bench.report.limit(name, Unit::Megabytes, peaks[1], Some(("ours, the file", peaks[0])), (&asked, flat));
    Ok(())
}

/// The work of a child process: one ingest into an empty store.
pub(crate) async fn in_child(folder: &str, file: &str, store: &str) -> anyhow::Result<serde_json::Value> {
    let surveys = Surveys::new(Path::new(folder))?;
    let store = PrivateStore::open(store)?;
    let started = Instant::now();
    let outcome = surveys.ingest(&store, Path::new(file), year()?).await?;
    anyhow::ensure!(matches!(outcome.stored, Stored::Added(_)), "nothing was ingested: {:?}", outcome.report);
    let seconds = started.elapsed().as_secs_f64();
    Ok(json!({ "seconds": seconds, "rows": outcome.report.rows_accepted }))
}
