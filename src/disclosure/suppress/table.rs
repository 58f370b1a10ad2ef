//! A fixed table as cells and relations, and whether it is consistent; what is hidden of it is decided elsewhere.

use super::{SuppressError, reader::Reader};

/// Values beyond this are refused: the solver branches over 32-bit numbers, and computes in `f64`.
pub(super) const LARGEST: i64 = 1_000_000_000;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// A count or a sum of nonnegative contributions, in any whole unit.
    pub value: i64,
    /// How many persons or organisations contribute to it.
    pub contributors: u32,
    /// The largest and the second largest contribution, in the unit of the value; read by the p% rule alone.
    pub largest: [i64; 2],
    /// What everybody knows it to be at least, from elsewhere.
    pub least: i64,
    /// Whether it may carry dots; totals that are published elsewhere, and zeros that everybody knows, may not.
    pub can_be_hidden: bool,
}

impl Cell {
    /// A cell of a table of counts, where everyone contributes one.
    pub fn count(contributors: u32) -> Self {
        let largest = [i64::from(contributors > 0), i64::from(contributors > 1)];
        Self { value: i64::from(contributors), contributors, largest, least: 0, can_be_hidden: true }
    }
}

/// A total that is the sum of its parts; positions of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The sum.
    pub total: usize,
    /// What it is the sum of.
    pub parts: Vec<usize>,
}

impl Relation {
    /// The cells with their signs: parts less total is 0.
    pub(super) fn signed(&self) -> impl Iterator<Item = (usize, i64)> {
        self.parts.iter().map(|&part| (part, 1)).chain([(self.total, -1)])
    }
}

/// Cells, and what is known to hold between them. Tables that share cells are one table here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FixedTable {
    /// Cells; everything else refers to them by position.
    pub cells: Vec<Cell>,
    /// Relations; a cell may stand in any number of them, as a part or as a total.
    pub relations: Vec<Relation>,
    /// What contributors who stand in several cells bring, one after the other: cells, and what each knows them to be at least.
    /// Empty where nobody stands in two cells of which neither is part of the other.
    pub brought: Vec<Vec<(usize, i64)>>,
}

impl FixedTable {
    /// Everybody whose knowledge counts: an outsider, then insiders. Those are all contributors, where it is said what they bring;
    /// else each who is alone in a cell, with the cells that it knows by that.
    pub(super) fn readers(&self) -> Vec<Reader> {
        let outsider = Reader::new(self, Vec::new(), &[]);
        let insiders: Vec<Reader> = if self.brought.is_empty() {
            self.insiders().into_iter().map(|known| Reader::new(self, known, &[])).collect()
        } else {
            let of = |own: &Vec<(usize, i64)>| {
                let alone = own.iter().map(|&(cell, _)| cell).filter(|&cell| self.cells[cell].contributors == 1);
                Reader::new(self, alone.collect(), own)
            };
            self.brought.iter().map(of).filter(|insider| *insider != outsider).collect()
        };
        [outsider].into_iter().chain(insiders).collect()
    }

    /// Contributors who are alone in a cell, where nobody stands in two: the cells that each of them knows. A total with one
    /// contributor and its part with one contributor have the same one.
    pub fn insiders(&self) -> Vec<Vec<usize>> {
        let alone = |cell: usize| self.cells.get(cell).is_some_and(|cell| cell.contributors == 1);
        let mut first: Vec<usize> = (0..self.cells.len()).collect();
        // few relations join two such cells, so passing over them until nothing changes is cheap
        loop {
            let before = first.clone();
            for relation in self.relations.iter().filter(|relation| alone(relation.total)) {
                for &part in relation.parts.iter().filter(|part| alone(**part)) {
                    let least = first[part].min(first[relation.total]);
                    first[part] = least;
                    first[relation.total] = least;
                }
            }
            if first == before {
                break;
            }
        }
        let same = |leader: usize| (leader..first.len()).filter(|&cell| alone(cell) && first[cell] == leader).collect();
        (0..first.len()).filter(|&cell| alone(cell) && first[cell] == cell).map(same).collect()
    }

    /// The same table with contributors in place of values.
    pub(super) fn counted(&self) -> Self {
        let cells = self
            .cells
            .iter()
            .map(|cell| Cell { can_be_hidden: cell.can_be_hidden, ..Cell::count(cell.contributors) })
            .collect();
        let one = |own: &Vec<(usize, i64)>| own.iter().map(|&(cell, _)| (cell, 1)).collect();
        Self { cells, relations: self.relations.clone(), brought: self.brought.iter().map(one).collect() }
    }

    /// How far a change of a cell is followed; an interval that reaches further is cut there.
    pub(super) fn reach(&self) -> i64 {
        1000 + 4 * self.cells.iter().map(|cell| cell.value).max().unwrap_or_default()
    }

    /// Whether the table can be computed with: positions, signs, sums.
    pub(super) fn check(&self) -> Result<(), SuppressError> {
        for (at, cell) in self.cells.iter().enumerate() {
            let (value, [first, second]) = (cell.value, cell.largest);
            if !(0..=LARGEST).contains(&value) {
                return Err(SuppressError::Value { cell: at, value, largest: LARGEST });
            }
            if !(0..=value).contains(&cell.least) {
                return Err(SuppressError::Least { cell: at, value, least: cell.least });
            }
            if second < 0 || first < second || first > value || second > value - first {
                return Err(SuppressError::Contributions { cell: at, value, first, second });
            }
        }
        let cells = self.cells.len();
        for &(cell, least) in self.brought.iter().flatten() {
            match self.cells.get(cell) {
                Some(own) if (0..=own.value).contains(&least) => {}
                Some(own) => return Err(SuppressError::Least { cell, value: own.value, least }),
                None => return Err(SuppressError::NoSuchBrought { cell, cells }),
            }
        }
        for (at, relation) in self.relations.iter().enumerate() {
            let mut named = vec![false; cells];
            let mut rest: i64 = 0;
            for (cell, sign) in relation.signed() {
                match named.get_mut(cell) {
                    None => return Err(SuppressError::NoSuchCell { relation: at, cell, cells }),
                    Some(true) => return Err(SuppressError::NamedTwice { relation: at, cell }),
                    Some(once) => *once = true,
                }
                rest = rest.saturating_add(sign * self.cells[cell].value);
            }
            if rest != 0 {
                let total = self.cells[relation.total].value;
                return Err(SuppressError::DoesNotAddUp { relation: at, parts: rest.saturating_add(total), total });
            }
        }
        Ok(())
    }

    /// Whether a change of cells leaves a table that a reader cannot tell from this one: only free cells move, none falls
    /// below what it is known to be at least, and every relation still holds. Exact; this, and no solver, is what a claim of uncertainty rests on.
    pub(super) fn allows(&self, change: &[i64], free: &[bool]) -> bool {
        let cells = self.cells.iter().zip(change).zip(free);
        change.len() == self.cells.len()
            && cells
                .into_iter()
                .all(|((cell, &by), &free)| by == 0 || (free && cell.value.saturating_add(by) >= cell.least))
            && self.relations.iter().all(|relation| {
                relation.signed().map(|(cell, sign)| i128::from(sign) * i128::from(change[cell])).sum::<i128>() == 0
            })
    }
}
