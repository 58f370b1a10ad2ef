//! The bench of `query`: the worked examples in SQL beside `DuckDB` in its own process and `roapi`, and figures while the worst queries run.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use mognad::{
    definition, http,
    query::{self, Parameter},
    store::PublicStore,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    Bench, RUNS, figures,
    figures::Server,
    latency::{self, Asking},
    measure::Runs,
    report,
    report::Unit,
    roapi::{self, Roapi},
};

const CONNECTIONS: usize = 16;
const WARM: Duration = Duration::from_secs(1);
const WINDOW: Duration = Duration::from_secs(4);

/// What is asked for figures while the worst queries run.
const FIGURES: &str = "/v1/figures?instrument=digital-maturity&indicator=index&group=sector:municipality&year=2020";
/// Readers of figures, who look at one before they ask for the next.
const READERS: usize = 4;
const LOOKING: Duration = Duration::from_millis(5);
/// Who asks the worst queries.
const HOSTILE: usize = 8;

/// Queries that go on until they are stopped, for their time, their memory and the length of their answers.
const WORST: [&str; 4] = [
    "select count(*) as n from group_members as a join group_members as b on a.instrument = b.instrument join group_members as c on c.instrument = b.instrument",
    "select count(distinct a.organisation || b.organisation || a.group_id || b.group_id) as n from group_members as a join group_members as b on a.instrument = b.instrument",
    "select a.organisation as x, b.organisation as y from group_members as a join group_members as b on a.instrument = b.instrument order by 2, 1",
    "select a.organisation as x, b.organisation as y from group_members as a join group_members as b on a.instrument = b.instrument",
];

/// An example with its parameters in place.
struct Example {
    name: &'static str,
    sql: String,
}

pub(crate) async fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = bench.fresh("sql")?;
    let public = folder.join("public");
    figures::release(bench, &folder, &public).await?;
    let ours = Server::start("ours", &public)?;
    let files = files(&public).await?;
    let all: Vec<Example> = query::examples()
        .iter()
        .map(|own| Example { name: &own.name, sql: in_place(&own.sql, &own.values()) })
        .collect();
    let ready = latency::once(ours.address, &asked(ours.address, &all[0].sql, 0)).await?.1;
    fs::write(folder.join("body"), ready)?;
    let constant = Server::start("constant", &folder.join("body"))?;

    beside_duckdb(bench, &ours, &constant, &files, &all).await?;
    match roapi_of(bench, &folder, &files) {
        Ok(roapi) => beside_roapi(bench, &ours, &roapi, &all).await?,
        Err(error) => report::tell(&format!("  no roapi: {error:#}")),
    }
    under_the_worst(bench, &ours).await
}

/// Medians of the time to an answer: what was asked before is asked with a remark of its own, so that nothing is kept.
async fn beside_duckdb(
    bench: &mut Bench,
    ours: &Server,
    constant: &Server,
    files: &[(String, PathBuf)],
    all: &[Example],
) -> anyhow::Result<()> {
    let views: Vec<(String, String)> = definition::queries("view").into_iter().map(|own| (own.name, own.sql)).collect();
    if let Some(peer) = &mut bench.peer {
        peer.ask(json!({ "do": "load", "files": files, "views": views }))?;
    }
    let texts: Arc<Vec<String>> = Arc::new(all.iter().map(|own| own.sql.clone()).collect());
    let anew = asking(ours.address, Arc::clone(&texts), true);
    let again = asking(ours.address, Arc::clone(&texts), false);
    let behind = asking(constant.address, Arc::clone(&texts), false);
    let mut runs: [Runs; 4] = Default::default();
    let mut rates: [Runs; 2] = Default::default();
    for run in 0..=RUNS {
        report::tell(&format!("  run {run} of {RUNS}"));
        let seen = anew.run(WARM, WINDOW).await?;
        runs[0].add(run, seen.within(0.5));
        rates[0].add(run, seen.per_second);
        runs[1].add(run, again.run(WARM, WINDOW).await?.within(0.5));
        runs[2].add(run, behind.run(WARM, WINDOW).await?.within(0.5));
        if let Some(peer) = &mut bench.peer {
            let told = peer.ask(json!({
                "do": "queries", "texts": &*texts, "connections": CONNECTIONS, "seconds": WINDOW.as_secs_f64(),
            }))?;
            runs[3].add(run, told["median_ms"].as_f64().context("the peer told no time")?);
            rates[1].add(run, told["per_second"].as_f64().context("the peer told no rate")?);
        }
    }
    let work = format!("{} examples in SQL, {CONNECTIONS} connections, asked anew", all.len());
    let peer = bench.peer.is_some().then(|| runs[3].median());
    let least = runs[2].median();
    let met = peer.is_some_and(|peer| runs[0].median() <= 2.0 * peer + least);
    let allowed = format!("twice DuckDB's and {least:.2} ms, ready bytes by HTTP");
    bench.report.limit(
        &work,
        Unit::Milliseconds,
        runs[0].median(),
        peer.map(|peer| ("DuckDB in its own process, tables in memory", peer)),
        (&allowed, met),
    );
    bench.report.limit(
        "the same, asked before",
        Unit::Milliseconds,
        runs[1].median(),
        Some(("ready bytes", least)),
        ("reported", true),
    );
    let duckdb = bench.peer.is_some().then_some(&rates[1]);
    bench.report.compare(&work, Unit::RequestsPerSecond, &rates[0], ("DuckDB", duckdb), None);
    for (name, own) in ["anew", "asked before", "ready bytes", "DuckDB"].iter().zip(&runs) {
        bench.report.spread(&format!("sql, {name}, median"), Unit::Milliseconds, own);
    }
    Ok(())
}

/// Requests a second on the examples that both can answer.
async fn beside_roapi(bench: &mut Bench, ours: &Server, roapi: &Roapi, all: &[Example]) -> anyhow::Result<()> {
    let (mut texts, mut left) = (Vec::new(), Vec::new());
    for own in all {
        let theirs =
            latency::once(roapi.address, &latency::post(roapi.address, "/api/sql", "text/plain", &own.sql)).await?;
        let mine = latency::once(ours.address, &asked(ours.address, &own.sql, 0)).await?.1;
        let mine: Value = serde_json::from_slice(&mine)?;
        let rows = mine["data"].as_array().map_or(0, Vec::len);
        let theirs = theirs.0.then(|| serde_json::from_slice::<Value>(&theirs.1).ok()).flatten();
        match theirs.as_ref().and_then(Value::as_array) {
            Some(theirs) if theirs.len() == rows => texts.push(own.sql.clone()),
            _ => left.push(own.name),
        }
    }
    ensure!(texts.len() >= 20, "roapi answers only {} examples", texts.len());
    let texts = Arc::new(texts);
    let mine = asking(ours.address, Arc::clone(&texts), true);
    let address = roapi.address;
    let own = Arc::clone(&texts);
    let request: latency::Write =
        Arc::new(move |at| latency::post(address, "/api/sql", "text/plain", &own[at % own.len()]));
    let theirs = Asking { address, request, ..mine.clone() };
    let again = asking(ours.address, Arc::clone(&texts), false);
    let mut rates: [Runs; 3] = Default::default();
    for run in 0..=RUNS {
        for (asking, rates) in [&again, &mine, &theirs].into_iter().zip(&mut rates) {
            rates.add(run, asking.run(WARM, WINDOW).await?.per_second);
        }
    }
    let work = format!("{} examples in SQL that roapi answers too, {CONNECTIONS} connections", texts.len());
    let peer = (&*roapi.version, Some(&rates[2]));
    bench.report.compare(&work, Unit::RequestsPerSecond, &rates[0], peer, Some(3.0));
    let anew = "the same, each asked anew, so that no answer is there already";
    bench.report.compare(anew, Unit::RequestsPerSecond, &rates[1], peer, None);
    bench
        .report
        .note(format!("sql: roapi has no views of ours, and gives nothing or other rows for {}", left.join(", ")));
    Ok(())
}

/// How long figures take while the worst queries run.
async fn under_the_worst(bench: &mut Bench, ours: &Server) -> anyhow::Result<()> {
    let address = ours.address;
    let figures = Asking {
        address,
        request: Arc::new(move |_| latency::get(address, FIGURES)),
        connections: READERS,
        pause: LOOKING,
        must_succeed: true,
    };
    let worst = Asking {
        address,
        request: Arc::new(move |at| asked(address, WORST[at % WORST.len()], at + 1)),
        connections: HOSTILE,
        pause: Duration::ZERO,
        must_succeed: false,
    };
    let (mut alone, mut beside, mut last) = (Runs::default(), Runs::default(), [Runs::default(), Runs::default()]);
    for run in 0..=RUNS {
        let seen = figures.run(WARM, WINDOW).await?;
        alone.add(run, seen.within(0.5));
        last[0].add(run, seen.within(0.99));
        let mut tasks = JoinSet::new();
        let stop = worst.until(&mut tasks);
        let seen = figures.run(WARM, WINDOW).await?;
        beside.add(run, seen.within(0.5));
        last[1].add(run, seen.within(0.99));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
    }
    for (name, alone, beside) in [
        ("figures while the worst queries run, median", alone.median(), beside.median()),
        ("the same, 99th percentile", last[0].median(), last[1].median()),
    ] {
        let met = beside <= 2.0 * alone;
        bench.report.limit(name, Unit::Milliseconds, beside, Some(("alone", alone)), ("twice", met));
    }
    Ok(())
}

/// Texts asked in turn, with a remark of its own each or as they are.
fn asking(address: SocketAddr, texts: Arc<Vec<String>>, is_new: bool) -> Asking {
    let begun = Timestamp::now().as_nanosecond() as usize;
    let counted = Arc::new(std::sync::atomic::AtomicUsize::new(begun));
    let request: latency::Write = Arc::new(move |at| {
        let remark = if is_new { counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } else { 0 };
        asked(address, &texts[at % texts.len()], remark)
    });
    Asking { address, request, connections: CONNECTIONS, pause: Duration::ZERO, must_succeed: true }
}

fn asked(address: SocketAddr, sql: &str, remark: usize) -> Vec<u8> {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &format!("{sql} -- {remark}")).finish();
    latency::get(address, &format!("/v1/sql?{query}"))
}

/// A query with its parameters written as values, as peers need it.
fn in_place(sql: &str, parameters: &query::Parameters) -> String {
    let mut text = sql.to_owned();
    // the longest first, since one name may begin another
    let mut names: Vec<&String> = parameters.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        let value = match &parameters[name] {
            Parameter::Text(own) => format!("'{}'", own.replace('\'', "''")),
            Parameter::Null => "null".to_owned(),
            Parameter::Flag(own) => own.to_string(),
            Parameter::Whole(own) => own.to_string(),
            Parameter::Number(own) => own.to_string(),
        };
        text = text.replace(&format!(":{name}"), &value);
    }
    text.trim().to_owned()
}

/// The release's tables as files: as they are published, but for the log, which is no file.
async fn files(public: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let store = PublicStore::open(&public.display().to_string())?;
    let served = http::open(&store, Timestamp::now()).await?.context("nothing is published")?;
    let release = &served.edition.release;
    let mut files = Vec::new();
    for (name, table) in &release.tables {
        let entry = release.manifest.tables.iter().find(|entry| entry.name == *name);
        let file = if let Some(entry) = entry {
            public.join("data").join(format!("{}.parquet", entry.digest))
        } else {
            let file = public.with_file_name(format!("{name}.parquet"));
            fs::write(&file, table.file())?;
            file
        };
        files.push((name.clone(), file));
    }
    Ok(files)
}

fn roapi_of(bench: &Bench, folder: &Path, files: &[(String, PathBuf)]) -> anyhow::Result<Roapi> {
    let program = roapi::program(&bench.folder.join("roapi"))?;
    Roapi::start(&program, &folder.join("roapi"), files)
}
