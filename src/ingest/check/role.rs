//! Checks a respondent's role against the instrument and the mapping; who may answer which question is defined there.

use std::collections::HashMap;

use super::{Effect, Rule, text};
use crate::{
    definition::Mapping,
    ingest::text::fold,
    model::{Instrument, Question},
};

pub(in crate::ingest) const UNKNOWN_ROLE: Rule = Rule {
    id: "unknown-role",
    effect: Effect::RefuseRow,
    sv: "instrumentet har ingen sådan roll; rätta cellen, lämna den tom, eller ange ordet under [roles] i mappningen",
    en: "the instrument has no such role; correct the cell, leave it blank, or name the word under [roles] in the mapping",
};

pub(in crate::ingest) const NOT_ASKED: Rule = Rule {
    id: "not-asked",
    effect: Effect::Flag,
    sv: "frågan ställs inte till den rollen, så svaret räknas som saknat; kontrollera rollen",
    en: "the question is not asked of this role, so the answer counts as missing; check the role",
};

/// All ways to name a role.
#[derive(Debug)]
pub(in crate::ingest) struct Roles {
    /// Position in the instrument's roles, by folded text.
    known: HashMap<String, u8>,
}

impl Roles {
    pub(in crate::ingest) fn new(instrument: &Instrument, mapping: &Mapping) -> Self {
        let mut known = HashMap::new();
        for (at, role) in instrument.roles.iter().enumerate() {
            for name in [&role.key, &role.name.sv, &role.name.en] {
                known.insert(fold(name), at as u8);
            }
        }
        // the mapping's words come last, so that they decide
        for (word, key) in &mapping.roles {
            if let Some(at) = instrument.roles.iter().position(|role| role.key == *key) {
                known.insert(fold(word), at as u8);
            }
        }
        Self { known }
    }

    /// The position of the role that a cell means, none for a blank cell.
    pub(in crate::ingest) fn read(&self, raw: &str) -> Result<Option<u8>, &'static Rule> {
        match text::read_impersonal(raw, text::TEXT_CHARS)? {
            None => Ok(None),
            Some(word) => match self.known.get(word.as_ref()).or_else(|| self.known.get(&fold(&word))) {
                Some(at) => Ok(Some(*at)),
                None => Err(&UNKNOWN_ROLE),
            },
        }
    }
}

/// For each role whether a question is asked of it; none where it is asked of all.
pub(in crate::ingest) fn asked(instrument: &Instrument, question: &Question) -> Option<Vec<bool>> {
    if question.roles.is_empty() {
        return None;
    }
    Some(instrument.roles.iter().map(|role| question.roles.contains(&role.key)).collect())
}
