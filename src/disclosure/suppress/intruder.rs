//! What one reader can work out of a table with dots; which readers there are, and what is enough, is decided by the audit.

use super::{
    FixedTable, Protection, SuppressError,
    reader::Reader,
    solver::{Programme, Unknown},
};

/// A reader with what it knows, and how far it has been seen to be uncertain about each cell. Everything is in changes from the
/// true value.
#[derive(Debug)]
pub(super) struct Intruder<'a> {
    table: &'a FixedTable,
    reader: &'a Reader,
    /// Cells that it does not know beforehand.
    free: Vec<bool>,
    /// Bounds that follow from single relations, taken in turn: low, high.
    outer: Vec<[i64; 2]>,
    /// What whole tables attain: low, high.
    attained: Vec<[i64; 2]>,
}

impl<'a> Intruder<'a> {
    /// A reader of everything but hidden cells. `tables` are changes found for other readers.
    pub(super) fn new(table: &'a FixedTable, hidden: &[bool], reader: &'a Reader, tables: &[Vec<i64>]) -> Self {
        let mut free = hidden.to_vec();
        for &cell in &reader.known {
            free[cell] = false;
        }
        let reach = table.reach();
        let bound = |(cell, &free): (usize, &bool)| {
            if free { [-reader.room[cell], reach] } else { [0, 0] }
        };
        let outer = free.iter().enumerate().map(bound).collect();
        let mut own = Self { table, reader, free, outer, attained: vec![[0, 0]; table.cells.len()] };
        own.narrow();
        for change in tables.iter().filter(|change| reader.allows(change)) {
            own.attain(change);
        }
        own
    }

    /// How far the cell can lie below and above its value: exactly, in whole numbers, up to [`FixedTable::reach`].
    pub(super) fn interval(&mut self, cell: usize, found: &mut Vec<Vec<i64>>) -> Result<[i64; 2], SuppressError> {
        for side in [0, 1] {
            if self.attained[cell][side] != self.outer[cell][side] {
                self.extreme(cell, side, found)?;
            }
        }
        Ok(self.attained[cell])
    }

    /// Whether a cell keeps what it is owed, as far as need be found out.
    pub(super) fn leaves(
        &mut self,
        cell: usize,
        owed: Protection,
        found: &mut Vec<Vec<i64>>,
    ) -> Result<bool, SuppressError> {
        let owed = owed.against(self.table.cells[cell].value, self.reader.least[cell]);
        let met = |[low, high]: [i64; 2]| owed.is_met(-low, high);
        Ok(met(self.attained[cell]) || (met(self.outer[cell]) && met(self.interval(cell, found)?)))
    }

    /// Draws in bounds relation by relation until nothing changes: what is left of a sum is left for its last cell.
    fn narrow(&mut self) {
        // bounds may creep by little at a time; stopping early only leaves them wider than they are
        for _ in 0..20 {
            let before = self.outer.clone();
            for relation in &self.table.relations {
                let signed = |(cell, sign): (usize, i64)| {
                    let [low, high] = self.outer[cell].map(|bound| bound * sign);
                    [low.min(high), low.max(high)]
                };
                let sum = relation.signed().map(signed).fold([0, 0], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
                let drawn = relation.signed().map(|(cell, sign)| {
                    let own = signed((cell, sign));
                    // the others add up to minus this one
                    let [low, high] = [(own[1] - sum[1]) * sign, (own[0] - sum[0]) * sign];
                    (cell, [low.min(high), low.max(high)])
                });
                for (cell, [low, high]) in drawn.collect::<Vec<_>>() {
                    let own = &mut self.outer[cell];
                    *own = [own[0].max(low), own[1].min(high)];
                }
            }
            if self.outer == before {
                break;
            }
        }
    }

    /// Finds the table in which the cell is lowest (side 0) or highest (side 1).
    fn extreme(&mut self, cell: usize, side: usize, found: &mut Vec<Vec<i64>>) -> Result<(), SuppressError> {
        let open: Vec<usize> = (0..self.outer.len()).filter(|&at| self.outer[at][0] < self.outer[at][1]).collect();
        let mut place = vec![None; self.outer.len()];
        let mut programme = Programme::default();
        for (at, &open) in open.iter().enumerate() {
            place[open] = Some(at);
            let cost = if open != cell {
                0.0
            } else if side == 0 {
                1.0
            } else {
                -1.0
            };
            programme.unknowns.push(Unknown { low: self.outer[open][0], high: self.outer[open][1], cost });
        }
        for relation in &self.table.relations {
            let terms: Vec<(usize, f64)> =
                relation.signed().filter_map(|(cell, sign)| Some((place[cell]?, sign as f64))).collect();
            if !terms.is_empty() {
                programme.sums.push(terms);
            }
        }
        let whole_table = |unknowns: &[i64]| {
            let mut change = vec![0; self.outer.len()];
            for (&cell, &by) in open.iter().zip(unknowns) {
                change[cell] = by;
            }
            change
        };
        let solved = programme.cheapest(|unknowns| {
            let change = whole_table(unknowns);
            self.table.allows(&change, &self.free) && self.reader.allows(&change)
        });
        let failed = |cause: String| SuppressError::Solver { cell, cause };
        // no change at all is always possible, so there is a result
        let unknowns = solved.map_err(failed)?.ok_or_else(|| failed(String::from("it denies the true table")))?;
        let change = whole_table(&unknowns);
        self.attain(&change);
        found.push(change);
        Ok(())
    }

    fn attain(&mut self, change: &[i64]) {
        for (attained, &by) in self.attained.iter_mut().zip(change) {
            *attained = [attained[0].min(by), attained[1].max(by)];
        }
    }
}
