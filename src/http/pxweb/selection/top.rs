//! `TOP(n)` and `TOP(n,offset)`: the first values; of years the latest, in the order of years.

use super::{Expression, argument, count_and_offset, first, last};

pub(super) static EXPRESSION: Expression = Expression {
    form: "TOP(n,offset)",
    example: "TOP(2)",
    select: |text, values| {
        let argument = argument(text, "TOP")?;
        let at = if values.variable.is_time() { last } else { first };
        Some(count_and_offset(argument).map(|(count, offset)| at(values.count(), count, offset).collect()))
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
    fn the_top_of_years_is_the_latest_of_them() {
        let years = variable("Tid", Role::Time, &["2017", "2018", "2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("TOP(2)", Ok("2019 2020")),
                ("top(1,1)", Ok("2019")),
                ("Top( 2 , 1 )", Ok("2018 2019")),
                ("top(99)", Ok("2017 2018 2019 2020")),
                ("top(2,3)", Ok("2017")),
                ("top(99999999999999999999999)", Ok("2017 2018 2019 2020")),
                ("top(1,4)", Err(Fault::NonExistent)),
                ("top(0)", Err(Fault::Illegal)),
                ("top(-1)", Err(Fault::Illegal)),
                ("top(+1)", Err(Fault::Illegal)),
                ("top()", Err(Fault::Illegal)),
                ("top(1", Err(Fault::Illegal)),
                ("top(1,)", Err(Fault::Illegal)),
                ("top(1,2,3)", Err(Fault::Illegal)),
                ("top(x)", Err(Fault::Illegal)),
            ],
        );
    }

    #[test]
    fn the_top_of_anything_else_is_the_first_of_it() {
        let groups = variable("group_id", Role::Plain, &["c", "a", "b"], &[]);
        check(&groups, None, &[("TOP(2)", Ok("c a")), ("TOP(2,1)", Ok("a b")), ("TOP(2,2)", Ok("b"))]);
    }
}
