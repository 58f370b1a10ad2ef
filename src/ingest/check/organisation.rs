//! Checks that a text means exactly one organisation that the survey is for; the register decides what it means.

use std::collections::HashMap;

use super::{Effect, Rule, personal_number, text};
use crate::{
    model::{Instrument, Year},
    register::{Match, Matcher, Register},
};

pub(in crate::ingest) const UNKNOWN_ORGANISATION: Rule = Rule {
    id: "unknown-organisation",
    effect: Effect::RefuseRow,
    sv: "ingen organisation i registret har den koden, det organisationsnumret eller det namnet; rätta cellen (koder har inledande nollor) eller lägg till ett alias i registret",
    en: "no organisation in the register goes by this code, organisation number or name; correct the cell (codes have leading zeros) or add an alias to the register",
};

pub(in crate::ingest) const AMBIGUOUS_ORGANISATION: Rule = Rule {
    id: "ambiguous-organisation",
    effect: Effect::RefuseRow,
    sv: "flera organisationer i registret går under namnet eller numret; använd organisationens kod eller id",
    en: "several organisations in the register go by this name or number; use the organisation's code or id",
};

pub(in crate::ingest) const EXPIRED_ORGANISATION: Rule = Rule {
    id: "expired-organisation",
    effect: Effect::RefuseRow,
    sv: "organisationen fanns inte under enkätens år; ange dess efterföljare eller föregångare, eller kontrollera året",
    en: "the organisation did not exist in the survey's year; name its successor or predecessor, or check the year",
};

pub(in crate::ingest) const SECTOR_NOT_SURVEYED: Rule = Rule {
    id: "sector-not-surveyed",
    effect: Effect::RefuseRow,
    sv: "instrumentet riktar sig inte till organisationens sektor; kontrollera cellen och instrumentet",
    en: "the instrument is not meant for the organisation's sector; check the cell and the instrument",
};

/// Texts remembered at a time; a survey names each organisation many times.
const REMEMBERED_MAX: usize = 16_384;

/// Which organisations a survey may name, prepared once.
#[derive(Debug)]
pub(in crate::ingest) struct Organisations {
    pub(in crate::ingest) matcher: Matcher,
    /// By position in the matcher: whether the instrument is for the organisation's sector.
    surveyed: Vec<bool>,
}

impl Organisations {
    pub(in crate::ingest) fn new(register: &Register, instrument: &Instrument, year: Year) -> Self {
        let matcher = Matcher::new(register, year);
        let surveyed = matcher
            .organisations()
            .iter()
            .map(|id| register.organisations.get(id).is_some_and(|found| instrument.sectors.contains(&found.sector)));
        Self { surveyed: surveyed.collect(), matcher }
    }

    fn read(&self, raw: &str) -> Result<u32, &'static Rule> {
        let Some(name) = text::read(raw, text::TEXT_CHARS)? else { return Err(&text::REQUIRED) };
        match self.matcher.find(&name) {
            Match::One(at) if self.surveyed.get(at as usize).copied().unwrap_or_default() => Ok(at),
            Match::One(_) => Err(&SECTOR_NOT_SURVEYED),
            Match::Unknown if personal_number::is_in(&name) => Err(&personal_number::PERSONAL_IDENTITY_NUMBER),
            Match::Unknown => Err(&UNKNOWN_ORGANISATION),
            Match::Ambiguous => Err(&AMBIGUOUS_ORGANISATION),
            Match::Expired => Err(&EXPIRED_ORGANISATION),
        }
    }
}

/// Reads cells of the organisation column; one per thread.
pub(in crate::ingest) struct OrganisationReader<'a> {
    organisations: &'a Organisations,
    remembered: HashMap<Box<str>, Result<u32, &'static Rule>>,
}

impl<'a> OrganisationReader<'a> {
    pub(in crate::ingest) fn new(organisations: &'a Organisations) -> Self {
        Self { organisations, remembered: HashMap::new() }
    }

    /// The position of the organisation that a cell means, among all organisations in the order of ids.
    pub(in crate::ingest) fn read(&mut self, raw: &str) -> Result<u32, &'static Rule> {
        if let Some(found) = self.remembered.get(raw) {
            return *found;
        }
        let found = self.organisations.read(raw);
        if self.remembered.len() >= REMEMBERED_MAX {
            self.remembered.clear();
        }
        self.remembered.insert(raw.into(), found);
        found
    }
}
