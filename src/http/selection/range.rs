//! `a-b`: the years from the one to the other, both with them.

use super::Expression;

pub(super) const EXPRESSION: Expression = Expression {
    form: "2018-2020",
    select: |text, all| {
        let (first, last) = text.split_once('-')?;
        let (first, last) = (first.trim().parse::<i64>().ok()?, last.trim().parse::<i64>().ok()?);
        Some(all.iter().copied().filter(|year| (first..=last).contains(year)).collect())
    },
};
