//! `x*`: values whose codes begin with a text.

use super::{Expression, Fault, folded};

pub(super) static EXPRESSION: Expression = Expression {
    form: "x*",
    example: "20*",
    select: |text, values| {
        let start = folded(text.strip_suffix('*')?);
        if start.is_empty() || start.contains(['*', '?']) {
            return Some(Err(Fault::Illegal));
        }
        Some(Ok(values.fitting(|code| code.starts_with(&start))))
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
    fn codes_begin_with_a_text() {
        let groups = variable("group_id", Role::Plain, &["all", "county:01", "county:01+03", "size:0-10k"], &[]);
        check(
            &groups,
            None,
            &[
                ("county:*", Ok("county:01 county:01+03")),
                ("COUNTY:01+*", Ok("county:01+03")),
                ("county:01 *", Ok("county:01+03")),
                ("all*", Ok("all")),
                ("block:*", Err(Fault::NonExistent)),
                ("c?unty*", Err(Fault::Illegal)),
                ("c*y*", Err(Fault::Illegal)),
            ],
        );
    }
}
