//! `to(y)`: a year and those before it.

use super::{Expression, argument};

pub(super) const EXPRESSION: Expression = Expression {
    form: "to(2020)",
    select: |text, all| {
        let last = argument(text, "to")?;
        Some(all.iter().copied().filter(|&year| year <= last).collect())
    },
};
