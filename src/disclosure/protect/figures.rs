//! The table `figures`: a row per measure, group and year, with the mean, quartiles and who stands behind them.

use std::collections::BTreeMap;

use super::{
    Round,
    blocks::Blocks,
    coding::Coding,
    columns::Columns,
    series,
    sums::{Key, Sums},
};
use crate::{
    definition::Policy,
    disclosure::{DisclosureError, rule},
    model::{Bound, GroupId, Mean, OrganisationId, Status, Year},
    table::{Table, TableError},
};

struct Row {
    instrument: String,
    cell: Key,
    status: Status,
    mean: Option<Mean>,
    organisations: Option<i64>,
    respondents: Option<u32>,
    /// Lower, middle and upper.
    quartiles: [Option<u8>; 3],
    series: String,
    answers_with: Option<GroupId>,
}

/// Rows so far.
#[derive(Default)]
pub(super) struct Figures(Vec<Row>);

/// The means written, by cell: changes are made of these whole numbers and of nothing finer.
pub(super) type Written = BTreeMap<Key, Mean>;

impl Figures {
    pub(super) fn table(&self) -> Result<Table, TableError> {
        let rows = &self.0;
        let quartile = |at: usize| rows.iter().map(move |row| row.quartiles[at].map(i16::from));
        Columns::new()
            .text("instrument", rows.iter().map(|row| row.instrument.as_str()))
            .text("indicator", rows.iter().map(|row| row.cell.2.as_str()))
            .text("group_id", rows.iter().map(|row| row.cell.0.as_str()))
            .year("year", rows.iter().map(|row| row.cell.1))
            .text("status", rows.iter().map(|row| row.status.word()))
            .maybe_percent("mean", rows.iter().map(|row| row.mean.map(|mean| i16::from(mean.percent))))
            .maybe("mean_bound", rows.iter().map(|row| row.mean.and_then(|mean| mean.bound).map(Bound::word)))
            .maybe_count("organisations", rows.iter().map(|row| row.organisations))
            .maybe_count("respondents", rows.iter().map(|row| row.respondents.map(i64::from)))
            .maybe_percent("lower_quartile", quartile(0))
            .maybe_percent("median", quartile(1))
            .maybe_percent("upper_quartile", quartile(2))
            .text("series", rows.iter().map(|row| row.series.as_str()))
            .maybe("answers_with", rows.iter().map(|row| row.answers_with.as_ref().map(GroupId::as_str)))
            .table()
    }

    /// Writes a row per measure, group and year in which the group has participants, and the histograms that belong to them.
    pub(super) fn write(
        &mut self,
        round: &Round<'_>,
        sums: &Sums,
        coding: &Coding<'_>,
        policy: &Policy,
        blocks: &mut Blocks,
    ) -> Result<Written, DisclosureError> {
        let respondents = respondents(round, policy);
        let instrument = round.instrument.id.as_str();
        let mut written = Written::new();
        for node in &round.instrument.nodes {
            for group in &round.plan.groups {
                for &year in &round.plan.years {
                    let shown = group.members.get(&year);
                    if shown.is_none() && !group.answers_with.contains_key(&year) {
                        continue;
                    }
                    let cell = (group.id.to_string(), year, node.id.to_string());
                    let exact = shown.and_then(|members| Some((members, *sums.means.get(&cell)?)));
                    // the gates have seen whole memberships, so a mean over part of one must not get out
                    if exact.is_some_and(|(members, (organisations, _))| members.len() as i64 != organisations) {
                        return Err(DisclosureError::PartOfGroup { group: cell.0, year, measure: cell.2 });
                    }
                    let mean = exact.map(|(members, (organisations, sum))| {
                        let held = sum + coding.of_members(members, year, node.id.as_str());
                        rule::mean::write(held, organisations, policy)
                    });
                    let counts =
                        sums.classes.get(&cell).filter(|_| round.plan.shows_histogram(group, year) && exact.is_some());
                    if let Some(counts) = counts {
                        blocks.write(instrument, &cell, counts, policy);
                    }
                    if let Some(mean) = mean {
                        written.insert(cell.clone(), mean);
                    }
                    self.0.push(Row {
                        instrument: instrument.to_owned(),
                        status: match (shown, mean) {
                            (_, Some(_)) => round.status_of_values(&group.id, year),
                            (Some(_), None) => Status::Missing,
                            (None, None) => Status::Withheld,
                        },
                        mean,
                        organisations: exact.map(|(members, _)| rule::count::write(members)),
                        respondents: exact.and(respondents.get(&(&group.id, year)).copied().flatten()),
                        quartiles: [1, 2, 3].map(|quarter| rule::quantile::read(counts?, quarter, 4, policy)),
                        series: series(round.instrument, year),
                        answers_with: group.answers_with.get(&year).cloned(),
                        cell,
                    });
                }
            }
        }
        Ok(written)
    }
}

/// Numbers of respondents as shown, by group and year.
fn respondents<'a>(round: &Round<'a>, policy: &Policy) -> BTreeMap<(&'a GroupId, Year), Option<u32>> {
    let mut shown = BTreeMap::new();
    for &year in &round.plan.years {
        let count = |id: &OrganisationId| round.plan.respondents.get(&(id.clone(), year)).copied();
        let of_year = rule::respondents::of_groups(round.plan, year, count, policy);
        shown.extend(of_year.into_iter().map(|(group, count)| ((group, year), count)));
    }
    shown
}
