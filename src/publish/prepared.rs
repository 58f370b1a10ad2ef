//! One instrument from its receipts to everything that is decided and added up, before anything is written.

use std::collections::BTreeSet;

use super::{
    Order, PublishError, Witnesses,
    computed::Computer,
    cross,
    revision::{Basis, Before},
};
use crate::{
    definition::Policy,
    disclosure::{
        self, CrossTables, Detailed, EarlierCrossTables, Participation, Plan, Round,
        plan::{Answers, EarlierGroup},
        proof::{self, Proof},
        revision::{OrganisationYear, Results},
    },
    microdata::{self, Receipt},
    model::{Digest, Instrument, InstrumentId, Year},
    release::{CommitKind, Log, ReleaseKind},
    score::{self, Cells, OrganisationScores},
    store::{PrivateStore, PublicStore, path},
};

/// One instrument between the gates and the mechanism.
pub(super) struct Prepared<'a> {
    pub(super) instrument: &'a Instrument,
    /// What it is made of.
    pub(super) basis: Basis,
    pub(super) plan: Plan,
    /// Scores that are published: beside an edition before, some results wait.
    pub(super) scores: OrganisationScores,
    /// Results as they are, which organisations see of themselves.
    now: Results,
    pub(super) min_block: usize,
    pub(super) proofs: Option<Vec<Proof>>,
    cells: Cells,
    answers: Answers,
    pub(super) cross: CrossTables,
}

impl Prepared<'_> {
    /// What the mechanism is given.
    pub(super) fn round(&self, kind: ReleaseKind) -> Round<'_> {
        Round {
            instrument: self.instrument,
            plan: &self.plan,
            provisional: kind == ReleaseKind::Preliminary,
            sums: &self.cells.sums,
            classes: &self.cells.classes,
            matched: &self.cells.matched,
            answers: &self.answers,
            cross: &self.cross,
        }
    }

    pub(super) fn detailed(&self) -> Detailed<'_> {
        detailed(self.instrument, &self.now)
    }
}

fn detailed<'a>(instrument: &'a Instrument, results: &'a Results) -> Detailed<'a> {
    let columns = |question| [score::sum_column(question), score::answered_column(question)];
    Detailed { instrument, details: &results.details, counted: &results.counted, columns }
}

/// Prepares every instrument that has data.
pub(super) async fn all<'a>(
    private: &PrivateStore,
    editions: (&PublicStore, &Log),
    order: &Order<'a>,
    nonce: &str,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Prepared<'a>>, PublishError> {
    let mut prepared = Vec::new();
    for instrument in order.definitions.instruments.values() {
        let receipts = microdata::active(private, &instrument.id).await?;
        if !receipts.is_empty() {
            prepared.push(one(private, editions, order, instrument, receipts, nonce, progress).await?);
        }
    }
    if prepared.is_empty() {
        return Err(PublishError::Nothing);
    }
    if prepared.iter().all(|own| own.plan.groups.is_empty()) {
        return Err(PublishError::TooFew(order.definitions.policy.min_block));
    }
    Ok(prepared)
}

async fn one<'a>(
    private: &PrivateStore,
    editions: (&PublicStore, &Log),
    order: &Order<'a>,
    instrument: &'a Instrument,
    receipts: Vec<Receipt>,
    nonce: &str,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Prepared<'a>, PublishError> {
    let (definitions, register) = (order.definitions, order.register);
    let computer = Computer { private, order, instrument, nonce, progress };
    let now = computer.results("now", &receipts).await?;
    let (earlier, earlier_cross) = earlier_tables(editions, &instrument.id).await?;
    let before = Before::of(&computer, editions.1, &receipts, &now).await?;
    let few = match &before {
        Some(before) => before.changes.few(register, &earlier, &definitions.policy)?,
        None => BTreeSet::new(),
    };
    let settle = |results: &Results, waiting: &BTreeSet<OrganisationYear>| match &before {
        Some(before) => before.settle(results.clone(), waiting),
        None => Ok(results.clone()),
    };
    let counted = settle(&now, &few)?;
    let participation = Participation::of(&counted.scores, register)?;
    let searched = order.witnesses == Witnesses::Searched;
    let chosen = match &order.witnesses {
        Witnesses::Chosen(chosen) => chosen.get(&instrument.id).copied(),
        Witnesses::Searched | Witnesses::Skipped => None,
    };
    let mut min_block = chosen.unwrap_or(definitions.policy.min_block);
    let mut larger = definitions.policy.catalogues.iter().copied().filter(|&size| size > definitions.policy.min_block);
    loop {
        // the whole round has one catalogue: a single block that gave way would tell that its members are alike
        let policy = Policy { min_block, ..definitions.policy.clone() };
        computer.tell("deciding what can be shown");
        let mut plan = Plan::decide(instrument, &participation, register, definitions, &policy, &earlier);
        let mut waiting = few.clone();
        if let Some(before) = &before {
            let answers = |results| Answers::decide(&plan, &detailed(instrument, results), &policy);
            let answers = [answers(&before.results)?, answers(&now)?];
            waiting.extend(before.changes.waiting(&plan, &answers, &earlier, instrument, &policy));
        }
        let settled = settle(&now, &waiting)?;
        plan.count_respondents(&Participation::of(&settled.scores, register)?);
        plan.freeze(&waiting, register);
        computer.tell("adding up groups");
        let (memberships, panels) = (plan.membership_table()?, plan.panel_table()?);
        let engine = computer.engine(&format!("cells-{min_block}")).await?;
        let cells =
            score::cells(&engine, &definitions.sql, &policy, settled.scores.clone(), &memberships, &panels).await?;
        let answers = Answers::decide(&plan, &detailed(instrument, &settled), &policy)?;
        let attendance = disclosure::attendance(&detailed(instrument, &settled))?;
        let cross = cross::tables(&computer, &plan, &attendance, &earlier_cross, &policy).await?;
        let mut own = Prepared {
            instrument,
            basis: Basis {
                receipts: receipts.iter().map(|receipt| receipt.id.clone()).collect(),
                waiting: before.as_ref().map(|before| before.noted(&waiting)).unwrap_or_default(),
            },
            plan,
            scores: settled.scores,
            now: now.clone(),
            min_block,
            proofs: None,
            cells,
            answers,
            cross,
        };
        if !searched {
            return Ok(own);
        }
        let proofs = prove(&own, order.kind, &policy, progress)?;
        let Some(lacking) = proofs.iter().find(|proof| !proof.outcome.is_complete()) else {
            own.proofs = Some(proofs);
            return Ok(own);
        };
        let (year, missing) = (lacking.year, lacking.outcome.lacking.len());
        progress(&format!("{} {year}: {missing} results lack witnesses with blocks of {min_block}", instrument.id));
        let instrument = instrument.id.clone();
        min_block = larger.next().ok_or(PublishError::NoWitnesses { instrument, year, missing })?;
    }
}

fn prove(
    own: &Prepared<'_>,
    kind: ReleaseKind,
    policy: &Policy,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Proof>, PublishError> {
    let tell = |year: Year, done: usize, planned: usize| {
        if done.is_multiple_of(10) {
            progress(&format!("{} {year}: witnesses, {done} of {planned}", own.instrument.id));
        }
    };
    Ok(proof::prove(&own.round(kind), &own.scores, policy, SEED, &tell)?)
}

/// The walk's seed: the same data have the same witnesses.
const SEED: u64 = 1;

/// Means and matched changes of every earlier edition, also of one taken back: what was out is known, so it is gated with the new
/// one. And the publisher's own tables of earlier editions, which stay as they were.
async fn earlier_tables(
    (public, log): (&PublicStore, &Log),
    instrument: &InstrumentId,
) -> Result<(Vec<EarlierGroup>, EarlierCrossTables), PublishError> {
    let mut read: BTreeSet<Vec<Digest>> = BTreeSet::new();
    let mut groups: BTreeSet<EarlierGroup> = BTreeSet::new();
    let mut cross = EarlierCrossTables::default();
    for commit in log.commits.iter().filter(|commit| commit.kind == CommitKind::Publish) {
        let manifest = Log::manifest(public, commit).await?;
        let digest =
            |name: &str| manifest.tables.iter().find(|table| table.name == name).map(|table| table.digest.clone());
        let open = async |digest: &Digest| -> Result<_, PublishError> {
            let bytes = public.0.get_verified(&path::data(digest), digest).await?;
            Ok(disclosure::reload(bytes, digest)?)
        };
        if let Some(own) = digest("cross_tables").filter(|own| read.insert(vec![own.clone()])) {
            cross.add(&open(&own).await?, instrument)?;
        }
        let (Some(members), Some(changes), Some(blocks)) =
            (digest("group_members"), digest("changes"), digest("blocks"))
        else {
            continue;
        };
        if read.insert(vec![members.clone(), changes.clone(), blocks.clone()]) {
            groups.extend(Plan::earlier(
                &open(&members).await?,
                &open(&changes).await?,
                &open(&blocks).await?,
                instrument,
            )?);
        }
    }
    Ok((groups.into_iter().collect(), cross))
}
