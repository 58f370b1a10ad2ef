//! What can keep a table from being shown with dots: one enum, each with cause and remedy; nothing else.

/// Why no pattern was found, or a table not audited. Cells and relations are given by position, from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuppressError {
    /// A relation points outside the table.
    #[error("relation {relation} names cell {cell}, but there are only {cells} cells; number cells from 0")]
    NoSuchCell {
        /// Relation.
        relation: usize,
        /// What it names.
        cell: usize,
        /// Length of the table.
        cells: usize,
    },
    /// A cell stands twice in a relation.
    #[error("relation {relation} names cell {cell} twice; a total and each of its parts are cells of their own")]
    NamedTwice {
        /// Relation.
        relation: usize,
        /// Cell.
        cell: usize,
    },
    /// A total is not the sum of its parts.
    #[error(
        "the parts of relation {relation} add up to {parts}, but their total is {total}; correct the table, or count contributors so that they add up"
    )]
    DoesNotAddUp {
        /// Relation.
        relation: usize,
        /// Sum of the parts.
        parts: i64,
        /// The total as given.
        total: i64,
    },
    /// A value cannot be handled.
    #[error("cell {cell} has the value {value}; give values from 0 to {largest}, in a coarser unit if need be")]
    Value {
        /// Cell.
        cell: usize,
        /// As given.
        value: i64,
        /// The largest that is computed with.
        largest: i64,
    },
    /// A cell is said to be known to be more than it is.
    #[error("cell {cell} has the value {value}, but is said to be at least {least}; give 0 to the value")]
    Least {
        /// Cell.
        cell: usize,
        /// Value.
        value: i64,
        /// What it is said to be at least.
        least: i64,
    },
    /// Largest contributions do not fit the value.
    #[error(
        "cell {cell} has the value {value}, but {first} and {second} as largest contributions; give the largest first, and no more than the value in all"
    )]
    Contributions {
        /// Cell.
        cell: usize,
        /// Value.
        value: i64,
        /// Largest contribution.
        first: i64,
        /// Second largest.
        second: i64,
    },
    /// The inner cells of a two-way table are not as many as its rows and columns ask for.
    #[error("{rows} rows and {columns} columns need {} cells, but {cells} were given; give one per row and column", rows.saturating_mul(*columns))]
    Shape {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
        /// Inner cells given.
        cells: usize,
    },
    /// A pattern is not as long as its table.
    #[error("the pattern covers {hidden} cells, but the table has {cells}; give one entry per cell")]
    Length {
        /// Length of the pattern.
        hidden: usize,
        /// Length of the table.
        cells: usize,
    },
    /// An insider is said to know a cell outside the table.
    #[error("insider {insider} is said to know cell {cell}, but there are only {cells} cells; number cells from 0")]
    NoSuchKnown {
        /// Position in the list of insiders.
        insider: usize,
        /// What it is said to know.
        cell: usize,
        /// Length of the table.
        cells: usize,
    },
    /// A sensitive cell may not be hidden.
    #[error(
        "cell {cell} is sensitive ({contributors} contributors) but may not be hidden; let it be hidden, or merge its row or column with a neighbour"
    )]
    Pinned {
        /// Cell.
        cell: usize,
        /// Its contributors.
        contributors: u32,
    },
    /// A contributor is said to bring something to a cell outside the table.
    #[error(
        "a contributor is said to bring something to cell {cell}, but there are only {cells} cells; number cells from 0"
    )]
    NoSuchBrought {
        /// What it is said to bring something to.
        cell: usize,
        /// Length of the table.
        cells: usize,
    },
    /// Not even hiding everything protects a cell.
    #[error(
        "cell {cell} stays between {low} and {high} {} when every cell that may be hidden is; let totals be hidden, or merge rows or columns",
        knowing(*insider)
    )]
    Unprotectable {
        /// Cell.
        cell: usize,
        /// A cell that the reader knows, or contributes to; none for an outsider.
        insider: Option<usize>,
        /// Lower end.
        low: i64,
        /// Upper end.
        high: i64,
    },
    /// The audit does not accept what the search found.
    #[error(
        "the audit finds cell {cell} between {low} and {high} {}, which is too narrow; do not publish the table, and report this as a fault of the search",
        knowing(*insider)
    )]
    Refused {
        /// Cell.
        cell: usize,
        /// A cell that the reader knows, or contributes to; none for an outsider.
        insider: Option<usize>,
        /// Lower end.
        low: i64,
        /// Upper end.
        high: i64,
    },
    /// A linear programme was not solved.
    #[error(
        "a linear programme about cell {cell} was not solved ({cause}); split the table, or give values in a coarser unit"
    )]
    Solver {
        /// Cell.
        cell: usize,
        /// What the solver says.
        cause: String,
    },
}

impl SuppressError {
    /// The cell that could not be protected, or worked with.
    pub fn cell(&self) -> Option<usize> {
        match self {
            Self::Pinned { cell, .. }
            | Self::Unprotectable { cell, .. }
            | Self::Refused { cell, .. }
            | Self::Solver { cell, .. } => Some(*cell),
            _ => None,
        }
    }
}

fn knowing(insider: Option<usize>) -> String {
    insider.map_or_else(|| String::from("for an outsider"), |cell| format!("for a contributor to cell {cell}"))
}
