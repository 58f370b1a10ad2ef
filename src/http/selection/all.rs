//! `*`: every year that there is.

use super::Expression;

pub(super) const EXPRESSION: Expression =
    Expression { form: "*", select: |text, all| (text == "*").then(|| all.to_vec()) };
