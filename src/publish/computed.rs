//! One instrument's results computed of some surveys; which surveys those are is decided by its callers.

use super::{Order, PublishError};
use crate::{
    disclosure::revision::Results,
    microdata::Receipt,
    model::{Instrument, Year},
    score::{self, Engine, ScoreError, Scored},
    store::PrivateStore,
};

/// What is needed to compute results of one instrument.
pub(super) struct Computer<'a> {
    pub(super) private: &'a PrivateStore,
    pub(super) order: &'a Order<'a>,
    pub(super) instrument: &'a Instrument,
    pub(super) nonce: &'a str,
    pub(super) progress: &'a (dyn Fn(&str) + Sync),
}

impl Computer<'_> {
    /// An engine with intermediate tables of its own: those of another purpose have the same names.
    pub(super) async fn engine(&self, purpose: &str) -> Result<Engine, ScoreError> {
        let nonce = format!("{}-{}-{purpose}", self.nonce, self.instrument.id);
        Ok(Engine::open(self.private, &nonce, &self.order.execution).await?)
    }

    /// A line for whoever waits.
    pub(super) fn tell(&self, text: &str) {
        (self.progress)(&format!("{}: {text}", self.instrument.id));
    }

    /// Scores, and sums by unit and role. `purpose` names the engine and stands in the progress.
    pub(super) async fn results(&self, purpose: &str, receipts: &[Receipt]) -> Result<Results, PublishError> {
        let engine = self.engine(purpose).await?;
        let Order { definitions, .. } = self.order;
        let scoring = |year: Year| self.tell(&format!("scoring {year} ({purpose})"));
        let (sql, policy) = (&definitions.sql, &definitions.policy);
        let Scored { scores, counted } =
            score::organisations(&engine, self.private, sql, self.instrument, policy, receipts, &scoring).await?;
        self.tell(&format!("adding up roles and units ({purpose})"));
        let details = score::details(&engine, self.private, self.instrument, receipts).await?;
        Ok(Results { scores, counted, details })
    }
}
