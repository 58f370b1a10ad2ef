//! The bench of size: a survey sampled, taken in and published at 1.6, 16 and 160 million answers, with the time and the peak memory of each
//! stage and how they grow; each stage runs in a process of its own and has no peer.

use std::{env, ffi::OsStr, path::Path, time::Instant};

use jiff::Timestamp;
use mognad::{
    model::{Sector, Year},
    publish::{self, Order, Witnesses},
    release::ReleaseKind,
    sample::Plan,
    score::Execution,
    store::{PrivateStore, PublicStore},
};
use serde_json::{Value, json};

use crate::{Bench, child, report, report::Unit, survey::Surveys};

/// Organisations and years of each size; with a hundred respondents each and forty questions.
const SIZES: [(usize, usize); 3] = [(400, 1), (400, 10), (4_000, 10)];
/// Every twentieth organisation is missing in a year, and not always the same.
const PARTICIPATION: f64 = 0.95;
/// The largest exponent of growth.
const GROWTH: f64 = 1.05;
/// The answers of one respondent.
const QUESTIONS: f64 = 40.0;

const STAGES: [&str; 3] = ["sample", "ingest", "publish"];

/// What a stage took at one size.
struct Took {
    answers: f64,
    seconds: f64,
    megabytes: f64,
}

pub(crate) fn run(bench: &mut Bench) -> anyhow::Result<()> {
    // to try it out, or to go further: how many of the sizes
    let sizes = env::var("MOGNAD_BENCH_SIZES").ok().and_then(|text| text.parse().ok()).unwrap_or(SIZES.len());
    let folder = bench.fresh("scale")?;
    let mut took: [Vec<Took>; 3] = Default::default();
    for (organisations, years) in SIZES.into_iter().take(sizes) {
        let own = folder.join(format!("{organisations}-{years}"));
        let (organisations, years) = (organisations.to_string(), years.to_string());
        let mut answers = 0.0;
        for (at, stage) in STAGES.into_iter().enumerate() {
            let arguments: [&OsStr; 4] = [stage.as_ref(), own.as_os_str(), organisations.as_ref(), years.as_ref()];
            let told = child::ask("scale", &arguments)?;
            let number = |name: &str| told[name].as_f64().unwrap_or(f64::NAN);
            if stage == "ingest" {
                answers = number("rows") * QUESTIONS;
            }
            let one = Took { answers, seconds: number("seconds"), megabytes: number("peak_bytes") / 1e6 };
            report::tell(&format!(
                "  {organisations} organisations, {years} years, {stage}: {:.2} s, {:.0} MB; {}",
                one.seconds, one.megabytes, told["said"]
            ));
            took[at].push(one);
        }
        // files are needed once
        std::fs::remove_dir_all(&own)?;
        // how many answers were sampled is known when they have been taken in
        if let Some(sampled) = took[0].last_mut() {
            sampled.answers = answers;
        }
    }
    for (stage, took) in STAGES.into_iter().zip(&took) {
        for own in took {
            let work = format!("{stage}, {:.1} million answers", own.answers / 1e6);
            bench.report.limit(&work, Unit::Seconds, own.seconds, None, ("reported", true));
            bench.report.limit(
                &format!("{work}: peak memory"),
                Unit::Megabytes,
                own.megabytes,
                None,
                ("reported", true),
            );
        }
        if let [.., before, last] = &took[..] {
            let exponent = (last.seconds / before.seconds).ln() / (last.answers / before.answers).ln();
            let asked = format!("grows at most with the power {GROWTH}");
            let work = format!("{stage}, {exponent:.2} the power of growth over the last step");
            bench.report.limit(
                &work,
                Unit::Seconds,
                last.seconds,
                Some(("before", before.seconds)),
                (&asked, exponent <= GROWTH),
            );
        }
    }
    Ok(())
}

/// The work of a child process: one stage at one size.
pub(crate) async fn in_child(stage: &str, folder: &str, organisations: &str, years: &str) -> anyhow::Result<Value> {
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let surveys = Surveys::of(folder, organisations.parse()?)?;
    let count: usize = years.parse()?;
    let years: Vec<Year> = Surveys::years().into_iter().rev().take(count).rev().collect();
    let mut plan = Plan::new(1, years.clone(), [Sector::Municipality]);
    plan.respondents = 100;
    plan.participation_first = PARTICIPATION;
    plan.participation = PARTICIPATION;
    let private = PrivateStore::open(&folder.join("private").display().to_string())?;
    let started = Instant::now();
    let mut rows = 0;
    let mut said = String::new();
    match stage {
        "sample" => {
            for &year in &years {
                surveys.written(&surveys.register, folder, &plan, year)?;
            }
        }
        "ingest" => {
            for &year in &years {
                let file = surveys.written(&surveys.register, folder, &plan, year)?;
                rows += surveys.ingest(&private, &file, year).await?.report.rows_accepted;
            }
        }
        _ => {
            let order = Order {
                definitions: &surveys.definitions,
                register: &surveys.register,
                kind: ReleaseKind::Final,
                embargo_until: None,
                now: Timestamp::now(),
                execution: Execution::default(),
                dry_run: false,
                witnesses: Witnesses::Skipped,
            };
            let public = PublicStore::open(&folder.join("public").display().to_string())?;
            let begun = |text: &str| report::tell(&format!("    {:.1} s: {text}", started.elapsed().as_secs_f64()));
            let published = publish::publish(&private, &public, &order, &begun).await?;
            let groups: usize = published.instruments.values().map(|own| own.groups.len()).sum();
            said = format!("{groups} groups");
        }
    }
    Ok(json!({ "seconds": started.elapsed().as_secs_f64(), "rows": rows, "said": said }))
}
