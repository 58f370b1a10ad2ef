//! `last(n)`: the n latest years, or all where there are fewer.

use super::{Expression, argument};

pub(super) const EXPRESSION: Expression = Expression {
    form: "last(5)",
    select: |text, all| {
        let count = argument(text, "last")?;
        let count = usize::try_from(count).ok().filter(|&count| count > 0)?;
        Some(all[all.len().saturating_sub(count)..].to_vec())
    },
};
