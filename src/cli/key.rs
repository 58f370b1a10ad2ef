//! `mognad key`: gives organisations keys to their own results, lists them and takes them back.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, Subcommand};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use super::{
    Misuse, Outcome, output,
    places::{Knowledge, Private},
};
use crate::{
    disclosure::Identity,
    key::{self, Key},
    model::OrganisationId,
};

/// Arguments of `key`.
#[derive(Debug, Args)]
pub(super) struct Keys {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key for an organisation; the next release is sealed to it
    Issue {
        /// Organisation id, such as municipality-1881
        organisation: OrganisationId,
        /// Who it is given to
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// Last day on which releases are sealed to it, such as 2027-06-30
        #[arg(long, value_name = "DATE")]
        expires: Option<Date>,
        /// Write the key to a new file that only you can read, and not to the terminal
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
        #[command(flatten)]
        knowledge: Knowledge,
        #[command(flatten)]
        private: Private,
    },
    /// List keys: public halves, validity
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        private: Private,
    },
    /// Take a key back: releases from now on are not sealed to it, and older files stay readable
    Revoke {
        /// Key id, as `key list` shows it
        id: String,
        #[command(flatten)]
        private: Private,
    },
}

impl Keys {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let now = Timestamp::now();
        match self.action {
            Action::Issue { organisation, label, expires, to, knowledge, private } => {
                if !knowledge.register()?.organisations.contains_key(&organisation) {
                    return Err(Misuse(format!("{organisation} is not in the register")).into());
                }
                // the day itself still counts
                let until = expires.map(|day| day.tomorrow()?.to_zoned(TimeZone::UTC).map(|day| day.timestamp()));
                let until = until.transpose()?;
                if until.is_some_and(|until| until <= now) {
                    return Err(Misuse("the key would have expired already; give a day to come".to_owned()).into());
                }
                // the file first, so that no key is on record that nobody has
                let file = to.as_ref().map(|path| create(path)).transpose()?;
                let issued = key::issue(&private.open()?, &organisation, label, until, now).await;
                if let (Err(_), Some(path)) = (&issued, &to) {
                    std::fs::remove_file(path)?;
                }
                let (key, identity) = issued?;
                give_out(&key, &identity, to.as_deref().zip(file))?;
            }
            Action::List { json, private } => list(&key::list(&private.existing()?).await?, json, now)?,
            Action::Revoke { id, private } => {
                let key = key::revoke(&private.existing()?, &id, now).await?;
                output::line(format!(
                    "revoked {} of {}: releases from now on are not sealed to it; files of earlier releases stay readable",
                    key.id, key.organisation
                ));
            }
        }
        Ok(Outcome::Done)
    }
}

fn create(path: &std::path::Path) -> anyhow::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| anyhow::anyhow!("cannot create {}: {error}; name a file that does not exist", path.display()))
}

fn give_out(key: &Key, identity: &Identity, file: Option<(&std::path::Path, std::fs::File)>) -> anyhow::Result<()> {
    output::line(format!("key {} of {}, public half {}", key.id, key.organisation, key.recipient));
    if let Some((path, mut file)) = file {
        identity.give_out(|secret| writeln!(file, "{secret}"))?;
        file.sync_all()?;
        output::line(format!("the key is in {}; give it to its holder and remove the file", path.display()));
    } else {
        output::line("the key itself is shown this once and kept nowhere:");
        identity.give_out(|secret| output::line(secret));
    }
    output::line("it opens what is published from now on: publish again");
    Ok(())
}

fn list(keys: &[Key], as_json: bool, now: Timestamp) -> anyhow::Result<()> {
    let state = |key: &Key| match (key.revoked_at, key.is_valid(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "valid",
        (None, false) => "expired",
    };
    if as_json {
        let rows: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "id": key.id, "organisation": key.organisation, "state": state(key), "label": key.label,
                    "issuedAt": key.issued_at, "expiresAt": key.expires_at, "revokedAt": key.revoked_at,
                    "recipient": key.recipient,
                })
            })
            .collect();
        output::line(serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    for key in keys {
        let until = key.expires_at.map_or(String::new(), |until| format!(", until {until}"));
        let label = key.label.as_ref().map_or(String::new(), |label| format!(", {label}"));
        output::line(format!("{} {} {}: issued {}{until}{label}", key.id, state(key), key.organisation, key.issued_at));
    }
    if keys.is_empty() {
        output::line("there are no keys; `mognad key issue ORGANISATION` makes one");
    }
    Ok(())
}
