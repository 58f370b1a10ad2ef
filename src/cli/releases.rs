//! `mognad releases`: the log, one release's manifest, verification of every byte, and taking a release back.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{Outcome, output, places::Public};
use crate::{
    encode::{Grid, Value},
    model::Digest,
    release::{self, CommitKind, Log},
    store::path,
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
    /// Read every file of every release and compare it with its digest
    Verify,
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
            Action::Verify => {
                let (mut files, mut bytes) = (0_usize, 0_u64);
                for commit in log.standing() {
                    for table in Log::manifest(&store, commit).await?.tables {
                        store.0.get_verified(&path::data(&table.digest), &table.digest).await?;
                        files += 1;
                        bytes += table.bytes;
                    }
                }
                output::line(format!("{} entries, {files} files, {bytes} bytes: all as committed", log.commits.len()));
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

fn short(digest: &Digest) -> &str {
    digest.short()
}
