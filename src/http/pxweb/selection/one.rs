//! A code by itself.

use super::Expression;

pub(super) static EXPRESSION: Expression =
    Expression { form: "code", example: "2020", select: |text, values| values.find(text).map(|place| Ok(vec![place])) };

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
    fn a_code_is_found_in_any_case() {
        let groups = variable("group_id", Role::Plain, &["all", "county:01+03"], &[]);
        check(
            &groups,
            None,
            &[
                ("all", Ok("all")),
                (" ALL ", Ok("all")),
                ("county:01 03", Ok("county:01+03")),
                ("county:01", Err(Fault::NonExistent)),
            ],
        );
    }
}
