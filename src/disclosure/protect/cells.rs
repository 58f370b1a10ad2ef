//! The tables with numbers in them: `figures`, `blocks` (histograms) and `changes`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{ArrayRef, Int16Array, Int32Array, Int64Array, StringArray},
    datatypes::{DataType, Field, Schema},
};

use super::{Round, series};
use crate::{
    definition::Policy,
    disclosure::{DisclosureError, plan::Group, rule},
    model::{GroupId, Mean, OrganisationId, Status, Year},
    table::{Table, TableError},
};

/// Group, year and measure.
type Key = (String, Year, String);

/// The sums of one round, by cell.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// Organisations and sum in millionths.
    means: BTreeMap<Key, (i64, i64)>,
    classes: BTreeMap<Key, Vec<i64>>,
    matched: BTreeMap<Key, (i64, i64)>,
}

impl Sums {
    pub(super) fn read(round: &Round<'_>) -> Result<Self, DisclosureError> {
        let mut sums = Self::default();
        let table = round.sums.expose();
        let (organisations, total) = (numbers(table, "organisations")?, numbers(table, "sum")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            sums.means.insert(key, (organisations.value(row), total.value(row)));
        }
        let table = round.classes.expose();
        let (organisations, class) = (numbers(table, "organisations")?, numbers(table, "class")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            let counts = sums.classes.entry(key).or_default();
            let class = class.value(row).max(0) as usize;
            counts.resize(counts.len().max(class + 1), 0);
            counts[class] = organisations.value(row);
        }
        let table = round.matched.expose();
        let (organisations, total) = (numbers(table, "organisations")?, numbers(table, "sum_change")?);
        for (row, key) in keys(table)?.into_iter().enumerate() {
            sums.matched.insert(key, (organisations.value(row), total.value(row)));
        }
        Ok(sums)
    }
}

fn numbers(table: &Table, name: &str) -> Result<Int64Array, TableError> {
    table.column(name, &DataType::Int64)
}

fn keys(table: &Table) -> Result<Vec<Key>, DisclosureError> {
    let (groups, measures) = (table.text("group_id")?, table.text("measure")?);
    let years: Int16Array = table.column("year", &DataType::Int16)?;
    (0..table.rows())
        .map(|row| {
            let year = Year::try_from(years.value(row) as u16).map_err(|_| DisclosureError::Unregistered)?;
            Ok((groups.value(row).to_owned(), year, measures.value(row).to_owned()))
        })
        .collect()
}

/// Rows of `figures`, column by column.
#[derive(Debug, Default)]
pub(super) struct Figures {
    instrument: Vec<String>,
    indicator: Vec<String>,
    group: Vec<String>,
    year: Vec<i16>,
    status: Vec<&'static str>,
    mean: Vec<Option<i16>>,
    mean_bound: Vec<Option<&'static str>>,
    organisations: Vec<Option<i32>>,
    respondents: Vec<Option<i32>>,
    lower_quartile: Vec<Option<i16>>,
    median: Vec<Option<i16>>,
    upper_quartile: Vec<Option<i16>>,
    series: Vec<String>,
    answers_with: Vec<Option<String>>,
}

impl Figures {
    pub(super) fn table(self) -> Result<Table, TableError> {
        let fields = vec![
            Field::new("instrument", DataType::Utf8, false),
            Field::new("indicator", DataType::Utf8, false),
            Field::new("group_id", DataType::Utf8, false),
            Field::new("year", DataType::Int16, false),
            Field::new("status", DataType::Utf8, false),
            Field::new("mean", DataType::Int16, true),
            Field::new("mean_bound", DataType::Utf8, true),
            Field::new("organisations", DataType::Int32, true),
            Field::new("respondents", DataType::Int32, true),
            Field::new("lower_quartile", DataType::Int16, true),
            Field::new("median", DataType::Int16, true),
            Field::new("upper_quartile", DataType::Int16, true),
            Field::new("series", DataType::Utf8, false),
            Field::new("answers_with", DataType::Utf8, true),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(self.instrument)),
            Arc::new(StringArray::from(self.indicator)),
            Arc::new(StringArray::from(self.group)),
            Arc::new(Int16Array::from(self.year)),
            Arc::new(StringArray::from(self.status)),
            Arc::new(Int16Array::from(self.mean)),
            Arc::new(StringArray::from(self.mean_bound)),
            Arc::new(Int32Array::from(self.organisations)),
            Arc::new(Int32Array::from(self.respondents)),
            Arc::new(Int16Array::from(self.lower_quartile)),
            Arc::new(Int16Array::from(self.median)),
            Arc::new(Int16Array::from(self.upper_quartile)),
            Arc::new(StringArray::from(self.series)),
            Arc::new(StringArray::from(self.answers_with)),
        ];
        Table::from_columns(Schema::new(fields), columns)
    }
}

/// Rows of `blocks`: the histogram of a block or a union of blocks, a row per class.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    instrument: Vec<String>,
    indicator: Vec<String>,
    group: Vec<String>,
    year: Vec<i16>,
    class_from: Vec<i16>,
    class_to: Vec<i16>,
    organisations: Vec<i32>,
}

impl Blocks {
    pub(super) fn table(self) -> Result<Table, TableError> {
        let fields = vec![
            Field::new("instrument", DataType::Utf8, false),
            Field::new("indicator", DataType::Utf8, false),
            Field::new("group_id", DataType::Utf8, false),
            Field::new("year", DataType::Int16, false),
            Field::new("class_from", DataType::Int16, false),
            Field::new("class_to", DataType::Int16, false),
            Field::new("organisations", DataType::Int32, false),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(self.instrument)),
            Arc::new(StringArray::from(self.indicator)),
            Arc::new(StringArray::from(self.group)),
            Arc::new(Int16Array::from(self.year)),
            Arc::new(Int16Array::from(self.class_from)),
            Arc::new(Int16Array::from(self.class_to)),
            Arc::new(Int32Array::from(self.organisations)),
        ];
        Table::from_columns(Schema::new(fields), columns)
    }
}

/// Rows of `changes`: from the year before to the year.
#[derive(Debug, Default)]
pub(super) struct Changes {
    instrument: Vec<String>,
    indicator: Vec<String>,
    group: Vec<String>,
    year: Vec<i16>,
    status: Vec<&'static str>,
    change: Vec<Option<i16>>,
    organisations_matched: Vec<Option<i32>>,
    change_matched: Vec<Option<i16>>,
    change_composition: Vec<Option<i16>>,
}

impl Changes {
    pub(super) fn table(self) -> Result<Table, TableError> {
        let fields = vec![
            Field::new("instrument", DataType::Utf8, false),
            Field::new("indicator", DataType::Utf8, false),
            Field::new("group_id", DataType::Utf8, false),
            Field::new("year", DataType::Int16, false),
            Field::new("status", DataType::Utf8, false),
            Field::new("change", DataType::Int16, true),
            Field::new("organisations_matched", DataType::Int32, true),
            Field::new("change_matched", DataType::Int16, true),
            Field::new("change_composition", DataType::Int16, true),
        ];
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(self.instrument)),
            Arc::new(StringArray::from(self.indicator)),
            Arc::new(StringArray::from(self.group)),
            Arc::new(Int16Array::from(self.year)),
            Arc::new(StringArray::from(self.status)),
            Arc::new(Int16Array::from(self.change)),
            Arc::new(Int32Array::from(self.organisations_matched)),
            Arc::new(Int16Array::from(self.change_matched)),
            Arc::new(Int16Array::from(self.change_composition)),
        ];
        Table::from_columns(Schema::new(fields), columns)
    }
}

/// The means written, by cell: changes are made of these whole numbers and of nothing finer.
pub(super) type Written = BTreeMap<Key, Mean>;

/// Writes a row per measure, group and year in which the group has participants.
pub(super) fn write_figures(
    round: &Round<'_>,
    sums: &Sums,
    policy: &Policy,
    figures: &mut Figures,
    blocks: &mut Blocks,
) -> Written {
    let respondents = respondents(round, policy);
    let coding = Coding::of(round, sums, policy);
    let mut written = Written::new();
    for node in &round.instrument.nodes {
        for group in &round.plan.groups {
            for year in &round.plan.years {
                let key = (group.id.to_string(), *year, node.id.to_string());
                let shown = group.members.contains_key(year);
                let exact = sums.means.get(&key).filter(|_| shown);
                if !shown && !group.answers_with.contains_key(year) {
                    continue;
                }
                figures.instrument.push(round.instrument.id.to_string());
                figures.indicator.push(node.id.to_string());
                figures.group.push(group.id.to_string());
                figures.year.push(year.number() as i16);
                figures.series.push(series(round.instrument, *year));
                figures.answers_with.push(group.answers_with.get(year).map(ToString::to_string));
                let status = match exact {
                    Some(_) => Status::Ok,
                    None if shown => Status::Missing,
                    None => Status::Withheld,
                };
                figures.status.push(status.word());
                let mean = exact.map(|&(organisations, sum)| {
                    let held = sum + coding.of_members(&group.members[year], *year, node.id.as_str());
                    rule::mean::write(held, organisations, policy)
                });
                figures.mean.push(mean.map(|mean| i16::from(mean.percent)));
                figures.mean_bound.push(mean.and_then(|mean| mean.bound).map(crate::model::Bound::word));
                figures.organisations.push(exact.map(|&(organisations, _)| organisations as i32));
                figures.respondents.push(
                    exact.and(respondents.get(&(group.id.clone(), *year))).copied().flatten().map(|count| count as i32),
                );
                let counts = sums.classes.get(&key).filter(|_| group.histogram && exact.is_some());
                let quantile = |numerator| {
                    counts.and_then(|counts| rule::quantile::read(counts, numerator, 4, policy)).map(i16::from)
                };
                figures.lower_quartile.push(quantile(1));
                figures.median.push(quantile(2));
                figures.upper_quartile.push(quantile(3));
                if let Some(counts) = counts {
                    write_histogram(blocks, &figures.instrument, &key, counts, policy);
                }
                if let Some(mean) = mean {
                    written.insert(key, mean);
                }
            }
        }
    }
    written
}

fn write_histogram(blocks: &mut Blocks, instrument: &[String], key: &Key, counts: &[i64], policy: &Policy) {
    let step = i16::from(policy.histogram_step);
    for class in 0..100 / step {
        blocks.instrument.push(instrument.last().cloned().unwrap_or_default());
        blocks.indicator.push(key.2.clone());
        blocks.group.push(key.0.clone());
        blocks.year.push(key.1.number() as i16);
        blocks.class_from.push(class * step);
        blocks.class_to.push((class + 1) * step);
        blocks.organisations.push(counts.get(class as usize).copied().unwrap_or(0) as i32);
    }
}

/// Members of each year's smallest groups with a distribution: the blocks, of which all others are unions.
type BlockCells<'a> = BTreeMap<Year, Vec<(&'a Group, BTreeSet<&'a OrganisationId>)>>;

fn block_cells<'a>(round: &Round<'a>) -> BlockCells<'a> {
    let mut cells = BlockCells::new();
    for year in &round.plan.years {
        let mut shown: Vec<(&Group, BTreeSet<&OrganisationId>)> = round
            .plan
            .groups
            .iter()
            .filter(|group| group.histogram)
            .filter_map(|group| Some((group, group.members.get(year)?.iter().collect())))
            .collect();
        shown.sort_by(|a, b| a.1.len().cmp(&b.1.len()).then(a.0.id.cmp(&b.0.id)));
        let mut blocks: Vec<(&Group, BTreeSet<&OrganisationId>)> = Vec::new();
        for (group, members) in shown {
            if blocks.iter().all(|(_, block)| block.is_disjoint(&members)) {
                blocks.push((group, members));
            }
        }
        cells.insert(*year, blocks);
    }
    cells
}

/// What coded blocks' means lie beyond the ends, which no other published number may show.
struct Coding<'a> {
    /// The block of each organisation, by year.
    block_of: BTreeMap<(Year, &'a OrganisationId), &'a GroupId>,
    /// By block, year and measure where its mean is coded: organisations, and millionths from its sum to the end.
    beyond: BTreeMap<Key, (i64, i64)>,
}

impl<'a> Coding<'a> {
    fn of(round: &Round<'a>, sums: &Sums, policy: &Policy) -> Self {
        let mut coding = Self { block_of: BTreeMap::new(), beyond: BTreeMap::new() };
        for (year, blocks) in block_cells(round) {
            for (block, members) in blocks {
                coding.block_of.extend(members.into_iter().map(|id| ((year, id), &block.id)));
                for node in &round.instrument.nodes {
                    let key = (block.id.to_string(), year, node.id.to_string());
                    if let Some(&(organisations, sum)) = sums.means.get(&key) {
                        let beyond = rule::mean::held_within_ends(sum, organisations, policy) - sum;
                        if beyond != 0 {
                            coding.beyond.insert(key, (organisations, beyond));
                        }
                    }
                }
            }
        }
        coding
    }

    /// What has to be added to the sum of some organisations, so that it holds of each coded block only the end.
    fn of_members(&self, members: &[OrganisationId], year: Year, measure: &str) -> i64 {
        if self.beyond.is_empty() {
            return 0;
        }
        let mut shared: BTreeMap<&GroupId, i64> = BTreeMap::new();
        for block in members.iter().filter_map(|id| self.block_of.get(&(year, id))) {
            *shared.entry(block).or_default() += 1;
        }
        shared
            .into_iter()
            .filter_map(|(block, count)| {
                let &(organisations, beyond) = self.beyond.get(&(block.to_string(), year, measure.to_owned()))?;
                Some(rule::mean::half_even(i128::from(count) * i128::from(beyond), i128::from(organisations)) as i64)
            })
            .sum()
    }
}

/// Numbers of respondents as shown, by group and year.
fn respondents(round: &Round<'_>, policy: &Policy) -> BTreeMap<(GroupId, Year), Option<u32>> {
    let mut shown = BTreeMap::new();
    for year in &round.plan.years {
        let groups: Vec<&Group> = round.plan.groups.iter().filter(|group| group.members.contains_key(year)).collect();
        let counted: Vec<(BTreeSet<OrganisationId>, Option<u32>)> = groups
            .iter()
            .map(|group| {
                let members = &group.members[year];
                let counts = members.iter().map(|id| round.plan.respondents.get(&(id.clone(), *year)).copied());
                (members.iter().cloned().collect(), counts.sum())
            })
            .collect();
        for (group, count) in groups.into_iter().zip(rule::respondents::write(&counted, policy)) {
            shown.insert((group.id.clone(), *year), count);
        }
    }
    shown
}

/// Writes a row per measure, group and year for which the year before is shown as well.
pub(super) fn write_changes(round: &Round<'_>, written: &Written, sums: &Sums, policy: &Policy, changes: &mut Changes) {
    let coding = Coding::of(round, sums, policy);
    let panel = |group: &str, year: Year| {
        let id = GroupId::parse(group).ok()?;
        round.plan.panels.get(&id)?.get(&year)
    };
    for ((group, year, measure), mean) in written {
        let Some(before) = year.previous() else { continue };
        let Some(mean_before) = written.get(&(group.clone(), before, measure.clone())) else { continue };
        changes.instrument.push(round.instrument.id.to_string());
        changes.indicator.push(measure.clone());
        changes.group.push(group.clone());
        changes.year.push(year.number() as i16);
        let comparable = series(round.instrument, *year) == series(round.instrument, before);
        // a coded end is no number to subtract from
        let exact = mean.bound.is_none() && mean_before.bound.is_none();
        let change = (comparable && exact).then(|| i16::from(mean.percent) - i16::from(mean_before.percent));
        let status = match (comparable, exact) {
            (false, _) => Status::NotComparable,
            (true, false) => Status::NotApplicable,
            (true, true) => Status::Ok,
        };
        changes.status.push(status.word());
        changes.change.push(change);
        // how many took part in both years is no value, and is told also where an end is coded
        let matched = sums.matched.get(&(group.clone(), *year, measure.clone())).filter(|_| comparable);
        let within = matched.filter(|_| change.is_some()).map(|&(organisations, sum)| {
            let held = |of: Year| panel(group, *year).map_or(0, |own| coding.of_members(own, of, measure));
            let sum = sum + held(*year) - held(before);
            rule::mean::half_even(i128::from(sum), i128::from(organisations.max(1)) * 1_000_000) as i16
        });
        changes.organisations_matched.push(matched.map(|&(organisations, _)| organisations as i32));
        changes.change_matched.push(within);
        changes.change_composition.push(change.zip(within).map(|(change, within)| change - within));
    }
}
