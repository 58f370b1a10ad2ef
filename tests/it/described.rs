//! How the API describes itself: that the `OpenAPI` documents are the committed ones and that answers, parameters and problems are as it says.

mod schema;

use std::{collections::BTreeMap, fs, path::Path};

use axum::{
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mognad::{
    definition::Publisher,
    encode::FORMATS,
    http::{
        Answer, Limits, ROUTES, Route, kolada,
        openapi::{DOCUMENTS, Document},
        pxweb,
    },
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    api::{Service, get, shared},
    compared,
};

fn own() -> Value {
    of(&DOCUMENTS[0])
}

fn of(document: &Document) -> Value {
    serde_json::from_str(&(document.write)(&Publisher::built_in().unwrap(), &Limits::default())).unwrap()
}

fn check(document: &Value, schema: &Value, value: &Value, what: &str) {
    let mut faults = schema::faults(document, schema, value);
    faults.truncate(5);
    assert!(faults.is_empty(), "{what}: {}", faults.join("; "));
}

fn committed(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name)
}

fn is_writing() -> bool {
    std::env::var_os("MOGNAD_WRITE_GENERATED").is_some()
}

/// The service that has what a resource shows: registered groups have one of their own.
async fn service(route: &Route) -> &'static Service {
    if route.path == "/v1/before-after" { compared::service().await } else { shared().await }
}

/// An address at which the small service of these tests has an answer.
fn address(route: &Route) -> String {
    match route.path {
        "/v1/groups/{id}" => "/v1/groups/sector:municipality".to_owned(),
        "/v1/organisations" => "/v1/organisations".to_owned(),
        "/v1/figures" => "/v1/figures?year=*".to_owned(),
        "/v1/comparisons" => "/v1/comparisons?peers=group:all".to_owned(),
        "/v1/before-after" => {
            "/v1/before-after?instrument=digital-maturity&group=registered:esf-2021-2022&indicator=index".to_owned()
        }
        _ => route.example.to_owned(),
    }
}

#[test]
fn the_documents_are_as_generated() {
    let publisher = Publisher::built_in().unwrap();
    for document in &DOCUMENTS {
        let path = committed(document.file);
        let text = (document.write)(&publisher, &Limits::default());
        if is_writing() {
            fs::write(&path, &text).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == text, "{} is stale; run this test with MOGNAD_WRITE_GENERATED=1", document.file);
    }
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_unused() {
    for document in DOCUMENTS.iter().map(of) {
        let mut used = std::collections::BTreeSet::new();
        references(&document, &mut used);
        for reference in &used {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
        }
        for (kind, components) in document["components"].as_object().unwrap() {
            for name in components.as_object().unwrap().keys().filter(|_| kind != "securitySchemes") {
                assert!(used.contains(&format!("#/components/{kind}/{name}")), "{kind}/{name} is described in vain");
            }
        }
    }
    let document = own();
    for route in ROUTES {
        let operation = &document["paths"][route.path]["get"];
        assert_eq!(operation["operationId"], route.operation, "{}", route.path);
        let description = operation["description"].as_str().unwrap();
        assert!(description.contains("\n\n"), "{}: one language: {description}", route.path);
    }
}

fn references(value: &Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.insert(reference.clone());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// That a response's status, media type and header fields are described, and its content too.
fn check_response(document: &Value, route: &Route, address: &str, response: &Response<()>, body: &[u8]) {
    check_answer(document, &document["paths"][route.path]["get"], address, response, body);
}

fn check_answer(document: &Value, operation: &Value, address: &str, response: &Response<()>, body: &[u8]) {
    let status = response.status().as_u16().to_string();
    let described = &operation["responses"][&status];
    assert!(described.is_object(), "{address}: {status} is not described");
    let described = resolved(document, described);
    for name in described["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        let always = ["X-Request-Id", "Vary", "ETag", "Cache-Control", "Location", "Accept-Ranges", "Repr-Digest"];
        if always.contains(&name.as_str()) {
            assert!(response.headers().contains_key(name.as_str()), "{address}: {status} lacks {name}");
        }
    }
    let Some(content) = described["content"].as_object() else {
        assert!(body.is_empty(), "{address}: {status} has content that is not described");
        return;
    };
    let media_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap();
    let essence = |text: &str| text.split(';').next().unwrap().trim().to_owned();
    // a parameter such as the profile tells media types of the same essence apart
    let fitting = content.iter().filter(|(name, _)| essence(name) == essence(media_type));
    let best = fitting.max_by_key(|(name, _)| {
        let own = name.split(';').skip(1).filter(|part| media_type.contains(part.trim())).count() as i64;
        let other = name.split(';').skip(1).filter(|part| !media_type.contains(part.trim())).count() as i64;
        own - 2 * other
    });
    let (_, media) = best.unwrap_or_else(|| panic!("{address}: {media_type} is not described"));
    if essence(media_type).ends_with("json") && media["schema"].is_object() {
        let value: Value = serde_json::from_slice(body).unwrap();
        check(document, &media["schema"], &value, &format!("{address} {status} {media_type}"));
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().map_or(value, |reference| document.pointer(&reference[1..]).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_described() {
    let document = own();
    for route in ROUTES {
        let router = &service(route).await.router;
        for address in [route.example.to_owned(), address(route)] {
            let (response, body) = get(router, &address, &[]).await;
            check_response(&document, route, &address, &response, &body);
            if let Some(tag) = response.headers().get(header::ETAG) {
                let (known, body) = get(router, &address, &[("if-none-match", tag.to_str().unwrap())]).await;
                assert_eq!(known.status(), StatusCode::NOT_MODIFIED, "{address}");
                check_response(&document, route, &address, &known, &body);
            }
        }
        let Answer::Table(_) = route.answer else { continue };
        let whole = address(route);
        let whole = format!("{whole}{}limit=100000", if whole.contains('?') { '&' } else { '?' });
        if whole.matches("limit=").nth(1).is_none() {
            let (response, body) = get(router, &whole, &[]).await;
            check_response(&document, route, &whole, &response, &body);
        }
        for format in FORMATS {
            let (address, accept) = (address(route), format.media_type());
            let (response, body) = get(router, &address, &[("accept", accept)]).await;
            check_response(&document, route, &format!("{address} {accept}"), &response, &body);
        }
    }
}

/// Every operation of the compatible faces: name, path, address to try, and content where it takes any.
fn operations() -> Vec<(&'static Document, &'static str, &'static str, &'static str, Option<&'static str>)> {
    let pxweb = pxweb::ROUTES.iter().map(|own| (&DOCUMENTS[1], own.operation, own.path, own.example, own.content));
    let kolada = kolada::ROUTES.iter().map(|own| (&DOCUMENTS[2], own.operation, own.path, own.example, None));
    pxweb.chain(kolada).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_compatible_faces_are_as_described() {
    let router = &shared().await.router;
    for (described, operation, path, example, content) in operations() {
        let document = of(described);
        let method = if content.is_some() { "post" } else { "get" };
        let own = &document["paths"][path][method];
        assert_eq!(own["operationId"], operation, "{path}");
        let formats = if path.ends_with("/data") && described.file == "openapi-pxweb.json" {
            vec!["json-stat2", "csv", "px", "xlsx", "html", "parquet"]
        } else {
            vec![""]
        };
        for format in formats {
            let joint = if example.contains('?') { '&' } else { '?' };
            let query = if format.is_empty() { String::new() } else { format!("{joint}outputFormat={format}") };
            let address = format!("{example}{query}");
            let (response, body) = match content {
                Some(content) => post(router, &address, content).await,
                None => get(router, &address, &[]).await,
            };
            check_answer(&document, own, &address, &response, &body);
            // what the small service lacks is refused as described too
            let (response, body) = get(router, &format!("{address}{joint}nonsense=1"), &[]).await;
            if content.is_none() {
                check_answer(&document, own, &address, &response, &body);
                assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{address}");
            }
        }
    }
}

async fn post(router: &axum::Router, address: &str, content: &'static str) -> (Response<()>, Vec<u8>) {
    let request = Request::post(address).header(header::HOST, "mognad.test");
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(content)).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_tables_are_as_their_rows_are_described() {
    let (document, Service { router, .. }) = (own(), shared().await);
    let (_, body) = get(router, "/v1/releases/current", &[]).await;
    let manifest: Value = serde_json::from_slice(&body).unwrap();
    let release = manifest["release"].as_str().unwrap();
    let files = ROUTES.iter().find(|route| route.answer == Answer::File).unwrap();
    for table in manifest["tables"].as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        let address = format!("/v1/files/{release}/{name}.json");
        let (response, body) = get(router, &address, &[]).await;
        check_response(&document, files, &address, &response, &body);
        let schema = format!("/components/schemas/{}Answer", component(name));
        if document.pointer(&schema).is_some() {
            let value: Value = serde_json::from_slice(&body).unwrap();
            check(&document, &json!({ "$ref": format!("#{schema}") }), &value, &address);
        }
    }
}

fn component(id: &str) -> String {
    id.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_read_as_described() {
    let document = own();
    for route in ROUTES {
        let router = &service(route).await.router;
        let base = address(route);
        let base = base.split('?').next().unwrap();
        let problem = async |query: &str, status: u16| {
            let address = format!("{base}?{query}");
            let (response, body) = get(router, &address, &[]).await;
            check_response(&document, route, &address, &response, &body);
            assert_eq!(response.status().as_u16(), status, "{address}");
        };
        // whoever has no key learns nothing of parameters
        if route.table() == Some("results") {
            continue;
        }
        problem("nonsense=1", 400).await;
        for parameter in document["paths"][route.path]["get"]["parameters"].as_array().unwrap() {
            let (Some("query"), Some(name)) = (parameter["in"].as_str(), parameter["name"].as_str()) else { continue };
            let is_valid =
                |value: String| schema::faults(&document, &parameter["schema"], &Value::from(value)).is_empty();
            let refused = if name == "format" { 406 } else { 400 };
            for value in ["", ",", "%00", "%C3%28", "x%20y;z"] {
                let decoded =
                    url::form_urlencoded::parse(format!("v={value}").as_bytes()).next().unwrap().1.into_owned();
                // what SQL is, no schema says
                assert!(name == "q" || !is_valid(decoded), "{name} accepts {value}");
                // what is no UTF-8 is refused before it is looked at
                let refused = if value == "%C3%28" && route.table().is_none() { 400 } else { refused };
                problem(&format!("{name}={value}"), refused).await;
            }
            if let Some(most) = parameter["schema"]["maximum"].as_u64() {
                problem(&format!("{name}={}", most + 1), 400).await;
            }
            if parameter["example"] != Value::Null {
                let example = parameter["example"].as_str().map_or(parameter["example"].to_string(), str::to_owned);
                check(&document, &parameter["schema"], &parameter["example"], name);
                let query: String = url::form_urlencoded::byte_serialize(example.as_bytes()).collect();
                let (response, _) = get(router, &format!("{base}?{name}={query}"), &[]).await;
                let needs_more = ["peers", "before", "q"].iter().any(|name| route.parameters.contains(name));
                assert!(needs_more || response.status() != StatusCode::BAD_REQUEST, "{base}?{name}={query}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_are_answers() {
    let document = own();
    let path = committed("example.json");
    let mut examples: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(&path).unwrap_or_default()).unwrap_or_default();
    let known = |name: &str| {
        ROUTES.iter().any(|route| route.operation == name) || operations().iter().any(|(_, own, ..)| *own == name)
    };
    examples.retain(|operation, _| known(operation));
    for route in ROUTES.iter().filter(|route| matches!(route.answer, Answer::Table(_) | Answer::Json)) {
        let schema = &document["paths"][route.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let fits = |value: &Value| {
            // a column that has come or gone makes the example old
            let row = |value: &Value| value["data"][0].as_object().map(|row| row.keys().cloned().collect::<Vec<_>>());
            schema::faults(&document, schema, value).is_empty() && row(value).is_none_or(|row| !row.is_empty())
        };
        if is_writing() && !examples.get(route.operation).is_some_and(fits) {
            let (response, body) = get(&service(route).await.router, &address(route), &[]).await;
            if response.status() == StatusCode::OK {
                examples.insert(route.operation.to_owned(), cut(serde_json::from_slice(&body).unwrap()));
            }
        }
        if let Some(example) = examples.get(route.operation) {
            check(&document, schema, example, route.operation);
        } else {
            assert!(
                route.table() == Some("results"),
                "{} has no example; run with MOGNAD_WRITE_GENERATED=1",
                route.operation
            );
        }
    }
    for (described, operation, path, address, content) in operations() {
        let (document, method) = (of(described), if content.is_some() { "post" } else { "get" });
        let answer = &document["paths"][path][method]["responses"]["200"]["content"]["application/json"];
        let fits = |value: &Value| schema::faults(&document, &answer["schema"], value).is_empty();
        if is_writing() && !examples.get(operation).is_some_and(fits) {
            let (response, body) = get(&shared().await.router, address, &[]).await;
            // an example is to be read: whole tables are not
            if response.status() == StatusCode::OK && body.len() < 6_000 && content.is_none() {
                examples.insert(operation.to_owned(), cut(serde_json::from_slice(&body).unwrap()));
            }
        }
        if let Some(example) = examples.get(operation) {
            check(&document, &answer["schema"], example, operation);
        }
    }
    if is_writing() {
        fs::write(&path, serde_json::to_string_pretty(&examples).unwrap() + "\n").unwrap();
    }
}

/// A long list shortened.
fn cut(mut answer: Value) -> Value {
    for (name, value) in answer.as_object_mut().unwrap() {
        if let Value::Array(list) = value {
            list.truncate(if name == "data" { 1 } else { 2 });
        }
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_without_an_edition_too() {
    let (_sender, receiver) = tokio::sync::watch::channel(None);
    let empty = mognad::http::router(mognad::http::App::new(receiver));
    for (router, document) in
        [&empty, &shared().await.router].iter().flat_map(|own| DOCUMENTS.iter().map(move |document| (own, document)))
    {
        let (response, body) = get(router, document.path, &[]).await;
        assert_eq!(
            (response.status(), &response.headers()[header::CONTENT_TYPE]),
            (StatusCode::OK, &"application/json".parse().unwrap())
        );
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), of(document));
        let tag = response.headers()[header::ETAG].to_str().unwrap();
        let (known, body) = get(router, document.path, &[("if-none-match", tag)]).await;
        assert_eq!((known.status(), body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
}
