//! `?`: stands for any one character; a code fits that is as long as the text and otherwise the same. A star in the middle of a
//! text, or together with a question mark, has no meaning in `PxWeb`.

use super::{Expression, Fault, folded};

pub(super) static EXPRESSION: Expression = Expression {
    form: "?",
    example: "201?",
    select: |text, values| {
        if !text.contains(['?', '*']) {
            return None;
        }
        let mask: Vec<char> = folded(text).chars().collect();
        if mask.contains(&'*') {
            return Some(Err(Fault::Illegal));
        }
        let fits = |code: &str| {
            let mut own = code.chars();
            mask.iter().all(|&wanted| own.next().is_some_and(|c| wanted == '?' || wanted == c)) && own.next().is_none()
        };
        Some(Ok(values.fitting(fits)))
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
    fn a_question_mark_is_one_character() {
        let groups = variable("group_id", Role::Plain, &["county:01", "county:14", "county:1å", "county:01+03"], &[]);
        check(
            &groups,
            None,
            &[
                ("county:1?", Ok("county:14 county:1å")),
                ("COUNTY:??", Ok("county:01 county:14 county:1å")),
                ("county:01?03", Ok("county:01+03")),
                ("county:?", Err(Fault::NonExistent)),
                ("?", Err(Fault::NonExistent)),
                ("co*ty", Err(Fault::Illegal)),
            ],
        );
    }
}
