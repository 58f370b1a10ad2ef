//! Selection expressions of `PxWebApi` 2, one file each, and the one list; case does not matter. What they select from is `Values`.

mod all;
mod begins;
mod bottom;
mod contains;
mod ends;
mod from;
mod mask;
mod one;
mod range;
mod to;
mod top;

use std::ops::Range;

use super::table::Variable;

/// Places among the values, or why there are none.
type Found = Result<Vec<usize>, Fault>;

/// A selection expression.
#[derive(Debug)]
pub(super) struct Expression {
    /// How it is written.
    form: &'static str,
    /// One to try on years.
    #[cfg_attr(not(test), expect(dead_code, reason = "for tests and readers"))]
    example: &'static str,
    /// What it selects: places among the values, ascending; none where the text is no such expression.
    select: fn(&str, &Values) -> Option<Found>,
}

/// Every expression, in the order in which they are tried: a code is never taken for anything else.
static EXPRESSIONS: &[&Expression] = &[
    &one::EXPRESSION,
    &all::EXPRESSION,
    &contains::EXPRESSION,
    &begins::EXPRESSION,
    &ends::EXPRESSION,
    &mask::EXPRESSION,
    &top::EXPRESSION,
    &bottom::EXPRESSION,
    &from::EXPRESSION,
    &to::EXPRESSION,
    &range::EXPRESSION,
];

/// How every expression is written.
pub(super) fn forms() -> String {
    EXPRESSIONS.iter().map(|expression| expression.form).collect::<Vec<_>>().join(", ")
}

/// Why nothing is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its form is wrong.
    Illegal,
    /// It names or fits no value.
    NonExistent,
}

/// The values of a variable, or of a set of them, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    /// The variable.
    pub(super) variable: &'a Variable,
    /// Positions of the set's values, ascending; none for all.
    pub(super) members: Option<&'a [usize]>,
}

impl Values<'_> {
    fn count(&self) -> usize {
        self.members.map_or(self.variable.categories.len(), <[usize]>::len)
    }

    /// Codes in lower case, with their places.
    fn codes(&self) -> impl Iterator<Item = (usize, String)> {
        (0..self.count()).map(|place| {
            let position = self.members.map_or(place, |members| members[place]);
            (place, self.variable.categories[position].code.to_lowercase())
        })
    }

    /// The place of a code.
    fn find(&self, code: &str) -> Option<usize> {
        let position = self.variable.position(code)?;
        self.members.map_or(Some(position), |members| members.binary_search(&position).ok())
    }

    /// The positions that a text selects among the variable's values, ascending.
    pub(super) fn select(&self, text: &str) -> Result<Vec<usize>, Fault> {
        let text = text.trim();
        let found = EXPRESSIONS.iter().find_map(|expression| (expression.select)(text, self));
        let places = found.unwrap_or(Err(Fault::NonExistent))?;
        if places.is_empty() {
            return Err(Fault::NonExistent);
        }
        Ok(places.into_iter().map(|place| self.members.map_or(place, |members| members[place])).collect())
    }

    /// The places of codes that fit.
    fn fitting(&self, fits: impl Fn(&str) -> bool) -> Vec<usize> {
        self.codes().filter(|(_, code)| fits(code)).map(|(place, _)| place).collect()
    }
}

/// What stands between the brackets of `NAME(…)`; nothing where the closing one is missing.
fn argument<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (head, rest) = text.split_once('(')?;
    head.trim().eq_ignore_ascii_case(name).then(|| rest.strip_suffix(')').unwrap_or_default().trim())
}

/// The one code of `NAME(code)`.
fn one_code(argument: &str, values: &Values) -> Result<usize, Fault> {
    if argument.is_empty() || argument.contains(',') {
        return Err(Fault::Illegal);
    }
    values.find(argument).ok_or(Fault::NonExistent)
}

/// The number of values and the offset of `NAME(n)` and `NAME(n,offset)`.
fn count_and_offset(argument: &str) -> Result<(usize, usize), Fault> {
    let whole = |text: &str| {
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // more than there can be is the same as all
        digits.then(|| text.parse().unwrap_or(usize::MAX))
    };
    let (count, offset) = argument.split_once(',').unwrap_or((argument, "0"));
    match (whole(count), whole(offset)) {
        (Some(count), Some(offset)) if count > 0 => Ok((count, offset)),
        _ => Err(Fault::Illegal),
    }
}

/// `count` places from the first on, behind an offset.
fn first(all: usize, count: usize, offset: usize) -> Range<usize> {
    let start = offset.min(all);
    start..start.saturating_add(count).min(all)
}

/// `count` places up to the last, before an offset.
fn last(all: usize, count: usize, offset: usize) -> Range<usize> {
    let end = all.saturating_sub(offset);
    end.saturating_sub(count)..end
}

/// A pattern in the form in which codes are compared.
fn folded(pattern: &str) -> String {
    // in a query string a plus sign is a space, and codes have the one and never the other
    pattern.to_lowercase().replace(' ', "+")
}

/// Checks what texts select from a table of cases: text, and codes or a fault.
#[cfg(test)]
fn check(variable: &Variable, members: Option<&[usize]>, cases: &[(&str, Result<&str, Fault>)]) {
    for (text, expected) in cases {
        let found = Values { variable, members }
            .select(text)
            .map(|positions| positions.iter().map(|&at| &*variable.categories[at].code).collect::<Vec<_>>().join(" "));
        assert_eq!(found.as_deref().map_err(|fault| *fault), *expected, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{encode::Role, http::pxweb::table::tests::variable};

    #[test]
    fn every_expression_selects_in_its_own_form() {
        let years = variable("Tid", Role::Time, &["2016", "2017", "2018", "2019", "2020"], &[]);
        let all = Values { variable: &years, members: None };
        for (at, expression) in EXPRESSIONS.iter().enumerate() {
            let taken: Vec<usize> = EXPRESSIONS
                .iter()
                .enumerate()
                .filter(|(_, own)| (own.select)(expression.example, &all).is_some())
                .map(|(at, _)| at)
                .collect();
            assert_eq!(taken.first(), Some(&at), "{} is taken for something else", expression.example);
            assert!(matches!((expression.select)(expression.example, &all), Some(Ok(_))), "{}", expression.example);
        }
    }

    #[test]
    fn sets_bound_what_expressions_select() {
        let groups = variable("group_id", Role::Plain, &["all", "county:01", "county:03", "size:0-10k"], &[]);
        check(
            &groups,
            Some(&[1, 2]),
            &[
                ("*", Ok("county:01 county:03")),
                ("top(1)", Ok("county:01")),
                ("*3", Ok("county:03")),
                ("from(county:03)", Ok("county:03")),
                ("all", Err(Fault::NonExistent)),
                ("size*", Err(Fault::NonExistent)),
            ],
        );
    }

    #[test]
    fn what_is_no_expression_is_no_value() {
        let years = variable("Tid", Role::Time, &["2019", "2020"], &[]);
        check(
            &years,
            None,
            &[
                ("", Err(Fault::NonExistent)),
                ("LATEST(1)", Err(Fault::NonExistent)),
                ("2020)", Err(Fault::NonExistent)),
                ("(2020)", Err(Fault::NonExistent)),
                ("2*0", Err(Fault::Illegal)),
                ("**", Err(Fault::Illegal)),
            ],
        );
    }
}
