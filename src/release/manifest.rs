//! What a release says about itself; where it stands in the log is `log`'s.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    definition::Policy,
    model::{Digest, InstrumentId, Year},
};

/// What kind of edition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseKind {
    /// Figures may still change.
    Preliminary,
    /// The year's figures.
    Final,
    /// Corrects an earlier edition.
    Revision,
}

/// A published table of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableEntry {
    /// Name.
    pub name: String,
    /// SHA-256 of its Parquet file.
    pub digest: Digest,
    /// Size of the file.
    pub bytes: u64,
    /// Rows.
    pub rows: u64,
}

/// A release's manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Identifier: the digest of public tables, policy and method, whatever the time and the number in the log.
    pub release: Digest,
    /// Number in the log.
    pub sequence: u64,
    /// Kind.
    pub kind: ReleaseKind,
    /// The release before it.
    pub supersedes: Option<Digest>,
    /// When it was made.
    pub published_at: Timestamp,
    /// Not shown before this time.
    pub embargo_until: Option<Timestamp>,
    /// Instruments and the newest year of each.
    pub instruments: BTreeMap<InstrumentId, Year>,
    /// Whether any data are synthetic.
    pub synthetic: bool,
    /// Disclosure policy.
    pub policy: Policy,
    /// Digest of the policy.
    pub policy_digest: Digest,
    /// Digest of the method of each instrument.
    pub method_digests: BTreeMap<InstrumentId, Digest>,
    /// Digest of which own results are sealed to which keys, made with a secret; no part of the identifier.
    pub sealed_to: Digest,
    /// Tables, in the order of their names.
    pub tables: Vec<TableEntry>,
    /// Version of the program that made it.
    pub made_by: String,
}

/// The identifier of a release with these tables, policy and methods.
pub fn release_id(
    tables: &[TableEntry],
    policy_digest: &Digest,
    method_digests: &BTreeMap<InstrumentId, Digest>,
) -> Digest {
    let tables: BTreeMap<&str, &Digest> = tables.iter().map(|table| (table.name.as_str(), &table.digest)).collect();
    Digest::of(serde_json::to_string(&(tables, policy_digest, method_digests)).unwrap_or_default().as_bytes())
}
