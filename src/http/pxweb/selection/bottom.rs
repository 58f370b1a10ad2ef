//! `BOTTOM(n)` and `BOTTOM(n,offset)`: the last values; of years the earliest, in the order of years.

use super::{Expression, argument, count_and_offset, first, last};

pub(super) static EXPRESSION: Expression = Expression {
    form: "BOTTOM(n,offset)",
    example: "BOTTOM(2)",
    select: |text, values| {
        let argument = argument(text, "BOTTOM")?;
        let at = if values.variable.is_time() { first } else { last };
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
    fn the_bottom_of_years_is_the_earliest_of_them() {
        let years = variable("Tid", Role::Time, &["2017", "2018", "2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("BOTTOM(2)", Ok("2017 2018")),
                ("bottom(2,1)", Ok("2018 2019")),
                ("bottom(9,3)", Ok("2020")),
                ("bottom(1,4)", Err(Fault::NonExistent)),
                ("bottom(0)", Err(Fault::Illegal)),
            ],
        );
    }

    #[test]
    fn the_bottom_of_anything_else_is_the_last_of_it() {
        let groups = variable("group_id", Role::Plain, &["c", "a", "b"], &[]);
        check(&groups, None, &[("BOTTOM(2)", Ok("a b")), ("BOTTOM(1,1)", Ok("a")), ("BOTTOM(5)", Ok("c a b"))]);
    }
}
