//! Own results over HTTP: what a key opens, what all others are told, and how keys end.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use mognad::{
    disclosure::Identity,
    http, key,
    model::OrganisationId,
    store::{PublicStore, path},
};
use serde_json::Value;

use crate::{
    api::{Service, get, serving},
    fixture::{Fixture, moment},
};

fn id(text: &str) -> OrganisationId {
    OrganisationId::parse(text).unwrap()
}

fn bearer(key: &Identity) -> String {
    key.give_out(|key| format!("Bearer {key}"))
}

/// A service with two years, and an organisation that has two keys to it.
async fn service() -> (Service, OrganisationId, [Identity; 2]) {
    let (fixture, published) = Fixture::published(&Fixture::plan(2019..=2020, 40, 60)).await;
    let all = published.instruments.values().flat_map(|own| &own.groups).find(|group| group.kind == "all").unwrap();
    let one = all.members.values().next_back().unwrap()[3].clone();
    let mut keys = Vec::new();
    for _ in 0..2 {
        keys.push(key::issue(&fixture.private, &one, None, None, moment()).await.unwrap().1);
    }
    let again = fixture.publish(2).await;
    assert_eq!((again.release, again.sealed), (published.release, 1));
    (serving(fixture).await, one, keys.try_into().unwrap())
}

async fn results(service: &Service, organisation: &str, authorization: Option<&str>) -> (u16, Value, String) {
    let path = format!("/v1/organisations/{organisation}/results?limit=1000");
    let headers: Vec<(&str, &str)> = authorization.map(|value| ("authorization", value)).into_iter().collect();
    let (response, body) = get(&service.router, &path, &headers).await;
    let cache = response.headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned();
    (response.status().as_u16(), serde_json::from_slice(&body).unwrap(), cache)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_its_own_results_and_nobody_learns_whose_it_is() {
    let (service, one, keys) = service().await;
    for own in &keys {
        let (status, body, cache) = results(&service, one.as_str(), Some(&bearer(own))).await;
        assert_eq!((status, cache.as_str()), (200, "private, no-store"));
        let rows = body["data"].as_array().unwrap();
        let total = rows.iter().find(|row| row["scope"] == "organisation" && row["measure"] == "index").unwrap();
        assert!(total["score"].is_number() && total["change"].is_number(), "{total}");
        // few people are never told apart, and what is withheld has no number
        for row in rows {
            let least = match row["scope"].as_str().unwrap() {
                "unit" => 10,
                _ => 5,
            };
            if row["status"] == "ok" {
                assert!(row["respondents"].as_i64().unwrap() >= least, "{row}");
            } else {
                assert!(row["score"].is_null() && row["change"].is_null(), "{row}");
            }
        }
        let scopes: BTreeSet<&str> = rows.iter().map(|row| row["scope"].as_str().unwrap()).collect();
        assert_eq!(scopes, ["organisation", "role", "unit", "unit-role"].into());
    }

    // one answer for whoever holds another key, whether the organisation is there or not
    let other = bearer(&Identity::generate());
    let mut refusals = BTreeSet::new();
    for organisation in [one.as_str(), "municipality-1881", "municipality-9999", "..%2Fkeys"] {
        let (status, mut body, cache) = results(&service, organisation, Some(&other)).await;
        assert_eq!((status, cache.as_str()), (403, "no-store"), "{organisation}");
        body["instance"] = Value::Null;
        refusals.insert(body.to_string());
    }
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    for nothing in [None, Some("Bearer"), Some("Bearer AGE-SECRET-KEY-1"), Some("Basic YTpi"), Some("")] {
        let (status, body, _) = results(&service, one.as_str(), nothing).await;
        assert_eq!((status, &body["type"]), (401, &Value::from("/problems/key-missing")), "{nothing:?}");
    }

    // with the key, a comparison shows where one's own value stands; without it, the same question shows none
    let path = format!("/v1/comparisons?organisation={one}&peers=block&instrument=digital-maturity&indicator=index");
    let (response, body) = get(&service.router, &path, &[("authorization", &bearer(&keys[0]))]).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-store");
    let own: Value = serde_json::from_slice(&body).unwrap();
    assert!(own["data"][0]["value"].is_number() && own["data"][0]["position"].is_number());
    let (_, body) = get(&service.router, &path, &[]).await;
    let without: Value = serde_json::from_slice(&body).unwrap();
    assert!(without["data"][0]["value"].is_null() && without["data"][0]["position"].is_null());
    let (response, _) = get(&service.router, &path, &[("authorization", &other)]).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_opens_what_it_opened_and_nothing_later() {
    let (service, one, keys) = service().await;
    let nonce = |service: &Service| service.editions.borrow().as_ref().unwrap().edition.release.nonce.clone();
    let old = nonce(&service);
    let first = key::list(&service.fixture.private).await.unwrap().remove(0);
    let gone = keys.iter().position(|key| key.recipient().to_string() == first.recipient).unwrap();
    key::revoke(&service.fixture.private, &first.id, moment()).await.unwrap();
    // until the next release nothing changes, and that is told by `key revoke`
    assert_eq!(results(&service, one.as_str(), Some(&bearer(&keys[gone]))).await.0, 200);
    service.fixture.publish(2).await;
    let current = http::open(&service.fixture.public, moment()).await.unwrap();
    service.editions.send_replace(current);
    assert_ne!(nonce(&service), old);
    assert_eq!(results(&service, one.as_str(), Some(&bearer(&keys[gone]))).await.0, 403);
    assert_eq!(results(&service, one.as_str(), Some(&bearer(&keys[1 - gone]))).await.0, 200);
    // older files stay as they were
    let store: &PublicStore = &service.fixture.public;
    let bytes = store.0.get(&path::own(&old, &one)).await.unwrap();
    let sealed = mognad::disclosure::Sealed::from_store(bytes);
    assert!(sealed.open(&keys[gone]).is_ok());
    assert!(key::revoke(&service.fixture.private, "0", moment()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_keys_and_too_many_are_no_holders() {
    let fixture = Fixture::new();
    let one = id("municipality-1881");
    let hour = jiff::SignedDuration::from_hours(1);
    let until = moment().checked_add(hour).unwrap();
    key::issue(&fixture.private, &one, Some("it".to_owned()), Some(until), moment()).await.unwrap();
    assert_eq!(key::holders(&fixture.private, moment()).await.unwrap().len(), 1);
    assert!(key::holders(&fixture.private, until).await.unwrap().is_empty());
    for _ in 0..3 {
        key::issue(&fixture.private, &one, None, None, moment()).await.unwrap();
    }
    let error = key::issue(&fixture.private, &one, None, None, moment()).await.unwrap_err();
    assert!(error.to_string().contains("revoke one first"), "{error}");
}

#[test]
fn nothing_of_a_key_is_kept() {
    let key = Identity::generate();
    let secret = key.give_out(str::to_owned);
    assert!(!format!("{key:?}").contains(&secret[20..30]));
}
