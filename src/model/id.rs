//! Identifiers, each its own type and parsed once at the border; what they identify lives in its own module.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A text that is no valid identifier, with the rule that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {kind}: use 1 to {longest} of a-z, 0-9{extra}")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
    longest: usize,
    extra: &'static str,
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $longest:literal, $allowed:literal, $extra:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier, or says which rule the text breaks.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let fits = !text.is_empty()
                    && text.len() <= $longest
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || $allowed.contains(&b));
                if fits {
                    Ok(Self(text.to_owned()))
                } else {
                    let text = text.chars().take(80).collect();
                    Err(InvalidId { kind: $kind, text, longest: $longest, extra: $extra })
                }
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

identifier!(/// An instrument, such as `digital-maturity`.
    InstrumentId, "instrument id", 40, b"-", " and hyphen");
identifier!(/// A measure of an instrument: the key of a node in its tree, such as `capability`.
    IndicatorId, "indicator id", 40, b"-", " and hyphen");
identifier!(/// A question of an instrument, and the microdata column that holds its answers, such as `q01`.
    QuestionId, "question id", 40, b"_", " and underscore");
identifier!(/// A mapping from a survey tool's export to an instrument.
    MappingId, "mapping id", 40, b"-", " and hyphen");
identifier!(/// An organisation, such as `municipality-0114`.
    OrganisationId, "organisation id", 64, b"-", " and hyphen");
identifier!(/// A group of organisations: its kind, a colon, and its key within the kind, such as `county:01`.
    GroupId, "group id", 120, b"-:+_.", ", hyphen, colon, plus, dot and underscore");

/// A SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Digest(String);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// The digest that a running hasher has come to.
    pub fn finish(hasher: Sha256) -> Self {
        Self(hex::encode(hasher.finalize()))
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            let text = text.chars().take(80).collect();
            Err(InvalidId { kind: "digest (64 digits)", text, longest: 64, extra: ", hexadecimal" })
        }
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for people.
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Digest {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_refuse_what_could_be_a_path_or_a_pattern() {
        for bad in ["", "A", "å", "a b", "../x", "a/b", "a\0", "%2e"] {
            assert!(OrganisationId::parse(bad).is_err(), "{bad:?}");
            assert!(GroupId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(OrganisationId::parse(&"a".repeat(65)).is_err());
        assert_eq!(OrganisationId::parse("municipality-0114").unwrap().as_str(), "municipality-0114");
        assert_eq!(GroupId::parse("county:01+09").unwrap().as_str(), "county:01+09");
    }

    #[test]
    fn a_digest_is_that_of_the_standard() {
        // FIPS 180-2, appendix B.1
        assert!(Digest::of(b"abc").as_str().starts_with("ba7816bf8f01cfea"));
    }
}
