//! Secondary suppression: for each doubt that a sensitive cell is owed the cheapest change that establishes it, whose cells are
//! hidden; what proves not to be needed is published again by the clean-up.

use super::{
    FixedTable, Protection, SuppressError,
    flow::{Aim, cheapest_change},
    proof::{Doubt, Proofs},
    reader::Reader,
};

/// A pattern in the making.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) table: &'a FixedTable,
    /// What each sensitive cell is owed, the widest first.
    owed: Vec<(usize, Protection)>,
    /// The first is the outsider.
    readers: &'a [Reader],
    pub(super) hidden: Vec<bool>,
    pub(super) proofs: Proofs,
}

impl<'a> Search<'a> {
    pub(super) fn new(table: &'a FixedTable, primary: &[Option<Protection>], readers: &'a [Reader]) -> Self {
        let mut owed: Vec<(usize, Protection)> =
            primary.iter().enumerate().filter_map(|(cell, owed)| Some((cell, (*owed)?))).collect();
        owed.sort_by_key(|(cell, owed)| (-owed.width, *cell));
        let hidden = primary.iter().map(Option::is_some).collect();
        Self { table, owed, readers, hidden, proofs: Proofs::default() }
    }

    pub(super) fn is_sensitive(&self, cell: usize) -> bool {
        self.owed.iter().any(|(own, _)| *own == cell)
    }

    /// The pattern, and the changes that prove it.
    pub(super) fn into_parts(self) -> (Vec<bool>, Vec<Vec<i64>>) {
        (self.hidden, self.proofs.into_changes())
    }

    /// Every reader's doubt about every sensitive cell, with what it is owed.
    pub(super) fn doubts(&self) -> Vec<(Doubt<'a>, Protection)> {
        let of = |&(cell, owed): &(usize, Protection)| {
            let value = self.table.cells[cell].value;
            let others = self.readers.iter().filter(move |reader| !reader.known.contains(&cell));
            others.map(move |reader| (Doubt { cell, reader }, owed.against(value, reader.least[cell])))
        };
        self.owed.iter().flat_map(of).collect()
    }

    /// Establishes every doubt, hiding what that takes; fails when a cell cannot have what it is owed.
    pub(super) fn protect(&mut self) -> Result<(), SuppressError> {
        let free: Vec<bool> = self.table.cells.iter().map(|cell| cell.can_be_hidden).collect();
        for (doubt, owed) in self.doubts() {
            if let Err([down, up]) = self.establish(doubt, owed, &free, None)? {
                let (cell, insider) = (doubt.cell, doubt.reader.name(&self.readers[0]));
                let value = self.table.cells[cell].value;
                return Err(SuppressError::Unprotectable { cell, insider, low: value - down, high: value + up });
            }
        }
        Ok(())
    }

    /// Establishes a doubt by changes of free cells, which come to be hidden; else says how far down and up it can go.
    /// `without` is a cell that is not free though proofs may use it.
    pub(super) fn establish(
        &mut self,
        doubt: Doubt<'_>,
        owed: Protection,
        free: &[bool],
        without: Option<usize>,
    ) -> Result<Result<(), [i64; 2]>, SuppressError> {
        let met = |down, up| owed.is_met(down, up);
        let (down, up) = self.proofs.moves(doubt, without, met);
        if met(down, up) {
            return Ok(Ok(()));
        }
        // down to nothing if the width allows it, and the rest of the width up
        let low = owed.down.max((owed.width - owed.up).min(doubt.reader.room[doubt.cell]));
        let high = owed.up.max(owed.width - low);
        let moved = (down >= low || self.go(doubt, Aim::Beyond(-low), free)?.is_some())
            && (up >= high || self.go(doubt, Aim::Beyond(high), free)?.is_some());
        if moved {
            return Ok(Ok(()));
        }
        // one side gives way to the other
        let down = -cheapest_change(self.table, &self.hidden, doubt, Aim::Farthest(-1), free)?
            .map_or(0, |change| change[doubt.cell]);
        let up = cheapest_change(self.table, &self.hidden, doubt, Aim::Farthest(1), free)?
            .map_or(0, |change| change[doubt.cell]);
        if !met(down, up) {
            return Ok(Err([down, up]));
        }
        let low = low.min(down).max(owed.width - up);
        let high = owed.up.max(owed.width - low);
        let moved =
            self.go(doubt, Aim::Beyond(-low), free)?.is_some() && self.go(doubt, Aim::Beyond(high), free)?.is_some();
        Ok(if moved { Ok(()) } else { Err([down, up]) })
    }

    /// Finds a change, hides its cells and keeps it as a proof.
    fn go(&mut self, doubt: Doubt<'_>, aim: Aim, free: &[bool]) -> Result<Option<()>, SuppressError> {
        if matches!(aim, Aim::Beyond(0)) {
            return Ok(Some(()));
        }
        // what is hidden already is free, and makes for a small programme
        let within: Vec<bool> = free.iter().zip(&self.hidden).map(|(&free, &hidden)| free && hidden).collect();
        let mut change = cheapest_change(self.table, &self.hidden, doubt, aim, &within)?;
        if change.is_none() && within != *free {
            change = cheapest_change(self.table, &self.hidden, doubt, aim, free)?;
        }
        let Some(change) = change else { return Ok(None) };
        for (hidden, by) in self.hidden.iter_mut().zip(&change) {
            *hidden |= *by != 0;
        }
        self.proofs.add(change);
        Ok(Some(()))
    }
}
