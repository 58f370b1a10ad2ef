//! A year by itself, whether it exists or not: that nothing is found is told where rows are looked for.

use super::Expression;

pub(super) const EXPRESSION: Expression =
    Expression { form: "2020", select: |text, _| text.parse().ok().map(|year| vec![year]) };
