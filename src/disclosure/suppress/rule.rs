//! Primary suppression: which cells are sensitive by themselves, and what interval each is owed; each rule in its own file,
//! with its argument beside it.
//!
//! Source of the rules: Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4.

mod dominance;
mod people;
mod threshold;

use super::{FixedTable, SuppressError};

/// When a cell is sensitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// A cell with fewer contributors is sensitive.
    pub min_contributors: u32,
    /// A cell with a lower value is sensitive, unless it is 0: few people, whatever the number of contributors.
    pub min_value: i64,
    /// What holds for cells without any.
    pub zeros: Zeros,
    /// What decides about protection and costs.
    pub basis: Basis,
}

/// Whether it may be known that nobody is in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// It may: such a cell is not sensitive, though it may be hidden for the sake of others.
    MayBeKnown,
    /// It may not: such a cell is sensitive as any other with too few contributors.
    Sensitive,
}

/// What the pattern is a function of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Relations and contributor counts alone; values are not read. Contributors have to add up as values do.
    Counts {
        /// The least width of a sensitive cell's interval, in contributors.
        width: u32,
    },
    /// Values too: the p% rule besides the threshold.
    Values {
        /// Nobody may come closer to a contribution, or to a cell with too few contributors, than this; 1 to 100 is usual.
        percent: u8,
    },
}

impl Thresholds {
    /// By counts, with intervals at least `min_contributors` wide: then no hidden cells that a reader can add up, and that
    /// hold a sensitive one, have fewer contributors together.
    pub fn by_counts(min_contributors: u32) -> Self {
        let basis = Basis::Counts { width: min_contributors };
        Self { min_contributors, min_value: 0, zeros: Zeros::MayBeKnown, basis }
    }

    /// By values, with the p% rule.
    pub fn by_values(min_contributors: u32, percent: u8) -> Self {
        Self { min_contributors, min_value: 0, zeros: Zeros::MayBeKnown, basis: Basis::Values { percent } }
    }
}

/// The interval that a sensitive cell is owed, in the unit of its value (contributors with [`Basis::Counts`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// How far below the value it has to reach.
    pub down: i64,
    /// How far above.
    pub up: i64,
    /// How wide it has to be; at least `down + up`.
    pub width: i64,
}

impl Protection {
    /// Whether an interval that reaches `down` below the value and `up` above it is wide enough.
    pub(super) fn is_met(self, down: i64, up: i64) -> bool {
        down >= self.down && up >= self.up && down + up >= self.width
    }

    /// The same against a reader who knows `own` of the cell's value: that the cell is no smaller, and what it does not know is
    /// the rest.
    pub(super) fn against(self, value: i64, own: i64) -> Self {
        let down = self.down.min(value - own);
        Self { down, width: self.width - (self.down - down), ..self }
    }

    fn both(self, other: Self) -> Self {
        let (down, up) = (self.down.max(other.down), self.up.max(other.up));
        Self { down, up, width: self.width.max(other.width).max(down + up) }
    }
}

/// What each cell is owed; none where it is not sensitive.
pub(super) fn primary(table: &FixedTable, thresholds: &Thresholds) -> Result<Vec<Option<Protection>>, SuppressError> {
    let owed = |cell| {
        let rules =
            [threshold::owed(cell, thresholds), dominance::owed(cell, thresholds), people::owed(cell, thresholds)];
        rules.into_iter().flatten().reduce(Protection::both)
    };
    let primary: Vec<Option<Protection>> = table.cells.iter().map(owed).collect();
    let pinned = table.cells.iter().zip(&primary).position(|(cell, owed)| owed.is_some() && !cell.can_be_hidden);
    match pinned {
        Some(cell) => Err(SuppressError::Pinned { cell, contributors: table.cells[cell].contributors }),
        None => Ok(primary),
    }
}
