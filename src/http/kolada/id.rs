//! Ids of this face: a letter and ten hexadecimal digits, made of our own ids and of nothing else; what they stand for is in `index`.
//!
//! The digits are the first of the SHA-256 of `instrument/indicator` (KPIs, `M`), `instrument/group` (municipality groups, `G`)
//! or `instrument` (groups of KPIs, `G`), so that everybody can work them out, and no edition, order or title changes them:
//! `printf %s digital-maturity/index | sha256sum` begins with `a2be2c6ea9`, and the KPI is `MA2BE2C6EA9`.

use std::collections::HashMap;

use crate::{figure::Edition, model::Digest};

/// Hexadecimal digits of an id. Among a thousand ids two are the same in one case of two million.
const DIGITS: usize = 10;

/// Why an edition cannot be served in this face.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Two things would have one id.
    #[error("`{0}` and `{1}` would have the same id in the Kolada face; rename one of them and publish again")]
    Shared(String, String),
}

/// The id of a measure.
pub(super) fn kpi(instrument: &str, indicator: &str) -> String {
    of('M', &format!("{instrument}/{indicator}"), DIGITS)
}

/// The id of a group of organisations. A group's members depend on the instrument, so an instrument's group is its own.
pub(super) fn group(instrument: &str, group: &str) -> String {
    of('G', &format!("{instrument}/{group}"), DIGITS)
}

/// The id of an instrument.
pub(super) fn kpi_group(instrument: &str) -> String {
    of('G', instrument, DIGITS)
}

/// Refuses an edition in which two things would have one id.
pub(in crate::http) fn check(edition: &Edition) -> Result<(), IdError> {
    let instruments = edition.instruments();
    let measures = edition.indicators.iter().map(|own| ('M', format!("{}/{}", own.instrument, own.key)));
    let groups = instruments.iter().flat_map(|instrument| {
        edition.groups(instrument).map(move |(group, _)| ('G', format!("{instrument}/{group}")))
    });
    let kpi_groups = instruments.iter().map(|instrument| ('G', instrument.to_string()));
    distinct(measures.chain(groups).chain(kpi_groups), DIGITS)
}

fn of(letter: char, key: &str, digits: usize) -> String {
    let digest = Digest::of(key.as_bytes());
    format!("{letter}{}", digest.as_str()[..digits].to_uppercase())
}

fn distinct(keys: impl Iterator<Item = (char, String)>, digits: usize) -> Result<(), IdError> {
    let mut known: HashMap<String, String> = HashMap::new();
    for (letter, key) in keys {
        match known.insert(of(letter, &key, digits), key.clone()) {
            Some(other) if other != key => return Err(IdError::Shared(other, key)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_documentation() {
        assert_eq!(kpi("digital-maturity", "index"), "MA2BE2C6EA9");
        assert_eq!(group("digital-maturity", "sector:municipality"), "G72C48FCAF2");
        assert_eq!(kpi_group("digital-maturity"), "G6E63677DF0");
    }

    #[test]
    fn two_things_of_one_id_are_told_whatever_their_order() {
        let keys = |count: u32| (0..count).map(|at| ('M', format!("i/{at}")));
        assert_eq!(distinct(keys(20_000), DIGITS), Ok(()));
        // of three hundred keys some share two digits
        let shared = |found: Result<(), IdError>| match found {
            Err(IdError::Shared(first, second)) => of('M', &first, 2) == of('M', &second, 2) && first != second,
            Ok(()) => false,
        };
        assert!(shared(distinct(keys(300), 2)));
        let backward: Vec<_> = keys(300).collect();
        assert!(shared(distinct(backward.into_iter().rev(), 2)));
        // a letter of its own keeps them apart, and the same thing twice is one thing
        assert_eq!(
            distinct([('M', "a".to_owned()), ('G', "a".to_owned()), ('M', "a".to_owned())].into_iter(), 2),
            Ok(())
        );
    }
}
