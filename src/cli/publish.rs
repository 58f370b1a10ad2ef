//! `mognad publish`: a release of everything ingested, or with `--dry-run` what it would show.

use std::{collections::BTreeMap, time::Duration};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::{
    Outcome, output,
    places::{Knowledge, Private, Public},
};
use crate::{
    disclosure::{plan::Group, witness::Settled},
    publish::{self, Decided, Order, Published, Witnesses},
    release::{ReleaseKind, Written},
    score::{Cluster, Execution},
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
    #[command(flatten)]
    computing: Computing,
    /// Publish without searching for witnesses: quick, and for distributions without proof
    #[arg(long)]
    without_witnesses: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where the computing is done.
#[derive(Debug, Default, Args)]
struct Computing {
    /// What adds up over respondents
    #[arg(long, value_enum, default_value_t = Adder::Local)]
    engine: Adder,
    /// Scheduler of the cluster
    #[arg(long, value_name = "df://HOST:PORT", required_if_eq("engine", "ballista"))]
    scheduler: Option<Url>,
    /// Seconds that the cluster may take for a year, until it is asked again
    #[arg(long, value_name = "S", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    answer_seconds: u32,
    /// Threads of this process; as many as there are cores unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// What adds up over respondents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Adder {
    /// This process
    #[default]
    Local,
    /// A cluster of Apache Ballista, whose executors read the private store
    Ballista,
}

impl Computing {
    fn execution(self) -> Execution {
        let here = Execution::default();
        let patience = Duration::from_secs(self.answer_seconds.into());
        let cluster = self.scheduler.filter(|_| self.engine == Adder::Ballista);
        Execution {
            threads: self.threads.map_or(here.threads, usize::from),
            cluster: cluster.map(|scheduler| Cluster { scheduler, patience }),
        }
    }
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
            computing: Computing::default(),
            without_witnesses: true,
            json: false,
        }
    }

    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let (definitions, register) = (self.knowledge.definitions()?, self.knowledge.register()?);
        let order = Order {
            definitions: &definitions,
            register: &register,
            kind: self.kind,
            embargo_until: self.embargo,
            now: Timestamp::now(),
            execution: self.computing.execution(),
            dry_run: self.dry_run,
            witnesses: if self.without_witnesses { Witnesses::Skipped } else { Witnesses::Searched },
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
            if self.dry_run {
                catalogue(&published);
            }
        }
        Ok(Outcome::Done)
    }
}

/// Organisations that a line names.
const NAMED: usize = 12;

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
    for (instrument, decided) in &published.instruments {
        output::line(format!("{instrument}:"));
        for (kind, (count, years)) in by_kind(&decided.groups) {
            output::line(format!("  {kind}: {count} groups, shown in {years} group-years"));
        }
        for refused in &decided.refused {
            output::line(format!("  not shown: {refused}"));
        }
        for (year, waiting) in &decided.waiting {
            let ids: Vec<&str> = waiting.iter().take(NAMED).map(crate::model::OrganisationId::as_str).collect();
            output::line(format!(
                "  {year}: waiting as in the edition before, since too few of a group have changed ({}): {}{}",
                waiting.len(),
                ids.join(", "),
                if waiting.len() > NAMED { " and others" } else { "" },
            ));
        }
        gates(decided);
        cross_tables(decided);
        witnesses(decided);
    }
    if published.sealed > 0 {
        output::line(format!("sealed the own results of {} organisations to their keys", published.sealed));
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

fn gates(decided: &Decided) {
    for gate in &decided.audit {
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

fn cross_tables(decided: &Decided) {
    for own in &decided.cross_tables {
        let repeated = if own.repeated {
            "; it stays as an earlier edition had it, although respondents or groups are others now"
        } else {
            ""
        };
        output::line(match &own.refused {
            Some(cause) => format!("  {} {}: not shown: {cause}{repeated}", own.table, own.year),
            None => format!(
                "  {} {}: {} cells, {} with dots, of which {} are sensitive by themselves{repeated}",
                own.table,
                own.year,
                own.cells,
                own.hidden.len(),
                own.sensitive.len(),
            ),
        });
    }
}

fn witnesses(decided: &Decided) {
    let Some(proofs) = &decided.proofs else {
        output::line("  no witnesses were searched for: distributions are published without proof");
        return;
    };
    for (year, outcome) in proofs {
        let Settled { walk, pull, solver } = outcome.settled;
        let all = (walk + pull + solver).max(1) as f64 / 100.0;
        output::line(format!(
            "  {year}: {} witnesses with blocks of {} or more; of {} results {:.1} % shown by the walk, {:.1} % by a pull, {:.1} % by programmes",
            outcome.witnesses,
            decided.min_block,
            walk + pull + solver,
            walk as f64 / all,
            pull as f64 / all,
            solver as f64 / all,
        ));
    }
}

/// Every group with its number of organisations by year: what a publisher looks through before anything is out.
fn catalogue(published: &Published) {
    for (instrument, decided) in &published.instruments {
        output::line(format!("{instrument}, groups with organisations by year:"));
        for group in &decided.groups {
            let years: Vec<String> =
                group.members.iter().map(|(year, members)| format!("{year}: {}", members.len())).collect();
            let merged: Vec<&str> = group.merged_from.iter().map(crate::model::GroupId::as_str).collect();
            let merged = if merged.is_empty() { String::new() } else { format!(" (joined of {})", merged.join(", ")) };
            let years = if years.is_empty() { "not shown in any year".to_owned() } else { years.join(", ") };
            output::line(format!("  {} {}{merged}: {years}", group.id, group.name.sv));
        }
    }
}

fn tell_json(published: &Published) -> anyhow::Result<()> {
    let outcome = match &published.written {
        Some(Written::Committed(_)) => "committed",
        Some(Written::Unchanged(_)) => "unchanged",
        None => "dry-run",
    };
    let instruments: BTreeMap<&str, serde_json::Value> = published
        .instruments
        .iter()
        .map(|(instrument, decided)| {
            let groups: Vec<serde_json::Value> = decided
                .groups
                .iter()
                .map(|group| {
                    let years: BTreeMap<String, usize> =
                        group.members.iter().map(|(year, own)| (year.to_string(), own.len())).collect();
                    json!({ "id": group.id, "name": group.name, "organisations": years, "mergedFrom": group.merged_from })
                })
                .collect();
            let body = json!({
                "groups": groups, "gates": decided.audit, "refused": decided.refused, "minBlock": decided.min_block,
                "waiting": decided.waiting, "crossTables": decided.cross_tables, "witnesses": decided.proofs,
            });
            (instrument.as_str(), body)
        })
        .collect();
    let body = json!({
        "release": published.release, "outcome": outcome, "sealed": published.sealed, "instruments": instruments,
    });
    output::line(serde_json::to_string_pretty(&body)?);
    Ok(())
}
