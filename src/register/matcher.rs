//! Finds the organisation that a survey file means, by id, code, organisation number or name; it never guesses.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use super::Register;
use crate::model::{Organisation, OrganisationId, Year};

/// What a text in a survey file means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The organisation at this position of [`Matcher::organisations`].
    One(u32),
    /// No organisation goes by it.
    Unknown,
    /// More than one does.
    Ambiguous,
    /// One did, but not in the year asked about.
    Expired,
}

/// All ways to name an organisation, prepared for one year.
#[derive(Debug)]
pub struct Matcher {
    organisations: Vec<OrganisationId>,
    known: HashMap<String, Match>,
}

/// The form in which names are compared: NFC, trimmed, inner white space as one blank, lower case.
pub(super) fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").nfc().collect::<String>().to_lowercase()
}

impl Matcher {
    /// Prepares matching for surveys of a year.
    pub fn new(register: &Register, year: Year) -> Self {
        let organisations: Vec<OrganisationId> = register.organisations.keys().cloned().collect();
        let mut matcher = Self { organisations, known: HashMap::new() };
        for (at, organisation) in register.organisations.values().enumerate() {
            let found = if organisation.exists_in(year) { Match::One(at as u32) } else { Match::Expired };
            for key in keys(organisation) {
                matcher.add(&key, found);
            }
        }
        for (id, alias) in &register.aliases {
            if let (Ok(at), Some(organisation)) =
                (matcher.organisations.binary_search(id), register.organisations.get(id))
            {
                let found = if organisation.exists_in(year) { Match::One(at as u32) } else { Match::Expired };
                matcher.add(&fold(alias), found);
            }
        }
        matcher
    }

    /// A key that several organisations of the year share is ambiguous; one that is expired gives way to one that is not.
    fn add(&mut self, key: &str, found: Match) {
        self.known
            .entry(key.to_owned())
            .and_modify(|known| {
                *known = match (*known, found) {
                    (Match::One(a), Match::One(b)) if a == b => Match::One(a),
                    (Match::Expired, found) => found,
                    (known, Match::Expired) => known,
                    _ => Match::Ambiguous,
                }
            })
            .or_insert(found);
    }

    /// The organisation that a text means. The text is compared as it stands first, since most files use codes.
    pub fn find(&self, text: &str) -> Match {
        if let Some(found) = self.known.get(text) {
            return *found;
        }
        self.known.get(&fold(text)).copied().unwrap_or(Match::Unknown)
    }

    /// Every organisation, in the order of ids; positions are what [`Match::One`] holds.
    pub fn organisations(&self) -> &[OrganisationId] {
        &self.organisations
    }
}

fn keys(organisation: &Organisation) -> Vec<String> {
    let mut keys = vec![organisation.id.as_str().to_owned(), fold(&organisation.name)];
    keys.extend(organisation.code.clone());
    keys.extend(organisation.official_name.as_deref().map(fold));
    if let Some(number) = &organisation.number {
        keys.push(number.clone());
        keys.push(number.replace('-', ""));
    }
    keys.sort();
    keys.dedup();
    keys
}
