//! What is published is decided from memberships alone, and a stricter policy publishes less: properties over made-up participation.

use std::collections::{BTreeMap, BTreeSet};

use mognad::{
    definition::{Definitions, Policy, Source},
    disclosure::{
        Participation, Plan,
        gate::{Observation, Prior, over_years, within_year},
        plan::EarlierGroup,
    },
    model::{OrganisationId, Sector, Year},
    register::{Register, RegisterSource},
};
use proptest::prelude::*;

use crate::fixture::{digital_maturity, year};

/// Municipalities drawn by a hash of seed, position and year; those of one year mostly come back in the next.
fn participation(register: &Register, years: &[u16], share: u64, seed: u64) -> Participation {
    let mut participation = Participation::default();
    for (at, organisation) in register.in_sector(Sector::Municipality).enumerate() {
        let draw = |salt: u64| {
            let mixed = (seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15))
                .wrapping_add(at as u64 + 1)
                .wrapping_mul(0xbf58_476d_1ce4_e5b9);
            (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33
        };
        for &number in years {
            let leaves_out = draw(u64::from(number)) % 100 < 5;
            if draw(0) % 100 < share && !leaves_out {
                participation.add(Sector::Municipality, year(number), organisation.id.clone(), Some(20));
            }
        }
    }
    participation
}

/// Members of every published group of a year, as positions among the year's participants.
fn rows(plan: &Plan, of: Year) -> (Vec<Vec<usize>>, usize) {
    let all: Vec<&OrganisationId> = plan
        .groups
        .iter()
        .find(|group| group.kind == "all")
        .map(|group| group.members.get(&of).into_iter().flatten().collect())
        .unwrap_or_default();
    let column: BTreeMap<&OrganisationId, usize> = all.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let rows = plan
        .groups
        .iter()
        // registered groups come after the catalogue: coarser blocks may leave room for one that finer ones do not
        .filter(|group| group.kind != "registered")
        .filter_map(|group| group.members.get(&of))
        .map(|members| members.iter().map(|id| column[id]).collect())
        .collect();
    (rows, all.len())
}

fn decide(participation: &Participation, register: &Register, definitions: &Definitions, policy: &Policy) -> Plan {
    Plan::decide(&definitions.instruments[&digital_maturity()], participation, register, definitions, policy, &[])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_year_keeps_its_anonymity_and_a_stricter_policy_publishes_less(
        seed in any::<u64>(), share in 45_u64..100, stricter_k in 5_u32..9, stricter_cells in 0_usize..8,
    ) {
        let register = RegisterSource::BuiltIn.load().unwrap();
        let definitions = Definitions::load(&Source::BuiltIn).unwrap();
        let lax = definitions.policy.clone();
        let years = [2019, 2020];
        let participation = participation(&register, &years, share, seed);
        let base = decide(&participation, &register, &definitions, &lax);
        let cells = Policy {
            min_block: lax.min_block + stricter_cells,
            min_group: lax.min_group + stricter_cells,
            ..lax.clone()
        };
        let strict = [
            decide(&participation, &register, &definitions, &Policy { k_eff_min: f64::from(stricter_k), ..lax.clone() }),
            decide(&participation, &register, &definitions, &cells),
        ];
        for of in years.map(year) {
            let (base_rows, organisations) = rows(&base, of);
            let found = within_year(&base_rows, organisations, lax.insiders, lax.k_eff_min);
            prop_assert!(found.k_eff >= lax.k_eff_min - 1e-6, "{found:?}");
            for strict in &strict {
                let (strict_rows, strict_organisations) = rows(strict, of);
                prop_assert_eq!(organisations, strict_organisations);
                let both: Vec<Vec<usize>> = base_rows.iter().chain(&strict_rows).cloned().collect();
                let together = within_year(&both, organisations, 0, 5.0);
                // what the stricter policy publishes follows from what the laxer one does: the span does not grow
                prop_assert_eq!(together.rank, found.rank);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_organisation_more_lowers_nobody_below_the_floor(seed in any::<u64>(), share in 45_u64..95, who in any::<u64>()) {
        let register = RegisterSource::BuiltIn.load().unwrap();
        let definitions = Definitions::load(&Source::BuiltIn).unwrap();
        let policy = &definitions.policy;
        let mut participation = participation(&register, &[2019, 2020], share, seed);
        let before = decide(&participation, &register, &definitions, policy);
        let present = participation.participants(Sector::Municipality, year(2020)).unwrap();
        let absent: Vec<OrganisationId> = register
            .in_sector(Sector::Municipality)
            .map(|own| own.id.clone())
            .filter(|id| !present.contains_key(id))
            .collect();
        let newcomer = absent[(who % absent.len() as u64) as usize].clone();
        participation.add(Sector::Municipality, year(2020), newcomer.clone(), Some(20));
        let instrument = &definitions.instruments[&digital_maturity()];
        for earlier in [Vec::new(), shown(&before)] {
            let after = Plan::decide(instrument, &participation, &register, &definitions, policy, &earlier);
            let own = |plan: &Plan| -> Vec<Vec<OrganisationId>> {
                let groups = plan.groups.iter().filter(|group| group.kind != "registered");
                groups.filter_map(|group| group.members.get(&year(2020)).cloned()).collect()
            };
            // by itself, and in the same year beside what is out
            let mut groups = own(&after);
            if !earlier.is_empty() {
                groups.extend(own(&before));
            }
            let everybody: BTreeSet<&OrganisationId> = groups.iter().flatten().collect();
            let everybody: Vec<&OrganisationId> = everybody.into_iter().collect();
            let column = |id: &OrganisationId| everybody.binary_search(&id).ok();
            let rows: Vec<Vec<usize>> =
                groups.iter().map(|members| members.iter().filter_map(column).collect()).collect();
            let found = within_year(&rows, everybody.len(), policy.insiders, policy.k_eff_min);
            prop_assert!(found.k_eff >= policy.k_eff_min - 1e-6, "{} {found:?}", everybody[found.worst]);
        }
    }
}

#[test]
fn years_together_keep_their_anonymity_and_report_what_it_took() {
    let register = RegisterSource::BuiltIn.load().unwrap();
    let definitions = Definitions::load(&Source::BuiltIn).unwrap();
    let participation = participation(&register, &[2018, 2019, 2020], 69, 11);
    let plan = decide(&participation, &register, &definitions, &definitions.policy);
    let gate = &plan.audit[0];
    assert!(gate.k_eff_years >= definitions.policy.k_eff_min_years, "{gate:?}");
    assert!(gate.k_eff_within.values().all(|&k_eff| k_eff >= definitions.policy.k_eff_min), "{gate:?}");
    assert!(gate.years_withheld.is_empty(), "{gate:?}");
    // every municipality that counts belongs to a block, a county group and a size band in each year
    for kind in ["block", "county", "size"] {
        assert!(plan.groups.iter().any(|group| group.kind == kind && !group.members.is_empty()), "{kind}");
    }
    // Gotland is never shown alone, and says who answers for it
    let gotland = plan.groups.iter().find(|group| group.id.as_str() == "county:09").unwrap();
    assert!(gotland.members.is_empty());
    assert!(
        gotland.answers_with.values().all(|answer| answer.as_str().contains("09+") || answer.as_str().contains("+09"))
    );
}

/// What an edition shows of a sector, as the next one has to reckon with.
fn shown(plan: &Plan) -> Vec<EarlierGroup> {
    let means = plan.groups.iter().flat_map(|group| {
        let of = |(year, members): (&Year, &Vec<OrganisationId>)| EarlierGroup {
            year: *year,
            from: None,
            members: members.clone(),
            histogram: plan.shows_histogram(group, *year),
            is_registered: false,
        };
        group.members.iter().map(of)
    });
    let panels = plan.panels.iter().filter(|(id, _)| id.as_str() != "all").flat_map(|(_, years)| years);
    let changes = panels.map(|(year, own)| EarlierGroup {
        year: *year,
        from: year.previous(),
        members: own.clone(),
        histogram: false,
        is_registered: false,
    });
    let all: BTreeSet<EarlierGroup> = means.chain(changes).collect();
    all.into_iter().collect()
}

#[test]
fn who_counted_in_an_earlier_edition_keeps_what_was_promised() {
    let register = RegisterSource::BuiltIn.load().unwrap();
    let definitions = Definitions::load(&Source::BuiltIn).unwrap();
    let (policy, instrument) = (&definitions.policy, &definitions.instruments[&digital_maturity()]);
    let whole = participation(&register, &[2019, 2020], 69, 3);
    let first = decide(&whole, &register, &definitions, policy);
    let earlier = shown(&first);
    let ids: Vec<OrganisationId> =
        whole.participants(Sector::Municipality, year(2020)).unwrap().keys().cloned().collect();
    for gone in ids.iter().step_by(29) {
        // the corrected survey of 2020 lacks one organisation
        let mut corrected = Participation::default();
        for of in [2019, 2020].map(year) {
            for (id, count) in whole.participants(Sector::Municipality, of).unwrap() {
                if of.number() != 2020 || id != gone {
                    corrected.add(Sector::Municipality, of, id.clone(), *count);
                }
            }
        }
        let second = Plan::decide(instrument, &corrected, &register, &definitions, policy, &earlier);
        // a count less than in the earlier distribution would be the class of the one that has left
        let sector = second.groups.iter().find(|group| group.kind == "sector").unwrap();
        let shows = |of: u16| sector.members.contains_key(&year(of)) && second.shows_histogram(sector, year(of));
        assert_eq!((shows(2019), shows(2020)), (true, false), "{gone}: {:?}", second.audit);
        // what cannot be shown of 2020 costs 2019 nothing
        let blocks = |plan: &Plan| {
            let blocks = plan.groups.iter().filter(|group| group.kind == "block");
            blocks.filter(|group| group.members.contains_key(&year(2019))).count()
        };
        assert_eq!(blocks(&second), blocks(&first), "{gone}: {:?}", second.audit);
        let together: BTreeSet<EarlierGroup> = earlier.iter().cloned().chain(shown(&second)).collect();
        let columns: BTreeSet<&OrganisationId> = together.iter().flat_map(|group| &group.members).collect();
        let place: BTreeMap<&OrganisationId, usize> = columns.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let rows: Vec<Observation> = together
            .iter()
            .map(|group| {
                let members: Vec<usize> = group.members.iter().map(|id| place[id]).collect();
                let at = |of: Year| usize::from(of.number() == 2020);
                match group.from {
                    None => Observation::mean(&members, at(group.year)),
                    Some(from) => Observation::change(&members, at(from), at(group.year)),
                }
            })
            .collect();
        let prior =
            Prior { sd: policy.prior_sd, rho: policy.rho, rounding_step: (1.0 / instrument.nodes.len() as f64).sqrt() };
        let k_eff = over_years(&rows, columns.len(), &[2019, 2020], prior);
        let own = k_eff[place[gone]][1];
        assert!(own >= policy.k_eff_min_years - 1e-6, "{gone} has left with {own}");
        assert!(!second.groups.is_empty());
    }
}
