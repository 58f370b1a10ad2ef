//! The mechanism's last step: sums over decided groups become published cells; it is the first of three doors to [`Safe`].

mod blocks;
mod changes;
mod coding;
mod columns;
mod facts;
mod figures;
mod sums;

use std::collections::BTreeMap;

use blocks::Blocks;
use changes::Changes;
use coding::Coding;
use figures::Figures;
use sums::Sums;

use super::{DisclosureError, Plan, Safe, Unprotected};
use crate::{
    definition::{Definitions, Policy},
    model::{Instrument, Status, Year},
    register::Register,
    table::Table,
};

/// The published tables, by name.
pub type PublishedTables = BTreeMap<&'static str, Safe<Table>>;

/// One instrument's decided groups and the sums over them.
#[derive(Debug)]
pub struct Round<'a> {
    /// The instrument.
    pub instrument: &'a Instrument,
    /// What will be published.
    pub plan: &'a Plan,
    /// Whether values may still change.
    pub provisional: bool,
    /// `group_id`, `year`, `measure`, `organisations`, `sum`, `respondents`.
    pub sums: &'a Unprotected<Table>,
    /// `group_id`, `year`, `measure`, `class`, `organisations`.
    pub classes: &'a Unprotected<Table>,
    /// `group_id`, `year`, `measure`, `organisations`, `sum_change`.
    pub matched: &'a Unprotected<Table>,
}

/// Makes the published tables out of all instruments' rounds, public facts and definitions.
pub fn protect(
    rounds: &[Round<'_>],
    register: &Register,
    definitions: &Definitions,
    policy: &Policy,
) -> Result<PublishedTables, DisclosureError> {
    let (mut figures, mut blocks, mut changes) = (Figures::default(), Blocks::default(), Changes::default());
    for round in rounds {
        let sums = Sums::read(round)?;
        let coding = Coding::of(round, &sums, policy);
        let written = figures.write(round, &sums, &coding, policy, &mut blocks)?;
        changes.write(round, &written, &sums, &coding, policy);
    }
    let instruments: Vec<(&Instrument, &Plan)> = rounds.iter().map(|round| (round.instrument, round.plan)).collect();
    let tables = [
        ("figures", figures.table()?),
        ("blocks", blocks.table()?),
        ("changes", changes.table()?),
        ("groups", facts::groups(&instruments)?),
        ("group_members", facts::group_members(&instruments)?),
        ("organisations", facts::organisations(register)?),
        ("indicators", facts::indicators(&instruments)?),
        ("questions", facts::questions(&instruments)?),
        ("targets", facts::targets(&instruments, definitions)?),
        ("notes", facts::notes(&instruments)?),
    ];
    Ok(tables.into_iter().map(|(name, table)| (name, Safe::seal(table))).collect())
}

impl Round<'_> {
    /// The status of a cell that has a value.
    fn status_of_values(&self) -> Status {
        if self.provisional { Status::Provisional } else { Status::Ok }
    }
}

/// The series that an instrument's version belongs to in a year; years of different series are never compared.
fn series(instrument: &Instrument, year: Year) -> String {
    instrument.version_in(year).map_or_else(String::new, |version| version.series.clone())
}
