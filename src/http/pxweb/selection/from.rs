//! `FROM(x)`: a value and those behind it.

use super::{Expression, argument, one_code};

pub(super) static EXPRESSION: Expression = Expression {
    form: "FROM(x)",
    example: "FROM(2019)",
    select: |text, values| {
        let argument = argument(text, "FROM")?;
        Some(one_code(argument, values).map(|place| (place..values.count()).collect()))
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
    fn from_a_value_to_the_last() {
        let years = variable("Tid", Role::Time, &["2018", "2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("FROM(2019)", Ok("2019 2020")),
                ("from( 2020 )", Ok("2020")),
                ("from(2017)", Err(Fault::NonExistent)),
                ("from()", Err(Fault::Illegal)),
                ("from(2018,2019)", Err(Fault::Illegal)),
            ],
        );
    }
}
