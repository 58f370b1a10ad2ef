//! The private audit of a release: which receipts it is made from, what the gates found, and its witnesses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Prepared, PublishError, revision::Basis};
use crate::{
    model::{Digest, InstrumentId, Year},
    release::{CommitKind, Log},
    store::{PrivateStore, json, path},
};

/// The audit as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Audit {
    pub(super) release: Digest,
    pub(super) instruments: BTreeMap<InstrumentId, OfInstrument>,
}

/// The audit of one instrument.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfInstrument {
    basis: Basis,
    gates: Box<RawValue>,
    refused: Box<RawValue>,
    /// What was found in the publisher's own two-way tables; none in audits of earlier builds.
    #[serde(default)]
    cross_tables: Option<Box<RawValue>>,
    pub(super) min_block: usize,
    /// What was found for each year; none where witnesses were not asked for.
    outcomes: Option<Box<RawValue>>,
    /// The witnesses of each year, by their files' digests.
    pub(super) witnesses: BTreeMap<Year, Digest>,
}

fn raw<T: Serialize>(value: &T) -> Box<RawValue> {
    let text = serde_json::to_string(value).unwrap_or_default();
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Keeps witnesses, then the audit that names them. Both are named by what is in them: the same release can be built twice.
pub(super) async fn keep(
    private: &PrivateStore,
    release: &Digest,
    prepared: &[Prepared<'_>],
) -> Result<(), PublishError> {
    let mut instruments = BTreeMap::new();
    for own in prepared {
        let mut witnesses = BTreeMap::new();
        for proof in own.proofs.iter().flatten() {
            let bytes = proof.file()?;
            let digest = Digest::of(&bytes);
            private.0.put_new(&path::witnesses(&digest), bytes).await?;
            witnesses.insert(proof.year, digest);
        }
        let outcomes: Option<BTreeMap<Year, _>> =
            own.proofs.as_ref().map(|proofs| proofs.iter().map(|proof| (proof.year, &proof.outcome)).collect());
        let audit = OfInstrument {
            basis: own.basis.clone(),
            gates: raw(&own.plan.audit),
            refused: raw(&own.plan.refused),
            cross_tables: Some(raw(&own.cross.audit)),
            min_block: own.min_block,
            outcomes: outcomes.as_ref().map(raw),
            witnesses,
        };
        instruments.insert(own.instrument.id.clone(), audit);
    }
    let bytes = json(&Audit { release: release.clone(), instruments });
    private.0.put_new(&path::audit(release, &Digest::of(&bytes)), bytes).await?;
    Ok(())
}

/// What the last edition that has an instrument was made of; none if no edition has.
pub(super) async fn basis_before(
    private: &PrivateStore,
    log: &Log,
    instrument: &InstrumentId,
) -> Result<Option<Basis>, PublishError> {
    // also one that has been taken back: what was out is known
    for commit in log.commits.iter().rev().filter(|commit| commit.kind == CommitKind::Publish) {
        // where a release was built twice, both audits have made the same of what they are made of
        let audit = of_release(private, &commit.release).await?.into_iter().next();
        let mut audit = audit.ok_or_else(|| PublishError::NoPredecessor(commit.release.short().to_owned()))?;
        if let Some(own) = audit.instruments.remove(instrument) {
            return Ok(Some(own.basis));
        }
    }
    Ok(None)
}

/// The audits of a release that have witnesses.
pub(super) async fn with_witnesses(private: &PrivateStore, release: &Digest) -> Result<Vec<Audit>, PublishError> {
    let mut found = of_release(private, release).await?;
    found.retain(|audit| audit.instruments.values().any(|own| !own.witnesses.is_empty()));
    Ok(found)
}

async fn of_release(private: &PrivateStore, release: &Digest) -> Result<Vec<Audit>, PublishError> {
    let mut found = Vec::new();
    for place in private.0.list(&path::audits(release)).await? {
        let bytes = private.0.get(&place).await?;
        let audit = serde_json::from_slice(&bytes)
            .map_err(|error| PublishError::Audit { path: place.to_string(), cause: error.to_string() })?;
        found.push(audit);
    }
    Ok(found)
}
