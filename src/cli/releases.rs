//! `mognad releases`: the log, one release's manifest, verification of every byte, and taking a release back.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{
    Outcome, output,
    places::{Knowledge, Private, Public},
};
use crate::{
    encode::{Grid, Value},
    model::Digest,
    publish::{self, Order, Witnesses},
    release::{self, CommitKind, Difference, Log},
    score::Execution,
    store::{PublicStore, path},
};

/// Arguments of `releases`.
#[derive(Debug, Args)]
pub(super) struct Releases {
    #[command(flatten)]
    public: Public,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the log
    List,
    /// Show a release's manifest
    Show {
        /// Release, or its first eight digits
        release: String,
    },
    /// Show what changed from one release to another
    Diff {
        /// Release, or its first eight digits
        before: String,
        /// Release, or its first eight digits
        after: String,
    },
    /// Read every file of every release and compare it with its digest; with --witnesses, also build the current release from
    /// each of its witnesses and compare every byte
    Verify {
        /// Check the current release's witnesses: needs the private store, and the definitions that it was published with
        #[arg(long)]
        witnesses: bool,
        #[command(flatten)]
        knowledge: Knowledge,
        #[command(flatten)]
        private: Private,
    },
    /// Take a release back; the newest that stands is current again
    Withdraw {
        /// Release, or its first eight digits
        release: String,
    },
}

impl Releases {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let store = self.public.existing()?;
        let log = Log::read(&store).await?;
        match self.action {
            Action::List => {
                let mut grid = Grid::new(&["sequence", "action", "release", "committed_at"]);
                for commit in &log.commits {
                    let action = match commit.kind {
                        CommitKind::Publish => "publish",
                        CommitKind::Withdraw => "withdraw",
                    };
                    grid.rows.push(vec![
                        Value::Whole(commit.sequence as i64),
                        Value::text(action),
                        Value::text(commit.release.as_str()),
                        Value::text(commit.committed_at.to_string()),
                    ]);
                }
                output::rows(&grid, output::RowFormat::Table)?;
            }
            Action::Show { release } => {
                let known =
                    |commit: &&release::Commit| release.len() >= 8 && commit.release.as_str().starts_with(&release);
                let commit =
                    log.commits.iter().find(known).ok_or_else(|| release::ReleaseError::Unknown(release.clone()))?;
                output::line(serde_json::to_string_pretty(&Log::manifest(&store, commit).await?)?);
            }
            Action::Diff { before, after } => {
                let (before, after) =
                    (release::open_one(&store, &log, &before).await?, release::open_one(&store, &log, &after).await?);
                tell(&release::difference(&before, &after)?)?;
            }
            Action::Verify { witnesses, knowledge, private } => {
                let (mut files, mut bytes) = (0_usize, 0_u64);
                for commit in log.standing() {
                    for table in Log::manifest(&store, commit).await?.tables {
                        store.0.get_verified(&path::data(&table.digest), &table.digest).await?;
                        files += 1;
                        bytes += table.bytes;
                    }
                }
                output::line(format!("{} entries, {files} files, {bytes} bytes: all as committed", log.commits.len()));
                if witnesses {
                    return verify_witnesses(&store, &log, &knowledge, &private).await;
                }
            }
            Action::Withdraw { release } => {
                let now = Timestamp::now();
                let nonce = format!("{}-{}", now.as_microsecond(), std::process::id());
                let commit = release::withdraw(&store, &release, &nonce, now).await?;
                output::line(format!("release {} is taken back, by entry {}", short(&commit.release), commit.sequence));
            }
        }
        Ok(Outcome::Done)
    }
}

/// At most so many changed values are listed for each table; their number is told in full.
const CHANGES_SHOWN: usize = 20;

fn tell(differences: &[Difference]) -> anyhow::Result<()> {
    if differences.is_empty() {
        output::line("the two releases have the same tables");
    }
    for difference in differences {
        let (added, removed) = (difference.added, difference.removed);
        let changed = difference.changed.len();
        output::line(format!("{}: {added} rows came, {removed} went, {changed} values changed", difference.table));
        if changed > 0 {
            let mut grid = Grid::new(&["row", "column", "before", "after"]);
            for one in difference.changed.iter().take(CHANGES_SHOWN) {
                let key: Vec<String> = one.key.iter().map(shown).collect();
                let text = |value: &Value| Value::text(shown(value));
                let cells = [Value::text(key.join(" ")), Value::text(&one.column), text(&one.before), text(&one.after)];
                grid.rows.push(cells.to_vec());
            }
            output::rows(&grid, output::RowFormat::Table)?;
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
    }
}

async fn verify_witnesses(
    store: &PublicStore,
    log: &Log,
    knowledge: &Knowledge,
    private: &Private,
) -> anyhow::Result<Outcome> {
    let Some(current) = log.standing().next() else { return Ok(Outcome::Findings) };
    let manifest = Log::manifest(store, current).await?;
    let (definitions, register) = (knowledge.definitions()?, knowledge.register()?);
    let order = Order {
        definitions: &definitions,
        register: &register,
        kind: manifest.kind,
        embargo_until: manifest.embargo_until,
        now: Timestamp::now(),
        execution: Execution::default(),
        dry_run: true,
        witnesses: Witnesses::Skipped,
    };
    let progress = output::Progress::new();
    let outcomes =
        publish::verify(&private.existing()?, store, order, &manifest.release, &|text| progress.tell(text)).await?;
    progress.end();
    let mut outcome = Outcome::Done;
    for ((instrument, year), found) in &outcomes {
        output::line(format!(
            "{instrument} {year}: {} witnesses are published byte for byte like the release, {} are not; {} of {} results lack something",
            found.witnesses,
            found.different,
            found.lacking.len(),
            found.organisations * found.measures,
        ));
        if !found.is_complete() {
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn short(digest: &Digest) -> &str {
    digest.short()
}
