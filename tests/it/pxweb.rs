//! The `PxWeb` face in process: resources and formats, selections by address and by body, refusals, and values against our own API.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mognad::http::{self, App, Limits, pxweb::ROUTES};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::{
    api::{get, json, settled, shared},
    fixture::moment,
};

const BASE: &str = "/pxweb/api/v2";
const TABLE: &str = "figures-digital-maturity";
/// The index of everybody and of municipalities, by mean and number of organisations, in both years.
const SMALL: &str =
    "valuecodes[group_id]=all,sector:municipality&valuecodes[ContentsCode]=mean,organisations&valuecodes[Tid]=*";

fn encoded(address: &str) -> String {
    address.replace('[', "%5B").replace(']', "%5D")
}

fn data(query: &str) -> String {
    encoded(&format!("{BASE}/tables/{TABLE}/data?{query}"))
}

async fn dataset(router: &Router, query: &str) -> Value {
    json(router, &data(query)).await
}

async fn post(router: &Router, address: &str, content: &str) -> (Response<()>, Vec<u8>) {
    let request =
        Request::post(address).header(header::HOST, "mognad.test").header(header::CONTENT_TYPE, "application/json");
    let response = router.clone().oneshot(request.body(Body::from(content.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (Response::from_parts(parts, ()), body.collect().await.unwrap().to_bytes().to_vec())
}

/// The values chosen of a variable.
fn chosen(dataset: &Value, variable: &str) -> Vec<String> {
    let index = dataset["dimension"][variable]["category"]["index"].as_object().unwrap();
    let mut own: Vec<(i64, String)> = index.iter().map(|(code, at)| (at.as_i64().unwrap(), code.clone())).collect();
    own.sort();
    own.into_iter().map(|(_, code)| code).collect()
}

/// Every cell of a dataset by the codes of its variables: value and symbol.
fn cells(dataset: &Value) -> BTreeMap<Vec<String>, (Option<f64>, String)> {
    let names: Vec<&str> = dataset["id"].as_array().unwrap().iter().map(|own| own.as_str().unwrap()).collect();
    let codes: Vec<Vec<String>> = names.iter().map(|name| chosen(dataset, name)).collect();
    let mut found = BTreeMap::new();
    for (at, value) in dataset["value"].as_array().unwrap().iter().enumerate() {
        let mut rest = at;
        let mut key = vec![String::new(); codes.len()];
        for (place, codes) in codes.iter().enumerate().rev() {
            key[place].clone_from(&codes[rest % codes.len()]);
            rest /= codes.len();
        }
        let symbol = dataset["status"][at.to_string()].as_str().unwrap_or_default().to_owned();
        found.insert(key, (value.as_f64(), symbol));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_as_they_were() {
    let router = &shared().await.router;
    for (name, address) in [
        ("config", format!("{BASE}/config?lang=en")),
        ("tables", format!("{BASE}/tables?query=M%C3%85TT&pageSize=2&pageNumber=2")),
        ("table", format!("{BASE}/tables/{TABLE}?lang=en")),
        ("default_selection", format!("{BASE}/tables/spread-digital-maturity/defaultselection")),
        ("metadata", format!("{BASE}/tables/spread-digital-maturity/metadata")),
        ("codelist", format!("{BASE}/codelists/vs_{TABLE}_sector?lang=en")),
        ("data", data(SMALL)),
        (
            "data_csv",
            data(&format!(
                "{SMALL}&outputFormat=csv&outputFormatParams=UseCodesAndTexts,SeparatorSemicolon,IncludeTitle"
            )),
        ),
        ("data_csv_placed", data(&format!("{SMALL}&outputFormat=csv&heading=Tid&stub=group_id,ContentsCode&lang=en"))),
        ("data_html", data(&format!("{SMALL}&outputFormat=html"))),
        ("data_px", data(&format!("{SMALL}&outputFormat=px&lang=en"))),
        ("unknown_table", format!("{BASE}/tables/none/metadata?lang=en")),
        ("unknown_value", data("valuecodes[group_id]=county:99&lang=en")),
        ("unknown_format", data("outputFormat=json-px&lang=en")),
        ("saved_queries", format!("{BASE}/savedqueries/1")),
    ] {
        let (response, body) = get(router, &address, &[]).await;
        let header = |name: &str| response.headers().get(name).map_or("-", |value| value.to_str().unwrap());
        let mut text = String::from_utf8(body).unwrap();
        if let Ok(body) = serde_json::from_str::<Value>(&text) {
            text = serde_json::to_string_pretty(&body).unwrap();
        }
        let text = settled(&response, &text);
        let told =
            format!("{} {} {}\n{text}", response.status().as_u16(), header("content-type"), header("content-language"));
        insta::assert_snapshot!(name, told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_is_that_of_our_own_api() {
    let router = &shared().await.router;
    let figures = json(router, "/v1/figures?limit=100000").await;
    let rows = figures["data"].as_array().unwrap().iter();
    let instruments: BTreeSet<&str> = rows.map(|row| row["instrument"].as_str().unwrap()).collect();
    let (mut shown, mut withheld) = (0, 0);
    for instrument in instruments {
        let address = format!(
            "{BASE}/tables/figures-{instrument}/data?valuecodes[indicator]=*&valuecodes[group_id]=*&valuecodes[Tid]=*&valuecodes[ContentsCode]=*"
        );
        let dataset = json(router, &encoded(&address)).await;
        assert_eq!(dataset["id"], serde_json::json!(["indicator", "group_id", "ContentsCode", "Tid"]), "{instrument}");
        let mut found = cells(&dataset);
        for row in figures["data"].as_array().unwrap().iter().filter(|row| row["instrument"] == instrument) {
            let text = |name: &str| row[name].as_str().map_or_else(|| row[name].to_string(), str::to_owned);
            for (measure, member) in
                [("mean", "mean"), ("organisations", "organisations"), ("respondents", "respondents")]
            {
                let key = vec![text("indicator"), text("groupId"), measure.to_owned(), text("year")];
                let (value, symbol) = found.remove(&key).unwrap_or_else(|| panic!("{key:?} is not there"));
                assert_eq!(value, row[member].as_f64(), "{key:?}");
                match row["status"].as_str().unwrap() {
                    "ok" => shown += 1,
                    "withheld" => {
                        assert_eq!(symbol, "..", "{key:?}");
                        withheld += 1;
                    }
                    other => panic!("{other}"),
                }
            }
        }
        // what is no row of ours is no figure here either
        for (key, (value, symbol)) in found {
            let is_ours = ["mean", "organisations", "respondents"].contains(&key[2].as_str());
            assert!(!is_ours || (value.is_none() && !symbol.is_empty()), "{key:?}: {value:?}");
        }
    }
    assert!(shown > 1_000 && withheld > 0, "{shown} shown, {withheld} withheld");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_in_the_body_is_answered_as_one_in_the_address() {
    let router = &shared().await.router;
    let content = r#"{"selection": [
        {"variableCode": "group_id", "valueCodes": ["all", "sector:municipality"]},
        {"variableCode": "contentscode", "valueCodes": ["mean", "organisations"]},
        {"variableCode": "Tid", "valueCodes": ["*"]}
    ], "placement": {"heading": ["Tid"], "stub": ["group_id", "ContentsCode"]}}"#;
    for format in ["json-stat2", "csv", "px", "html", "xlsx", "parquet"] {
        let (_, asked) =
            get(router, &data(&format!("{SMALL}&heading=Tid&stub=group_id,ContentsCode&outputFormat={format}")), &[])
                .await;
        let (response, sent) =
            post(router, &format!("{BASE}/tables/{TABLE}/data?outputFormat={format}"), content).await;
        assert_eq!(response.status(), StatusCode::OK, "{format}");
        assert!(asked == sent, "{format} differs");
        // caches find answers by address, and the address is that of all selections
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-store");
        assert_eq!(response.headers().get(header::ETAG), None);
    }
    let (_, nothing) = get(router, &format!("{BASE}/tables/{TABLE}/data"), &[]).await;
    let (response, empty) = post(router, &format!("{BASE}/tables/{TABLE}/data"), "").await;
    assert_eq!(
        (response.status(), nothing == empty),
        (StatusCode::OK, true),
        "nothing chosen is the default selection"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn expressions_choose_what_the_specification_says() {
    let router = &shared().await.router;
    let codes = chosen(
        &dataset(router, "valuecodes[indicator]=*&valuecodes[ContentsCode]=mean&valuecodes[Tid]=*").await,
        "indicator",
    );
    let (first, last) = (&codes[0], &codes[codes.len() - 1]);
    let of = |keep: &dyn Fn(&str) -> bool| -> Vec<String> { codes.iter().filter(|own| keep(own)).cloned().collect() };
    let parts = of(&|own| own.starts_with("sense-"));
    assert!(parts.len() > 1);
    let place = |code: &str| codes.iter().position(|own| own == code).unwrap();
    for (expression, expected) in [
        ("*", codes.clone()),
        ("sense-*", parts.clone()),
        ("SENSE-*", parts.clone()),
        ("*-needs", of(&|own| own.ends_with("-needs"))),
        ("*work*", of(&|own| own.contains("work"))),
        ("inde?", vec!["index".to_owned()]),
        ("TOP(2)", codes[..2].to_vec()),
        ("top(2,1)", codes[1..3].to_vec()),
        ("BOTTOM(2)", codes[codes.len() - 2..].to_vec()),
        ("BOTTOM(1,1)", codes[codes.len() - 2..codes.len() - 1].to_vec()),
        (&format!("FROM({})", parts[0]), codes[place(&parts[0])..].to_vec()),
        (&format!("TO({})", parts[0]), codes[..=place(&parts[0])].to_vec()),
        (&format!("RANGE({},{})", parts[0], parts[1]), codes[place(&parts[0])..=place(&parts[1])].to_vec()),
        (&format!("[range({},{})],{first}", parts[0], parts[1]), {
            let mut own = vec![first.clone()];
            own.extend(codes[place(&parts[0])..=place(&parts[1])].iter().cloned());
            own
        }),
        (&format!("{last},{first},{last}"), vec![last.clone(), first.clone()]),
    ] {
        let expression: String = url::form_urlencoded::byte_serialize(expression.as_bytes()).collect();
        let query = format!("valuecodes[indicator]={expression}&valuecodes[ContentsCode]=mean&valuecodes[Tid]=*");
        let found = chosen(&dataset(router, &query).await, "indicator");
        let sorted = |mut own: Vec<String>| {
            own.sort();
            own
        };
        assert_eq!(sorted(found), sorted(expected), "{expression}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_are_left_out_and_chosen_by_code_lists() {
    let router = &shared().await.router;
    let whole = dataset(
        router,
        "valuecodes[indicator]=index&valuecodes[group_id]=all&valuecodes[ContentsCode]=mean&valuecodes[Tid]=*",
    )
    .await;
    let left_out = dataset(router, "valuecodes[ContentsCode]=mean&valuecodes[Tid]=*").await;
    assert_eq!(left_out["id"], serde_json::json!(["ContentsCode", "Tid"]));
    assert_eq!(left_out["value"], whole["value"], "eliminated is the index of everybody");
    let list = format!("codelist[group_id]=vs_{TABLE}_sector&valuecodes[ContentsCode]=mean&valuecodes[Tid]=*");
    let sectors = dataset(router, &list).await;
    assert!(chosen(&sectors, "group_id").iter().all(|own| own.starts_with("sector:")));
    assert_eq!(
        chosen(&dataset(router, &format!("{list}&valuecodes[group_id]=*")).await, "group_id"),
        chosen(&sectors, "group_id")
    );
    let metadata =
        json(router, &encoded(&format!("{BASE}/tables/{TABLE}/metadata?codelist[group_id]=vs_{TABLE}_sector"))).await;
    assert_eq!(chosen(&metadata, "group_id"), chosen(&sectors, "group_id"));
    assert_eq!(metadata["value"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told() {
    let router = &shared().await.router;
    for (address, status, title) in [
        (format!("{BASE}/tables/none"), 404, "Non-existent table"),
        (format!("{BASE}/codelists/none"), 404, "Non-existent codelist"),
        (format!("{BASE}/tables?pageNumber=99"), 404, "Non-existent page"),
        (format!("{BASE}/tables?lang=no"), 400, "Unsupported language"),
        (format!("{BASE}/tables?pageSize=0"), 400, "Illegal parameter value"),
        (format!("{BASE}/tables?nonsense=1"), 400, "Unknown parameter"),
        (data("valuecodes[none]=*"), 400, "Non-existent variable"),
        (data("valuecodes[Tid]=1066&valuecodes[ContentsCode]=*"), 400, "Non-existent value"),
        (data("codelist[Tid]=none"), 400, "Non-existent codelist"),
        (data("valuecodes[group_id]=*"), 400, "Missing selection for mandantory variable"),
        (data("valuecodes[Tid]=TOP(x)&valuecodes[ContentsCode]=*"), 400, "Illegal selection expression"),
        (data(&format!("{SMALL}&heading=Tid,Tid")), 400, "Illegal placment"),
        (data("outputFormat=zzz"), 400, "Unsupported output format"),
        (data("outputFormat=px&outputFormatParams=SeparatorTab"), 400, "Unsupported output format"),
    ] {
        let (response, body) = get(router, &address, &[]).await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (response.status().as_u16(), problem["title"].as_str().unwrap()),
            (status, title),
            "{address}: {problem}"
        );
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{address}");
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{address}");
    }
    for (content, title) in [
        ("{", "Illegal selection"),
        ("[]", "Illegal selection"),
        (r#"{"selection": [], "more": 1}"#, "Illegal selection"),
        (r#"{"selection": [{"variableCode": "none", "valueCodes": ["*"]}]}"#, "Non-existent variable"),
    ] {
        let (response, body) = post(router, &format!("{BASE}/tables/{TABLE}/data"), content).await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (response.status(), problem["title"].as_str().unwrap()),
            (StatusCode::BAD_REQUEST, title),
            "{content}"
        );
    }
    let (response, _) = get(router, &format!("{BASE}/nothing"), &[]).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let delete = Request::delete(format!("{BASE}/tables/{TABLE}/data"))
        .header(header::HOST, "mognad.test")
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(delete).await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    let allowed = response.headers()[header::ALLOW].to_str().unwrap();
    assert!(allowed.contains("GET") && allowed.contains("POST"), "{allowed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_cells_than_the_limit_are_refused_and_the_limit_is_told() {
    let editions = watch::channel(http::open(&shared().await.fixture.public, moment()).await.unwrap()).1;
    let limits = Limits { data_cells_max: 12, requests_per_second: 3, requests_burst: 10, ..Limits::default() };
    let router = http::router(App::new(editions).with_limits(limits));
    let config = json(&router, &format!("{BASE}/config")).await;
    assert_eq!(
        (&config["maxDataCells"], &config["maxCallsPerTimeWindow"], &config["timeWindow"]),
        (&12.into(), &10.into(), &4.into())
    );
    let (response, body) =
        get(&router, &data("valuecodes[group_id]=*&valuecodes[ContentsCode]=mean&valuecodes[Tid]=*"), &[]).await;
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (response.status(), problem["title"].as_str().unwrap()),
        (StatusCode::FORBIDDEN, "Too many cells selected")
    );
    let default = json(&router, &format!("{BASE}/tables/{TABLE}/data")).await;
    assert!((1..=12).contains(&default["value"].as_array().unwrap().len()), "the default selection keeps to the limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn known_bytes_touch_no_cells() {
    // an edition of its own, since others ask the shared one meanwhile
    let current = http::open(&shared().await.fixture.public, moment()).await.unwrap();
    let served = current.clone().unwrap();
    let router = http::router(App::new(watch::channel(current).1));
    for route in ROUTES.iter().filter(|route| route.content.is_none()) {
        let (response, body) = get(&router, route.example, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{}: {}", route.example, String::from_utf8_lossy(&body));
        let tag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "{tag} is strong");
        let before = served.built();
        let (known, body) = get(&router, route.example, &[("if-none-match", &tag)]).await;
        assert_eq!(
            (known.status(), body.len(), served.built()),
            (StatusCode::NOT_MODIFIED, 0, before),
            "{}",
            route.example
        );
    }
}
