//! The Kolada v3 face in process: resources, pages, ids in every way of writing them, refusals, and values against our own API.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use mognad::http::{
    self, App, PROBLEMS,
    kolada::{IDS_MAX, ROUTES},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::{
    api::{get, json, settled, shared},
    fixture::moment,
};

/// An id as the documentation says that it is made.
fn id(letter: char, key: &str) -> String {
    let digits = hex::encode(Sha256::digest(key))[..10].to_uppercase();
    format!("{letter}{digits}")
}

fn kpi(indicator: &str) -> String {
    id('M', &format!("digital-maturity/{indicator}"))
}

fn group(group: &str) -> String {
    id('G', &format!("digital-maturity/{group}"))
}

/// The rows of every page, found as clients that follow `next_url` find them.
async fn all(router: &Router, path: &str) -> Vec<Value> {
    let (mut next, mut found) = (Some(path.to_owned()), Vec::new());
    while let Some(path) = next {
        let body = json(router, &path).await;
        let values = body["values"].as_array().unwrap();
        assert_eq!(body["count"].as_u64().unwrap() as usize, values.len(), "{path}");
        found.extend(values.iter().cloned());
        next = body["next_url"].as_str().map(|url| url.strip_prefix("http://mognad.test").unwrap().to_owned());
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_they_were() {
    let service = shared().await;
    let (index, sense) = (kpi("index"), kpi("sense"));
    let (municipalities, size) = (group("sector:municipality"), group("size:10k-20k"));
    for (name, path) in [
        ("start", "/kolada/v3/".to_owned()),
        ("kpis", "/kolada/v3/kpi?title=f%C3%96rst&per_page=2".to_owned()),
        ("kpis_in_english", format!("/kolada/v3/kpi/{sense},{index}?lang=en")),
        ("kpi_groups", "/kolada/v3/kpi_groups".to_owned()),
        ("municipalities", "/kolada/v3/municipality/0000,0114,0980,0009,0001".to_owned()),
        ("municipalities_found", "/kolada/v3/municipality?title=upp&type=K".to_owned()),
        ("municipality_group", format!("/kolada/v3/municipality_groups/{size}")),
        ("units", "/kolada/v3/ou/?municipality=0114".to_owned()),
        ("data", format!("/kolada/v3/data/kpi/{index}/municipality/0000,{municipalities},{size}/year/2020,2019")),
        ("data_of_a_municipality", format!("/kolada/v3/data/?kpi_id={index}&municipality_id=0114,0001&year=2020")),
        ("unknown_parameter", "/kolada/v3/data/?kpi=M1&lang=en".to_owned()),
        ("unknown_id", format!("/kolada/v3/kpi/{index},M0000000000,N00945")),
        ("unit_data", "/kolada/v3/oudata/?ou_id=V15E128000101".to_owned()),
        ("version_2", "/kolada/v2/data/kpi/N00945/year/2020".to_owned()),
    ] {
        let (response, body) = get(&service.router, &path, &[]).await;
        let mut text = String::from_utf8(body).unwrap();
        if let Ok(body) = serde_json::from_str::<Value>(&text) {
            text = serde_json::to_string_pretty(&body).unwrap();
        }
        let text = settled(&response, &text);
        insta::assert_snapshot!(name, format!("{} {path}\n{text}", response.status().as_u16()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_is_that_of_our_own_api() {
    let router = &shared().await.router;
    let figures = json(router, "/v1/figures?limit=100000").await;
    let mut expected = BTreeMap::new();
    for row in figures["data"].as_array().unwrap() {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let place = match text("groupId").as_str() {
            "all" => "0000".to_owned(),
            own => id('G', &format!("{}/{own}", text("instrument"))),
        };
        let status = match text("status").as_str() {
            "ok" => "",
            "withheld" => "..",
            other => panic!("{other}"),
        };
        let key = (id('M', &format!("{}/{}", text("instrument"), text("indicator"))), place, row["year"].as_i64());
        let cell = (row["mean"].as_f64(), row["organisations"].as_i64(), status.to_owned(), row["meanBound"].clone());
        assert!(expected.insert(key, cell).is_none());
    }
    let mut found = BTreeMap::new();
    for year in [2019, 2020] {
        for row in all(router, &format!("/kolada/v3/data/?year={year}&per_page=700")).await {
            let [value] = row["values"].as_array().unwrap().as_slice() else { panic!("{row}: one gender") };
            assert_eq!((&value["gender"], &value["isdeleted"]), (&Value::from("T"), &Value::from(false)));
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            let key = (text("kpi"), text("municipality"), row["period"].as_i64());
            let status = value["status"].as_str().unwrap().to_owned();
            let bound = value.get("value_bound").cloned().unwrap_or(Value::Null);
            let cell = (value["value"].as_f64(), value["count"].as_i64(), status, bound);
            assert!(found.insert(key, cell).is_none(), "{row} is there twice");
        }
    }
    assert!(expected.len() > 500);
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_found_in_every_order_and_way_of_writing_them() {
    let router = &shared().await.router;
    let (index, sense, own) = (kpi("index"), kpi("sense"), group("sector:municipality"));
    let (lower_kpi, lower_own) = (index.to_lowercase(), own.to_lowercase());
    let values =
        json(router, &format!("/kolada/v3/data/kpi/{index},{sense}/municipality/{own},0114/year/2019,2020")).await;
    assert_eq!(values["values"].as_array().unwrap().len(), 8);
    for path in [
        format!("/kolada/v3/data/kpi/{index},{sense}/municipality/{own},0114/year/2019,2020/"),
        format!("/kolada/v3/data/municipality/{own},0114/kpi/{index},{sense}/year/2020,2019"),
        format!("/kolada/v3/data/kpi/{index},{sense}/municipality/{own},0114"),
        format!("/kolada/v3/data/municipality/{own}%2C0114/kpi/{lower_kpi}%2C{sense}/"),
        format!("/kolada/v3/data?kpi_id={index},{sense}&municipality_id={lower_own}&municipality_id=0114"),
        format!(
            "/kolada/v3/data/?kpi_id={index}&kpi_id={sense}&kpi_id={index}&municipality_id={own},0114&year=2019&year=2020"
        ),
        format!("/kolada/v3/data/?kpi_id={index},{sense}&municipality_id={own},0114&from_date=2021-05-14"),
    ] {
        let found = json(router, &path).await;
        assert_eq!(found["values"], values["values"], "{path}");
    }
    // two of three in both orders, over all of the third
    for (one, other) in [
        (format!("kpi/{index}/year/2020"), format!("year/2020/kpi/{index}")),
        (format!("municipality/{own},0000/year/2019"), format!("year/2019/municipality/{own},0000")),
    ] {
        let one = json(router, &format!("/kolada/v3/data/{one}")).await;
        assert!(one["values"].as_array().unwrap().len() > 10);
        assert_eq!(json(router, &format!("/kolada/v3/data/{other}/")).await["values"], one["values"], "{other}");
    }
    let (plain, slash) = (json(router, "/kolada/v3/kpi").await, json(router, "/kolada/v3/kpi/").await);
    assert_eq!(plain["values"], slash["values"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_every_value_once() {
    let router = &shared().await.router;
    for path in ["/kolada/v3/kpi", "/kolada/v3/municipality/", "/kolada/v3/municipality_groups?lang=en"] {
        let whole = json(router, path).await;
        assert_eq!((&whole["next_url"], &whole["previous_url"]), (&Value::Null, &Value::Null), "{path}");
        let mark = if path.contains('?') { '&' } else { '?' };
        assert_eq!(Value::from(all(router, &format!("{path}{mark}per_page=7")).await), whole["values"], "{path}");
        let second = json(router, &format!("{path}{mark}per_page=7&page=2")).await;
        let previous = second["previous_url"].as_str().unwrap().strip_prefix("http://mognad.test").unwrap();
        let first = json(router, previous).await;
        assert_eq!(first["values"].as_array().unwrap()[..], whole["values"].as_array().unwrap()[..7], "{path}");
        let last = whole["values"].as_array().unwrap().len().div_ceil(7);
        let (beyond, _) = get(router, &format!("{path}{mark}per_page=7&page={}", last + 1), &[]).await;
        assert_eq!(beyond.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_pages_name_the_host_that_was_asked() {
    let router = &shared().await.router;
    for host in ["a.test", "b.test:8080", "a.test"] {
        let request = Request::get("/kolada/v3/kpi?per_page=1&title=f%C3%B6r").header(header::HOST, host);
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let next = format!("http://{host}/kolada/v3/kpi?title=f%C3%B6r&page=2&per_page=1");
        assert_eq!(body["next_url"], next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_organisation_is_withheld_whether_or_not_it_took_part() {
    let service = shared().await;
    let (router, index) = (&service.router, kpi("index"));
    let served = service.editions.borrow().clone().unwrap();
    let members = served.edition.membership.members("digital-maturity", 2020, "all").unwrap();
    let listed = json(router, "/kolada/v3/municipality?per_page=5000").await;
    let codes: BTreeSet<&str> =
        listed["values"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    let of = |took_part: bool| {
        let fits = |code: &&&str| code.len() == 4 && !code.starts_with("00");
        let part = |code: &&&str| members.contains(&*format!("municipality-{code}")) == took_part;
        codes.iter().filter(fits).filter(part).copied().next().unwrap()
    };
    let mut answers = BTreeSet::new();
    for code in [of(true), of(false), "0001"] {
        let body = json(router, &format!("/kolada/v3/data/kpi/{index}/municipality/{code}")).await;
        assert_eq!(body["count"], 2);
        answers.insert(body["values"].to_string().replace(code, "CODE"));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    let answer = answers.first().unwrap();
    assert!(answer.contains("\"status\":\"..\",\"value\":null") && answer.contains("\"count\":null"), "{answer}");
    // asked for by type, each of them is withheld, and there is one for each of the register
    let body = json(router, &format!("/kolada/v3/data/kpi/{index}/year/2020?region_type=municipality")).await;
    assert_eq!(body["count"], 290);
    assert!(body["values"].as_array().unwrap().iter().all(|row| row["values"][0]["value"] == Value::Null));
    assert_eq!(json(router, &format!("/kolada/v3/data/kpi/{index}/year/2020?region_type=region")).await["count"], 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told() {
    let router = &shared().await.router;
    let (index, own) = (kpi("index"), group("sector:municipality"));
    let many = |count: usize| {
        vec![index.as_str(); 1]
            .into_iter()
            .map(str::to_owned)
            .chain((1..count).map(|at| format!("M{at}")))
            .collect::<Vec<_>>()
            .join(",")
    };
    let too_many = many(IDS_MAX + 1);
    for (path, status, code) in [
        ("/kolada/v3/kpi?titel=x".to_owned(), 400, "unknown-parameter"),
        ("/kolada/v3/kpi?limit=5".to_owned(), 400, "unknown-parameter"),
        (format!("/kolada/v3/kpi/{index}?title=x"), 400, "unknown-parameter"),
        (format!("/kolada/v3/data/kpi/{index}/year/2020?year=2020"), 400, "unknown-parameter"),
        ("/kolada/v3/?page=1".to_owned(), 400, "unknown-parameter"),
        ("/kolada/v3/kpi?page=0".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/kpi?per_page=5001".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/kpi?title=a&title=b".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/kpi?lang=no".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/kpi/%ff".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/municipality?type=G".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/municipality?region_type=group".to_owned(), 400, "invalid-parameter"),
        ("/kolada/v3/data/".to_owned(), 400, "invalid-parameter"),
        (format!("/kolada/v3/data/kpi/{index}/year/nyss"), 400, "invalid-parameter"),
        (format!("/kolada/v3/data/kpi/{index},/year/2020"), 400, "invalid-parameter"),
        (format!("/kolada/v3/data/kpi/{index}/year/2020?from_date=igår"), 400, "invalid-parameter"),
        (format!("/kolada/v3/data/kpi/{too_many}/year/2020"), 400, "invalid-parameter"),
        (format!("/kolada/v3/data/?year=2020&kpi_id={}", too_many.replace(',', "&kpi_id=")), 400, "invalid-parameter"),
        ("/kolada/v3/kpi/N00945".to_owned(), 404, "unknown-id"),
        (format!("/kolada/v3/kpi_groups/{own}"), 404, "unknown-id"),
        ("/kolada/v3/municipality_groups/0000".to_owned(), 404, "unknown-id"),
        (format!("/kolada/v3/municipality/{own}"), 404, "unknown-id"),
        ("/kolada/v3/municipality?type=K&region_type=region".to_owned(), 404, "unknown-id"),
        ("/kolada/v3/municipality/0115,0116".to_owned(), 404, "unknown-id"),
        ("/kolada/v3/ou?municipality=9999".to_owned(), 404, "unknown-id"),
        ("/kolada/v3/ou/V15E128000101".to_owned(), 404, "unknown-id"),
        (format!("/kolada/v3/oudata?kpi_id={index}&year=2020"), 404, "unknown-id"),
        (format!("/kolada/v3/data/kpi/{index},M1/year/2020"), 404, "unknown-id"),
        (format!("/kolada/v3/data/kpi/{index}/municipality/{own},0115,9999"), 404, "unknown-id"),
        (format!("/kolada/v3/data/kpi/{index}/year/1990"), 404, "unknown-id"),
        (format!("/kolada/v3/data/kpi/{index}/municipality/{own}?region_type=country"), 404, "unknown-id"),
        ("/kolada/v3/data/kpi".to_owned(), 404, "no-such-resource"),
        ("/kolada/v4/kpi".to_owned(), 404, "no-such-resource"),
        ("/kolada/v2".to_owned(), 410, "gone"),
        ("/kolada/v2/".to_owned(), 410, "gone"),
        ("/v2/kpi/N00945".to_owned(), 410, "gone"),
        ("/v2/".to_owned(), 410, "gone"),
    ] {
        let (response, body) = get(router, &path, &[]).await;
        let text = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(response.status().as_u16(), status, "{path}: {text}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["type"], format!("/problems/{code}"), "{path}");
        if status == 410 {
            assert_eq!(response.headers()[header::LINK], "</kolada/v3>; rel=\"successor-version\"");
            assert!(problem["detail"].as_str().unwrap().contains("/kolada/v3"), "{text}");
        }
    }
    assert!(PROBLEMS.iter().any(|entry| entry.code == "gone"));
    // every id that is unknown is named, and a list of the most that there can be is no mistake in itself
    let (_, body) = get(router, &format!("/kolada/v3/kpi/{}", many(IDS_MAX)), &[]).await;
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains("M1, M2, M3") && !body.contains(&index), "{body}");
    let (refused, _) = get(router, "/kolada/v3/kpi", &[("accept", "text/csv")]).await;
    assert_eq!(refused.status(), StatusCode::NOT_ACCEPTABLE);
    // nothing has changed since a later day, which is no mistake
    let later = json(router, &format!("/kolada/v3/data/kpi/{index}/year/2020?from_date=2021-05-15")).await;
    assert_eq!((&later["count"], &later["next_url"]), (&Value::from(0), &Value::Null));
    assert_eq!(json(router, "/kolada/v3/kpi?title=finnsinte").await["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_at_its_example_and_known_bytes_touch_no_cells() {
    // an edition of its own, since others ask the shared one meanwhile
    let current = http::open(&shared().await.fixture.public, moment()).await.unwrap();
    let served = current.clone().unwrap();
    let (_editions, receiver) = watch::channel(current);
    let router = http::router(App::new(receiver));
    for route in ROUTES {
        let (first, body) = get(&router, route.example, &[]).await;
        if route.operation.starts_with("kolada_get_units") || route.operation.starts_with("kolada_list_unit_data") {
            assert_eq!(first.status(), StatusCode::NOT_FOUND, "{}", route.example);
            continue;
        }
        assert_eq!(first.status(), StatusCode::OK, "{}: {}", route.example, String::from_utf8_lossy(&body));
        let headers = first.headers();
        let tag = headers[header::ETAG].to_str().unwrap();
        assert!(tag.starts_with('"') && tag.len() > 20, "{}: {tag} is no strong tag", route.path);
        assert_eq!(headers[header::CACHE_CONTROL], "private, max-age=60", "{}: no address is configured", route.path);
        assert_eq!(headers[header::CONTENT_TYPE], "application/json", "{}", route.path);
        assert!(headers[header::VARY].to_str().unwrap().contains("Accept"), "{}", route.path);
        assert_eq!(
            headers["x-mognad-release"].to_str().unwrap(),
            served.edition.meta.release.as_str(),
            "{}",
            route.path
        );
        assert_eq!(headers["x-mognad-synthetic"], "true", "{}", route.path);
        let before = served.built();
        let (again, none) = get(&router, route.example, &[("if-none-match", tag)]).await;
        assert_eq!((again.status(), none.len()), (StatusCode::NOT_MODIFIED, 0), "{}", route.path);
        let (again, same) = get(&router, route.example, &[]).await;
        assert_eq!((again.status(), same), (StatusCode::OK, body), "{}", route.path);
        assert_eq!(served.built(), before, "{} was made twice", route.path);
        let request = Request::head(route.example).header(header::HOST, "mognad.test").body(Body::empty()).unwrap();
        let head = router.clone().oneshot(request).await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{}", route.path);
        let request = Request::post(route.example).header(header::HOST, "mognad.test").body(Body::empty()).unwrap();
        let post = router.clone().oneshot(request).await.unwrap();
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED, "{}", route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_edition_it_is_said_that_there_is_none() {
    let (_sender, receiver) = watch::channel(None);
    let router = http::router(App::new(receiver));
    for path in ["/kolada/v3/", "/kolada/v3/kpi", "/kolada/v3/data/?year=2020"] {
        let (response, _) = get(&router, path, &[]).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let (gone, _) = get(&router, "/v2/kpi", &[]).await;
    assert_eq!(gone.status(), StatusCode::GONE);
}
