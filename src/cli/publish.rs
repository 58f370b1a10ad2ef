//! `mognad publish`: a release of everything ingested, or with `--dry-run` what it would show.

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::{
    Outcome, output,
    places::{Knowledge, Private, Public},
};
use crate::{
    disclosure::plan::Group,
    publish::{self, Order, Published},
    release::{ReleaseKind, Written},
};

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub(super) struct Publish {
    #[command(flatten)]
    knowledge: Knowledge,
    #[command(flatten)]
    private: Private,
    #[command(flatten)]
    public: Public,
    /// Kind of the edition
    #[arg(long, value_enum, default_value = "final")]
    kind: ReleaseKind,
    /// Do not show the release before this time, such as 2026-06-01T09:00:00Z
    #[arg(long, value_name = "TIME")]
    embargo: Option<Timestamp>,
    /// Decide and report; publish nothing
    #[arg(long)]
    dry_run: bool,
    /// Threads; as many as there are cores unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Publish {
    /// What the demo publishes.
    pub(super) fn demo(knowledge: Knowledge, private: Private, public: Public) -> Self {
        Self {
            knowledge,
            private,
            public,
            kind: ReleaseKind::Final,
            embargo: None,
            dry_run: false,
            threads: None,
            json: false,
        }
    }

    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let (definitions, register) = (self.knowledge.definitions()?, self.knowledge.register()?);
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let order = Order {
            definitions: &definitions,
            register: &register,
            kind: self.kind,
            embargo_until: self.embargo,
            now: Timestamp::now(),
            threads: self.threads.map_or_else(cores, usize::from),
            dry_run: self.dry_run,
        };
        let progress = output::Progress::new();
        let published =
            publish::publish(&self.private.existing()?, &self.public.open()?, &order, &|text| progress.tell(text))
                .await?;
        progress.end();
        if self.json {
            tell_json(&published)?;
        } else {
            tell(&published);
        }
        Ok(Outcome::Done)
    }
}

fn by_kind(groups: &[Group]) -> BTreeMap<&str, (usize, usize)> {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for group in groups {
        let counts = kinds.entry(&group.kind).or_default();
        counts.0 += 1;
        counts.1 += group.members.len();
    }
    kinds
}

fn tell(published: &Published) {
    for (instrument, groups) in &published.groups {
        output::line(format!("{instrument}:"));
        for (kind, (count, years)) in by_kind(groups) {
            output::line(format!("  {kind}: {count} groups, shown in {years} group-years"));
        }
        for gate in published.audit.get(instrument).into_iter().flatten() {
            let within = gate.k_eff_within.values().copied().fold(f64::INFINITY, f64::min);
            if within.is_finite() {
                output::line(format!(
                    "  {}: effective anonymity at least {within:.2} within a year and {:.2} over all years; {} + {} cells joined for it, {} matched changes left out",
                    gate.sector, gate.k_eff_years, gate.merges_within, gate.merges_years, gate.panels_withheld,
                ));
            } else {
                output::line(format!("  {}: too few participants to be shown", gate.sector));
            }
            for (years, what) in [
                (&gate.years_withheld, "are left out: beside what is out, they would tell an organisation's result"),
                (
                    &gate.histograms_withheld,
                    "have no distributions: their difference to those in an earlier edition would tell who has come or gone",
                ),
            ] {
                if !years.is_empty() {
                    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                    output::line(format!("  {}: {} {what}", gate.sector, years.join(", ")));
                }
            }
        }
    }
    output::line(match &published.written {
        Some(Written::Committed(manifest)) => {
            format!("published release {} as number {}", manifest.release, manifest.sequence)
        }
        Some(Written::Unchanged(manifest)) => {
            format!("nothing new: release {} is current already, as number {}", manifest.release, manifest.sequence)
        }
        None => format!("would publish release {}; nothing was written", published.release),
    });
}

fn tell_json(published: &Published) -> anyhow::Result<()> {
    let outcome = match &published.written {
        Some(Written::Committed(_)) => "committed",
        Some(Written::Unchanged(_)) => "unchanged",
        None => "dry-run",
    };
    let groups: BTreeMap<&str, Vec<serde_json::Value>> = published
        .groups
        .iter()
        .map(|(instrument, groups)| {
            let list = groups
                .iter()
                .map(|group| {
                    let years: BTreeMap<String, usize> =
                        group.members.iter().map(|(year, own)| (year.to_string(), own.len())).collect();
                    json!({ "id": group.id, "name": group.name, "organisations": years, "mergedFrom": group.merged_from })
                })
                .collect();
            (instrument.as_str(), list)
        })
        .collect();
    let body = json!({ "release": published.release, "outcome": outcome, "gates": published.audit, "groups": groups });
    output::line(serde_json::to_string_pretty(&body)?);
    Ok(())
}
