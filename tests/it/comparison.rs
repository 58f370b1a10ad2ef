//! Comparisons over HTTP: exact groups in whatever disguise, mixtures of blocks, refusals by name, and values that are tried.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::{get, json, shared};

const PATH: &str = "/v1/comparisons?instrument=digital-maturity&indicator=index&year=2020";

/// Members of a group in 2020.
async fn members(group: &str) -> Vec<String> {
    let body = json(&shared().await.router, &format!("/v1/comparisons?peers=group:{group}&indicator=index")).await;
    body["data"][0]["members"].as_str().unwrap().split(' ').map(str::to_owned).collect()
}

/// The blocks of 2020, by id, with their sizes.
async fn blocks() -> Vec<String> {
    let body = json(&shared().await.router, "/v1/comparisons?peers=group:all&indicator=index").await;
    let blocks = body["data"][0]["blocks"].as_str().unwrap().split(' ');
    blocks.map(|block| block.split_once('=').unwrap().0.to_owned()).collect()
}

async fn compared(query: &str) -> Value {
    json(&shared().await.router, &format!("{PATH}{query}")).await["data"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_recognised_in_whatever_order_and_however_often() {
    let router = &shared().await.router;
    for block in blocks().await {
        let mut ids = members(&block).await;
        let figure =
            json(router, &format!("/v1/figures?indicator=index&year=2020&group={block}")).await["data"][0].clone();
        let named = compared(&format!("&peers=group:{block}")).await;
        ids.reverse();
        ids.extend(ids.clone().into_iter().take(5));
        let listed = compared(&format!("&peers=members:{}", ids.join(","))).await;
        assert_eq!(listed, named);
        assert_eq!((&listed["method"], &listed["groupId"]), (&Value::from("exact"), &Value::from(block.as_str())));
        for (ours, theirs) in [("mean", "mean"), ("organisations", "organisations"), ("median", "median")] {
            assert_eq!(listed[ours], figure[theirs], "{block} {ours}");
        }
        assert!(listed["expectedError"].is_null());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_union_of_blocks_is_exact_and_anything_else_is_a_mixture() {
    let blocks = blocks().await;
    assert!(blocks.len() >= 2, "{blocks:?}");
    let (first, second) = (members(&blocks[0]).await, members(&blocks[1]).await);
    let both: Vec<String> = first.iter().chain(&second).cloned().collect();
    let union = compared(&format!("&peers=members:{}", both.join(","))).await;
    assert_eq!((union["method"].as_str(), union["expectedError"].is_null()), (Some("exact"), true), "{union}");
    let mixed = compared(&format!("&peers=members:{}", both[1..].join(","))).await;
    assert_eq!(mixed["method"], "block-mixture");
    assert!(mixed["expectedError"].as_f64().unwrap() > 0.0, "{mixed}");
    // what is told of a set and of the set without one member differs by their blocks' figures only
    let mut means = Vec::new();
    for block in &blocks[..2] {
        means.push(compared(&format!("&peers=group:{block}")).await["mean"].as_i64().unwrap());
    }
    let (a, b) = (means[0], means[1]);
    let (low, high) = (a.min(b), a.max(b));
    assert!((low..=high).contains(&mixed["mean"].as_i64().unwrap()), "{mixed} {low} {high}");
    let shares: f64 = (0..10).map(|class| mixed[format!("share{}", class * 10)].as_f64().unwrap()).sum();
    assert!((shares - 100.0).abs() < 0.6, "{shares}");
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_ones_are_near_and_leave_oneself_out() {
    let everybody: BTreeSet<String> = members("all").await.into_iter().collect();
    let one = everybody.iter().next().unwrap();
    let found = compared(&format!("&organisation={one}&peers=similar:12")).await;
    let chosen: BTreeSet<String> = found["members"].as_str().unwrap().split(' ').map(str::to_owned).collect();
    assert!(chosen.len() == 12 && !chosen.contains(one) && chosen.is_subset(&everybody), "{found}");
    let own = compared(&format!("&organisation={one}&peers=similar")).await;
    assert_eq!((own["method"].as_str(), own["groupId"].as_str().unwrap().is_empty()), (Some("exact"), false));
    assert!(own["members"].as_str().unwrap().contains(one.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_whom_they_are_about_and_nothing_more() {
    let router = &shared().await.router;
    let everybody = members("all").await;
    let listed = |ids: &[String]| format!("{PATH}&peers=members:{}", ids.join(","));
    let mut with_unknown = everybody[..9].to_vec();
    with_unknown.push("municipality-9999".to_owned());
    let absent = (1..=2600).map(|code| format!("municipality-{code:04}"));
    let register = json(router, "/v1/organisations?sector=municipality&limit=1000").await;
    let known: BTreeSet<&str> =
        register["data"].as_array().unwrap().iter().map(|row| row["organisation"].as_str().unwrap()).collect();
    let absent = absent.into_iter().find(|id| known.contains(id.as_str()) && !everybody.contains(id)).unwrap();
    let mut with_absent = everybody[..9].to_vec();
    with_absent.push(absent.clone());
    for (path, status, code, named) in [
        (listed(&with_unknown), 404, "unknown-id", "municipality-9999"),
        (listed(&with_absent), 422, "not-participating", absent.as_str()),
        (listed(&everybody[..7]), 422, "too-few-peers", "7"),
        (format!("{PATH}&peers=similar:12"), 400, "invalid-parameter", "organisation"),
        (format!("{PATH}&peers=block&organisation={absent}"), 422, "not-participating", absent.as_str()),
        (format!("{PATH}&peers=neighbours"), 400, "invalid-parameter", "peers"),
        (format!("{PATH}&peers=group:county:99"), 404, "unknown-id", "county:99"),
        (format!("{PATH}&peers=group:all&value=101"), 400, "invalid-parameter", "value"),
        (format!("{PATH}&peers=group:all&value=NaN"), 400, "invalid-parameter", "value"),
        (format!("{PATH}&peers=group:all&indicator=none"), 400, "invalid-parameter", "indicator"),
    ] {
        let (response, body) = get(router, &path, &[]).await;
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}: {problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(named), "{path}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_values_finds_the_published_classes_and_no_member() {
    let block = blocks().await.swap_remove(0);
    let mut before = (0, 0, 0);
    for tenth in 0..=1000 {
        let value = f64::from(tenth) / 10.0;
        let found = compared(&format!("&peers=group:{block}&value={value}")).await;
        let number = |name: &str| found[name].as_i64().unwrap();
        let (position, from, to) = (number("position"), number("positionFrom"), number("positionTo"));
        assert!(from <= to && (from - 5..=to + 5).contains(&position), "{found}");
        // a band changes at the ends of classes only
        assert!(tenth % 100 == 0 || tenth == 0 || (from, to) == (before.1, before.2), "{value}");
        assert!(position >= before.0, "{value}");
        before = (position, from, to);
    }
}
