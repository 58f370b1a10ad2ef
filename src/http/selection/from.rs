//! `from(y)`: a year and those after it.

use super::{Expression, argument};

pub(super) const EXPRESSION: Expression = Expression {
    form: "from(2018)",
    select: |text, all| {
        let first = argument(text, "from")?;
        Some(all.iter().copied().filter(|&year| year >= first).collect())
    },
};
