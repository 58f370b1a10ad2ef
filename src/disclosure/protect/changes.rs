//! The table `changes`: from the year before to the year, as published and among the organisations in both.

use super::{
    Round,
    coding::Coding,
    columns::Columns,
    figures::Written,
    series,
    sums::{Key, Sums},
};
use crate::{
    definition::Policy,
    disclosure::rule,
    model::{GroupId, Status, Year},
    table::{Table, TableError},
};

struct Row {
    instrument: String,
    cell: Key,
    status: Status,
    change: Option<i16>,
    organisations_matched: Option<i64>,
    change_matched: Option<i16>,
}

/// Rows so far.
#[derive(Default)]
pub(super) struct Changes(Vec<Row>);

impl Changes {
    pub(super) fn table(&self) -> Result<Table, TableError> {
        let rows = &self.0;
        Columns::new()
            .text("instrument", rows.iter().map(|row| row.instrument.as_str()))
            .text("indicator", rows.iter().map(|row| row.cell.2.as_str()))
            .text("group_id", rows.iter().map(|row| row.cell.0.as_str()))
            .year("year", rows.iter().map(|row| row.cell.1))
            .text("status", rows.iter().map(|row| row.status.word()))
            .maybe_percent("change", rows.iter().map(|row| row.change))
            .maybe_count("organisations_matched", rows.iter().map(|row| row.organisations_matched))
            .maybe_percent("change_matched", rows.iter().map(|row| row.change_matched))
            .maybe_percent("change_composition", rows.iter().map(|row| Some(row.change? - row.change_matched?)))
            .table()
    }

    /// Writes a row per measure, group and year for which the year before is shown as well.
    pub(super) fn write(
        &mut self,
        round: &Round<'_>,
        written: &Written,
        sums: &Sums,
        coding: &Coding<'_>,
        policy: &Policy,
    ) {
        let panel = |group: &str, year: Year| {
            let id = GroupId::parse(group).ok()?;
            round.plan.panels.get(&id)?.get(&year)
        };
        for (cell, mean) in written {
            let (group, year, measure) = cell;
            let Some(before) = year.previous() else { continue };
            let Some(mean_before) = written.get(&(group.clone(), before, measure.clone())) else { continue };
            let comparable = series(round.instrument, *year) == series(round.instrument, before);
            // a coded end is no number to subtract from
            let exact = mean.bound.is_none() && mean_before.bound.is_none();
            let change = (comparable && exact).then(|| i16::from(mean.percent) - i16::from(mean_before.percent));
            // how many took part in both years is no value, and is told also where an end is coded
            let matched = sums.matched.get(cell).filter(|_| comparable);
            let change_matched = matched.filter(|_| change.is_some()).map(|&(organisations, sum)| {
                let held = |of: Year| panel(group, *year).map_or(0, |own| coding.of_members(own, of, measure));
                let sum = sum + held(*year) - held(before);
                let step = i128::from(policy.mean_step.max(1));
                let steps = rule::mean::half_even(i128::from(sum), i128::from(organisations.max(1)) * 1_000_000 * step);
                (steps * step) as i16
            });
            let status =
                |year: Year| GroupId::parse(group).map_or(Status::Ok, |group| round.status_of_values(&group, year));
            self.0.push(Row {
                instrument: round.instrument.id.to_string(),
                cell: cell.clone(),
                status: match (comparable, exact) {
                    (false, _) => Status::NotComparable,
                    (true, false) => Status::NotApplicable,
                    (true, true) if status(before) == Status::Frozen => Status::Frozen,
                    (true, true) => status(*year),
                },
                change,
                organisations_matched: matched.map(|&(organisations, _)| organisations),
                change_matched,
            });
        }
    }
}
