//! From microdata to a committed release: the one place that speaks to both sides. It hands wrapped values on and never looks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    definition::Definitions,
    disclosure::{
        self, DisclosureError, Participation, Plan, Round,
        plan::{EarlierGroup, GateAudit, Group},
    },
    microdata::{self, MicrodataError, Receipt},
    model::{Digest, Instrument, InstrumentId, Year},
    register::Register,
    release::{self, CommitKind, Draft, Log, ReleaseError, ReleaseKind, Written},
    score::{self, Cells, Engine, ScoreError},
    store::{PrivateStore, PublicStore, StoreError, path},
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
    /// Scores.
    #[error(transparent)]
    Score(#[from] ScoreError),
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
    /// Threads of the engine.
    pub threads: usize,
    /// Decide and report, and write nothing to the public store.
    pub dry_run: bool,
}

/// What was published, or would be.
#[derive(Debug)]
pub struct Published {
    /// How writing ended; none for a dry run.
    pub written: Option<Written>,
    /// Identifier of the release.
    pub release: Digest,
    /// Groups by instrument.
    pub groups: BTreeMap<InstrumentId, Vec<Group>>,
    /// What the gates found, by instrument.
    pub audit: BTreeMap<InstrumentId, Vec<GateAudit>>,
}

/// The private audit of a release: which receipts it is made from and what the gates found.
#[derive(Debug, Serialize)]
struct Audit<'a> {
    release: &'a Digest,
    receipts: BTreeMap<&'a InstrumentId, Vec<&'a Digest>>,
    gates: &'a BTreeMap<InstrumentId, Vec<GateAudit>>,
}

/// One instrument between the gates and the mechanism.
struct Prepared<'a> {
    instrument: &'a Instrument,
    receipts: Vec<Receipt>,
    plan: Plan,
    cells: Cells,
}

/// Builds a release of every instrument that has data, and commits it.
pub async fn publish(
    private: &PrivateStore,
    public: &PublicStore,
    order: &Order<'_>,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Published, PublishError> {
    let nonce = nonce(order.now);
    // read once: the gates and the commit have to speak of the same earlier editions
    let log = Log::read(public).await?;
    let mut prepared = Vec::new();
    for instrument in order.definitions.instruments.values() {
        let receipts = microdata::active(private, &instrument.id).await?;
        if !receipts.is_empty() {
            prepared.push(prepare(private, (public, &log), order, instrument, receipts, &nonce, progress).await?);
        }
    }
    if prepared.is_empty() {
        return Err(PublishError::Nothing);
    }
    progress("writing cells");
    let rounds: Vec<Round<'_>> = prepared
        .iter()
        .map(|own| Round {
            instrument: own.instrument,
            plan: &own.plan,
            provisional: order.kind == ReleaseKind::Preliminary,
            sums: &own.cells.sums,
            classes: &own.cells.classes,
            matched: &own.cells.matched,
        })
        .collect();
    if rounds.iter().all(|round| round.plan.groups.is_empty()) {
        return Err(PublishError::TooFew(order.definitions.policy.min_block));
    }
    let policy = &order.definitions.policy;
    let newest = |plan: &Plan| plan.groups.iter().flat_map(|group| group.members.keys()).max().copied();
    let draft = Draft {
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
        published_at: order.now,
        nonce: nonce.clone(),
    };
    let release = draft.id()?;
    let audit: BTreeMap<InstrumentId, Vec<GateAudit>> =
        prepared.iter().map(|own| (own.instrument.id.clone(), own.plan.audit.clone())).collect();
    let written = if order.dry_run {
        None
    } else {
        keep_audit(private, &release, &prepared, &audit).await?;
        progress("committing");
        Some(release::write(public, &draft, &log).await?)
    };
    if let Err(error) = score::sweep(private, &nonce, order.now).await {
        tracing::warn!(%error, "intermediate tables are left in the private store's folder work; the next build removes them");
    }
    let groups = prepared.into_iter().map(|own| (own.instrument.id.clone(), own.plan.groups)).collect();
    Ok(Published { written, release, groups, audit })
}

async fn prepare<'a>(
    private: &PrivateStore,
    editions: (&PublicStore, &Log),
    order: &Order<'a>,
    instrument: &'a Instrument,
    receipts: Vec<Receipt>,
    nonce: &str,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Prepared<'a>, PublishError> {
    let definitions = order.definitions;
    let engine = Engine::new(private, &format!("{nonce}-{}", instrument.id), order.threads);
    let scoring = |years: &[Year]| {
        let years: Vec<String> = years.iter().map(ToString::to_string).collect();
        progress(&format!("{}: scoring {}", instrument.id, years.join(", ")));
    };
    let scores =
        score::organisations(&engine, private, &definitions.sql, instrument, &definitions.policy, &receipts, &scoring)
            .await?;
    progress(&format!("{}: deciding what can be shown", instrument.id));
    let participation = Participation::of(&scores, order.register)?;
    let earlier = earlier_groups(editions, &instrument.id).await?;
    let plan = Plan::decide(instrument, &participation, order.register, definitions, &definitions.policy, &earlier);
    progress(&format!("{}: adding up groups", instrument.id));
    let memberships = plan.membership_table()?;
    let panels = plan.panel_table()?;
    let cells = score::cells(&engine, &definitions.sql, &definitions.policy, scores, &memberships, &panels).await?;
    Ok(Prepared { instrument, receipts, plan, cells })
}

/// Means and matched changes of every earlier edition, also of one taken back: what was out is known, so it is gated with the new one.
async fn earlier_groups(
    (public, log): (&PublicStore, &Log),
    instrument: &InstrumentId,
) -> Result<Vec<EarlierGroup>, PublishError> {
    let mut read: BTreeSet<[Digest; 3]> = BTreeSet::new();
    let mut earlier: BTreeSet<EarlierGroup> = BTreeSet::new();
    for commit in log.commits.iter().filter(|commit| commit.kind == CommitKind::Publish) {
        let manifest = Log::manifest(public, commit).await?;
        let digest =
            |name: &str| manifest.tables.iter().find(|table| table.name == name).map(|table| table.digest.clone());
        let (Some(members), Some(changes), Some(blocks)) =
            (digest("group_members"), digest("changes"), digest("blocks"))
        else {
            continue;
        };
        if !read.insert([members.clone(), changes.clone(), blocks.clone()]) {
            continue;
        }
        let open = async |digest: &Digest| -> Result<_, PublishError> {
            let bytes = public.0.get_verified(&path::data(digest), digest).await?;
            Ok(disclosure::reload(bytes, digest)?)
        };
        earlier.extend(Plan::earlier(
            &open(&members).await?,
            &open(&changes).await?,
            &open(&blocks).await?,
            instrument,
        )?);
    }
    Ok(earlier.into_iter().collect())
}

async fn keep_audit(
    private: &PrivateStore,
    release: &Digest,
    prepared: &[Prepared<'_>],
    gates: &BTreeMap<InstrumentId, Vec<GateAudit>>,
) -> Result<(), PublishError> {
    let receipts = prepared
        .iter()
        .map(|own| (&own.instrument.id, own.receipts.iter().map(|receipt| &receipt.id).collect()))
        .collect();
    let bytes = serde_json::to_vec_pretty(&Audit { release, receipts, gates }).unwrap_or_default();
    let place = path::audit(release, &Digest::of(&bytes));
    private.0.put_new(&place, bytes.into()).await?;
    Ok(())
}

/// Distinguishes this run from every other.
fn nonce(now: Timestamp) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", now.as_microsecond(), std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
