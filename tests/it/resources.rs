//! What every resource of our own API has in common: the rules of Sweden's REST profile, described columns, tags, named releases, files in part.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use mognad::{
    definition,
    encode::{FORMATS, camel_case},
    http::{Answer, PARAMETERS, ROUTES},
    sample::Layout,
};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    api::{Service, get, json, serving, shared},
    fixture::{Fixture, year},
};

/// An address that answers with rows, for every resource that has them and needs no key.
pub(crate) fn rows() -> Vec<(&'static str, String, &'static str)> {
    ROUTES
        .iter()
        .filter(|route| !route.path.ends_with("/results"))
        .filter_map(|route| {
            let table = route.table()?;
            let address = match route.path {
                // what the small service of these tests has
                "/v1/groups/{id}" => "/v1/groups/sector:municipality".to_owned(),
                "/v1/organisations" => "/v1/organisations".to_owned(),
                "/v1/figures" => "/v1/figures".to_owned(),
                "/v1/comparisons" => "/v1/comparisons?peers=group:all".to_owned(),
                // the small service has no differences and no registered group; both have tests of their own
                "/v1/releases/{earlier}/differences/{later}" | "/v1/before-after" => return None,
                _ => route.example.replace("?limit=100", ""),
            };
            Some((route.path, address, table))
        })
        .collect()
}

pub(crate) fn joined(address: &str, query: &str) -> String {
    format!("{address}{}{query}", if address.contains('?') { '&' } else { '?' })
}

#[test]
fn paths_and_parameters_follow_the_profile() {
    let mut operations = BTreeSet::new();
    for route in ROUTES {
        assert!(operations.insert(route.operation), "{}: {} is there twice", route.path, route.operation);
        for segment in route.path.split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{')) {
            assert!(
                segment.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                    || segment == "openapi.json",
                "{}: {segment}",
                route.path
            );
        }
        if let (Some(_), Some(last)) = (route.table(), route.path.rsplit('/').next())
            && !last.starts_with('{')
        {
            assert!(
                last.ends_with('s') || ["method", "before-after"].contains(&last),
                "{}: a list is named in the plural",
                route.path
            );
        }
        for parameter in route.parameters {
            assert!(PARAMETERS.iter().any(|known| known.name == *parameter), "{}: {parameter}", route.path);
        }
        for part in route.path.split('{').skip(1) {
            let name = part.split('}').next().unwrap();
            assert!(PARAMETERS.iter().any(|known| known.name == name), "{}: {name}", route.path);
        }
        for text in route.summary {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}", route.path);
        }
        if let Answer::Table(table) = route.answer {
            assert!(definition::table(table).is_some(), "{}: {table} is not described", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_have_the_columns_that_are_described() {
    let router = &shared().await.router;
    for (path, address, table) in rows() {
        let body = json(router, &joined(&address, "limit=1")).await;
        let text = definition::table(table).unwrap();
        let Some(row) = body["data"].as_array().unwrap().first() else {
            panic!("{path}: {address} has no rows");
        };
        let own: Vec<&String> = row.as_object().unwrap().keys().collect();
        let mut expected: Vec<String> = Vec::new();
        for (name, _) in &text.columns {
            match name.strip_suffix('N') {
                Some(stem) if stem.ends_with('_') => {
                    expected
                        .extend(own.iter().filter(|own| own.starts_with(&camel_case(stem))).map(|own| (*own).clone()));
                }
                _ => expected.push(camel_case(name)),
            }
        }
        let own: BTreeSet<String> = own.into_iter().cloned().collect();
        assert_eq!(own, expected.into_iter().collect(), "{path} ({table})");
        // dates are RFC 3339 in UTC, and what is paged says how
        assert!(body["release"]["publishedAt"].as_str().unwrap().ends_with('Z'), "{path}");
        assert_eq!((&body["page"]["page"], &body["page"]["limit"]), (&Value::from(1), &Value::from(1)), "{path}");
        assert!(body["page"]["total"].as_u64().unwrap() >= 1, "{path}");
        assert_eq!(body["synthetic"], true, "{path}");
        assert!(body["source"]["sv"].as_str().unwrap().starts_with("Källa"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_a_limit_have_twenty_rows_and_links() {
    let router = &shared().await.router;
    let (response, body) = get(router, "/v1/groups", &[]).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["data"].as_array().unwrap().len(), 20);
    let link = response.headers()[header::LINK].to_str().unwrap();
    assert!(link.contains("</v1/groups?page=2>; rel=\"next\"") && !link.contains("prev"), "{link}");
    let total = body["page"]["total"].as_u64().unwrap();
    let last = total.div_ceil(20);
    let (response, _) = get(router, &format!("/v1/groups?page={last}"), &[]).await;
    assert!(!response.headers()[header::LINK].to_str().unwrap().contains("next"));
    let (response, body) = get(router, &format!("/v1/groups?page={}", last + 1), &[]).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "{}", String::from_utf8_lossy(&body));
}

#[tokio::test(flavor = "multi_thread")]
async fn known_bytes_touch_no_rows() {
    let service = serving(shared_fixture().await).await;
    let served = service.editions.borrow().clone().unwrap();
    for (path, address, _) in rows() {
        let (first, _) = get(&service.router, &address, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"') && tag.len() > 20, "{path}: {tag} is no strong tag");
        let before = served.built();
        let (again, body) = get(&service.router, &address, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status(), body.len(), served.built()), (StatusCode::NOT_MODIFIED, 0, before), "{path}");
        let (again, _) = get(&service.router, &address, &[]).await;
        assert_eq!((again.status(), served.built()), (StatusCode::OK, before), "{path} was made twice");
    }
    // another process, or one that has forgotten, knows the tag without making the answer
    let fresh = serving(service.fixture).await;
    let (first, _) = get(&service.router, "/v1/figures?limit=3", &[]).await;
    let tag = first.headers()[header::ETAG].to_str().unwrap();
    let (known, _) = get(&fresh.router, "/v1/figures?limit=3", &[("if-none-match", tag)]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(fresh.editions.borrow().as_ref().unwrap().built(), 0);
}

async fn shared_fixture() -> Fixture {
    Fixture::published(&Fixture::plan(2019..=2020, 60, 6)).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_release_stays_as_it_is() {
    let (fixture, first) = Fixture::published(&Fixture::plan(2019..=2019, 60, 6)).await;
    let plan = Fixture::plan(2019..=2020, 60, 6);
    let file = fixture.survey(&plan, year(2020), Layout::Standard);
    let old = first.release.to_string();
    let before = {
        let service = serving(fixture).await;
        let (response, body) = get(&service.router, &format!("/v1/figures?limit=50&release={old}"), &[]).await;
        let tag = response.headers()[header::ETAG].clone();
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=86400, immutable");
        service.fixture.ingest(&file, year(2020)).await;
        (service, body, tag)
    };
    let (Service { fixture, .. }, body, tag) = before;
    let new = fixture.publish(1).await.release.to_string();
    let service = serving(fixture).await;
    // the same bytes under the same tag, whatever is current
    let (response, again) = get(&service.router, &format!("/v1/figures?limit=50&release={old}"), &[]).await;
    assert_eq!((response.headers()[header::ETAG].clone(), &again), (tag, &body));
    assert_eq!(response.headers()["x-mognad-release"].to_str().unwrap(), old);
    // a new release says of the old year what the old one said
    let current = json(&service.router, "/v1/figures?limit=1000&year=2019&indicator=index").await;
    let earlier =
        json(&service.router, &format!("/v1/figures?limit=1000&year=2019&indicator=index&release={old}")).await;
    assert_eq!(current["release"]["id"], new);
    let values = |body: &Value| -> Vec<Value> {
        let shown = |row: &&Value| row["status"] == "ok";
        body["data"].as_array().unwrap().iter().filter(shown).cloned().collect()
    };
    let (current, earlier) = (values(&current), values(&earlier));
    assert!(!current.is_empty() && current.iter().all(|row| earlier.contains(row)));
    for (query, status, code) in [
        ("release=0", 400, "invalid-parameter"),
        ("release=zzzzzzzz", 400, "invalid-parameter"),
        ("release=00000000", 404, "unknown-id"),
    ] {
        let (response, body) = get(&service.router, &format!("/v1/figures?{query}"), &[]).await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (response.status().as_u16(), problem["type"].as_str()),
            (status, Some(&*format!("/problems/{code}")))
        );
    }
    let (_, body) = get(&service.router, &format!("/v1/releases/{old}/differences/{new}?limit=100"), &[]).await;
    let differences: Value = serde_json::from_slice(&body).unwrap();
    let added = differences["data"].as_array().unwrap().iter().find(|row| row["tableName"] == "figures").unwrap();
    assert_eq!(added["difference"], "rows-added");
    // people read the same, and find it from the list of editions
    let rows_of = regex::Regex::new("<th scope=\"row\">(?:Nyckeltal|Figures)</th><td>([^<]*)</td>").unwrap();
    for (address, list) in [("/utgavor", "/utgavor"), ("/en/editions", "/en/editions")] {
        let page = format!("{address}/{old}/{new}");
        let (response, html) = get(&service.router, &page, &[("accept", "text/html")]).await;
        let html = String::from_utf8(html).unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{html}");
        let rows: String = rows_of.captures(&html).expect(&html)[1].chars().filter(char::is_ascii_digit).collect();
        assert_eq!(rows, added["rows"].to_string());
        let (_, list) = get(&service.router, list, &[("accept", "text/html")]).await;
        assert!(String::from_utf8(list).unwrap().contains(&format!("href=\"{page}\"")));
    }
    let (response, body) = get(&service.router, &format!("/v1/releases/{}", &old[..8]), &[]).await;
    let manifest: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((response.status(), manifest["release"].as_str()), (StatusCode::OK, Some(&*old)));
    assert!(manifest["sealedTo"].is_null() && manifest["tables"].as_array().unwrap().len() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_whole_and_in_part() {
    let router = &shared().await.router;
    let (moved, _) = get(router, "/v1/files/current/figures.parquet", &[]).await;
    assert_eq!(moved.status(), StatusCode::TEMPORARY_REDIRECT);
    let place = moved.headers()[header::LOCATION].to_str().unwrap().to_owned();
    let (whole, bytes) = get(router, &place, &[]).await;
    assert_eq!((whole.status(), &bytes[..4]), (StatusCode::OK, b"PAR1".as_slice()));
    assert_eq!(whole.headers()[header::ACCEPT_RANGES], "bytes");
    assert_eq!(whole.headers()[header::CACHE_CONTROL], "public, max-age=86400, immutable");
    let tables = json(router, "/v1/tables?limit=100").await;
    let entry = tables["data"].as_array().unwrap().iter().find(|row| row["tableName"] == "figures").unwrap();
    assert_eq!(entry["bytes"].as_u64().unwrap(), bytes.len() as u64);
    assert!(whole.headers()[header::ETAG].to_str().unwrap().contains(&entry["digest"].as_str().unwrap()[..32]));
    let (part, some) = get(router, &place, &[("range", "bytes=-4")]).await;
    assert_eq!((part.status(), some.as_slice()), (StatusCode::PARTIAL_CONTENT, b"PAR1".as_slice()));
    let (bundle, zip) = get(router, &place.replace("figures.parquet", "bundle.zip"), &[]).await;
    assert_eq!(
        (bundle.status(), &bundle.headers()[header::CONTENT_TYPE]),
        (StatusCode::OK, &"application/zip".parse().unwrap())
    );
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    assert!(read("data/figures.parquet") == bytes, "the very file that the release consists of");
    // whoever has the file alone can read what it is
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(axum::body::Bytes::from(bytes.clone()));
    let reader = reader.unwrap();
    let said = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    assert!(said.iter().any(|pair| pair.key == "title_en" && pair.value.as_deref() == Some("Figures")));
    assert_eq!(reader.schema().field_with_name("mean").unwrap().metadata()["unit"], "percent");
    let package: Value = serde_json::from_slice(&read("datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(
        resources.len(),
        tables["data"].as_array().unwrap().iter().filter(|row| !row["digest"].is_null()).count()
    );
    assert_eq!(
        resources.iter().find(|own| own["name"] == "figures").unwrap()["schema"]["fields"][0]["name"],
        "instrument"
    );
    let manifest: Value = serde_json::from_slice(&read("manifest.json")).unwrap();
    assert!(manifest["sealedTo"].is_null() && manifest["release"].is_string());
    let expected = format!("bytes {}-{}/{}", bytes.len() - 4, bytes.len() - 1, bytes.len());
    assert_eq!(part.headers()[header::CONTENT_RANGE], expected.as_str());
    let tag = whole.headers()[header::ETAG].to_str().unwrap();
    let (other, all) = get(router, &place, &[("range", "bytes=0-3"), ("if-range", "\"other\"")]).await;
    assert_eq!((other.status(), all.len()), (StatusCode::OK, bytes.len()));
    let (same, some) = get(router, &place, &[("range", "bytes=0-3"), ("if-range", tag)]).await;
    assert_eq!((same.status(), some.len()), (StatusCode::PARTIAL_CONTENT, 4));
    let (beyond, _) = get(router, &place, &[("range", &format!("bytes={}-", bytes.len()))]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.headers()[header::CONTENT_RANGE], format!("bytes */{}", bytes.len()).as_str());
    for format in FORMATS {
        let (response, body) = get(router, &place.replace("parquet", format.name()), &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{}: {}", format.name(), String::from_utf8_lossy(&body));
        assert!(!body.is_empty());
    }
    for bad in ["figures", "figures.exe", "nothing.csv", "../figures.csv", "figures.csv?year=2020"] {
        let (response, _) = get(router, &place.replace("figures.parquet", bad), &[]).await;
        assert!(response.status().is_client_error(), "{bad}: {}", response.status());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_says_what_to_do() {
    let router = &shared().await.router;
    let long = format!("/v1/figures?group={}", "x".repeat(5_000));
    for (method, address, headers, status) in [
        ("GET", "/v1/figures?indikator=index", vec![], 400),
        ("GET", "/v1/figures?lang=de", vec![], 400),
        ("GET", "/v1/figures?limit=100001", vec![], 400),
        ("GET", "/v1/figures?page=0", vec![], 400),
        ("GET", "/v1/figures?year=2020-", vec![], 400),
        ("GET", "/v1/figures?year=last()", vec![], 400),
        ("GET", "/v1/figures?group=%ff%fe", vec![], 400),
        ("GET", "/v1/figures?group=%00", vec![], 400),
        ("GET", "/v1/figures.csv?format=json", vec![], 400),
        ("GET", "/v1/figures.exe", vec![], 404),
        ("GET", "/v1/figures?format=", vec![], 406),
        ("GET", "/v1/figures?format=csv&format=json", vec![], 400),
        ("GET", "/v1/figures", vec![("accept", "application/xml")], 406),
        ("GET", "/v1/figures", vec![("accept", "\u{ff}")], 406),
        ("GET", "/v1/comparisons?peers=county", vec![], 400),
        ("GET", "/v1/comparisons?peers=members:a,b", vec![], 404),
        ("GET", "/v1/comparisons?peers=group:all&value=nan", vec![], 400),
        ("GET", "/v1/instruments/none", vec![], 404),
        ("GET", "/v1/indicators/none", vec![], 404),
        ("GET", "/v1/tables/none", vec![], 404),
        ("GET", "/v1/releases/none", vec![], 404),
        ("GET", "/v1/organisations/none/results", vec![], 401),
        ("GET", "/v1/api-info?x=1", vec![], 400),
        ("GET", &long, vec![], 414),
        ("POST", "/v1/figures", vec![], 405),
        ("DELETE", "/v1/releases/current", vec![], 405),
        ("GET", "/v1", vec![], 404),
        ("GET", "/v1/figures/", vec![], 404),
    ] {
        let mut request = Request::builder().method(method).uri(address).header(header::HOST, "mognad.test");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body);
        assert_eq!(parts.status.as_u16(), status, "{method} {address}: {text}");
        assert_eq!(parts.headers[header::CONTENT_TYPE], "application/problem+json", "{address}");
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["status"], status, "{address}");
        for member in ["type", "title", "detail", "instance"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{address}: {member}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_written_with_escapes_is_the_same_parameter() {
    let router = &shared().await.router;
    for (address, status) in [
        ("/v1/figures?rele%61se=deadbeef", StatusCode::NOT_FOUND),
        ("/v1/figures?f%6Frmat=pdf", StatusCode::NOT_ACCEPTABLE),
        ("/v1/figures?f%6Frmat=csv", StatusCode::OK),
        ("/v1/releases?release=deadbeef", StatusCode::BAD_REQUEST),
        ("/v1/releases/current/differences/current?release=deadbeef", StatusCode::BAD_REQUEST),
        ("/pxweb/api/v2/tables?query=%ff", StatusCode::BAD_REQUEST),
    ] {
        let (response, _) = get(router, address, &[]).await;
        assert_eq!(response.status(), status, "{address}");
        if status == StatusCode::OK {
            assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"), "{address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_release_is_not_opened_again_by_its_beginnings() {
    let service = shared().await;
    let manifest = json(&service.router, "/v1/releases/current").await;
    let id = manifest["release"].as_str().unwrap();
    let (_, whole) = get(&service.router, "/v1/figures?limit=3", &[]).await;
    for release in [&id[..8], &id[..13], &id[..8].to_uppercase(), id] {
        let (response, body) = get(&service.router, &format!("/v1/releases/{release}"), &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{release}: {}", String::from_utf8_lossy(&body));
        let (_, same) = get(&service.router, &format!("/v1/figures?limit=3&release={release}"), &[]).await;
        assert!(whole == same, "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_csv_has_two_columns_of_one_name() {
    let router = &shared().await.router;
    for (path, address, _) in rows() {
        let (response, body) = get(router, &joined(&address, "format=csv&limit=1"), &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let text = String::from_utf8(body).unwrap();
        let names: Vec<&str> = text.trim_start_matches('\u{feff}').lines().next().unwrap().split(',').collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{path}: {names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_lines_of_accept_are_one_list_and_a_head_has_no_parts() {
    let router = &shared().await.router;
    let asked = |method: &str, address: &str, fields: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri(address).header(header::HOST, "mognad.test");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        router.clone().oneshot(request.body(Body::empty()).unwrap())
    };
    let two = [("accept", "application/xml"), ("accept", "application/json")];
    for address in ["/v1/figures", "/kolada/v3/kpi"] {
        assert_eq!(asked("GET", address, &two).await.unwrap().status(), StatusCode::OK, "{address}");
    }
    let upper = asked("GET", "/kolada/v3/kpi", &[("accept", "Application/JSON")]).await.unwrap();
    assert_eq!(upper.status(), StatusCode::OK);
    let manifest = json(router, "/v1/releases/current").await;
    let file = format!("/v1/files/{}/figures.parquet", manifest["release"].as_str().unwrap());
    let range = [("range", "bytes=0-3")];
    assert_eq!(asked("GET", &file, &range).await.unwrap().status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(asked("HEAD", &file, &range).await.unwrap().status(), StatusCode::OK);
}
