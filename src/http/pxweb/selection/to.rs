//! `TO(x)`: a value and those before it.

use super::{Expression, argument, one_code};

pub(super) static EXPRESSION: Expression = Expression {
    form: "TO(x)",
    example: "TO(2019)",
    select: |text, values| {
        let argument = argument(text, "TO")?;
        Some(one_code(argument, values).map(|place| (0..=place).collect()))
    },
};

#[cfg(test)]
mod tests {
    use crate::{
        encode::Role,
        http::pxweb::{
            selection::{Fault, check},
            table::tests::variable,
        },
    };

    #[test]
    fn from_the_first_to_a_value() {
        let years = variable("Tid", Role::Time, &["2018", "2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("TO(2019)", Ok("2018 2019")),
                ("to(2018)", Ok("2018")),
                ("to(2021)", Err(Fault::NonExistent)),
                ("to()", Err(Fault::Illegal)),
            ],
        );
    }
}
