//! The table `spread`: how far organisations of one block lie apart, read off the published histograms of blocks and nothing else.
//!
//! It is what the expected error of a block mixture is made of (`figure::mixture`), so that it comes with each release and is no
//! constant. The variance within a block is that of its histogram's class midpoints less a twelfth of the squared class width
//! (Sheppard 1898), and over blocks these are weighted with one less than the number of organisations.

use std::collections::{BTreeMap, BTreeSet};

use super::{blocks::Blocks, columns::Columns};
use crate::{
    definition::Policy,
    disclosure::{Plan, plan},
    model::{Instrument, Year},
    table::{Table, TableError},
};

/// Sum of squares within blocks, in squared points, and its degrees of freedom.
#[derive(Default)]
struct Within {
    squares: f64,
    freedom: f64,
}

pub(super) fn table(
    blocks: &Blocks,
    instruments: &[(&Instrument, &Plan)],
    policy: &Policy,
) -> Result<Table, TableError> {
    let mut smallest: BTreeSet<(&str, Year, &str)> = BTreeSet::new();
    for (instrument, plan) in instruments {
        for (year, own) in plan::block_cells(plan) {
            smallest.extend(own.into_iter().map(|(group, _)| (instrument.id.as_str(), year, group.id.as_str())));
        }
    }
    let mut found: BTreeMap<(&str, &str, Year), Within> = BTreeMap::new();
    let width = f64::from(policy.histogram_step);
    for own in blocks.rows().chunk_by(|a, b| a.instrument == b.instrument && a.cell == b.cell) {
        let Some(first) = own.first() else { continue };
        let (group, year, indicator) = &first.cell;
        if !smallest.contains(&(first.instrument.as_str(), *year, group.as_str())) {
            continue;
        }
        let count: f64 = own.iter().map(|row| row.organisations as f64).sum();
        let middle = |row: &super::blocks::Row| f64::from(row.class_from + row.class_to) / 2.0;
        let mean = own.iter().map(|row| middle(row) * row.organisations as f64).sum::<f64>() / count.max(1.0);
        let squares: f64 = own.iter().map(|row| (middle(row) - mean).powi(2) * row.organisations as f64).sum();
        let within = found.entry((&first.instrument, indicator, *year)).or_default();
        within.squares += squares;
        within.freedom += count - 1.0;
    }
    let deviation = |within: &Within| {
        let variance = within.squares / within.freedom.max(1.0) - width * width / 12.0;
        // whole tenths: finer would only repeat the histograms
        (variance.max(0.0).sqrt() * 10.0).round() / 10.0
    };
    Columns::new()
        .text("instrument", found.keys().map(|key| key.0))
        .text("indicator", found.keys().map(|key| key.1))
        .year("year", found.keys().map(|key| key.2))
        .number("deviation_within_blocks", found.values().map(deviation))
        .table()
}
