//! The one list of rules that a survey file is checked by; each rule lives with its check, in a file of its own.

pub(super) mod answer;
pub(super) mod date;
pub(super) mod duplicate;
pub(super) mod file;
pub(super) mod header;
pub(super) mod number;
pub(super) mod organisation;
pub(super) mod pattern;
pub(super) mod personal_number;
pub(super) mod role;
pub(super) mod text;

use serde::Serialize;

/// What a finding of a rule leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing of the file is accepted.
    RefuseFile,
    /// The row is not accepted.
    RefuseRow,
    /// The row is accepted; somebody should look.
    Flag,
}

/// A rule, with what is wrong where it is broken, and the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Identifier.
    pub id: &'static str,
    /// What a finding leads to.
    pub effect: Effect,
    /// Cause and remedy in Swedish.
    pub sv: &'static str,
    /// Cause and remedy in English.
    pub en: &'static str,
}

/// Every rule, in the order in which a file meets them.
pub static RULES: &[Rule] = &[
    file::UNSUPPORTED_FORMAT,
    file::TOO_LARGE,
    file::EMPTY_FILE,
    file::INVALID_ENCODING,
    file::DAMAGED_WORKBOOK,
    file::ENCRYPTED_WORKBOOK,
    file::WORKBOOK_MACROS,
    file::WORKBOOK_EXTERNAL_LINKS,
    header::MISSING_COLUMN,
    header::DUPLICATE_COLUMN,
    header::UNKNOWN_COLUMN,
    file::UNCLOSED_QUOTE,
    file::TRUNCATED_FILE,
    file::ROW_TOO_LONG,
    file::ROW_TOO_SHORT,
    file::FORMULA_ERROR,
    text::REQUIRED,
    text::CONTROL_CHARACTER,
    text::TOO_LONG,
    personal_number::PERSONAL_IDENTITY_NUMBER,
    organisation::UNKNOWN_ORGANISATION,
    organisation::AMBIGUOUS_ORGANISATION,
    organisation::EXPIRED_ORGANISATION,
    organisation::SECTOR_NOT_SURVEYED,
    role::UNKNOWN_ROLE,
    role::NOT_ASKED,
    date::INVALID_DATE,
    date::DATE_OUT_OF_RANGE,
    answer::OUT_OF_RANGE,
    answer::UNKNOWN_ANSWER,
    pattern::NO_ANSWERS,
    pattern::STRAIGHT_LINING,
    number::UNKNOWN_MEASURE,
    number::INVALID_NUMBER,
    duplicate::DUPLICATE_RESPONDENT,
    duplicate::RESPONDENT_IN_TWO_ORGANISATIONS,
    duplicate::DUPLICATE_SCORE,
    duplicate::INCOMPLETE_ORGANISATION,
    duplicate::ALREADY_ANSWERED,
];

/// The rule with an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn ids_in(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                ids_in(&path, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let quoted = text.lines().filter_map(|line| line.trim().strip_prefix("id: \"")?.strip_suffix("\","));
                found.extend(quoted.map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_rule_is_in_the_list_once() {
        let mut defined = Vec::new();
        ids_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ingest"), &mut defined);
        defined.sort();
        let mut listed: Vec<String> = RULES.iter().map(|rule| rule.id.to_owned()).collect();
        listed.sort();
        assert_eq!(defined, listed);
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), RULES.len());
    }

    #[test]
    fn rules_are_messages_of_the_house() {
        for rule in RULES {
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
            for text in [rule.sv, rule.en] {
                assert!(text.chars().next().is_some_and(|c| !c.is_uppercase()), "{text}");
                assert!(!text.ends_with('.') && text.contains(';'), "cause; remedy: {text}");
            }
        }
    }
}
