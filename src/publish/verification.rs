//! A release's witnesses checked again: the release is built from the surveys, then from each witness, and the bytes compared.
//! Nothing is searched for and no solver is asked.

use std::collections::BTreeMap;

use super::{Order, PublishError, Witnesses, audit, draft, nonce, prepared};
use crate::{
    definition::Policy,
    disclosure::proof::{self, Outcome, Proof},
    model::{Digest, InstrumentId, Year},
    release::Log,
    score,
    store::{PrivateStore, PublicStore, path},
};

/// Checks the witnesses of a release. `order` is how it was published; what it says of witnesses is not looked at.
pub async fn verify(
    private: &PrivateStore,
    public: &PublicStore,
    order: Order<'_>,
    release: &Digest,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BTreeMap<(InstrumentId, Year), Outcome>, PublishError> {
    let audits = audit::with_witnesses(private, release).await?;
    let audit = audits.first().ok_or_else(|| PublishError::Unproven(release.short().to_owned()))?;
    let chosen = audit.instruments.iter().map(|(id, own)| (id.clone(), own.min_block)).collect();
    let order = Order { witnesses: Witnesses::Chosen(chosen), dry_run: true, ..order };
    let nonce = nonce(order.now);
    // as the log was when it was built
    let log = Log::read(public).await?.before(release);
    let built = prepared::all(private, (public, &log), &order, &nonce, progress).await?;
    if let Err(error) = score::sweep(private, &nonce, order.now).await {
        tracing::warn!(%error, "intermediate tables are left in the private store's folder work");
    }
    // what is built from the surveys has to be the release itself, or the comparison would be with something else
    if draft(private, &order, &built, &nonce).await?.id()? != *release {
        return Err(PublishError::Changed(release.short().to_owned()));
    }
    let mut outcomes = BTreeMap::new();
    for own in &built {
        let id = &own.instrument.id;
        let Some(audit) = audit.instruments.get(id) else { continue };
        let policy = Policy { min_block: audit.min_block, ..order.definitions.policy.clone() };
        for (year, digest) in &audit.witnesses {
            progress(&format!("{id} {year}: building the release from each witness"));
            let bytes = private.0.get_verified(&path::witnesses(digest), digest).await?;
            let outcome = proof::check(&own.round(order.kind), &own.scores, *year, &Proof::read(bytes)?, &policy)?;
            outcomes.insert((id.clone(), *year), outcome);
        }
    }
    Ok(outcomes)
}
