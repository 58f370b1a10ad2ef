//! Queries in SQL over HTTP and in processes of their own: the same rows in every format, stopped at limits, and nothing else
//! touched. What is let through is in `tests/slt/sql.slt`.

use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mognad::{
    definition::{self, Definitions, Source},
    encode::{Grid, Meta},
    model::{Digest, Language, Text},
    query::{self, Code, Engine, NotAnswered, Parameter, Parameters, QueryLimits, Question, Tables, Workers, deeply},
    release::{self, Release},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

use crate::{
    api::{get, json, settled, shared},
    fixture::{Fixture, moment},
};

pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_mognad"))
}

async fn posted(router: &Router, path: &str, content_type: &str, body: &str) -> (Response<()>, Vec<u8>) {
    let request = Request::post(path).header(header::HOST, "mognad.test").header(header::CONTENT_TYPE, content_type);
    let response = router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

fn address(sql: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", sql).extend_pairs(pairs).finish();
    format!("/v1/sql?{query}")
}

const TREND: &str = "select year, mean, status, mean > 45 as high, mean / 2.0 as half from figures
where indicator = 'index' and group_id = :group and year >= :year order by year";

const VALUES: [(&str, &str); 2] = [("group", "all"), ("year", "2019")];

#[tokio::test(flavor = "multi_thread")]
async fn an_address_and_a_body_ask_the_same() {
    let router = &shared().await.router;
    let (response, by_address) = get(router, &address(TREND, &VALUES), &[]).await;
    assert_eq!(response.status(), StatusCode::OK, "{}", String::from_utf8_lossy(&by_address));
    let (other, by_text) = posted(router, "/v1/sql?group=all&year=2019", "application/sql; charset=utf-8", TREND).await;
    assert_eq!((other.status(), &by_text), (StatusCode::OK, &by_address));
    assert_eq!(response.headers()[header::ETAG], other.headers()[header::ETAG]);
    let document = json!({ "q": TREND, "parameters": { "group": "all", "year": 2019 } }).to_string();
    let (_, by_document) = posted(router, "/v1/sql", "application/json", &document).await;
    assert_eq!(by_document, by_address);
    let body: Value = serde_json::from_slice(&by_address).unwrap();
    let figures = json(router, "/v1/figures?indicator=index&group=all&year=2019-2020").await;
    let of = |body: &Value, name: &str| -> Vec<Value> {
        body["data"].as_array().unwrap().iter().map(|row| row[name].clone()).collect()
    };
    assert_eq!(of(&body, "mean"), of(&figures, "mean"));
    assert_eq!(
        (body["page"]["total"].as_u64(), body["release"]["id"].clone()),
        (Some(2), figures["release"]["id"].clone())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_has_the_same_rows() {
    let router = &shared().await.router;
    let body = json(router, &address(TREND, &VALUES)).await;
    let expected: Vec<Vec<Value>> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| ["year", "mean", "status", "high", "half"].map(|name| row[name].clone()).to_vec())
        .collect();
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let whole = |text: &str| text.parse::<f64>().map_or_else(|_| text.to_lowercase(), |number| number.to_string());
    for format in ["csv", "excel-sv", "xlsx", "parquet", "arrow"] {
        let pairs = [&VALUES[..], &[("format", format)]].concat();
        let (response, bytes) = get(router, &address(TREND, &pairs), &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{format}: {}", String::from_utf8_lossy(&bytes));
        let disposition = response.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert!(disposition.starts_with("attachment; filename=\"query-"), "{disposition}");
        let rows = crate::formats::rows_of(format, &bytes);
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row[..5].iter().map(|cell| whole(cell)).collect()).collect();
        let expected: Vec<Vec<String>> =
            expected.iter().map(|row| row.iter().map(|value| whole(&plain(value))).collect()).collect();
        assert_eq!(rows, expected, "{format}");
    }
    for format in ["jsonstat", "px", "sdmx-csv"] {
        let pairs = [&VALUES[..], &[("format", format)]].concat();
        let (response, _) = get(router, &address(TREND, &pairs), &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE, "{format}: an answer to a query is no cube");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_answer_is_not_given_it_again() {
    let service = shared().await;
    let path = address("select count(*) as n from groups", &[]);
    let (first, _) = get(&service.router, &path, &[]).await;
    let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    let built = service.editions.borrow().as_ref().unwrap().built();
    let (again, body) = get(&service.router, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(service.editions.borrow().as_ref().unwrap().built(), built);
    let (csv, _) = get(&service.router, &format!("{path}&format=csv"), &[("if-none-match", &tag)]).await;
    assert_eq!(csv.status(), StatusCode::OK);
    let release = service.editions.borrow().as_ref().unwrap().edition.meta.release.to_string();
    let (fixed, _) = get(&service.router, &format!("{path}&release={release}"), &[]).await;
    assert_eq!(fixed.headers()[header::CACHE_CONTROL], "public, max-age=86400, immutable");
    // the log goes on, so that what is read of it is not for ever
    let path = address("select count(*) as n from releases", &[("release", &release)]);
    let (log, _) = get(&service.router, &path, &[]).await;
    assert_eq!(log.headers()[header::CACHE_CONTROL], "public, max-age=60");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_what_to_do_and_where() {
    let router = &shared().await.router;
    let mut told = String::new();
    for sql in [
        "select meen\nfrom figures",
        "select * from figurs",
        "select roundd(mean) from figures",
        "select mean from figures where",
        "drop table figures",
        "select * from figures for update",
        "select 1 / 0",
        "select :year",
        "select * from '/etc/passwd'",
        "select a.mean as x from figures as a, figures as b",
    ] {
        for language in ["sv", "en"] {
            let (response, body) = get(router, &address(sql, &[("lang", language)]), &[]).await;
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
            let text = settled(&response, &String::from_utf8(body).unwrap());
            let problem: Value = serde_json::from_str(&text).unwrap();
            let place = match (&problem["line"], &problem["column"]) {
                (Value::Null, _) => String::new(),
                (line, column) => format!(" at {line}:{column}"),
            };
            writeln!(
                told,
                "{sql:?}\n  {} {}{place}\n  {}",
                response.status().as_u16(),
                problem["reason"].as_str().unwrap(),
                problem["detail"].as_str().unwrap()
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!("query_refusals", told);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_badly_is_refused_before_a_worker_sees_it() {
    let router = &shared().await.router;
    for (path, status) in [
        ("/v1/sql", 400),
        ("/v1/sql?q=", 400),
        ("/v1/sql?q=select+1&q=select+2", 400),
        ("/v1/sql?q=select+1&Year=2", 400),
        ("/v1/sql?q=select+1&year=2", 400),
        ("/v1/sql?q=select+%FF", 400),
        ("/v1/sql?q=select+%00", 400),
        ("/v1/sql?q=select+1&format=px", 406),
        ("/v1/sql?q=select+1&format=nothing", 406),
        ("/v1/sql?q=select+1&release=00000000", 404),
    ] {
        let (response, body) = get(router, path, &[]).await;
        assert_eq!(response.status().as_u16(), status, "{path}: {}", String::from_utf8_lossy(&body));
    }
    for (content_type, body, status) in [
        ("text/plain", "select 1", 415),
        ("application/json", "{\"q\": 1}", 400),
        ("application/json", "{\"q\": \"select 1\", \"other\": 1}", 400),
        ("application/json", "{\"q\": \"select :a\", \"parameters\": {\"a\": [1]}}", 400),
        ("application/sql", "", 400),
    ] {
        let (response, body) = posted(router, "/v1/sql", content_type, body).await;
        assert_eq!(response.status().as_u16(), status, "{}", String::from_utf8_lossy(&body));
    }
    let long = format!("select 1 -- {}", "x".repeat(40_000));
    let (response, body) = posted(router, "/v1/sql", "application/sql", &long).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE, "{}", String::from_utf8_lossy(&body));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_runs_a_query_and_shows_what_is_wrong_with_one() {
    let router = &shared().await.router;
    let people = [("accept", "text/html")];
    for (place, said) in [("/data/sql", "2 rader."), ("/en/data/sql", "2 rows.")] {
        let page = address(TREND, &VALUES).replace("/v1/sql", place);
        let (response, html) = get(router, &page, &people).await;
        let html = String::from_utf8(html).unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{html}");
        assert!(html.contains(said) && html.contains("value=\"2019\""), "{html}");
        // whatever it says, it is text
        let page = address("select '<b>' as \"<i>\"", &[]).replace("/v1/sql", place);
        let (_, html) = get(router, &page, &people).await;
        let html = String::from_utf8(html).unwrap();
        assert!(!html.contains("<b>") && !html.contains("<i>") && html.contains("&#60;b&#62;"), "{html}");
        let page = address("select meen from figures", &[]).replace("/v1/sql", place);
        let (response, html) = get(router, &page, &people).await;
        let html = String::from_utf8(html).unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(
            html.contains("role=\"alert\"") && html.contains("meen</textarea>") || html.contains("select meen"),
            "{html}"
        );
    }
}

/// A release and its tables, for workers of the tests' own.
pub(crate) async fn published() -> &'static (Release, Arc<Tables>) {
    static PUBLISHED: OnceCell<(Release, Arc<Tables>)> = OnceCell::const_new();
    PUBLISHED
        .get_or_init(|| async {
            let (fixture, _) = Fixture::published(&Fixture::plan(2019..=2020, 120, 6)).await;
            let release = release::open(&fixture.public, moment()).await.unwrap().unwrap();
            let meta = Meta {
                release: release.manifest.release.clone(),
                sequence: 1,
                kind: "final".to_owned(),
                published_at: moment().to_string(),
                policy: Digest::of(b"policy"),
                notice: None,
                source: Text::new("Källa", "Source"),
            };
            let tables = Arc::new(Tables::of(&release, &meta));
            (release, tables)
        })
        .await
}

fn question(sql: &str) -> Question {
    Question { sql: sql.to_owned(), parameters: Parameters::new(), format: "csv".to_owned(), language: Language::Sv }
}

fn code<T: std::fmt::Debug>(answer: &Result<T, NotAnswered>) -> &'static str {
    match answer {
        Ok(_) => "answered",
        Err(NotAnswered::Refused(refusal)) => refusal.code.word(),
        Err(NotAnswered::Busy) => "busy",
        Err(NotAnswered::Failed) => "failed",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_much_is_stopped_and_nothing_else_is() {
    let (_, tables) = published().await;
    let limits = QueryLimits { time_ms: 2_000, memory_bytes_max: 8 << 20, ..QueryLimits::default() };
    let workers = Workers::new(program(), limits.clone());
    let few = "(select organisation from group_members limit 900)";
    let big = "group_members as a join group_members as b on a.instrument = b.instrument";
    for (sql, expected) in [
        (format!("select count(*) as n from {big} cross join {few} as c"), "time-limit"),
        (
            format!(
                "select count(distinct a.organisation || b.organisation || a.group_id || b.group_id) as n from {big}"
            ),
            "memory-limit",
        ),
        (format!("select a.organisation as x, b.organisation as y from {big} order by 1, 2"), "memory-limit"),
        (format!("select a.organisation as x, b.organisation as y from {big}"), "row-limit"),
        (
            "select a.text_sv as x, b.text_sv as y from method as a cross join method as b cross join (select organisation from organisations limit 900) as c"
                .to_owned(),
            "byte-limit",
        ),
        ("select 'åäö' as x".to_owned(), "answered"),
    ] {
        let begun = Instant::now();
        let answer = workers.answer(Arc::clone(tables), question(&sql)).await;
        assert_eq!(code(&answer), expected, "{sql}");
        assert!(begun.elapsed() < Duration::from_millis(limits.time_ms) + Duration::from_secs(5), "{sql}");
        let after = workers.answer(Arc::clone(tables), question("select 1 as one")).await;
        assert!(after.is_ok_and(|answer| answer.body.starts_with(b"one,")), "after {sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_at_once_are_told_to_come_back() {
    let (_, tables) = published().await;
    let limits = QueryLimits { time_ms: 700, at_once_max: 1, waiting_max: 1, wait_ms: 100, ..QueryLimits::default() };
    let workers = Workers::new(program(), limits);
    let slow = "select count(*) as n from group_members a join group_members b on a.instrument = b.instrument join group_members c on c.instrument = a.instrument";
    let ask = || workers.answer(Arc::clone(tables), question(slow));
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    let mut codes = [code(&one), code(&two), code(&three)];
    codes.sort_unstable();
    assert_eq!(codes, ["busy", "busy", "time-limit"]);
    assert_eq!(code(&workers.answer(Arc::clone(tables), question("select 1 as one")).await), "answered");
}

/// Workers that were started by their own name, so that they can be told from those of other tests.
fn processes(program: &Path) -> Vec<PathBuf> {
    let is_own = |folder: &Path| {
        let line = fs::read(folder.join("cmdline")).unwrap_or_default();
        line.starts_with(program.to_str().unwrap().as_bytes())
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| is_own(folder))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_has_nothing_and_is_not_missed() {
    let (_, tables) = published().await;
    let folder = TempDir::new().unwrap();
    let own = folder.path().join("own-workers");
    symlink(program(), &own).unwrap();
    let workers = Workers::new(own.clone(), QueryLimits::default());
    let one = || workers.answer(Arc::clone(tables), question("select 1 as one"));
    assert_eq!(code(&one().await), "answered");
    let [process] = processes(&own).try_into().expect("one worker");
    let limits = fs::read_to_string(process.join("limits")).unwrap();
    let limit = |name: &str| {
        limits.lines().find(|line| line.starts_with(name)).unwrap()[26..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(limit("Max address space"), QueryLimits::default().address_space_bytes_max.to_string());
    assert_eq!((limit("Max file size").as_str(), limit("Max core file size").as_str()), ("0", "0"));
    assert!(limit("Max cpu time").parse::<u64>().unwrap() < 60, "{limits}");
    assert_eq!(fs::read(process.join("environ")).unwrap(), b"", "it has no environment");
    let open: Vec<PathBuf> =
        fs::read_dir(process.join("fd")).unwrap().map(|entry| fs::read_link(entry.unwrap().path()).unwrap()).collect();
    let is_file = |path: &PathBuf| path.starts_with("/") && !path.starts_with("/dev/null");
    assert!(!open.iter().any(is_file), "{open:?}");
    // somebody ends it while it waits, and while it works
    let id: i32 = process.file_name().unwrap().to_str().unwrap().parse().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(id).unwrap(), rustix::process::Signal::TERM).unwrap();
    assert!(["failed", "answered"].contains(&code(&one().await)));
    assert_eq!(code(&one().await), "answered");
    drop(workers);
    let begun = Instant::now();
    while !processes(&own).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "a worker outlives its parent");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_run_as_they_stand() {
    let (release, _) = published().await;
    let engine = Engine::open(&release.whole().unwrap(), &QueryLimits::default()).await.unwrap();
    for view in query::views() {
        assert!(engine.names().contains(&view.to_owned()), "the view {view} is there");
        let text = definition::table(view).unwrap_or_else(|| panic!("the view {view} is described"));
        let sql = format!("select * from {view} limit 1");
        let answer = deeply(async || engine.answer(&sql, &Parameters::new()).await).unwrap().unwrap();
        let columns: Vec<String> = Grid::of(&answer.table).unwrap().columns.iter().map(ToString::to_string).collect();
        let described: Vec<String> = text.columns.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(columns, described, "{view}");
    }
    for example in query::examples() {
        let answer = deeply(async || engine.answer(&example.sql, &example.values()).await).unwrap();
        let answer = answer.unwrap_or_else(|refusal| panic!("{}: {refusal}", example.name));
        assert!(answer.table.get().rows() <= 1_000, "{}", example.name);
        // an address holds it
        let length = address(&example.sql, &[]).len();
        assert!(length < 3_500, "{}: {length}", example.name);
    }
    assert!(query::examples().len() >= 20, "{}", query::examples().len());
    // what is only read decides no figure
    let definitions = Definitions::load(&Source::BuiltIn).unwrap();
    let digest = |path: &str| definitions.digests.keys().any(|own| own.starts_with(path));
    assert!(digest("sql/example/") && digest("sql/view/"));
}

#[test]
fn codes_are_words_that_are_all_different() {
    let mut words: Vec<&str> = query::CODES.iter().map(|code| code.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), query::CODES.len());
    assert_eq!(serde_json::to_value(Code::NotAllowed).unwrap(), Code::NotAllowed.word());
    assert_eq!(Parameter::read("0114"), Parameter::Text("0114".to_owned()));
}
