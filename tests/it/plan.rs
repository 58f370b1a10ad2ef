//! What is published is decided from memberships alone, and a stricter policy publishes less: properties over made-up participation.

use std::collections::BTreeMap;

use mognad::{
    definition::{Definitions, Policy, Source},
    disclosure::{Participation, Plan, gate::within_year},
    model::{OrganisationId, Sector, Year},
    register::{Register, RegisterSource},
};
use proptest::prelude::*;

use crate::fixture::year;

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
        .filter_map(|group| group.members.get(&of))
        .map(|members| members.iter().map(|id| column[id]).collect())
        .collect();
    (rows, all.len())
}

fn decide(participation: &Participation, register: &Register, definitions: &Definitions, policy: &Policy) -> Plan {
    Plan::decide(participation, register, definitions, policy, &[])
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
