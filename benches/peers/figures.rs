//! The bench of `http`: one cell from `/v1/figures`, beside the same bytes without any of our work, behind our loop and without it.

use std::{fs, net::SocketAddr, path::Path, process::Child, time::Duration};

use anyhow::Context as _;
use axum::{Router, http::header, response::IntoResponse as _, routing::get};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::watch};

use mognad::{
    http::{self, App, Limits},
    model::{Sector, Year},
    publish::{self, Order},
    query::Workers,
    register::RegisterSource,
    release::ReleaseKind,
    sample::Plan,
    score::Execution,
    store::{PrivateStore, PublicStore},
};

use crate::{Bench, RUNS, child, client::Question, measure, measure::Runs, report, report::Unit};

const TARGET: &str = "/v1/figures?instrument=digital-maturity&indicator=index&group=sector:municipality&year=2020";
const CONNECTIONS: usize = 64;
const WARM: Duration = Duration::from_millis(500);
const WINDOW: Duration = Duration::from_secs(3);

/// Who answers: we, a handler that has the bytes behind our loop and middleware, and the same without these.
const HANDLERS: [&str; 3] = ["ours", "constant", "bare"];

/// A server in a process of its own, so that its processor time can be told from the client's.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(handler: &str, data: &Path) -> anyhow::Result<Self> {
        let (process, line) = child::start("serve", &[handler.as_ref(), data.as_os_str()])?;
        let address = line.parse().with_context(|| format!("the server of {handler} does not listen"))?;
        Ok(Self { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it ends with its input; there is nobody to tell if it does not
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

pub(crate) async fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = bench.fresh("figures")?;
    let public = folder.join("public");
    release(bench, &folder, &public).await?;
    let ours = Server::start(HANDLERS[0], &public)?;
    let question = Question::new(ours.address, TARGET).await?;
    let answer: serde_json::Value = serde_json::from_slice(question.body())?;
    let rows = answer["data"].as_array().map_or(0, Vec::len);
    anyhow::ensure!(rows == 1, "{TARGET} gives {rows} cells: {answer}");
    let body = folder.join("body");
    fs::write(&body, question.body())?;
    let servers = [ours, Server::start(HANDLERS[1], &body)?, Server::start(HANDLERS[2], &body)?];

    let mut rates = vec![Runs::default(); HANDLERS.len()];
    let mut costs = rates.clone();
    for run in 0..=RUNS {
        report::tell(&format!("  run {run} of {RUNS}"));
        for (at, server) in servers.iter().enumerate() {
            let spent = || measure::processor_time(server.process.id());
            let rate = question.rate(server.address, CONNECTIONS, WARM, WINDOW, spent).await?;
            rates[at].add(run, rate.per_second);
            costs[at].add(run, rate.processor_us);
        }
    }
    let work = format!("/v1/figures, one cell, {CONNECTIONS} connections");
    let behind = "constant bytes behind our loop and middleware";
    bench.report.compare(&work, Unit::RequestsPerSecond, &rates[0], (behind, Some(&rates[1])), Some(0.5));
    bench.report.compare(
        &work,
        Unit::RequestsPerSecond,
        &rates[0],
        ("constant bytes, bare axum", Some(&rates[2])),
        None,
    );
    let work = "/v1/figures, processor time of the server for each request";
    bench.report.compare(work, Unit::MicrosecondsPerRequest, &costs[0], (behind, Some(&costs[1])), None);
    for (at, handler) in HANDLERS.iter().enumerate() {
        bench.report.spread(&format!("figures, {handler}"), Unit::RequestsPerSecond, &rates[at]);
    }
    let (limits, usual) = (limits(), Limits::default());
    bench.report.note(format!(
        "figures: every answer was the same {} bytes; the client runs beside the server on the same cores; {} connections from one address are let in (usually {}), {} in all",
        question.body().len(),
        limits.connections_per_address_max,
        usual.connections_per_address_max,
        limits.connections_max,
    ));
    Ok(())
}

/// A small release: two years of 120 municipalities.
pub(crate) async fn release(bench: &Bench, folder: &Path, public: &Path) -> anyhow::Result<()> {
    let surveys = &bench.surveys;
    let register = RegisterSource::BuiltIn.load()?;
    let years = [2019, 2020].map(Year::try_from).into_iter().collect::<Result<Vec<Year>, _>>()?;
    let mut plan = Plan::new(1, years, [Sector::Municipality]);
    plan.organisations_max = Some(120);
    plan.respondents = 8;
    plan.participation_first = 1.0;
    plan.participation = 1.0;
    let private = PrivateStore::open(&folder.join("private").display().to_string())?;
    for &year in &plan.years {
        let file = surveys.written(&register, folder, &plan, year)?;
        surveys.ingest_of(&register, &private, &file, year).await?;
    }
    let order = Order {
        definitions: &surveys.definitions,
        register: &register,
        kind: ReleaseKind::Final,
        embargo_until: None,
        now: Timestamp::now(),
        execution: Execution::local(bench.threads),
        dry_run: false,
        witnesses: publish::Witnesses::Skipped,
    };
    publish::publish(&private, &PublicStore::open(&public.display().to_string())?, &order, &|_| {}).await?;
    Ok(())
}

/// The usual limits, but for those on one address, where all requests come from: they are counted and never too many.
fn limits() -> Limits {
    let usual = Limits::default();
    let (requests_per_second, requests_burst) = (1_000_000, 1_000_000);
    Limits { connections_per_address_max: usual.connections_max, requests_per_second, requests_burst, ..usual }
}

/// The work of a child process: serves on a free port, which it prints, until its input is closed.
pub(crate) async fn in_child(handler: &str, data: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    report::answer(&listener.local_addr()?.to_string());
    let stopped = async {
        // whether it is closed or broken, nobody is there any more
        let _ = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await;
    };
    if handler == HANDLERS[0] {
        let current = http::open(&PublicStore::open(data)?, Timestamp::now()).await?;
        let (_kept, editions) = watch::channel(current);
        let workers = Workers::new(env!("CARGO_BIN_EXE_mognad").into(), limits().query);
        let router = http::router(App::new(editions).with_limits(limits()).with_workers(workers));
        return Ok(http::serve(listener, router, limits(), stopped).await?);
    }
    let body = Bytes::from(fs::read(data)?);
    let constant = move || async move { ([(header::CONTENT_TYPE, "application/json")], body).into_response() };
    // the layers have a fallback of their own
    let router = Router::new().route("/{*rest}", get(constant));
    if handler == HANDLERS[1] {
        let (_kept, nothing) = watch::channel(None);
        let router = http::layered(router, &App::new(nothing).with_limits(limits()));
        return Ok(http::serve(listener, router, limits(), stopped).await?);
    }
    Ok(axum::serve(listener, router).with_graceful_shutdown(stopped).await?)
}
