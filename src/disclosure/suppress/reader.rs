//! What a reader knows of a table beside what is published; what it can work out from it is the intruder's.

use super::FixedTable;

/// A reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reader {
    /// Cells that it knows.
    pub(super) known: Vec<usize>,
    /// What it knows each cell to be at least.
    pub(super) least: Vec<i64>,
    /// How far each cell can lie below its value for all that the reader knows beforehand.
    pub(super) room: Vec<i64>,
}

impl Reader {
    /// A reader who knows some cells, and of some what they are at least.
    pub(super) fn new(table: &FixedTable, known: Vec<usize>, least_of: &[(usize, i64)]) -> Self {
        let mut least: Vec<i64> = table.cells.iter().map(|cell| cell.least).collect();
        for &(cell, own) in least_of {
            least[cell] = least[cell].max(own);
        }
        for &cell in &known {
            least[cell] = table.cells[cell].value;
        }
        // a total is no less than its parts together; each pass climbs at least one step
        let mut climbed = true;
        while climbed {
            climbed = false;
            for relation in &table.relations {
                let most = relation.parts.iter().map(|&part| least[part]).sum::<i64>();
                if most > least[relation.total] {
                    least[relation.total] = most;
                    climbed = true;
                }
            }
        }
        let room = table.cells.iter().zip(&least).map(|(cell, least)| cell.value - least).collect();
        Self { known, least, room }
    }

    /// Whether a change of cells does not contradict what the reader knows.
    pub(super) fn allows(&self, change: &[i64]) -> bool {
        self.known.iter().all(|&cell| change[cell] == 0) && change.iter().zip(&self.room).all(|(by, room)| -by <= *room)
    }

    /// A cell by which to name the reader; none for an outsider.
    pub(super) fn name(&self, outsider: &Self) -> Option<usize> {
        let known = self.known.first().copied();
        known.or_else(|| (0..self.least.len()).find(|&cell| self.least[cell] != outsider.least[cell]))
    }
}
