//! The bench of `score`: ten years of microdata to the sums of cells, beside `DuckDB` on the same files and on a long layout.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use datafusion::arrow::{
    array::{ArrayRef, Int16Array, StringArray},
    datatypes::{DataType, Field, Schema},
};
use serde_json::{Value, json};

use mognad::{
    disclosure::Unprotected,
    microdata::{self, Receipt},
    model::Year,
    register::Register,
    score::{self, Cells, Engine, Execution},
    store::{PrivateStore, path},
    table::Table,
};

use crate::{Bench, RUNS, child, duckdb::DuckDb, measure::Runs, report, report::Unit, survey::Surveys};

/// Organisations of a group; what is left over is in the whole only.
const GROUP: usize = 28;

/// What the peak memory has to stay below, in megabytes.
const PEAK_MEGABYTES: f64 = 1000.0;

/// `DuckDB`'s scripts, what they run on and what they have to be slower by.
const PEERS: [(&str, &str, &str, Option<f64>); 3] = [
    ("scores_wide.sql", "wide", "DuckDB, the same files", Some(1.0)),
    ("scores_long.sql", "long", "DuckDB, a row per answer", Some(5.0)),
    ("scores_long_plain.sql", "long", "DuckDB, a row per answer, plain SQL", None),
];

/// Everything that a computation reads.
struct Input {
    store: PrivateStore,
    receipts: Vec<Receipt>,
    memberships: Table,
    panels: Table,
}

impl Input {
    /// The last of the years that the store has; all, or so many.
    async fn read(surveys: &Surveys, store: PrivateStore, years: usize) -> anyhow::Result<Self> {
        let mut chosen = Surveys::years();
        chosen.drain(..chosen.len() - years);
        let receipts: Vec<Receipt> = microdata::active(&store, &surveys.instrument().id)
            .await?
            .into_iter()
            .filter(|receipt| chosen.contains(&receipt.year))
            .collect();
        anyhow::ensure!(receipts.len() == years, "the store has {} of {years} surveys", receipts.len());
        let memberships = memberships(&surveys.register, &chosen, true)?;
        let panels = memberships_of_panels(&surveys.register, &chosen)?;
        Ok(Self { store, receipts, memberships, panels })
    }

    /// Where the parts are, oldest year first.
    fn files(&self, surveys: &Surveys, folder: &Path) -> Vec<PathBuf> {
        let id = &surveys.instrument().id;
        let parts = self.receipts.iter().flat_map(|receipt| &receipt.parts);
        let mut files: Vec<PathBuf> =
            parts.map(|part| folder.join(path::microdata(id, part.year, &part.digest).as_ref())).collect();
        files.sort();
        files
    }
}

pub(crate) async fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = bench.fresh("scores")?;
    let private = folder.join("private");
    let store = PrivateStore::open(&private.display().to_string())?;
    let mut respondents = 0;
    // microdata are made anew by every bench, so that they are what this code writes
    for year in Surveys::years() {
        let file = bench.surveys.file(year, 1)?;
        report::tell(&format!("  ingesting {year}"));
        respondents += bench.surveys.ingest(&store, &file, year).await?.report.rows_accepted;
    }
    let all = Input::read(&bench.surveys, store.clone(), Surveys::years().len()).await?;
    let one = Input::read(&bench.surveys, store, 1).await?;
    let layouts = layouts(bench, &folder, &all, &private)?;

    let (mut ours, mut ours_one, mut organisations) = (Runs::default(), Runs::default(), Runs::default());
    let mut theirs = vec![Runs::default(); PEERS.len()];
    for run in 0..=RUNS {
        report::tell(&format!("  run {run} of {RUNS}"));
        let done = timed(&bench.surveys, &all, bench.threads).await?;
        ours.add(run, done.seconds);
        organisations.add(run, done.organisations);
        ours_one.add(run, timed(&bench.surveys, &one, bench.threads).await?.seconds);
        if run == 0 {
            keep(done.cells, &folder)?;
        }
        let Some(peer) = &mut bench.peer else { continue };
        for (at, (script, layout, _, _)) in PEERS.iter().enumerate() {
            peer.ask(json!({ "do": "open", "view": "answers", "files": layouts[layout] }))?;
            theirs[at].add(run, peer.seconds(json!({ "do": "scores", "script": script }))?);
            if run == 0 {
                let found = peer.ask(json!({ "do": "compare_scores", "ours": folder }))?;
                let equal = ["cells", "classes", "matched"].iter().all(|table| found[*table]["different"] == 0);
                bench.report.equality(&format!("scores, {script}"), equal, &told(&found));
            }
        }
    }

    let work = format!("scores and cells, ten years, {respondents} respondents");
    for (at, (script, _, name, asked)) in PEERS.iter().enumerate() {
        let peer = bench.peer.is_some().then_some(&theirs[at]);
        bench.report.compare(&work, Unit::Seconds, &ours, (name, peer), *asked);
        if let Some(peer) = peer {
            bench.report.spread(&format!("scores, {script}"), Unit::Seconds, peer);
        }
    }
    let (ten, single) = (ours.median(), ours_one.median());
    let linear = ("linear: at most 10", ten <= 10.0 * single);
    bench.report.limit("scores and cells, ten years", Unit::Seconds, ten, Some(("ours, one year", single)), linear);
    bench.report.spread("scores, ours, ten years", Unit::Seconds, &ours);
    bench.report.spread("scores, ours, of which to organisations' scores", Unit::Seconds, &organisations);
    bench.report.spread("scores, ours, one year", Unit::Seconds, &ours_one);

    report::tell("  peak memory");
    let answer = child::ask("scores", &[bench.folder.as_os_str(), private.as_os_str()])?;
    let peak = answer["peak_bytes"].as_f64().unwrap_or(f64::NAN) / 1e6;
    let below = format!("below {PEAK_MEGABYTES} MB");
    let name = "scores and cells, ten years, peak memory";
    bench.report.limit(name, Unit::Megabytes, peak, None, (&below, peak < PEAK_MEGABYTES));
    Ok(())
}

/// Hands memberships and panels to the peer, and gives its files by layout; the long one is written from the wide one.
fn layouts(bench: &mut Bench, folder: &Path, all: &Input, private: &Path) -> anyhow::Result<Value> {
    let wide = all.files(&bench.surveys, private);
    let Some(peer) = &mut bench.peer else { return Ok(Value::Null) };
    for (view, table) in [("memberships", &all.memberships), ("panels", &all.panels)] {
        let file = folder.join(format!("{view}.parquet"));
        fs::write(&file, table.to_parquet()?)?;
        peer.ask(json!({ "do": "open", "view": view, "files": [file] }))?;
    }
    report::tell("  writing the long layout");
    let long = peer.ask(json!({ "do": "lengthen", "files": wide, "to": folder.join("long") }))?;
    let rows = |peer: &mut DuckDb, files: &Value| -> anyhow::Result<Value> {
        Ok(peer.ask(json!({ "do": "open", "view": "answers", "files": files }))?["rows"].clone())
    };
    let layouts = json!({ "wide": wide, "long": long["files"] });
    let (wide, long) = (rows(peer, &layouts["wide"])?, rows(peer, &layouts["long"])?);
    bench.report.note(format!("scores: the wide layout has {wide} rows, the long one {long}"));
    Ok(layouts)
}

/// A computation that has been timed.
struct Done {
    seconds: f64,
    /// Seconds to organisations' scores.
    organisations: f64,
    cells: Cells,
}

/// Scores and cells, and how long they took from listed receipts to computed sums.
async fn timed(surveys: &Surveys, input: &Input, threads: usize) -> anyhow::Result<Done> {
    let (sql, policy) = (&surveys.definitions.sql, &surveys.definitions.policy);
    let nonce = format!("bench-{}", jiff::Timestamp::now().as_microsecond());
    let engine = Engine::open(&input.store, &nonce, &Execution::local(threads)).await?;
    let started = Instant::now();
    let scores =
        score::organisations(&engine, &input.store, sql, surveys.instrument(), policy, &input.receipts, &|_| {})
            .await?
            .scores;
    let organisations = started.elapsed().as_secs_f64();
    let cells = score::cells(&engine, sql, policy, scores, &input.memberships, &input.panels).await?;
    let seconds = started.elapsed().as_secs_f64();
    score::sweep(&input.store, "bench-", jiff::Timestamp::now()).await?;
    Ok(Done { seconds, organisations, cells })
}

/// Writes our sums where the peer finds them.
fn keep(cells: Cells, folder: &Path) -> anyhow::Result<()> {
    for (name, table) in [("cells", cells.sums), ("classes", cells.classes), ("matched", cells.matched)] {
        fs::write(folder.join(format!("{name}.parquet")), opened(table)?.to_parquet()?)?;
    }
    Ok(())
}

/// Takes a table out of its wrapper, as only a judge may: the survey is synthetic, and its sums stay in the bench's folder.
fn opened(table: Unprotected<Table>) -> anyhow::Result<Table> {
    let mut out = None;
    let _ = table.map(|table| out = Some(table));
    out.context("the wrapper held nothing")
}

fn told(found: &Value) -> String {
    let tables = ["cells", "classes", "matched"].map(|name| {
        let table = &found[name];
        format!("{name}: {} rows, {} different, by at most {}", table["rows"], table["different"], table["largest"])
    });
    tables.join("; ")
}

/// A fixed grouping of every year: groups of 28 in the order of ids, if wanted, and the whole.
fn memberships(register: &Register, years: &[Year], groups: bool) -> anyhow::Result<Table> {
    let ids: Vec<&str> = register.organisations.keys().map(mognad::model::OrganisationId::as_str).collect();
    let whole = ids.len() / GROUP * GROUP;
    let (mut group_ids, mut organisations, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for year in years {
        for (at, id) in ids.iter().enumerate() {
            let own = (groups && at < whole).then(|| format!("group-{:02}", at / GROUP));
            for group in own.into_iter().chain(["whole".to_owned()]) {
                group_ids.push(group);
                organisations.push(*id);
                numbers.push(year.number() as i16);
            }
        }
    }
    let schema = Schema::new(vec![
        Field::new("group_id", DataType::Utf8, false),
        Field::new("organisation", DataType::Utf8, false),
        Field::new("year", DataType::Int16, false),
    ]);
    let columns: Vec<ArrayRef> = vec![
        std::sync::Arc::new(StringArray::from(group_ids)),
        std::sync::Arc::new(StringArray::from(organisations)),
        std::sync::Arc::new(Int16Array::from(numbers)),
    ];
    Ok(Table::from_columns(schema, columns)?)
}

/// The whole, in every year that has one before it.
fn memberships_of_panels(register: &Register, years: &[Year]) -> anyhow::Result<Table> {
    memberships(register, years.get(1..).unwrap_or_default(), false)
}

/// The work of a child process: scores and cells of all years, once.
pub(crate) async fn in_child(folder: &str, store: &str) -> anyhow::Result<Value> {
    let surveys = Surveys::new(Path::new(folder))?;
    let input = Input::read(&surveys, PrivateStore::open(store)?, Surveys::years().len()).await?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let done = timed(&surveys, &input, threads).await?;
    Ok(json!({ "seconds": done.seconds }))
}
