//! Matches a file's header row with what the instrument and the mapping expect; reading the row is the reader's work.

use std::collections::{HashMap, HashSet};

use super::{
    check::{Rule, header as rules, personal_number},
    text::fold,
};
use crate::{
    definition::{Mapping, MappingKind},
    model::{AnsweredBy, Instrument, Version},
};

/// Characters of a header that findings show.
const SHOWN_CHARS: usize = 120;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Organisation,
    Respondent,
    Unit,
    Role,
    AnsweredOn,
    /// A question, by its position in the instrument.
    Question(usize),
    Measure,
    Value,
    Respondents,
    /// Known, and left unread.
    Dropped,
}

/// The columns that a survey's file may and must have.
#[derive(Debug)]
pub(super) struct Expected {
    uses: HashMap<String, Use>,
    /// What must be there, with the name that people know it by.
    required: Vec<(Use, String)>,
}

/// The columns that are read.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Position in the file, what it is, and its header; in the order of the file.
    pub(super) wanted: Vec<(usize, Use, String)>,
    /// Number of columns in the file.
    pub(super) in_file: usize,
}

/// A header row that has been matched.
#[derive(Debug)]
pub(super) struct Matched {
    pub(super) columns: Columns,
    /// Findings: column and rule.
    pub(super) findings: Vec<(String, &'static Rule)>,
}

impl Expected {
    pub(super) fn new(instrument: &Instrument, version: &Version, mapping: &Mapping) -> Self {
        let mut expected = Self { uses: HashMap::new(), required: Vec::new() };
        let names = &mapping.columns;
        let of_answers = |column| if mapping.kind == MappingKind::Answers { column } else { Use::Dropped };
        let of_scores = |column| if mapping.kind == MappingKind::Scores { column } else { Use::Dropped };
        let respondent = match instrument.answered_by {
            AnsweredBy::Respondents => of_answers(Use::Respondent),
            AnsweredBy::Organisation => Use::Dropped,
        };
        for (name, column, required) in [
            (Some(&names.organisation), Use::Organisation, true),
            (names.respondent.as_ref(), respondent, true),
            (names.unit.as_ref(), of_answers(Use::Unit), false),
            (names.role.as_ref(), of_answers(Use::Role), false),
            (names.answered_on.as_ref(), Use::AnsweredOn, false),
            (names.measure.as_ref(), of_scores(Use::Measure), true),
            (names.value.as_ref(), of_scores(Use::Value), true),
            (names.respondents.as_ref(), of_scores(Use::Respondents), false),
        ] {
            let Some(name) = name else { continue };
            expected.name(name, column);
            if required && column != Use::Dropped {
                expected.required.push((column, name.clone()));
            }
        }
        for name in &mapping.drop {
            expected.name(name, Use::Dropped);
        }
        if mapping.kind == MappingKind::Answers {
            expected.questions(instrument, version, mapping);
        }
        expected
    }

    fn questions(&mut self, instrument: &Instrument, version: &Version, mapping: &Mapping) {
        let asked: Vec<usize> = (0..instrument.questions.len())
            .filter(|&at| {
                let versions = &instrument.questions[at].versions;
                versions.is_empty() || versions.contains(&version.id)
            })
            .collect();
        let by_key: HashMap<&str, usize> = asked.iter().map(|&at| (instrument.questions[at].id.as_str(), at)).collect();
        for (header, key) in &mapping.questions {
            if let Some(at) = by_key.get(key.as_str()) {
                self.name(header, Use::Question(*at));
            }
        }
        for (key, at) in &by_key {
            self.name(key, Use::Question(*at));
        }
        // a text that two questions share names neither
        let mut texts: HashMap<String, HashSet<usize>> = HashMap::new();
        for &at in &asked {
            let text = &instrument.questions[at].text;
            for text in [&text.sv, &text.en] {
                texts.entry(fold(text)).or_default().insert(at);
            }
        }
        for (text, questions) in texts {
            if let (Some(at), 1) = (questions.iter().next(), questions.len()) {
                self.name(&text, Use::Question(*at));
            }
        }
        for at in asked {
            self.required.push((Use::Question(at), instrument.questions[at].id.as_str().to_owned()));
        }
    }

    /// The first to name a header decides what it is.
    fn name(&mut self, header: &str, column: Use) {
        self.uses.entry(fold(header)).or_insert(column);
    }

    /// How many of the required columns a header row has.
    pub(super) fn found<'a>(&self, names: impl Iterator<Item = &'a str>) -> usize {
        let found: HashSet<Use> = names.filter_map(|name| self.uses.get(&fold(name)).copied()).collect();
        self.required.iter().filter(|(column, _)| found.contains(column)).count()
    }

    /// Matches a header row. Headers that nothing expects are told only where the row is a header row for certain:
    /// elsewhere they could be somebody's answers.
    pub(super) fn matched(&self, names: &[String]) -> Matched {
        let mut wanted = Vec::new();
        let mut seen = HashSet::new();
        let mut refused = Vec::new();
        let mut unknown = Vec::new();
        for (at, name) in names.iter().enumerate() {
            match self.uses.get(&fold(name)) {
                None => unknown.push((shown(name, at), &rules::UNKNOWN_COLUMN)),
                Some(Use::Dropped) => {}
                Some(column) if seen.insert(*column) => wanted.push((at, *column, shown(name, at))),
                Some(_) => refused.push((shown(name, at), &rules::DUPLICATE_COLUMN)),
            }
        }
        for (column, name) in &self.required {
            if !seen.contains(column) {
                refused.push((name.clone(), &rules::MISSING_COLUMN));
            }
        }
        let findings = if refused.is_empty() { unknown } else { refused };
        Matched { columns: Columns { wanted, in_file: names.len() }, findings }
    }
}

/// A header as findings show it: on one line, and by position where it is blank or personal data.
fn shown(name: &str, at: usize) -> String {
    let words: Vec<&str> =
        name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() || personal_number::is_in(name) {
        return format!("column {}", at + 1);
    }
    words.join(" ").chars().take(SHOWN_CHARS).collect()
}

impl Columns {
    /// Position among the wanted columns, and header, of the column with a use.
    pub(super) fn find(&self, column: Use) -> Option<usize> {
        self.wanted.iter().position(|(_, used, _)| *used == column)
    }
}
