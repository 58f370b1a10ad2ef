//! `mognad doctor`: whether stores do what publishing relies on, tried on objects that are removed again.

use clap::Args;

use super::{
    Outcome, output,
    places::{Private, Public},
};
use crate::store::{Store, Tried};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    private: Private,
    #[command(flatten)]
    public: Public,
}

impl Doctor {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let (private, public) = (self.private.existing()?.0, self.public.existing()?.0);
        let nonce = format!("{:016x}", rand::random::<u64>());
        let mut is_fit = true;
        for (name, store) in [("private", &private), ("public", &public)] {
            is_fit &= told(name, store, &store.probe(&nonce).await);
        }
        Ok(if is_fit { Outcome::Done } else { Outcome::Findings })
    }
}

/// Says what became of each try.
fn told(name: &str, store: &Store, tried: &[Tried]) -> bool {
    output::line(format!("{name} store {}", store.address()));
    for own in tried {
        match &own.failure {
            None => output::line(format!("  ok      {}", own.what)),
            Some(failure) if own.is_needed => output::line(format!("  FAILED  {}: {failure}", own.what)),
            Some(failure) => output::line(format!("  no      {}, which is not needed: {failure}", own.what)),
        }
    }
    let is_fit = tried.iter().all(Tried::is_fit);
    if !is_fit {
        output::line("  it cannot be used: editions could be lost, or mixed up");
    }
    is_fit
}
