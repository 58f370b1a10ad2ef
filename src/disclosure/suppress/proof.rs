//! Changes of a table that a reader cannot see, kept as proofs of what cells are uncertain by; found by the search.

use super::reader::Reader;

/// A reader's doubt about one cell, as far as a search has to establish it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubt<'a> {
    /// The cell.
    pub(super) cell: usize,
    /// Whose it is.
    pub(super) reader: &'a Reader,
}

/// Proofs found so far: each a change of every cell.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    changes: Vec<Vec<i64>>,
    /// For each cell the proofs that move it, since most proofs move few cells.
    moving: Vec<Vec<usize>>,
}

impl Proofs {
    pub(super) fn add(&mut self, change: Vec<i64>) {
        self.moving.resize(change.len(), Vec::new());
        for (moving, _) in self.moving.iter_mut().zip(&change).filter(|(_, by)| **by != 0) {
            moving.push(self.changes.len());
        }
        self.changes.push(change);
    }

    pub(super) fn into_changes(self) -> Vec<Vec<i64>> {
        self.changes
    }

    /// Drops what needs a cell that is no longer hidden.
    pub(super) fn publish(&mut self, cell: usize) {
        let kept = std::mem::take(self).changes.into_iter().filter(|change| change[cell] == 0);
        for change in kept {
            self.add(change);
        }
    }

    /// How far down and up proofs move the doubted cell without contradicting what the reader knows or touching a cell that may
    /// come to be published; looked for until it is `enough`.
    pub(super) fn moves(
        &self,
        doubt: Doubt<'_>,
        without: Option<usize>,
        enough: impl Fn(i64, i64) -> bool,
    ) -> (i64, i64) {
        let (mut down, mut up) = (0, 0);
        let Some(moving) = self.moving.get(doubt.cell) else { return (down, up) };
        for change in moving.iter().map(|&proof| &self.changes[proof]) {
            let by = change[doubt.cell];
            let still = |cell: usize| change[cell] == 0;
            if (-by > down || by > up) && without.is_none_or(still) && doubt.reader.allows(change) {
                (down, up) = (down.max(-by), up.max(by));
                if enough(down, up) {
                    break;
                }
            }
        }
        (down, up)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Cell, FixedTable},
        *,
    };

    #[test]
    fn a_proof_counts_for_readers_and_patterns_that_it_does_not_touch() {
        let mut proofs = Proofs::default();
        proofs.add(vec![-3, 3, 0]);
        proofs.add(vec![2, 0, -2]);
        let cells = [4, 2, 5].map(|value| Cell { value, ..Cell::count(9) }).to_vec();
        let table = FixedTable { cells, ..FixedTable::default() };
        let moves = |proofs: &Proofs, known: &[usize], least: &[(usize, i64)], without| {
            let reader = Reader::new(&table, known.to_vec(), least);
            proofs.moves(Doubt { cell: 0, reader: &reader }, without, |_, _| false)
        };
        assert_eq!(moves(&proofs, &[], &[], None), (3, 2));
        assert_eq!(moves(&proofs, &[1], &[], None), (0, 2));
        assert_eq!(moves(&proofs, &[], &[], Some(2)), (3, 0));
        // who brings two of the four to the first, or four of the five to the third
        assert_eq!(moves(&proofs, &[], &[(0, 2)], None), (0, 2));
        assert_eq!(moves(&proofs, &[], &[(2, 4)], None), (3, 0));
        proofs.publish(1);
        assert_eq!(moves(&proofs, &[], &[], None), (0, 2));
        assert_eq!(proofs.into_changes(), [[2, 0, -2]]);
    }
}
