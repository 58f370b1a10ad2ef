//! `RANGE(a,b)`: two values and those between them, whichever of the two comes first.

use super::{Expression, Fault, Values, argument};

pub(super) static EXPRESSION: Expression = Expression {
    form: "RANGE(a,b)",
    example: "RANGE(2018,2019)",
    select: |text, values| Some(between(argument(text, "RANGE")?, values)),
};

fn between(argument: &str, values: &Values) -> Result<Vec<usize>, Fault> {
    let (first, last) = argument.split_once(',').ok_or(Fault::Illegal)?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() || last.is_empty() || last.contains(',') {
        return Err(Fault::Illegal);
    }
    let place = |code: &str| values.find(code).ok_or(Fault::NonExistent);
    let (first, last) = (place(first)?, place(last)?);
    Ok((first.min(last)..=first.max(last)).collect())
}

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
    fn from_one_value_to_another() {
        let years = variable("Tid", Role::Time, &["2017", "2018", "2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("RANGE(2018,2019)", Ok("2018 2019")),
                ("range( 2020 , 2018 )", Ok("2018 2019 2020")),
                ("range(2018,2018)", Ok("2018")),
                ("range(2016,2018)", Err(Fault::NonExistent)),
                ("range(2018)", Err(Fault::Illegal)),
                ("range(2018,)", Err(Fault::Illegal)),
                ("range(2017,2018,2019)", Err(Fault::Illegal)),
            ],
        );
    }
}
