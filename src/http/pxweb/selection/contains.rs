//! `*x*`: values whose codes hold a text.

use super::{Expression, Fault, folded};

pub(super) static EXPRESSION: Expression = Expression {
    form: "*x*",
    example: "*1*",
    select: |text, values| {
        let part = folded(text.strip_prefix('*')?.strip_suffix('*')?);
        if part.is_empty() || part.contains(['*', '?']) {
            return Some(Err(Fault::Illegal));
        }
        Some(Ok(values.fitting(|code| code.contains(&part))))
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
    fn codes_hold_a_text() {
        let groups = variable("group_id", Role::Plain, &["all", "county:01+03", "county:03+09", "size:0-10k"], &[]);
        check(
            &groups,
            None,
            &[
                ("*03*", Ok("county:01+03 county:03+09")),
                ("*+03*", Ok("county:01+03")),
                ("*OUNT*", Ok("county:01+03 county:03+09")),
                ("*all*", Ok("all")),
                ("*x*", Err(Fault::NonExistent)),
                ("*a*b*", Err(Fault::Illegal)),
            ],
        );
    }
}
