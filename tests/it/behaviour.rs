//! How the service behaves whatever is asked: rates, room, bodies, header fields, compression, the log and the numbers.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, LazyLock, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Path},
    http::{HeaderMap, Method, Request, StatusCode, header},
    routing::{get, post},
};
use http_body_util::BodyExt as _;
use mognad::{
    cli::{self, LogFormat},
    disclosure::Identity,
    http::{self, App, Limits, ROUTES},
};
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;

use crate::{api::shared, fixture::moment};

/// Long enough for a busy machine; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_mins(1);

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "mognad.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    send(router, request(method, path, headers)).await
}

/// The same over a connection from an address.
async fn ask_from(
    router: &Router,
    peer: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = request(Method::GET, path, headers);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
    send(router, request).await
}

/// The code of a problem, whose members are checked.
fn code((status, headers, body): &(StatusCode, HeaderMap, Vec<u8>)) -> String {
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{status}");
    let problem: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(problem["status"], status.as_u16());
    let id = headers["x-request-id"].to_str().unwrap();
    assert_eq!(problem["instance"], format!("urn:mognad:request:{id}"));
    problem["type"].as_str().unwrap().strip_prefix("/problems/").unwrap().to_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("-", |value| value.to_str().unwrap())
}

/// An application that has published nothing.
fn empty(limits: Limits) -> App {
    App::new(watch::channel(None).1).with_limits(limits)
}

/// An application over the shared service's edition.
async fn full(limits: Limits) -> App {
    App::new(shared().await.editions.subscribe()).with_limits(limits)
}

#[tokio::test]
async fn who_asks_too_fast_is_told_when_to_come_back() {
    let limits = Limits { requests_per_second: 1, requests_burst: 3, ..Limits::default() };
    let router = http::router(empty(limits));
    let mut allowed = 0;
    let refused = loop {
        let answer = ask_from(&router, "192.0.2.1", "/docs", &[("accept-language", "en")]).await;
        if answer.0 != StatusCode::OK {
            break answer;
        }
        assert_eq!(text(&answer.1, "ratelimit-policy"), "\"address\";q=3;w=3");
        assert!(text(&answer.1, "ratelimit").starts_with("\"address\";r="), "{:?}", answer.1);
        allowed += 1;
        assert!(allowed < 1_000, "nobody is ever refused");
    };
    assert!(allowed >= 3, "{allowed}");
    assert_eq!((refused.0, code(&refused).as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
    assert_eq!(text(&refused.1, "retry-after"), "1");
    assert_eq!(text(&refused.1, "ratelimit"), "\"address\";r=0;t=3");
    assert_eq!(
        text(&refused.1, "access-control-allow-origin"),
        "*",
        "a page of another origin must be able to read it"
    );
    // others, watchers and those who ask what there is are not held up
    assert_eq!(ask_from(&router, "192.0.2.2", "/docs", &[]).await.0, StatusCode::OK);
    for _ in 0..10 {
        assert_eq!(ask_from(&router, "192.0.2.1", "/health", &[]).await.0, StatusCode::OK);
    }
    let mut options = request(Method::OPTIONS, "/docs", &[]);
    options.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    assert_eq!(send(&router, options).await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn behind_proxies_the_client_is_the_one_they_name() {
    let limits = Limits { requests_per_second: 1, requests_burst: 1, trusted_proxies: 1, ..Limits::default() };
    let router = http::router(empty(limits));
    let from =
        async |forwarded: &str| ask_from(&router, "10.0.0.1", "/docs", &[("x-forwarded-for", forwarded)]).await.0;
    assert_eq!(from("192.0.2.1").await, StatusCode::OK);
    assert_eq!(from("192.0.2.2").await, StatusCode::OK);
    let mut refused = false;
    for attempt in 0..1_000 {
        // whatever a client writes itself changes nothing
        refused |= from(&format!("198.51.100.{attempt}, 192.0.2.1")).await == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(refused);
    let without = http::router(empty(Limits { requests_per_second: 0, ..Limits::default() }));
    for _ in 0..200 {
        let (status, headers, _) = ask_from(&without, "192.0.2.1", "/docs", &[]).await;
        assert_eq!((status, text(&headers, "ratelimit")), (StatusCode::OK, "-"));
    }
}

#[tokio::test]
async fn beyond_so_many_at_once_others_are_told_to_come_back() {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, go) = (begun.clone(), go.clone());
        move || {
            let (begun, go) = (begun.clone(), go.clone());
            async move {
                begun.notify_one();
                go.notified().await;
                "done"
            }
        }
    };
    let router = Router::new()
        .route("/slow", get(slow))
        .route("/", get(|| async { "hej" }))
        .route("/health", get(|| async { "ok" }));
    let app = empty(Limits { requests_at_once_max: 1, queue_wait_ms: 1, ..Limits::default() });
    let router = http::layered(router, &app);
    let first = tokio::spawn({
        let router = router.clone();
        async move { ask(&router, Method::GET, "/slow", &[]).await }
    });
    begun.notified().await;
    let busy = ask(&router, Method::GET, "/", &[]).await;
    assert_eq!((busy.0, code(&busy).as_str()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
    assert_eq!(text(&busy.1, "retry-after"), "2");
    assert_eq!(ask(&router, Method::GET, "/health", &[]).await.0, StatusCode::OK, "watchers are always answered");
    go.notify_one();
    assert_eq!(first.await.unwrap().0, StatusCode::OK);
    assert_eq!(ask(&router, Method::GET, "/", &[]).await.0, StatusCode::OK, "the place is given back");
    let (_, _, metrics) = ask(&http::metrics(&app), Method::GET, "/metrics", &[]).await;
    assert!(String::from_utf8(metrics).unwrap().contains("\nmognad_busy_total 1\n"));
}

#[tokio::test]
async fn a_body_comes_whole_in_time_and_within_its_limit() {
    let echo = post(|body: Bytes| async move { body.len().to_string() });
    let limits = Limits { body_bytes_max: 1_000, body_read_ms: 50, ..Limits::default() };
    let router = http::layered(Router::new().route("/", echo), &empty(limits));
    let sent = async |body: Body, length: Option<usize>| {
        let mut request = request(Method::POST, "/", &[]);
        if let Some(length) = length {
            request.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        *request.body_mut() = body;
        send(&router, request).await
    };
    let chunks = |count: usize| {
        Body::from_stream(futures::stream::iter((0..count).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100]))))
    };
    assert_eq!(sent(chunks(10), None).await.2, b"1000");
    for too_large in [
        sent(chunks(11), None).await,
        sent(chunks(11), Some(1_100)).await,
        sent(Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()), Some(1_001)).await,
    ] {
        assert_eq!((too_large.0, code(&too_large).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "content-too-large"));
        assert_eq!(text(&too_large.1, "connection"), "close");
    }
    let late = sent(Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>()), None).await;
    assert_eq!((late.0, code(&late).as_str()), (StatusCode::REQUEST_TIMEOUT, "request-timeout"));
    let broken =
        sent(Body::from_stream(futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))])), None).await;
    assert_eq!((broken.0, code(&broken).as_str()), (StatusCode::BAD_REQUEST, "bad-request"));
}

#[tokio::test]
async fn whatever_goes_wrong_is_told_as_a_problem() {
    let router = Router::new()
        .route("/number/{number}", get(|Path(number): Path<u8>| async move { number.to_string() }))
        .route("/json", post(|Json(value): Json<Value>| async move { Json(value) }))
        .route("/never", get(std::future::pending::<()>))
        .route(
            "/panic",
            get(|| async {
                let nothing: Vec<u8> = "".into();
                nothing.first().expect("kept to ourselves").to_string()
            }),
        )
        .route("/bare", get(|| async { StatusCode::BAD_GATEWAY }))
        .route("/own", get(|| async { (StatusCode::NOT_FOUND, Json(serde_json::json!({ "own": true }))) }));
    let router = http::layered(router, &empty(Limits { answer_ms: 50, ..Limits::default() }));
    for (path, status, expected) in [
        ("/number/300", 400, "bad-request"),
        ("/number/%ff", 400, "bad-request"),
        ("/nothing", 404, "no-such-resource"),
        ("/never", 503, "took-too-long"),
        ("/panic", 500, "internal"),
        ("/bare", 500, "internal"),
    ] {
        let answer = ask(&router, Method::GET, path, &[]).await;
        assert_eq!((answer.0.as_u16(), code(&answer).as_str()), (status, expected), "{path}");
        assert_eq!(text(&answer.1, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(text(&answer.1, "cache-control"), "no-store", "{path}");
        assert!(!String::from_utf8_lossy(&answer.2).contains("kept to ourselves"));
    }
    for (content_type, body, status, expected) in
        [("application/json", "{", 400, "bad-request"), ("text/csv", "{}", 415, "unsupported-media-type")]
    {
        let mut request = request(Method::POST, "/json", &[("content-type", content_type)]);
        *request.body_mut() = Body::from(body);
        let answer = send(&router, request).await;
        assert_eq!((answer.0.as_u16(), code(&answer).as_str()), (status, expected), "{content_type}");
    }
    // what a resource says itself is left as it is
    let (status, _, body) = ask(&router, Method::GET, "/own", &[]).await;
    assert_eq!((status, body.as_slice()), (StatusCode::NOT_FOUND, &b"{\"own\":true}"[..]));
    // and the last word of a request that can be read in two ways is that of its connection
    let two = send(&router, request(Method::GET, "/bare", &[("host", "b.test")])).await;
    assert_eq!((two.0, text(&two.1, "connection")), (StatusCode::BAD_REQUEST, "close"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_its_fields_and_head_says_the_same() {
    let router = http::router(full(Limits::default()).await);
    for route in ROUTES {
        for coding in ["identity", "gzip"] {
            let headers = [("accept-encoding", coding), ("origin", "https://other.test")];
            let (status, got, body) = ask(&router, Method::GET, route.example, &headers).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("access-control-allow-origin", "*"),
                ("strict-transport-security", "-"),
            ] {
                assert_eq!(text(&got, name), value, "{}", route.path);
            }
            assert!(text(&got, "content-security-policy").contains("default-src"), "{}", route.path);
            for exposed in
                ["ETag", "Link", "Retry-After", "RateLimit", "X-Request-Id", "Content-Range", "Content-Disposition"]
            {
                assert!(text(&got, "access-control-expose-headers").contains(exposed), "{exposed}");
            }
            let vary: Vec<String> =
                got.get_all("vary").iter().map(|value| value.to_str().unwrap().to_lowercase()).collect();
            assert!(vary.join(",").contains("accept-encoding"), "{}: {vary:?}", route.path);
            let is_packed = text(&got, "content-encoding") == "gzip";
            assert!(!is_packed || coding == "gzip");
            assert_eq!(got.get("content-length").is_none(), is_packed, "{}", route.path);
            if !is_packed {
                assert_eq!(text(&got, "content-length"), body.len().to_string(), "{}", route.path);
            }
            let (also, mut said, nothing) = ask(&router, Method::HEAD, route.example, &headers).await;
            assert_eq!((also, nothing.len()), (status, 0), "{}", route.path);
            let mut got = got;
            assert_ne!(got.remove("x-request-id"), said.remove("x-request-id"), "each request has its own");
            assert_eq!(said, got, "HEAD {}", route.path);
        }
    }
    let behind_tls = http::router(full(Limits::default()).await.behind_tls());
    let (_, headers, _) = ask(&behind_tls, Method::GET, "/health", &[]).await;
    assert_eq!(text(&headers, "strict-transport-security"), "max-age=31536000; includeSubDomains");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resource_can_do_is_told_and_other_origins_may_read_it() {
    let router = http::router(full(Limits::default()).await);
    let (status, headers, body) = ask(&router, Method::OPTIONS, "/v1/figures", &[]).await;
    assert_eq!((status, text(&headers, "allow"), body.len()), (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS", 0));
    assert_eq!(text(&headers, "access-control-allow-methods"), "-", "nobody of another origin asks");
    let preflight = [
        ("origin", "https://other.test"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization,if-none-match"),
    ];
    let (status, headers, _) = ask(&router, Method::OPTIONS, "/v1/figures", &preflight).await;
    assert_eq!((status, text(&headers, "access-control-allow-origin")), (StatusCode::NO_CONTENT, "*"));
    assert_eq!(text(&headers, "access-control-allow-methods"), "GET, HEAD, OPTIONS");
    for sent in ["Authorization", "Accept", "Accept-Language", "If-None-Match", "Range", "Content-Type"] {
        assert!(text(&headers, "access-control-allow-headers").split(", ").any(|own| own == sent), "{sent}");
    }
    assert_eq!(text(&headers, "access-control-allow-credentials"), "-");
    assert_eq!(ask(&router, Method::OPTIONS, "*", &[]).await.0, StatusCode::NO_CONTENT);
    let refused = ask(&router, Method::DELETE, "/v1/figures", &[]).await;
    assert_eq!((code(&refused).as_str(), text(&refused.1, "allow")), ("method-not-allowed", "GET, HEAD, OPTIONS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn small_answers_and_answers_to_a_key_are_not_compressed() {
    let large = |cache: &'static str| {
        move || async move {
            ([(header::CACHE_CONTROL, cache), (header::CONTENT_TYPE, "application/json")], "x".repeat(5_000))
        }
    };
    let file = || async { ([(header::CONTENT_TYPE, "application/vnd.apache.parquet")], "x".repeat(5_000)) };
    let router = Router::new()
        .route("/public", get(large("public, max-age=60")))
        .route("/own", get(large("private, no-store")))
        .route("/file", get(file))
        .route("/small", get(|| async { Json("x".repeat(900)) }));
    let router = http::layered(router, &empty(Limits::default()));
    for (path, packed) in [("/public", true), ("/own", false), ("/file", false), ("/small", false)] {
        let (status, headers, _) = ask(&router, Method::GET, path, &[("accept-encoding", "gzip")]).await;
        assert_eq!((status, text(&headers, "content-encoding") == "gzip"), (StatusCode::OK, packed), "{path}");
    }
    let none = ask(&router, Method::GET, "/public", &[("accept-encoding", "identity;q=0, *;q=0")]).await;
    assert_eq!((none.0, code(&none).as_str()), (StatusCode::NOT_ACCEPTABLE, "not-acceptable"));
}

/// What is written to a log, in memory.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_of_a_request_and_nothing_of_who_or_what() {
    let router = http::router(full(Limits { trusted_proxies: 1, ..Limits::default() }).await);
    let key = Identity::generate();
    let bearer = key.give_out(|key| format!("Bearer {key}"));
    for format in [LogFormat::Json, LogFormat::Text] {
        let written = Written::default();
        let log = logging(Some(format), &written);
        let own = "/v1/comparisons?organisation=municipality-2281&peers=block&value=47.25";
        let headers = [
            ("authorization", bearer.as_str()),
            ("user-agent", "Marker/1.0"),
            ("x-forwarded-for", "198.51.100.77, 192.0.2.77"),
            ("x-request-id", "forged-id"),
            ("accept-language", "en\t\"level\":\"ERROR\"\u{85}"),
        ];
        let (status, answer, _) = ask_from(&router, "10.0.0.1", own, &headers).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        let (_, plain, body) = ask_from(&router, "10.0.0.1", "/v1/headlines", &headers[1..]).await;
        ask_from(&router, "10.0.0.1", "/v1/organisations/marker-1%0amarker-2?marker=3", &headers).await;
        drop(log);
        let text = written.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let secret = &bearer[20..40];
        for hidden in
            [secret, "47.25", "municipality-2281", "arker", "192.0.2.77", "198.51", "10.0.0.1", "forged", "ERROR"]
        {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        for (line, headers, route) in [(lines[0], &answer, "/v1/comparisons"), (lines[1], &plain, "/v1/headlines")] {
            for told in [headers["x-request-id"].to_str().unwrap(), route, "192.0.2.0/24", "GET"] {
                assert!(line.contains(told), "{told} in {line}");
            }
        }
        if format == LogFormat::Json {
            let line: Value = serde_json::from_str(lines[1]).unwrap();
            assert_eq!((&line["status"], &line["bytes"]), (&Value::from(200), &Value::from(body.len())), "{line}");
            assert_eq!(line["release"], plain["x-mognad-release"].to_str().unwrap()[..12]);
            assert!(line["milliseconds"].is_number(), "{line}");
        }
    }
}

/// Has what this thread says written down. A second dispatcher lives for ever: while there is only one, whether a line is wanted is
/// asked of the thread that comes to it first, which may be another test's, and remembered for all.
fn logging(format: Option<LogFormat>, written: &Written) -> tracing::subscriber::DefaultGuard {
    static SECOND: LazyLock<tracing::Dispatch> =
        LazyLock::new(|| tracing::Dispatch::new(tracing_subscriber::Registry::default()));
    LazyLock::force(&SECOND);
    tracing::subscriber::set_default(cli::subscriber(format, written.clone()))
}

#[tokio::test]
async fn every_line_of_a_request_has_its_id() {
    let failing = || async {
        tracing::error!("something is wrong");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let router = http::layered(Router::new().route("/", get(failing)), &empty(Limits::default()));
    for format in [None, Some(LogFormat::Json)] {
        let written = Written::default();
        let log = logging(format, &written);
        let (_, headers, _) = ask(&router, Method::GET, "/", &[]).await;
        drop(log);
        let text = written.text();
        assert_eq!(
            text.lines().count(),
            if format.is_some() { 2 } else { 1 },
            "no line for each request unless asked for: {text}"
        );
        for line in text.lines() {
            assert!(line.contains(headers["x-request-id"].to_str().unwrap()), "{line}");
        }
    }
}

/// The value of a metric with these labels, a whole number, or 0.
fn number(metrics: &str, name: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_tell_that_a_304_costs_no_work() {
    let editions = watch::channel(http::open(&shared().await.fixture.public, moment()).await.unwrap()).1;
    let limits = Limits { requests_per_second: 1, requests_burst: 4, ..Limits::default() };
    let app = App::new(editions).with_limits(limits);
    let (router, metrics) = (http::router(app.clone()), http::metrics(&app));
    let read = async || String::from_utf8(ask(&metrics, Method::GET, "/metrics", &[]).await.2).unwrap();
    let (_, first, body) = ask(&router, Method::GET, "/v1/headlines?value-of-a-client=1", &[]).await;
    assert_eq!(first.get(header::ETAG), None, "refused: {}", String::from_utf8_lossy(&body));
    let (_, first, _) = ask(&router, Method::GET, "/v1/headlines", &[]).await;
    let tag = first[header::ETAG].to_str().unwrap();
    let before = read().await;
    assert_eq!(number(&before, "mognad_documents_built_total"), 1, "{before}");
    for _ in 0..5 {
        let (status, fields, body) = ask(&router, Method::GET, "/v1/headlines", &[("if-none-match", tag)]).await;
        assert_eq!((status, text(&fields, "content-length"), body.len()), (StatusCode::NOT_MODIFIED, "-", 0));
    }
    let method: Method = "CLIENTS-OWN".parse().unwrap();
    ask(&router, method, "/v1/groups/clients-own", &[]).await;
    ask(&router, Method::GET, "/clients-own", &[]).await;
    while ask_from(&router, "192.0.2.1", "/docs", &[]).await.0 == StatusCode::OK {}
    let after = read().await;
    for (name, expected) in [
        ("mognad_documents_built_total", 1),
        ("mognad_kept_answers_found_total", 5),
        ("mognad_not_modified_total", 5),
        ("mognad_requests_total{route=\"/v1/headlines\",method=\"GET\",status=\"3xx\"}", 5),
        ("mognad_requests_total{route=\"/v1/headlines\",method=\"GET\",status=\"2xx\"}", 1),
        ("mognad_requests_total{route=\"/v1/headlines\",method=\"GET\",status=\"4xx\"}", 1),
        ("mognad_requests_total{route=\"/v1/groups/{id}\",method=\"other\",status=\"4xx\"}", 1),
        ("mognad_request_duration_seconds_count{route=\"/v1/headlines\",method=\"GET\",status=\"3xx\"}", 5),
        ("mognad_answer_bytes_total{route=\"/v1/headlines\",method=\"GET\",status=\"3xx\"}", 0),
        ("mognad_rate_limited_total{by=\"address\"}", 1),
        ("mognad_requests_in_flight", 0),
        ("mognad_edition_served", 1),
        ("mognad_edition_sequence", 1),
        ("mognad_refresh_failures_total", 0),
    ] {
        assert_eq!(number(&after, name), expected, "{name} in\n{after}");
    }
    let length: u64 = first[header::CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
    assert_eq!(
        number(&after, "mognad_answer_bytes_total{route=\"/v1/headlines\",method=\"GET\",status=\"2xx\"}"),
        length
    );
    assert!(number(&after, "mognad_edition_age_seconds") > 0);
    assert!(!after.to_lowercase().contains("s-own"), "no label is a client's: {after}");
    assert!(after.ends_with("# EOF\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_it_stops_the_service_says_so() {
    let app = full(Limits::default()).await;
    let router = http::router(app.clone());
    assert_eq!(ask(&router, Method::GET, "/ready", &[]).await.0, StatusCode::OK);
    app.close();
    let closing = ask(&router, Method::GET, "/ready", &[]).await;
    assert_eq!((closing.0, code(&closing).as_str()), (StatusCode::SERVICE_UNAVAILABLE, "closing"));
    let (status, headers, _) = ask(&router, Method::GET, "/v1/headlines", &[]).await;
    assert_eq!((status, text(&headers, "connection")), (StatusCode::OK, "close"), "what is asked is still answered");
}

/// A process that is ended with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The whole answer of a server that closes the connection.
fn whole(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: mognad.test\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_the_program_is_not_ready_answers_on_and_ends() {
    let public = shared().await.fixture.folder.path().join("public");
    let mut child = Command::new(env!("CARGO_BIN_EXE_mognad"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--metrics",
            "127.0.0.1:0",
            "--log",
            "json",
            "--notice-seconds",
            "3600",
        ])
        .arg("--public")
        .arg(public)
        .env_remove("MOGNAD_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    let mut log = child.stderr.take().unwrap();
    let mut process = Process(child);
    let mut addresses = Vec::new();
    let mut lines = said.lines();
    while addresses.len() < 2 {
        let line = lines.next().expect("the program ended").unwrap();
        if let Some((_, rest)) = line.split_once("http://") {
            addresses.push(rest.trim_end_matches("/metrics").to_owned());
        }
    }
    let (address, metrics) = (&addresses[0], &addresses[1]);
    assert!(whole(address, "/ready").starts_with("HTTP/1.1 200 "));
    let pid = rustix::process::Pid::from_child(&process.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let told = Instant::now();
    while !whole(address, "/ready").starts_with("HTTP/1.1 503 ") {
        assert!(told.elapsed() < PATIENCE, "it goes on saying that it is ready");
    }
    assert!(whole(address, "/v1/headlines").starts_with("HTTP/1.1 200 "), "clients that come meanwhile are answered");
    let numbers = whole(metrics, "/metrics");
    assert!(numbers.contains("mognad_requests_total{route=\"/ready\",method=\"GET\",status=\"5xx\"}"), "{numbers}");
    assert!(numbers.contains("\nmognad_connections_open "), "{numbers}");
    assert!(!whole(address, "/metrics").starts_with("HTTP/1.1 200 "), "numbers are given on their own address only");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(process.0.wait().unwrap().success());
    let mut text = String::new();
    log.read_to_string(&mut text).unwrap();
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{text}");
    assert!(text.contains("\"route\":\"/v1/headlines\""), "{text}");
}
