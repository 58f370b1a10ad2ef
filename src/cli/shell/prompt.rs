//! What the prompt knows while somebody types: which names there are, and when a query has come to its end.

use std::collections::BTreeSet;

use rustyline::{
    Context, Helper,
    completion::{Completer, Pair},
    highlight::Highlighter,
    hint::Hinter,
    validate::{ValidationContext, ValidationResult, Validator},
};

use crate::query::FUNCTIONS;

/// Words of SQL that are worth completing.
const WORDS: [&str; 28] = [
    "and",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cross join",
    "desc",
    "distinct",
    "else",
    "end",
    "except",
    "from",
    "group by",
    "having",
    "in",
    "intersect",
    "is not null",
    "is null",
    "join",
    "left join",
    "like",
    "limit",
    "order by",
    "over",
    "select",
    "union all",
    "where",
];

/// Names in the order in which they are offered.
#[derive(Debug)]
pub(super) struct Prompt {
    names: BTreeSet<String>,
}

impl Prompt {
    pub(super) fn new() -> Self {
        let mut names: BTreeSet<String> = WORDS.map(str::to_owned).into();
        for table in super::tables() {
            names.insert(table.id.clone());
            names.extend(table.columns.iter().map(|(column, _)| column.clone()));
        }
        names.extend(FUNCTIONS.iter().map(|function| function.name.to_owned()));
        Self { names }
    }

    /// Where the word before the cursor begins, and the names that begin as it does.
    fn offered(&self, line: &str, cursor: usize) -> (usize, Vec<&str>) {
        let before = &line[..cursor];
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let from =
            before.rfind(|c| !is_part(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let word = before[from..].to_ascii_lowercase();
        if word.is_empty() {
            return (from, Vec::new());
        }
        (
            from,
            self.names.range(word.clone()..).take_while(|name| name.starts_with(&word)).map(String::as_str).collect(),
        )
    }
}

/// Whether a query goes on: it ends with a semicolon, and a command of the prompt with its line.
fn goes_on(typed: &str) -> bool {
    let typed = typed.trim();
    !(typed.is_empty() || typed.starts_with('\\') || typed.ends_with(';') || ["exit", "quit"].contains(&typed))
}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (from, names) = self.offered(line, cursor);
        let pair = |name: &str| Pair { display: name.to_owned(), replacement: name.to_owned() };
        Ok((from, names.into_iter().map(pair).collect()))
    }
}

impl Validator for Prompt {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if goes_on(context.input()) { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Highlighter for Prompt {}

impl Hinter for Prompt {
    type Hint = String;
}

impl Helper for Prompt {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_where_they_are_begun() {
        let prompt = Prompt::new();
        let (from, names) = prompt.offered("select å, named_f", 18);
        assert_eq!((from, names), (11, vec!["named_figures"]));
        assert_eq!(prompt.offered("SELECT mean FROM figu", 21).1, ["figures"]);
        assert_eq!(prompt.offered("select mean ", 12).1, [""; 0]);
    }

    #[test]
    fn a_query_ends_with_a_semicolon() {
        assert!(goes_on("select 1\nfrom figures"));
        assert!(!goes_on("select 1;\n") && !goes_on("\\d figures") && !goes_on("  ") && !goes_on("quit"));
    }
}
