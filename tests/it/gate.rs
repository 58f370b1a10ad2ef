//! The leverage gate against the reference points of its design: real counties and SKR groups, everybody taking part.

use std::collections::BTreeMap;

use mognad::{
    disclosure::gate::{Observation, Prior, over_years, within_year},
    model::Sector,
    register::{Register, RegisterSource},
};

fn register() -> Register {
    RegisterSource::BuiltIn.load().unwrap()
}

/// Blocks cut by population inside SKR groups, where groups that are too small are merged with the next of their main
/// group; counties merged in the order of their codes. Each part has at least `least` members.
fn reference_groups(register: &Register, least: usize) -> (Vec<Vec<usize>>, Vec<Vec<usize>>, usize) {
    let municipalities: Vec<_> = register.in_sector(Sector::Municipality).collect();
    let year = mognad::model::Year::try_from(2024).unwrap();
    let groups = &register.classifications[&("skr-group".to_owned(), "2023".to_owned())];
    let mut by_group: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_county: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, municipality) in municipalities.iter().enumerate() {
        by_group.entry(groups.members[&municipality.id].as_str()).or_default().push(at);
        by_county.entry(municipality.county.as_deref().unwrap()).or_default().push(at);
    }
    let population = |at: &usize| register.variable("population", &municipalities[*at].id, year).unwrap() as i64;
    let mut blocks = Vec::new();
    for mut members in merged(by_group.into_values().collect(), least) {
        members.sort_by_key(population);
        let parts = (members.len() / least).max(1);
        for part in 0..parts {
            blocks.push(members[part * members.len() / parts..(part + 1) * members.len() / parts].to_vec());
        }
    }
    (blocks, merged(by_county.into_values().collect(), least), municipalities.len())
}

/// Parts in order, each joined with the following ones until it is large enough; a small last one joins the one before.
fn merged(parts: Vec<Vec<usize>>, least: usize) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for part in parts {
        open.extend(part);
        if open.len() >= least {
            out.push(std::mem::take(&mut open));
        }
    }
    if !open.is_empty() {
        out.last_mut().unwrap().extend(open);
    }
    out
}

#[test]
fn larger_groups_pass_where_smaller_ones_fail() {
    // the design's table: at least 8 per group fails for many, 10 for a few, 12 and 14 for none
    let register = register();
    let worst = |least: usize| {
        let (blocks, counties, all) = reference_groups(&register, least);
        let rows: Vec<Vec<usize>> = blocks.iter().chain(&counties).cloned().collect();
        let found = within_year(&rows, all, 1, 5.0);
        println!("at least {least}: {} blocks, {} counties, {found:?}", blocks.len(), counties.len());
        // the sector is both the sum of blocks and the sum of counties
        assert_eq!(found.rank, blocks.len() + counties.len() - 1);
        found
    };
    let (eight, ten, twelve, fourteen) = (worst(8), worst(10), worst(12), worst(14));
    assert!((eight.k_eff - 3.62).abs() < 0.4 && eight.below > 50, "{eight:?}");
    assert!((ten.k_eff - 4.65).abs() < 0.4, "{ten:?}");
    assert!(twelve.k_eff >= 5.0 && twelve.below == 0, "{twelve:?}");
    assert!(fourteen.k_eff > twelve.k_eff && fourteen.below == 0, "{fourteen:?}");
}

#[test]
fn both_gates_agree_where_they_can() {
    // one year, rounding next to nothing: the gate over years is the gate within a year without an insider
    let register = register();
    let (blocks, counties, all) = reference_groups(&register, 14);
    let rows: Vec<Vec<usize>> = blocks.into_iter().chain(counties).collect();
    let within = within_year(&rows, all, 0, 5.0);
    let observations: Vec<Observation> = rows.iter().map(|members| Observation::mean(members, 0)).collect();
    let prior = Prior { sd: 10.0, rho: 0.8, rounding_step: 1e-4 };
    let years = over_years(&observations, all, &[2020], prior);
    let least = years.iter().map(|own| own[0]).fold(f64::INFINITY, f64::min);
    assert!((least - within.k_eff).abs() < 1e-3, "{least} {}", within.k_eff);
}

#[test]
fn a_national_decade_is_gated_in_time_linear_enough_to_wait_for() {
    let register = register();
    let (blocks, counties, all) = reference_groups(&register, 14);
    let observations: Vec<Observation> = (0..5)
        .flat_map(|year| blocks.iter().chain(&counties).map(move |members| Observation::mean(members, year)))
        .collect();
    let prior = Prior { sd: 10.0, rho: 0.8, rounding_step: 1.0 };
    let found = over_years(&observations, all, &[2016, 2017, 2018, 2019, 2020], prior);
    let below = found.iter().flatten().filter(|&&k_eff| k_eff < 3.0).count();
    // everybody takes part every year and groups stay the same: the design's row for full retention
    assert_eq!(below, 0, "of {}", all * 5);
}
