//! The mechanism's last step: sums over decided groups become published cells; it is the first of three doors to [`Safe`].

mod answers;
mod blocks;
mod changes;
mod coding;
mod columns;
mod cross;
mod facts;
mod figures;
pub(super) mod scores;
mod spread;
mod sums;
pub(super) mod windows;

use std::collections::BTreeMap;

use blocks::Blocks;
use bytes::Bytes;
use changes::Changes;
use coding::Coding;
pub(super) use columns::Columns;
use figures::Figures;
use sums::Sums;

use super::{CrossTables, DisclosureError, Plan, Safe, Unprotected, plan::Answers};
use crate::{
    definition::{Definitions, Policy},
    model::{GroupId, Instrument, Status, Year},
    register::Register,
    table::Table,
};

/// The published tables, by name.
pub type PublishedTables = BTreeMap<&'static str, Safe<Table>>;

/// One instrument's decided groups and the sums over them.
#[derive(Debug, Clone, Copy)]
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
    /// Answers to questions, by role.
    pub answers: &'a Answers,
    /// The publisher's own two-way tables.
    pub cross: &'a CrossTables,
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
    let sources: Vec<answers::Source<'_>> = rounds
        .iter()
        .map(|round| answers::Source {
            instrument: round.instrument,
            plan: round.plan,
            answers: round.answers,
            provisional: round.provisional,
        })
        .collect();
    let tables = [
        ("figures", figures.table()?),
        ("answers_by_group", answers::table(&sources, policy)?),
        ("blocks", blocks.table()?),
        ("cross_tables", cross::table(rounds)?),
        ("spread", spread::table(&blocks, &instruments, policy)?),
        ("changes", changes.table()?),
        ("groups", facts::groups(&instruments)?),
        ("group_members", facts::group_members(&instruments)?),
        ("organisations", facts::organisations(register)?),
        ("structure", facts::structure(register, definitions)?),
        ("indicators", facts::indicators(&instruments)?),
        ("questions", facts::questions(&instruments)?),
        ("targets", facts::targets(&instruments, definitions)?),
        ("courses", facts::courses(&instruments, definitions)?),
        ("registered_groups", facts::registered_groups(&instruments, definitions)?),
        ("method", facts::method(definitions)?),
        ("notes", facts::notes(&instruments)?),
    ];
    Ok(tables.into_iter().map(|(name, table)| (name, Safe::seal(table))).collect())
}

/// The bytes of every table that is made of scores, for one instrument and any data set.
pub(super) fn published_bytes(
    round: &Round<'_>,
    scores: &scores::Scores,
    policy: &Policy,
) -> Result<Vec<Bytes>, DisclosureError> {
    let (mut figures, mut blocks, mut changes) = (Figures::default(), Blocks::default(), Changes::default());
    let sums = scores.sums(round, policy);
    let coding = Coding::of(round, &sums, policy);
    let written = figures.write(round, &sums, &coding, policy, &mut blocks)?;
    changes.write(round, &written, &sums, &coding, policy);
    let spread = spread::table(&blocks, &[(round.instrument, round.plan)], policy)?;
    let tables = [figures.table()?, blocks.table()?, changes.table()?, spread];
    Ok(tables.iter().map(Table::to_parquet).collect::<Result<_, _>>()?)
}

impl Round<'_> {
    /// The status of a group's cells that have a value.
    fn status_of_values(&self, group: &GroupId, year: Year) -> Status {
        status_of_values(self.plan, self.provisional, group, year)
    }
}

fn status_of_values(plan: &Plan, is_provisional: bool, group: &GroupId, year: Year) -> Status {
    if plan.frozen.contains(&(group.clone(), year)) {
        Status::Frozen
    } else if is_provisional {
        Status::Provisional
    } else {
        Status::Ok
    }
}

/// The series that an instrument's version belongs to in a year; years of different series are never compared.
fn series(instrument: &Instrument, year: Year) -> String {
    instrument.version_in(year).map_or_else(String::new, |version| version.series.clone())
}
