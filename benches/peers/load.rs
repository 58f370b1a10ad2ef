//! The bench of load: what the faces serve, asked by `wrk`, beside the same bytes ready made behind our loop and middleware, and `roapi`.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use mognad::{http, store::PublicStore};
use serde_json::Value;

use crate::{
    Bench, RUNS,
    client::Question,
    figures::{self, Server},
    measure,
    measure::Runs,
    report,
    report::Unit,
    roapi::{self, Roapi},
    wrk,
};

const CONNECTIONS: usize = 64;
const WINDOW: Duration = Duration::from_secs(3);

/// Requests after which memory must not have grown.
const MANY: f64 = 1e6;

/// What is asked of each face: its name, the address, and the least share of what ready bytes reach.
const WORK: [(&str, &str, f64); 5] = [
    ("figures", "/v1/figures?instrument=digital-maturity&indicator=index&group=sector:municipality&year=2020", 0.5),
    (
        "comparisons",
        "/v1/comparisons?instrument=digital-maturity&indicator=index&organisation=municipality-1881&peers=similar:12",
        0.5,
    ),
    (
        "PxWeb data",
        "/pxweb/api/v2/tables/figures-digital-maturity/data?valueCodes[indicator]=index&valueCodes[group_id]=sector:municipality&valueCodes[ContentsCode]=mean&valueCodes[Tid]=*",
        0.25,
    ),
    ("Kolada data", "/kolada/v3/data/kpi/{kpi}/year/2020", 0.25),
    ("start page", "/en", 0.2),
];

/// Pages that are made anew, at addresses that nobody has asked for: what stands before a number that is put in.
const PAGES: [(&str, &str); 3] = [
    ("comparison", "/jamfor?organisation=municipality-1881&peers=similar:12&value="),
    ("measure", "/matt/digital-maturity/{indicator}?group="),
    ("report", "/rapport?organisation=municipality-1881&peers=similar:"),
];

/// How many addresses of each.
const PAGES_OF_EACH: usize = 40;

pub(crate) async fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = bench.fresh("load")?;
    let public = folder.join("public");
    figures::release(bench, &folder, &public).await?;
    let ours = Server::start("ours", &public)?;
    let mut rates: Vec<[Runs; 2]> = vec![Default::default(); WORK.len()];
    let mut roapi_rates = Runs::default();
    let (mut medians, mut lasts) = (vec![Runs::default(); WORK.len()], vec![Runs::default(); WORK.len()]);
    let roapi = started(&bench.folder, &folder, &public)
        .await
        .inspect_err(|error| report::tell(&format!("  no roapi: {error:#}")))
        .ok();
    let mut work = Vec::new();
    for (at, (_, target, _)) in WORK.iter().enumerate() {
        let target = target.replace("{kpi}", &kpi(&ours).await?);
        let question = Question::new(ours.address, &target).await?;
        let body = folder.join(format!("body-{at}"));
        fs::write(&body, question.body())?;
        work.push((target, Server::start("constant", &body)?, question.body().len()));
    }
    for run in 0..=RUNS {
        report::tell(&format!("  run {run} of {RUNS}"));
        for (at, (target, constant, _)) in work.iter().enumerate() {
            let own = wrk::run(ours.address, target, CONNECTIONS, WINDOW)?;
            rates[at][0].add(run, own.per_second);
            medians[at].add(run, own.median_ms);
            lasts[at].add(run, own.last_percent_ms);
            rates[at][1].add(run, wrk::run(constant.address, target, CONNECTIONS, WINDOW)?.per_second);
        }
    }
    // by itself, since it goes on for a while with what nobody waits for any more
    if let Some((roapi, target)) = &roapi {
        for run in 0..=RUNS {
            roapi_rates.add(run, wrk::run(roapi.address, target, CONNECTIONS, WINDOW)?.per_second);
        }
    }
    for (at, (name, _, asked)) in WORK.iter().enumerate() {
        let behind = "the same bytes behind our loop and middleware";
        let text = format!("{name}, {} bytes, {CONNECTIONS} connections", work[at].2);
        bench.report.compare(
            &text,
            Unit::RequestsPerSecond,
            &rates[at][0],
            (behind, Some(&rates[at][1])),
            Some(*asked),
        );
        let (median, last) = (medians[at].median(), lasts[at].median());
        let met = last < 10.0 * median;
        bench.report.limit(
            &format!("{name}, 99th percentile"),
            Unit::Milliseconds,
            last,
            Some(("median", median)),
            ("below ten times the median", met),
        );
    }
    let peer = roapi.as_ref().map(|_| &roapi_rates);
    let name = roapi.as_ref().map_or("roapi", |(roapi, _)| roapi.version.as_str()).to_owned();
    bench.report.compare(
        "figures, the same cell of the same file",
        Unit::RequestsPerSecond,
        &rates[0][0],
        (&name, peer),
        Some(50.0),
    );
    pages(bench, &ours).await?;
    memory(bench, &ours, &work[0].0)
}

/// How long a page takes that was never made before, from the request to the last byte, one after the other.
async fn pages(bench: &mut Bench, ours: &Server) -> anyhow::Result<()> {
    let measures = Question::new(ours.address, "/v1/indicators?instrument=digital-maturity&limit=100").await?;
    let measures: Value = serde_json::from_slice(measures.body())?;
    let measures: Vec<&str> = measures["data"]
        .as_array()
        .context("no measures")?
        .iter()
        .filter_map(|own| own["indicator"].as_str())
        .collect();
    for (name, start) in PAGES {
        let mut times = Vec::new();
        for at in 0..PAGES_OF_EACH {
            let end = match name {
                "comparison" => format!("{}", 10.5 + at as f64),
                "measure" => ["all", "sector:municipality"][at % 2].to_owned(),
                _ => (8 + at).to_string(),
            };
            let target = format!("{}{end}", start.replace("{indicator}", measures[at / 2 % measures.len()]));
            let begun = Instant::now();
            let page = Question::new(ours.address, &target).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            ensure!(page.body().ends_with(b"</html>"), "{target} is no page");
        }
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        let work = format!("a page on a {name} that was never asked for");
        bench.report.limit(&work, Unit::Milliseconds, median, None, ("below 5 ms", median < 5.0));
    }
    Ok(())
}

/// The memory of the server before and after many requests.
fn memory(bench: &mut Bench, ours: &Server, target: &str) -> anyhow::Result<()> {
    let before = measure::memory_of(ours.process.id())?;
    let mut asked = 0.0;
    while asked < MANY {
        asked += wrk::run(ours.address, target, CONNECTIONS, Duration::from_secs(10))?.requests;
    }
    let after = measure::memory_of(ours.process.id())?;
    let met = after < before * 1.05 + 8e6;
    bench.report.limit(
        &format!("memory of the server after {asked:.0} more requests"),
        Unit::Megabytes,
        after / 1e6,
        Some(("before", before / 1e6)),
        ("flat", met),
    );
    Ok(())
}

/// The id of the headline's KPI.
async fn kpi(ours: &Server) -> anyhow::Result<String> {
    let question = Question::new(ours.address, "/kolada/v3/kpi").await?;
    let answer: Value = serde_json::from_slice(question.body())?;
    answer["values"][0]["id"].as_str().map(str::to_owned).context("no KPI is served")
}

/// `roapi` over the release's own file, and the address at which it gives the cell that we are asked for.
async fn started(bench_folder: &Path, folder: &Path, public: &Path) -> anyhow::Result<(Roapi, String)> {
    let program = roapi::program(&bench_folder.join("roapi"))?;
    let store = PublicStore::open(&public.display().to_string())?;
    let served = http::open(&store, Timestamp::now()).await?.context("nothing is published")?;
    let tables = &served.edition.release.manifest.tables;
    let entry = tables.iter().find(|entry| entry.name == "figures").context("no figures are published")?;
    let file = public.join("data").join(format!("{}.parquet", entry.digest));
    let roapi = Roapi::start(&program, &folder.join("roapi"), &[("figures".to_owned(), file)])?;
    let target = "/api/tables/figures?filter[instrument]='digital-maturity'&filter[indicator]='index'&filter[group_id]='sector:municipality'&filter[year]=2020";
    let done = Command::new("curl").args(["-gs", &format!("http://{}{target}", roapi.address)]).output()?;
    let rows: Value = serde_json::from_slice(&done.stdout).context("roapi answers with no JSON")?;
    ensure!(rows.as_array().is_some_and(|rows| rows.len() == 1), "roapi gives other rows: {rows}");
    Ok((roapi, target.to_owned()))
}
