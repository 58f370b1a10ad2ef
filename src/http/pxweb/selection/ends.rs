//! `*x`: values whose codes end with a text.

use super::{Expression, Fault, folded};

pub(super) static EXPRESSION: Expression = Expression {
    form: "*x",
    example: "*20",
    select: |text, values| {
        let end = folded(text.strip_prefix('*')?);
        if end.is_empty() || end.contains(['*', '?']) {
            return Some(Err(Fault::Illegal));
        }
        Some(Ok(values.fitting(|code| code.ends_with(&end))))
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
    fn codes_end_with_a_text() {
        let groups = variable("group_id", Role::Plain, &["all", "size:0-10k", "size:20k-50k"], &[]);
        check(
            &groups,
            None,
            &[
                ("*0K", Ok("size:0-10k size:20k-50k")),
                ("*all", Ok("all")),
                ("*x", Err(Fault::NonExistent)),
                ("*0?k", Err(Fault::Illegal)),
            ],
        );
    }
}
