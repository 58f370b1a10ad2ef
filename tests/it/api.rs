//! The HTTP service in process: resources, formats, tags, problems, and a new edition while requests run.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mognad::{
    http::{self, App, PROBLEMS, ROUTES, Served},
    query::{QueryLimits, Workers},
    sample::Layout,
};
use serde_json::Value;
use tokio::sync::{OnceCell, watch};
use tower::ServiceExt as _;

use crate::fixture::{Fixture, moment, year};

pub(crate) struct Service {
    pub(crate) fixture: Fixture,
    pub(crate) router: Router,
    pub(crate) editions: watch::Sender<Option<Arc<Served>>>,
}

async fn service(years: std::ops::RangeInclusive<u16>) -> Service {
    let (fixture, _) = Fixture::published(&Fixture::plan(years, 60, 6)).await;
    serving(fixture).await
}

/// What a fixture has published, as a service.
pub(crate) async fn serving(fixture: Fixture) -> Service {
    let current = http::open(&fixture.public, moment()).await.unwrap();
    let (editions, receiver) = watch::channel(current);
    let workers = Workers::new(crate::query::program(), QueryLimits::default());
    Service { fixture, router: http::router(App::new(receiver).with_workers(workers)), editions }
}

/// One service for all tests that only read.
pub(crate) async fn shared() -> &'static Service {
    static SHARED: OnceCell<Service> = OnceCell::const_new();
    SHARED.get_or_init(|| service(2019..=2020)).await
}

pub(crate) async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> (Response<()>, Vec<u8>) {
    let mut request = Request::builder().uri(path).header(header::HOST, "mognad.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

/// A text without what differs from run to run, the request's id, and with every change of method, the release's.
pub(crate) fn settled(response: &Response<()>, text: &str) -> String {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
    let text = header("x-request-id").map_or_else(|| text.to_owned(), |id| text.replace(id, "ID"));
    match header("x-mognad-release") {
        Some(release) => text.replace(release, "RELEASE").replace(&release[..12], "RELEASE"),
        None => text,
    }
}

pub(crate) async fn json(router: &Router, path: &str) -> Value {
    let (response, body) = get(router, path, &[]).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headline_says_the_sentence() {
    let service = shared().await;
    let body = json(&service.router, "/v1/headlines").await;
    assert_eq!(body["synthetic"], true);
    let headline = &body["data"][0];
    assert_eq!(headline["year"], 2020);
    let (value, change) = (headline["value"].as_i64().unwrap(), headline["change"].as_i64().unwrap());
    let sentence = headline["sentenceSv"].as_str().unwrap().replace('\u{a0}', " ");
    assert_eq!(
        sentence,
        format!(
            "Den digitala mognaden i kommunerna är {value} %, en ökning med {change} procentenheter från föregående år."
        )
    );
    let within = (headline["changeMatched"].as_i64(), headline["changeComposition"].as_i64());
    if let (Some(matched), Some(composition)) = within {
        assert_eq!(matched + composition, change);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_they_were() {
    let service = shared().await;
    for (name, path) in [
        ("headlines", "/v1/headlines"),
        ("figures_csv", "/v1/figures?indicator=index,capability&group=all,size:10k-20k&format=csv"),
        ("figures_excel", "/v1/figures?indicator=index&group=all&format=excel-sv"),
        ("county_groups", "/v1/groups?kind=county&limit=4"),
        ("indicators", "/v1/indicators?limit=3"),
        ("organisation", "/v1/organisations/municipality-2281"),
        ("releases", "/v1/releases"),
        ("unknown_parameter", "/v1/figures?indicatr=index&lang=en"),
        ("unknown_id", "/v1/figures?group=county:99"),
    ] {
        let (response, body) = get(&service.router, path, &[]).await;
        let text = settled(&response, &String::from_utf8(body).unwrap()).replace('\r', "");
        insta::assert_snapshot!(name, format!("{} {path}\n{text}", response.status().as_u16()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_spare_the_body_and_change_with_format() {
    let router = &shared().await.router;
    let (first, body) = get(router, "/v1/headlines", &[]).await;
    assert!(!body.is_empty());
    let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
    let (again, body) = get(router, "/v1/headlines", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.headers()[header::ETAG].to_str().unwrap(), tag);
    let (csv, _) = get(router, "/v1/headlines", &[("accept", "text/csv"), ("if-none-match", &tag)]).await;
    assert_eq!(csv.status(), StatusCode::OK);
    assert_ne!(csv.headers()[header::ETAG].to_str().unwrap(), tag);
    assert_eq!(csv.headers()[header::CACHE_CONTROL], "public, max-age=60");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compressed_answer_has_a_weak_tag_that_is_known_again() {
    let service = shared().await;
    let path = "/v1/indicators";
    let (plain, _) = get(&service.router, path, &[]).await;
    let (packed, body) = get(&service.router, path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(body[..2], [0x1f, 0x8b]);
    let (strong, weak) = (plain.headers()[header::ETAG].clone(), packed.headers()[header::ETAG].clone());
    assert_eq!(weak.to_str().unwrap(), format!("W/{}", strong.to_str().unwrap()));
    for tag in [strong, weak] {
        let (again, body) = get(&service.router, path, &[("if-none-match", tag.to_str().unwrap())]).await;
        assert_eq!((again.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_have_types_that_lead_somewhere() {
    let router = &shared().await.router;
    for (path, headers, status, code) in [
        ("/v1/figures?indicatr=index", vec![], 400, "unknown-parameter"),
        ("/v1/figures?year=soon", vec![], 400, "invalid-parameter"),
        ("/v1/figures?limit=0", vec![], 400, "invalid-parameter"),
        ("/v1/figures?page=1&page=2", vec![], 400, "invalid-parameter"),
        ("/v1/figures?indicator=indx", vec![], 404, "unknown-id"),
        ("/v1/groups/county:99", vec![], 404, "unknown-id"),
        ("/v1/groups?instrument=none", vec![], 404, "unknown-id"),
        ("/v1/groups/county:14?instrument=none", vec![], 404, "unknown-id"),
        ("/v1/figures?indicator=index&year=1990", vec![], 404, "unknown-id"),
        ("/v1/headlines?year=1990", vec![], 404, "unknown-id"),
        ("/v1/organisations/..%2f..%2fetc%2fpasswd", vec![], 404, "unknown-id"),
        ("/v1/nothing", vec![], 404, "no-such-resource"),
        ("/v1/figures", vec![("accept", "application/xml")], 406, "not-acceptable"),
        ("/v1/figures?format=pdf", vec![], 406, "not-acceptable"),
    ] {
        let (response, body) = get(router, path, &headers).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], format!("/problems/{code}"), "{path}");
        assert_eq!(problem["status"], status);
        let (page, _) = get(router, problem["type"].as_str().unwrap(), &[]).await;
        assert_eq!(page.status(), StatusCode::OK);
    }
    for entry in PROBLEMS {
        let (page, body) = get(router, &format!("/problems/{}", entry.code), &[]).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(String::from_utf8(body).unwrap().contains(entry.title[1]));
    }
    let request = Request::post("/v1/figures").header(header::HOST, "mognad.test").body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(
        (response.status(), response.headers()[header::ALLOW].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_resource_answers_at_its_example() {
    let router = &shared().await.router;
    for route in ROUTES {
        // an example may name a sector that this small service lacks; it must then say so and not fail
        let (response, _) = get(router, route.example, &[]).await;
        let status = response.status().as_u16();
        let refused = if route.example.ends_with("/results") { 401 } else { 422 };
        assert!(matches!(status, 200 | 307 | 404) || status == refused, "{}: {status}", route.example);
        let (head, body) = {
            let request = Request::head(route.example).header(header::HOST, "mognad.test").body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            (response.status(), response.into_body().collect().await.unwrap().to_bytes())
        };
        assert_eq!((head, body.len()), (response.status(), 0), "{}", route.example);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_row_once() {
    let router = &shared().await.router;
    let total = json(router, "/v1/groups?limit=1").await["page"]["total"].as_u64().unwrap();
    let mut seen = Vec::new();
    for page in 1..=total.div_ceil(7) {
        let body = json(router, &format!("/v1/groups?limit=7&page={page}")).await;
        seen.extend(body["data"].as_array().unwrap().iter().map(|row| row["groupId"].as_str().unwrap().to_owned()));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), count as u64), (count, total));
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_csv_say_the_same() {
    let router = &shared().await.router;
    let path = "/v1/figures?indicator=index&limit=1000";
    let body = json(router, path).await;
    let (_, csv) = get(router, path, &[("accept", "text/csv")]).await;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let data = body["data"].as_array().unwrap();
    assert_eq!(rows.len(), data.len());
    for (row, object) in rows.iter().zip(data) {
        assert_eq!(&row[2], object["groupId"].as_str().unwrap());
        assert_eq!(row[5].parse::<i64>().ok(), object["mean"].as_i64());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_serve_is_said_and_health_stays() {
    let (_sender, receiver) = watch::channel(None);
    let router = http::router(App::new(receiver));
    for (path, status) in [("/health", 200), ("/ready", 503), ("/v1/headlines", 503), ("/", 503), ("/docs", 200)] {
        let (response, _) = get(&router, path, &[]).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_edition_is_picked_up_while_requests_run() {
    let Service { fixture, router, editions } = service(2019..=2019).await;
    let follower = tokio::spawn(http::follow(fixture.public.clone(), editions, Duration::from_millis(10)));
    let old = json(&router, "/ready").await["release"].as_str().unwrap().to_owned();
    let asking = {
        let router = router.clone();
        tokio::spawn(async move {
            let mut seen = Vec::new();
            loop {
                let body = json(&router, "/v1/headlines").await;
                let pair =
                    (body["release"]["id"].as_str().unwrap().to_owned(), body["data"][0]["year"].as_i64().unwrap());
                if seen.last() != Some(&pair) {
                    seen.push(pair);
                }
                if seen.len() > 1 {
                    return seen;
                }
                tokio::task::yield_now().await;
            }
        })
    };
    let plan = Fixture::plan(2019..=2020, 60, 6);
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    fixture.ingest(&file, year(2020)).await;
    let new = fixture.publish(1).await.release.to_string();
    let seen = tokio::time::timeout(Duration::from_mins(1), asking).await.unwrap().unwrap();
    // each answer came from one edition: release and year change together
    assert_eq!(seen, [(old, 2019), (new, 2020)]);
    follower.abort();
}
