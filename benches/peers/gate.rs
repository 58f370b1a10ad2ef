//! The bench of the gates: the catalogue of a large sector over ten years, decided from memberships alone; it has a limit and no peer.

use std::time::Instant;

use mognad::{
    definition::{Definitions, Source},
    disclosure::{Participation, Plan},
    model::{InstrumentId, Sector, Year},
    register::RegisterSource,
    sample,
};

use crate::{Bench, RUNS, measure::Runs, report, report::Unit};

const ORGANISATIONS: usize = 1750;
const YEARS: std::ops::RangeInclusive<u16> = 2016..=2025;
/// Per cent of those of one year who come back in the next.
const RETENTION: u64 = 95;
const MOST: f64 = 10.0;

pub(crate) fn run(bench: &mut Bench) -> anyhow::Result<()> {
    let definitions = Definitions::load(&Source::BuiltIn)?;
    let register = sample::synthetic_register(&RegisterSource::BuiltIn.load()?, ORGANISATIONS)?;
    let instrument = &definitions.instruments[&InstrumentId::parse("digital-maturity")?];
    let mut participation = Participation::default();
    for (at, organisation) in register.in_sector(Sector::Municipality).enumerate() {
        for year in YEARS {
            let mixed = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                ^ u64::from(year).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let drawn = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 32;
            if drawn % 100 < RETENTION {
                participation.add(Sector::Municipality, Year::try_from(year)?, organisation.id.clone(), Some(20));
            }
        }
    }
    let mut runs = Runs::default();
    for run in 0..=RUNS {
        let start = Instant::now();
        let plan = Plan::decide(instrument, &participation, &register, &definitions, &definitions.policy, &[]);
        let seconds = start.elapsed().as_secs_f64();
        runs.add(run, seconds);
        let gate = plan.audit.first();
        let years = gate.map_or(f64::NAN, |gate| gate.k_eff_years);
        report::tell(&format!("  gate: {seconds:.2} s, {} groups, {years:.2} over years", plan.groups.len()));
    }
    let work = format!("gates of {ORGANISATIONS} organisations in {} years", YEARS.count());
    bench.report.limit(&work, Unit::Seconds, runs.median(), None, ("at most 10 s", runs.median() <= MOST));
    bench.report.spread(&work, Unit::Seconds, &runs);
    Ok(())
}
