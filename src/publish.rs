//! From microdata to a committed release: the one place that speaks to both sides. It hands wrapped values on and never looks.

mod audit;
mod computed;
mod cross;
mod prepared;
mod revision;
mod verification;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;

pub use verification::verify;

use prepared::Prepared;

use crate::{
    definition::Definitions,
    disclosure::{
        self, CrossAudit, Detailed, DisclosureError, Plan, Round, Sealed,
        plan::{GateAudit, Group, Refused},
        proof::Outcome,
    },
    key::{self, KeyError},
    microdata::MicrodataError,
    model::{Digest, InstrumentId, OrganisationId, Year},
    register::Register,
    release::{self, Draft, Log, ReleaseError, ReleaseKind, Written},
    score::{self, Execution, ScoreError},
    store::{PrivateStore, PublicStore, StoreError},
    table::TableError,
};

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There are no data.
    #[error("no survey has been ingested; run `mognad ingest` first")]
    Nothing,
    /// Nothing passes the gate.
    #[error(
        "no group has enough participating organisations to be shown; the policy asks for {0} in a block: ingest more surveys and publish again"
    )]
    TooFew(usize),
    /// Some results have no witnesses, whatever the size of blocks.
    #[error(
        "{instrument} {year}: {missing} results could be told from what would be published, even with the largest blocks that the policy declares; declare larger ones (catalogues in schemas/disclosure.toml)"
    )]
    NoWitnesses {
        /// The instrument.
        instrument: InstrumentId,
        /// The first year that has such results.
        year: Year,
        /// How many.
        missing: usize,
    },
    /// The release was made of other data than there are now.
    #[error("release {0} was made of other surveys or definitions than there are now, so it cannot be built again")]
    Changed(String),
    /// No witnesses were kept for a release.
    #[error("release {0} was published without witnesses; publish without --without-witnesses to have them")]
    Unproven(String),
    /// The last edition was published from another private store.
    #[error(
        "release {0}, the last edition, was published from another private store, so that nobody can tell whose results have changed since; publish from that one, or to a new public store"
    )]
    NoPredecessor(String),
    /// A survey that the last edition was made of is gone.
    #[error(
        "the survey of receipt {0}, which the last edition was made of, is no longer in the private store; restore it from a copy, superseded surveys too are needed"
    )]
    Forgotten(String),
    /// The private audit cannot be read.
    #[error("{path} is no valid audit: {cause}; restore it from a copy")]
    Audit {
        /// The object.
        path: String,
        /// What is wrong.
        cause: String,
    },
    /// Scores.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// Keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Microdata.
    #[error(transparent)]
    Microdata(#[from] MicrodataError),
    /// Disclosure control.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The release.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The private store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// What is to be published, and how.
#[derive(Debug)]
pub struct Order<'a> {
    /// Definitions.
    pub definitions: &'a Definitions,
    /// Register.
    pub register: &'a Register,
    /// Kind of the edition.
    pub kind: ReleaseKind,
    /// Not shown before this time.
    pub embargo_until: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
    /// Where scores and sums are computed.
    pub execution: Execution,
    /// Decide and report, and write nothing to the public store.
    pub dry_run: bool,
    /// What to do about witnesses.
    pub witnesses: Witnesses,
}

/// What to do about witnesses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Witnesses {
    /// Search for them, and move to larger blocks where some are missing.
    #[default]
    Searched,
    /// Publish without: the gates hold, and for distributions there is no proof.
    Skipped,
    /// As an earlier search chose: the least size of blocks by instrument.
    Chosen(BTreeMap<InstrumentId, usize>),
}

/// What was published, or would be.
#[derive(Debug)]
pub struct Published {
    /// How writing ended; none for a dry run.
    pub written: Option<Written>,
    /// Identifier of the release.
    pub release: Digest,
    /// Organisations whose own results were sealed.
    pub sealed: usize,
    /// What was decided, by instrument.
    pub instruments: BTreeMap<InstrumentId, Decided>,
}

/// What was decided for one instrument.
#[derive(Debug)]
pub struct Decided {
    /// Groups.
    pub groups: Vec<Group>,
    /// What the gates found, by sector.
    pub audit: Vec<GateAudit>,
    /// Registered groups that are not shown.
    pub refused: Vec<Refused>,
    /// The publisher's own two-way tables, by table and year.
    pub cross_tables: Vec<CrossAudit>,
    /// Least size of the catalogue's blocks.
    pub min_block: usize,
    /// Whose results stay as in the edition before, since too few have changed, by year.
    pub waiting: BTreeMap<Year, BTreeSet<OrganisationId>>,
    /// What witnesses were found, by year; none where they were not asked for.
    pub proofs: Option<BTreeMap<Year, Outcome>>,
}

/// Builds a release of every instrument that has data, and commits it.
pub async fn publish(
    private: &PrivateStore,
    public: &PublicStore,
    order: &Order<'_>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Published, PublishError> {
    let nonce = nonce(order.now);
    if !order.dry_run {
        private.0.check(&nonce).await?;
        public.0.check(&nonce).await?;
    }
    if let Some(cluster) = &order.execution.cluster {
        score::ready(private, &nonce, cluster).await.map_err(ScoreError::from)?;
    }
    // read once: the gates and the commit have to speak of the same earlier editions
    let log = Log::read(public).await?;
    let prepared = prepared::all(private, (public, &log), order, &nonce, progress).await?;
    progress("writing cells");
    let draft = draft(private, order, &prepared, &nonce).await?;
    let release = draft.id()?;
    let written = if order.dry_run {
        None
    } else {
        audit::keep(private, &release, &prepared).await?;
        progress("committing");
        Some(release::write(public, &draft, &log).await?)
    };
    if let Err(error) = score::sweep(private, &nonce, order.now).await {
        tracing::warn!(%error, "intermediate tables are left in the private store's folder work; the next build removes them");
    }
    let mut published = Published { written, release, sealed: draft.sealed.len(), instruments: BTreeMap::new() };
    for own in prepared {
        let mut waiting: BTreeMap<Year, BTreeSet<OrganisationId>> = BTreeMap::new();
        for one in own.basis.waiting {
            waiting.entry(one.year).or_default().extend(one.organisations);
        }
        let decided = Decided {
            waiting,
            groups: own.plan.groups,
            audit: own.plan.audit,
            refused: own.plan.refused,
            cross_tables: own.cross.audit,
            min_block: own.min_block,
            proofs: own.proofs.map(|proofs| proofs.into_iter().map(|proof| (proof.year, proof.outcome)).collect()),
        };
        published.instruments.insert(own.instrument.id.clone(), decided);
    }
    Ok(published)
}

/// The release as it would be written.
async fn draft(
    private: &PrivateStore,
    order: &Order<'_>,
    prepared: &[Prepared<'_>],
    nonce: &str,
) -> Result<Draft, PublishError> {
    let policy = &order.definitions.policy;
    let rounds: Vec<Round<'_>> = prepared.iter().map(|own| own.round(order.kind)).collect();
    let (sealed, sealed_to) = sealed(private, order, prepared).await?;
    let newest = |plan: &Plan| plan.groups.iter().flat_map(|group| group.members.keys()).max().copied();
    Ok(Draft {
        tables: disclosure::protect(&rounds, order.register, order.definitions, policy)?,
        kind: order.kind,
        embargo_until: order.embargo_until,
        instruments: prepared.iter().filter_map(|own| Some((own.instrument.id.clone(), newest(&own.plan)?))).collect(),
        synthetic: prepared.iter().any(|own| own.instrument.synthetic),
        policy: policy.clone(),
        method_digests: prepared
            .iter()
            .map(|own| (own.instrument.id.clone(), order.definitions.method_digest(&own.instrument.id)))
            .collect(),
        sealed,
        sealed_to,
        // whole seconds are written equally long whenever it is, so that not even an answer's length differs
        published_at: Timestamp::from_second(order.now.as_second()).unwrap_or(order.now),
        nonce: nonce.to_owned(),
    })
}

/// What organisations with a key are told of themselves, sealed to their keys; and a digest of what is sealed to whom, which says
/// when sealed files have to be written anew. It is made with a secret of the private store, so that it confirms no guess.
async fn sealed(
    private: &PrivateStore,
    order: &Order<'_>,
    prepared: &[Prepared<'_>],
) -> Result<(BTreeMap<OrganisationId, Sealed>, Digest), PublishError> {
    let holders = key::holders(private, order.now).await?;
    if holders.is_empty() {
        return Ok((BTreeMap::new(), Digest::of(b"nobody")));
    }
    let rounds: Vec<Detailed<'_>> = prepared.iter().map(Prepared::detailed).collect();
    let results = disclosure::own_results(&rounds, &order.definitions.policy, |id| holders.contains_key(id))?;
    let recipients: BTreeMap<&OrganisationId, Vec<String>> =
        holders.iter().map(|(id, own)| (id, own.iter().map(ToString::to_string).collect())).collect();
    let recipients = serde_json::to_string(&recipients).unwrap_or_default();
    let secret = key::secret(private).await?;
    let sealed_to = disclosure::fingerprint(&results, &[&secret, recipients.as_bytes()])?;
    Ok((disclosure::seal(&results, &holders)?, sealed_to))
}

/// Distinguishes this run from every other.
fn nonce(now: Timestamp) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", now.as_microsecond(), std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
