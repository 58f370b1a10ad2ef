//! `*`: every value.

use super::Expression;

pub(super) static EXPRESSION: Expression = Expression {
    form: "*",
    example: "*",
    select: |text, values| (text == "*").then(|| Ok((0..values.count()).collect())),
};

#[cfg(test)]
mod tests {
    use crate::{
        encode::Role,
        http::pxweb::{selection::check, table::tests::variable},
    };

    #[test]
    fn a_star_is_every_value() {
        check(
            &variable("Tid", Role::Time, &["2019", "2020"], &[]),
            None,
            &[("*", Ok("2019 2020")), (" * ", Ok("2019 2020"))],
        );
    }
}
