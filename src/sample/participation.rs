//! Who takes part in which year: organisations enter in a year of their own and mostly stay; what they answer is decided beside.

use std::collections::BTreeSet;

use crate::{
    model::{Instrument, Organisation, Sector, Year},
    register::Register,
    sample::{plan::Plan, random::Key},
};

/// The organisations that take part in a year, in the order of their ids.
pub(super) fn participants<'a>(
    instrument: &Instrument,
    register: &'a Register,
    plan: &Plan,
    year: Year,
) -> Vec<&'a Organisation> {
    pool(instrument, register, plan)
        .into_iter()
        .filter(|organisation| organisation.exists_in(year))
        .filter(|organisation| {
            takes_part(plan, &Key::new(plan.seed, [instrument.id.as_str(), "part", organisation.id.as_str()]), year)
        })
        .collect()
}

/// The organisations that could take part in some year.
fn pool<'a>(instrument: &Instrument, register: &'a Register, plan: &Plan) -> Vec<&'a Organisation> {
    // a municipality that carries its region's tasks is one legal person with it and answers once, as the municipality
    let municipalities: BTreeSet<&str> =
        register.in_sector(Sector::Municipality).filter_map(|municipality| municipality.number.as_deref()).collect();
    let is_municipality_too = |organisation: &Organisation| {
        organisation.sector == Sector::Region
            && organisation.number.as_deref().is_some_and(|number| municipalities.contains(number))
    };
    let mut pool: Vec<&Organisation> = register
        .organisations
        .values()
        .filter(|organisation| {
            plan.sectors.contains(&organisation.sector) && instrument.sectors.contains(&organisation.sector)
        })
        .filter(|organisation| !is_municipality_too(organisation))
        .collect();
    if let Some(most) = plan.organisations_max {
        pool.sort_by_cached_key(|organisation| {
            let lot = Key::new(plan.seed, [instrument.id.as_str(), "pool", organisation.id.as_str()]).stream(0).word();
            (lot, &organisation.id)
        });
        pool.truncate(most);
        pool.sort_by_key(|organisation| &organisation.id);
    }
    pool
}

/// Follows an organisation through the plan's years. Newcomers fill the places of those that leave, so that both the share of
/// participants and the share that comes back are met in expectation.
fn takes_part(plan: &Plan, key: &Key, year: Year) -> bool {
    let mut takes_part = false;
    let mut before = 0.0;
    for (at, &planned) in plan.years.iter().enumerate() {
        let share = plan.share_at(at);
        let enter =
            if before < 1.0 { ((share - plan.retention * before) / (1.0 - before)).clamp(0.0, 1.0) } else { 0.0 };
        let stay = if before > 0.0 { (share - enter * (1.0 - before)) / before } else { 0.0 };
        let lot = key.stream(u64::from(planned.number())).share();
        takes_part = lot < if takes_part { stay } else { enter };
        if planned == year {
            return takes_part;
        }
        before = share;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        definition::{Definitions, Source},
        model::InstrumentId,
        register::RegisterSource,
    };

    fn year(number: u16) -> Year {
        Year::try_from(number).unwrap()
    }

    fn fixture() -> (Instrument, Register, Plan) {
        let definitions = Definitions::load(&Source::BuiltIn).unwrap();
        let instrument = definitions.instruments[&InstrumentId::parse("digital-maturity").unwrap()].clone();
        let plan = Plan::new(7, (2016..=2020).map(year), [Sector::Municipality, Sector::Region]);
        (instrument, RegisterSource::BuiltIn.load().unwrap(), plan)
    }

    #[test]
    fn shares_rise_and_participants_come_back() {
        let (instrument, register, plan) = fixture();
        let years: Vec<BTreeSet<&str>> = plan
            .years
            .iter()
            .map(|&year| participants(&instrument, &register, &plan, year).iter().map(|o| o.id.as_str()).collect())
            .collect();
        let all = 310.0;
        for (at, who) in years.iter().enumerate() {
            let share = who.len() as f64 / all;
            assert!((share - plan.share_at(at)).abs() < 0.08, "{at}: {share}");
        }
        for pair in years.windows(2) {
            let back = pair[0].intersection(&pair[1]).count() as f64 / pair[0].len() as f64;
            assert!((back - 0.95).abs() < 0.05, "{back}");
        }
    }

    #[test]
    fn everybody_takes_part_when_the_share_is_one() {
        let (instrument, register, mut plan) = fixture();
        plan.participation = 1.0;
        assert_eq!(participants(&instrument, &register, &plan, year(2020)).len(), 310);
        plan.participation_first = 1.0;
        assert_eq!(participants(&instrument, &register, &plan, year(2018)).len(), 310);
    }

    #[test]
    fn gotland_answers_as_a_municipality() {
        let (instrument, register, mut plan) = fixture();
        plan.participation = 1.0;
        let who = participants(&instrument, &register, &plan, year(2020));
        assert!(who.iter().any(|organisation| organisation.id.as_str() == "municipality-0980"));
        assert!(who.iter().all(|organisation| organisation.id.as_str() != "region-09"));
    }

    #[test]
    fn a_smaller_pool_is_part_of_a_larger_one() {
        let (instrument, register, mut plan) = fixture();
        plan.participation = 1.0;
        plan.organisations_max = Some(40);
        let forty: BTreeSet<_> =
            participants(&instrument, &register, &plan, year(2020)).iter().map(|o| &o.id).collect();
        plan.organisations_max = Some(12);
        let twelve: BTreeSet<_> =
            participants(&instrument, &register, &plan, year(2020)).iter().map(|o| &o.id).collect();
        assert_eq!((forty.len(), twelve.len()), (40, 12));
        assert!(twelve.is_subset(&forty));
    }
}
