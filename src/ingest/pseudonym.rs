//! Turns what tells respondents apart into keyed pseudonyms, so that no identity is stored; the key is kept by the operator.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::model::{InstrumentId, Year};

/// The operator's secret. Whoever has it can test whether a known person answered, so it is stored apart from the microdata.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

/// A text that is no pseudonym key. The text itself is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pseudonym key is not right: give at least 64 hexadecimal digits (32 random bytes)")]
pub struct InvalidKey;

impl PseudonymKey {
    /// Reads a key of at least 32 bytes, in hexadecimal.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let key = hex::decode(text.trim()).map_err(|_| InvalidKey)?;
        if key.len() < 32 {
            return Err(InvalidKey);
        }
        Hmac::new_from_slice(&key).map(Self).map_err(|_| InvalidKey)
    }
}

impl PseudonymKey {
    /// A code that two keys do not share and from which none can be found.
    pub(super) fn check_code(&self) -> String {
        let mut keyed = self.0.clone();
        keyed.update(b"mognad pseudonym key");
        hex::encode(&keyed.finalize().into_bytes()[..8])
    }
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

/// Makes the pseudonyms of one round, which cannot be linked with those of another.
#[derive(Clone)]
pub(super) struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    pub(super) fn new(key: &PseudonymKey, instrument: &InstrumentId, year: Year, round: u8) -> Self {
        let mut keyed = key.0.clone();
        keyed.update(format!("{instrument}|{year}|{round}|").as_bytes());
        Self { keyed }
    }

    /// The pseudonym of a respondent, whose text is trimmed and NFC.
    pub(super) fn of(&self, respondent: &str) -> u128 {
        let mut keyed = self.keyed.clone();
        keyed.update(respondent.as_bytes());
        let code = keyed.finalize().into_bytes();
        let mut first = [0; 16];
        first.copy_from_slice(&code[..16]);
        u128::from_be_bytes(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pseudonyms(key: &str, year: u16, round: u8) -> Pseudonyms {
        let instrument = InstrumentId::parse("digital-maturity").unwrap();
        Pseudonyms::new(&PseudonymKey::parse(key).unwrap(), &instrument, Year::try_from(year).unwrap(), round)
    }

    #[test]
    fn pseudonyms_depend_on_key_year_and_round() {
        let (a, b) = ("0b".repeat(32), "0c".repeat(32));
        let own = pseudonyms(&a, 2024, 1).of("r1");
        assert_eq!(own, pseudonyms(&a, 2024, 1).of("r1"));
        for other in [pseudonyms(&b, 2024, 1), pseudonyms(&a, 2023, 1), pseudonyms(&a, 2024, 2)] {
            assert_ne!(own, other.of("r1"));
        }
        assert_ne!(own, pseudonyms(&a, 2024, 1).of("r2"));
    }

    #[test]
    fn a_key_is_long_enough_and_never_shown() {
        for bad in ["", "00", "zz", &"0".repeat(63), &"å".repeat(64)] {
            assert_eq!(PseudonymKey::parse(bad).unwrap_err(), InvalidKey);
        }
        let key = PseudonymKey::parse(&"ab".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "[REDACTED]");
        assert_eq!(key.check_code(), key.clone().check_code());
        assert_ne!(key.check_code(), PseudonymKey::parse(&"ac".repeat(32)).unwrap().check_code());
    }
}
