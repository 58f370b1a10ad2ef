//! Pages and charts in process: every page in both languages, their texts, links, tables beside the API, and what a reader meets in
//! place of a page. How they look and feel is tried in a browser.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
};

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt as _;
use mognad::{
    disclosure::Identity,
    http, key,
    model::{Language, OrganisationId},
    web::{Asked, CHARTS, PAGES},
};
use quick_xml::events::Event;
use regex::Regex;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    api::{Service, get, json, serving, shared},
    compared,
    fixture::{Fixture, moment},
};

const BROWSER: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

async fn page(router: &Router, path: &str) -> (Response<()>, String) {
    let (response, body) = get(router, path, &BROWSER).await;
    (response, String::from_utf8(body).unwrap())
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// The addresses of every page by its example, Swedish and English.
fn examples() -> Vec<[String; 2]> {
    let asked = |query: &str| {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Asked::new(pairs.iter().map(|(name, value)| (&**name, &**value)))
    };
    PAGES.iter().map(|page| page.addressed(&asked(page.example))).collect()
}

/// A text of a page as a reader sees it.
fn plain(html: &str) -> String {
    let html = pattern("(?s)<style>.*?</style>").replace_all(html, " ");
    let text = pattern("<[^>]*>").replace_all(&html, " ");
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#38;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_there_in_both_languages() {
    let router = &compared::service().await.router;
    let mut titles = BTreeSet::new();
    for addresses in examples() {
        for (language, address) in Language::ALL.into_iter().zip(&addresses) {
            let (response, html) = page(router, address).await;
            assert_eq!(response.status(), StatusCode::OK, "{address}: {}", plain(&html));
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{address}: {policy}");
            assert_eq!(response.headers()[header::CONTENT_LANGUAGE], language.tag(), "{address}");
            assert!(html.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", language.tag())), "{address}");
            assert_eq!(html.matches("<h1").count(), 1, "{address}");
            assert!(html.contains("role=\"note\""), "{address} says that the data are synthetic");
            assert!(!html.contains("<script"), "{address}");
            assert!(!html.contains("Unknown localization"), "{address}: {}", plain(&html));
            // the other language is a link away
            let other = &addresses[usize::from(language == Language::Sv)];
            let other = other.replace('&', "&#38;");
            assert!(html.contains(&format!("href=\"{other}\" hreflang")), "{address} leads to {other}");
            let title = pattern("<title>(.*?)</title>").captures(&html).unwrap()[1].to_owned();
            assert!(titles.insert((language.tag(), title.clone())), "{address} has a title of its own: {title}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_pages_lead_somewhere() {
    let router = &compared::service().await.router;
    let (links, ids) = (pattern(r#" (href|action)="([^"]*)""#), pattern(r#" id="([^"]*)""#));
    let mut open: VecDeque<(String, String)> =
        examples().into_iter().flatten().map(|address| (address, "the list".to_owned())).collect();
    let (mut seen, mut fragments) = (BTreeSet::new(), Vec::new());
    let mut anchors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some((address, from)) = open.pop_front() {
        // all that is one click from a page, of pages that are one click from the list
        if !seen.insert(address.clone()) || seen.len() > 600 {
            continue;
        }
        let (response, body) = get(router, &address, &BROWSER).await;
        let html = String::from_utf8_lossy(&body);
        assert!(response.status().as_u16() < 400, "{address}, from {from}: {} {}", response.status(), plain(&html));
        let is_page =
            response.headers().get(header::CONTENT_TYPE).is_some_and(|own| own.as_bytes().starts_with(b"text/html"));
        if !is_page {
            continue;
        }
        let own = ids.captures_iter(&html).map(|found| found[1].to_owned());
        anchors.insert(address.clone(), own.collect());
        let is_far = from != "the list";
        for found in links.captures_iter(&html) {
            let link = found[2].replace("&#38;", "&").replace("&amp;", "&");
            let (target, fragment) = link.split_once('#').map_or((&*link, None), |(link, id)| (link, Some(id)));
            let target = if target.is_empty() { &*address } else { target };
            if target.starts_with("http") || target.starts_with("mailto:") || target.starts_with('/') && is_far {
                continue;
            }
            if let Some(id) = fragment {
                // a form is answered by a page of the same kind as the one it stands on
                let target = if &found[1] == "action" { &*address } else { target };
                fragments.push((target.to_owned(), id.to_owned(), address.clone()));
            }
            open.push_back((target.to_owned(), address.clone()));
        }
    }
    assert!(seen.len() > 150, "{}", seen.len());
    for (target, id, from) in fragments {
        if let Some(ids) = anchors.get(&target) {
            assert!(ids.contains(&id), "{from} leads to {target}#{id}");
        }
    }
}

/// Rows of a page's table by its caption: cells as text.
fn table(html: &str, caption: &str) -> Vec<Vec<String>> {
    let from = html.find(caption).unwrap_or_else(|| panic!("no table {caption}"));
    let body = &html[from..];
    let body = &body[body.find("<tbody>").unwrap()..body.find("</tbody>").unwrap()];
    let (row, cell) = (pattern("(?s)<tr[^>]*>(.*?)</tr>"), pattern("(?s)<t[hd][^>]*>(.*?)</t[hd]>"));
    row.captures_iter(body).map(|found| cell.captures_iter(&found[1]).map(|own| plain(&own[1])).collect()).collect()
}

/// A published mean as pages write it.
fn written(row: &Value) -> String {
    match (row["mean"].as_i64(), row["meanBound"].as_str(), row["status"].as_str()) {
        (Some(mean), None, _) => format!("{mean}%"),
        (Some(mean), Some("le"), _) => format!("≤ {mean}%"),
        (Some(mean), Some(_), _) => format!("≥ {mean}%"),
        (None, _, Some("withheld")) => "not shown".to_owned(),
        (None, ..) => "–".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_charts_have_the_figures_of_the_api() {
    let router = &compared::service().await.router;
    let measures = json(router, "/v1/indicators?instrument=digital-maturity&limit=100").await;
    let mut compared = 0;
    for measure in measures["data"].as_array().unwrap() {
        let indicator = measure["indicator"].as_str().unwrap();
        for group in ["all", "sector:municipality", "county:22", "skr-group:a1"] {
            let (response, html) =
                page(router, &format!("/en/measures/digital-maturity/{indicator}?group={group}")).await;
            assert_eq!(response.status(), StatusCode::OK, "{indicator} {group}");
            let figures =
                json(router, &format!("/v1/figures?instrument=digital-maturity&indicator={indicator}&group={group}"))
                    .await;
            let expected: Vec<Vec<String>> = figures["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| vec![row["year"].to_string(), written(row)])
                .collect();
            let found: Vec<Vec<String>> =
                table(&html, "id=\"changes-table\"").into_iter().map(|row| row[..2].to_vec()).collect();
            assert_eq!(found, expected, "{indicator} {group}");
            let found: Vec<Vec<String>> =
                table(&html, "year by year</caption>").into_iter().map(|row| row[..2].to_vec()).collect();
            assert_eq!(found, expected, "{indicator} {group}: the chart");
            compared += expected.len();
        }
    }
    assert!(compared > 400, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_and_peers_are_those_of_the_api() {
    let router = &compared::service().await.router;
    let (_, html) = page(router, "/en/measures/digital-maturity/index").await;
    let figures = json(router, "/v1/figures?instrument=digital-maturity&indicator=index&year=2019&limit=1000").await;
    let names = json(router, "/v1/groups?instrument=digital-maturity&limit=1000").await;
    let names: BTreeMap<&str, &str> = names["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["groupId"].as_str().unwrap(), row["nameEn"].as_str().unwrap()))
        .collect();
    let values: BTreeMap<&str, String> = figures["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (names[row["groupId"].as_str().unwrap()], written(row)))
        .collect();
    let mut compared = 0;
    for caption in [": Sectors</caption>", ": SKR&#39;s municipality groups</caption>", ": Population</caption>"] {
        for row in table(&html, caption) {
            assert_eq!(values[&*row[0]], row[1], "{row:?}");
            compared += 1;
        }
    }
    assert!(compared > 8, "{compared}");
    // a county that is not shown has the value of those that it is shown with, and never nought
    for row in table(&html, "municipalities by county on the map</caption>") {
        let own = if row[2] == "–" { &values[&*row[0]] } else { &values[&*row[2]] };
        assert_eq!(own, &row[1], "{row:?}");
    }
    let query = "organisation=municipality-2281&peers=similar:16&instrument=digital-maturity";
    let (_, html) = page(router, &format!("/en/compare?{query}")).await;
    let rows = json(router, &format!("/v1/comparisons?{query}&limit=100")).await;
    let means: BTreeMap<&str, &Value> = rows["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["indicatorNameEn"].as_str().unwrap_or_default(), row))
        .collect();
    assert!(!means.is_empty());
    let index = rows["data"].as_array().unwrap().iter().find(|row| row["indicator"] == "index").unwrap();
    let typical = format!("{} is typical of the 16 peers", written(index));
    assert!(plain(&html).contains(&typical), "{typical}: {}", plain(&html));
    for (class, row) in
        table(&html, "How the peers are distributed: Digital maturity in 2019</caption>").iter().enumerate()
    {
        let share = index[format!("share{}", class * 10)].as_f64().unwrap();
        assert_eq!(row[1], format!("{}%", share.round()), "{row:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_stand_by_themselves() {
    let router = &compared::service().await.router;
    for kind in CHARTS {
        let query = kind.example.replace("municipality-1881", "municipality-2281");
        for (place, language) in [("/diagram", "sv"), ("/en/chart", "en")] {
            let (response, svg) = page(router, &format!("{place}/{}.svg?{query}", kind.name)).await;
            assert_eq!(response.status(), StatusCode::OK, "{}: {}", kind.name, plain(&svg));
            assert_eq!(response.headers()[header::CONTENT_TYPE], "image/svg+xml");
            let mut reader = quick_xml::Reader::from_str(&svg);
            let mut names = Vec::new();
            loop {
                match reader.read_event().unwrap_or_else(|error| panic!("{}: {error}", kind.name)) {
                    Event::Eof => break,
                    Event::Start(own) => names.push(own.name().as_ref().to_owned()),
                    _ => {}
                }
            }
            assert_eq!(names[..3], ["svg", "title", "desc"], "{}", kind.name);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", kind.name);
            // whoever meets it elsewhere can find the edition
            let release = response.headers()["x-mognad-release"].to_str().unwrap();
            assert!(plain(&svg).contains(&release[..12]), "{}", kind.name);
            let (response, html) = page(router, &format!("{place}/{}?{query}", kind.name)).await;
            assert_eq!(response.status(), StatusCode::OK, "{}", kind.name);
            assert_eq!(response.headers()[header::CONTENT_LANGUAGE], language);
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("frame-ancestors *"), "{policy}");
            assert!(html.contains("<table>"), "{}", kind.name);
        }
    }
    for (path, status) in [
        ("/diagram/none.svg", 404),
        ("/diagram/trend.svg?instrument=none&indicator=index&group=all", 404),
        ("/diagram/trend.svg", 404),
        ("/diagram/trend.svg?kind=sector", 404),
    ] {
        assert_eq!(page(router, path).await.0.status().as_u16(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_are_found_as_people_write_them() {
    let router = &shared().await.router;
    for (written, name) in [
        ("orebro", "Örebro"),
        ("%C3%96REBRO", "Örebro"),
        ("Upplands-V%C3%A4sby", "Upplands Väsby"),
        ("upplands+vas", "Upplands Väsby"),
        ("2281", "Sundsvall"),
        ("malung", "Malung-Sälen"),
    ] {
        let (response, html) = page(router, &format!("/jamfor?find={written}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(plain(&html).contains(&format!("{name} (")), "{written}: {}", plain(&html));
    }
    let (_, html) = page(router, "/jamfor?find=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(plain(&html).contains("0 träffar") && !html.contains("<script"), "{}", plain(&html));
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_are_found_by_other_names_too() {
    let router = &shared().await.router;
    for (written, id) in [("stockholms+kommun", "municipality-0180"), ("Malm%C3%B6+kommun", "municipality-1280")] {
        let (_, html) = page(router, &format!("/jamfor?find={written}")).await;
        assert!(html.contains(id), "{written}: {}", plain(&html));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_ones_own_is_made_by_links() {
    let router = &shared().await.router;
    let link = pattern(r#"<a href="([^"]*)">(?:Lägg till|<span)"#);
    let mut address = "/jamfor?organisation=municipality-2281&peers=county".to_owned();
    for (at, name) in ["kramfors", "solleftea", "ange", "timra", "harnosand", "ornskoldsvik", "ostersund", "stromsund"]
        .into_iter()
        .enumerate()
    {
        let joint = if address.contains('?') { '&' } else { '?' };
        let (response, html) = page(router, &format!("{address}{joint}add={name}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}: {}", plain(&html));
        let found = link.captures(&html).unwrap_or_else(|| panic!("{name}: {}", plain(&html)));
        address = found[1].replace("&#38;", "&").replace("&amp;", "&");
        assert_eq!(address.matches("municipality-").count(), at + 2, "{address}");
    }
    let (_, html) = page(router, &address).await;
    assert!(plain(&html).contains("Egen lista med 8 organisationer"), "{}", plain(&html));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_in_a_browser_meets_a_page_and_programs_a_document() {
    let router = &shared().await.router;
    for (path, status, says) in [
        ("/nej", 404, "finns inte"),
        ("/matt/digital-maturity/none", 404, "none"),
        ("/jamfor?organisation=municipality-9999", 404, "municipality-9999"),
        ("/jamfor?value=hej&organisation=municipality-2281", 400, "value"),
        ("/en/compare?organisation=municipality-9999", 404, "does not exist"),
        ("/v1/figures?indicator=none", 404, "none"),
    ] {
        let (response, html) = page(router, path).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
        assert!(html.starts_with("<!doctype html>"), "{path}");
        let language = response.headers()[header::CONTENT_LANGUAGE].to_str().unwrap();
        assert_eq!(language, if path.starts_with("/en/") { "en" } else { "sv" }, "{path}");
        assert!(plain(&html).contains(says), "{path}: {}", plain(&html));
        let id = response.headers()["x-request-id"].to_str().unwrap();
        assert!(plain(&html).contains(id), "{path}");
        let (response, _) = get(router, path, &[]).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
    // what cannot be compared is told on the page, which keeps the reader's choices
    let (response, html) = page(router, "/jamfor?organisation=municipality-2281&peers=members:municipality-2280").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(html.contains("role=\"status\"") && plain(&html).contains("Egen lista"), "{}", plain(&html));
}

/// A form sent by a browser with cookies and fields.
async fn post(
    router: &Router,
    path: &str,
    headers: &[(&str, &str)],
    fields: &[(&str, &str)],
) -> (Response<()>, String) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = Request::builder().method("POST").uri(path).header(header::HOST, "mognad.test");
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    (Response::from_parts(parts, ()), String::from_utf8(body).unwrap())
}

/// What a response gives a browser to keep, `name=value`.
fn cookies(response: &Response<()>) -> Vec<String> {
    let all = response.headers().get_all(header::SET_COOKIE).iter().map(|own| own.to_str().unwrap());
    all.map(|own| own.split(';').next().unwrap().to_owned()).collect()
}

/// A service with own results of one organisation, whose key comes with it, and another organisation of the same group.
async fn with_key() -> (Service, [OrganisationId; 2], String) {
    let (fixture, published) = Fixture::published(&Fixture::plan(2019..=2020, 40, 60)).await;
    let all = published.instruments.values().flat_map(|own| &own.groups).find(|group| group.kind == "all").unwrap();
    let members = all.members.values().next_back().unwrap();
    let (one, other) = (members[3].clone(), members[4].clone());
    let (_, identity) = key::issue(&fixture.private, &one, None, None, moment()).await.unwrap();
    fixture.publish(2).await;
    (serving(fixture).await, [one, other], identity.give_out(str::to_owned))
}

#[expect(clippy::too_many_lines, reason = "one visit from the first page to the last")]
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_opens_own_results_on_the_page() {
    let (service, [one, other], secret) = with_key().await;
    let router = &service.router;

    let (response, html) = page(router, &format!("/nyckel?organisation={one}&peers=block&indicator=index")).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-store");
    let form = cookies(&response)[0].clone();
    let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
    assert!(html.contains(r#"name="indicator" value="index""#), "choices are kept: {html}");
    // another window's form is as good as the first
    let (response, _) = {
        let (response, body) = get(router, "/nyckel", &[BROWSER[0], ("cookie", &form)]).await;
        (response, body)
    };
    assert_eq!(cookies(&response)[0], form);
    let token = pattern(r#"name="token" value="([^"]*)""#).captures(&html).unwrap()[1].to_owned();
    let fields = |key: &str| {
        vec![
            ("organisation".to_owned(), one.to_string()),
            ("key".to_owned(), key.to_owned()),
            ("token".to_owned(), token.clone()),
            ("peers".to_owned(), "block".to_owned()),
        ]
    };
    let send = async |headers: &[(&str, &str)], fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        post(router, "/nyckel", headers, &fields).await
    };
    // forms of other sites, of other browsers, and wrong keys
    let wrong = Identity::generate().give_out(str::to_owned);
    let browser = [("cookie", &*form)];
    for (headers, key) in [
        (vec![], &secret),
        (vec![("cookie", "mognad-form=0123")], &secret),
        (vec![browser[0], ("sec-fetch-site", "cross-site")], &secret),
        (vec![browser[0], ("sec-fetch-site", "same-site")], &secret),
        (browser.to_vec(), &wrong),
        (browser.to_vec(), &"no-key-at-all".to_owned()),
    ] {
        let (response, html) = send(&headers, &fields(key)).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert!(html.contains("role=\"alert\"") && !html.contains(&**key), "{}", plain(&html));
        assert!(cookies(&response).iter().all(|own| !own.starts_with("mognad-key")), "{headers:?}");
    }
    let (response, html) = send(&[browser[0], ("sec-fetch-site", "same-origin")], &fields(&secret)).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", plain(&html));
    assert_eq!(response.headers()[header::LOCATION], format!("/jamfor?organisation={one}&peers=block"));
    let kept = cookies(&response).into_iter().find(|own| own.starts_with("mognad-key=")).unwrap();
    assert!(!kept.contains(&secret) && kept.len() > 60, "{kept}");

    // the page has the value that the results have
    let (bearer, path) =
        (format!("Bearer {secret}"), format!("/v1/organisations/{one}/results?measure=index&scope=organisation"));
    let (_, body) = get(router, &path, &[("authorization", &bearer)]).await;
    let results: Value = serde_json::from_slice(&body).unwrap();
    let score = results["data"][0]["score"].as_f64().unwrap();
    let address = format!("/jamfor?organisation={one}&peers=block&indicator=index");
    let asked = async |address: &str, cookie: Option<&str>| {
        let mut headers = BROWSER.to_vec();
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        let (response, body) = get(router, address, &headers).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        assert!(response.headers()[header::VARY].to_str().unwrap().contains("Cookie"), "{address}");
        (response, plain(&String::from_utf8(body).unwrap()))
    };
    let value = format!("Ert värde är {} %", score.to_string().replace('.', ","));
    for _ in 0..2 {
        let (response, text) = asked(&address, Some(&kept)).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-store");
        assert!(text.replace('\u{a0}', " ").contains(&value), "{value}: {text}");
        assert!(text.contains("Enheter och roller"), "{text}");
        // and nobody else's page has, nor the same page without the cookie
        for (address, cookie) in [
            (address.clone(), None),
            (address.replace(&one.to_string(), &other.to_string()), Some(&*kept)),
            (address.clone(), Some("mognad-key=AAAA")),
        ] {
            let (response, text) = asked(&address, cookie).await;
            assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=60", "{address}");
            assert!(!text.contains("Ert värde är") && !text.contains("Enheter och roller"), "{address}: {text}");
        }
    }
    let (_, text) = asked(&format!("/rapport?organisation={one}&peers=block"), Some(&kept)).await;
    assert!(text.contains("I undersökningen") && !text.contains("fyll i"), "{text}");
    // one of a unit has the unit's value, and without the key nothing of it
    let path = format!("/v1/organisations/{one}/results?measure=index&scope=unit&limit=100");
    let (_, body) = get(router, &path, &[("authorization", &bearer)]).await;
    let results: Value = serde_json::from_slice(&body).unwrap();
    let shown = results["data"].as_array().unwrap().iter().find(|row| row["score"].is_number()).unwrap();
    let (unit, score) = (shown["unit"].as_str().unwrap(), shown["score"].as_f64().unwrap());
    // by its place: its name is in no address
    let report = format!("/rapport?organisation={one}&peers=block");
    let (_, html) = get(router, &report, &[&BROWSER[..], &[("cookie", &*kept)]].concat()).await;
    let html = String::from_utf8(html).unwrap();
    let link = pattern(r#"<a href="([^"]*unit=[0-9]+[^"]*)">([^<]*)</a>"#);
    let found = link.captures_iter(&html).find(|found| plain(&found[2]) == unit).unwrap_or_else(|| panic!("{html}"));
    let address_of_unit = found[1].replace("&#38;", "&");
    let (response, _) =
        get(router, &format!("{report}&unit=99"), &[&BROWSER[..], &[("cookie", &*kept)]].concat()).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let (_, text) = asked(&address_of_unit, Some(&kept)).await;
    let said = format!("var vårt värde {} %", score.to_string().replace('.', ","));
    assert!(text.contains(unit) && text.replace('\u{a0}', " ").contains(&said), "{said}: {text}");
    let (_, text) = asked(&address_of_unit, None).await;
    assert!(!text.contains(unit), "{text}");
    // another process cannot read the cookie, and this one forgets it when told
    let (_, text) = {
        let (_, receiver) = tokio::sync::watch::channel(service.editions.borrow().clone());
        let elsewhere = http::router(http::App::new(receiver));
        let (response, body) = get(&elsewhere, &address, &[BROWSER[0], ("cookie", &kept)]).await;
        (response, plain(&String::from_utf8(body).unwrap()))
    };
    assert!(!text.contains("Ert värde är"), "{text}");
    let mut forget = fields("");
    forget.push(("forget".to_owned(), "1".to_owned()));
    let (response, _) = send(&browser, &forget).await;
    assert_eq!((response.status(), cookies(&response)[0].as_str()), (StatusCode::SEE_OTHER, "mognad-key="));
}

/// Messages of a language: key, and the arguments that it uses.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/text").join(language);
    let (key, argument) = (pattern(r"(?m)^([a-z][a-z0-9-]*) ="), pattern(r"\$([a-z]+)"));
    let mut found = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let starts: Vec<(usize, String)> =
            key.captures_iter(&text).map(|own| (own.get(0).unwrap().start(), own[1].to_owned())).collect();
        for (at, (start, name)) in starts.iter().enumerate() {
            let end = starts.get(at + 1).map_or(text.len(), |(start, _)| *start);
            let arguments = argument.captures_iter(&text[*start..end]).map(|own| own[1].to_owned()).collect();
            assert!(found.insert(name.clone(), arguments).is_none(), "{name} is there twice");
        }
    }
    found
}

#[test]
fn both_languages_have_every_message_and_none_is_left_over() {
    let (swedish, english) = (messages("sv"), messages("en"));
    assert_eq!(swedish, english);
    let mut sources = String::new();
    let mut open = ["src/web", "src/http/page"].map(|own| Path::new(env!("CARGO_MANIFEST_DIR")).join(own)).to_vec();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|own| own == "rs" || own == "html") {
                sources += &fs::read_to_string(&path).unwrap();
            }
        }
    }
    for key in swedish.keys() {
        // names of kinds are put together from words of the tables
        let is_made = ["kind-", "edition-", "by-"].iter().any(|start| key.starts_with(start));
        assert!(is_made || sources.contains(&format!("\"{key}\"")), "{key} is said nowhere");
    }
    for used in pattern(r#"words\s*\.(?:say|with|with_all|counted)\(\s*"([a-z0-9-]+)""#).captures_iter(&sources) {
        assert!(swedish.contains_key(&used[1]), "{} has no text", &used[1]);
    }
}
