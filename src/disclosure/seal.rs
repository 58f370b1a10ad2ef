//! The fourth wrapper: an organisation's own results in a file that only its keys open, in the `age` format
//! (age-encryption.org/v1); what is in them is decided by `own`.
//!
//! Whoever takes the public store learns nothing from sealed files: all of one release are of one size, and each is sealed to
//! the same number of keys, of which those that nobody holds are made for the purpose and thrown away.

use std::{collections::BTreeMap, fmt, io::Read as _, io::Write as _, iter, str::FromStr};

use age::secrecy::ExposeSecret as _;
use bytes::Bytes;

use super::{DisclosureError, Unprotected};
use crate::{
    model::{Digest, OrganisationId},
    table::Table,
};

/// Keys that an organisation's results are sealed to; there can be no more.
pub const HOLDERS_MAX: usize = 4;

/// Sealed files are as long as a multiple of this, so that their length tells nothing.
const STEP: usize = 64 * 1024;

/// Why own results cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// No key of this form.
    #[error("this is no key; a key begins with AGE-SECRET-KEY-1, and is given out by `mognad key issue`")]
    NoKey,
    /// No public key of this form.
    #[error("{0} is no public key; it should begin with age1")]
    NoRecipient(String),
    /// The key does not open the file.
    #[error("the key does not open these results")]
    OtherKey,
    /// Sealing failed.
    #[error("results could not be sealed; publish again")]
    Failed,
}

/// The public half of an organisation's key.
#[derive(Clone)]
pub struct Recipient(age::x25519::Recipient);

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Recipient {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::NoRecipient(text.chars().take(80).collect()))
    }
}

/// An organisation's key. It opens the organisation's sealed results, and nothing shows it.
///
/// ```
/// let key = mognad::disclosure::Identity::generate();
/// assert_eq!(format!("{key:?}"), "[KEY]");
/// ```
/// ```compile_fail
/// let key = mognad::disclosure::Identity::generate();
/// println!("{key}");
/// ```
pub struct Identity(age::x25519::Identity);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[KEY]")
    }
}

impl Identity {
    /// A new key.
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads a key such as `AGE-SECRET-KEY-1…`.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::NoKey)
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// Hands the key itself to somebody who gives it to its holder, once.
    pub fn give_out<T>(&self, to: impl FnOnce(&str) -> T) -> T {
        to(self.0.to_string().expose_secret())
    }
}

/// An organisation's results, readable with its key only.
#[derive(Clone)]
pub struct Sealed(Bytes);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[SEALED, {} bytes]", self.0.len())
    }
}

/// Own results in their holder's hands. They go into the answer to that holder's request, and nowhere else.
pub struct Opened(Table);

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[OPENED]")
    }
}

impl Opened {
    /// The rows.
    pub fn get(&self) -> &Table {
        &self.0
    }
}

/// A digest of results and of what else decides what is sealed. With a secret among it, it confirms no guess at results.
pub fn fingerprint(
    results: &BTreeMap<OrganisationId, Unprotected<Table>>,
    with: &[&[u8]],
) -> Result<Digest, DisclosureError> {
    let mut all = Vec::new();
    for part in with {
        all.extend_from_slice(Digest::of(part).as_str().as_bytes());
    }
    for (organisation, table) in results {
        all.extend_from_slice(organisation.as_str().as_bytes());
        all.extend_from_slice(Digest::of(&table.expose().to_parquet()?).as_str().as_bytes());
    }
    Ok(Digest::of(&all))
}

/// Seals the results of those organisations that have a key.
pub fn seal(
    results: &BTreeMap<OrganisationId, Unprotected<Table>>,
    holders: &BTreeMap<OrganisationId, Vec<Recipient>>,
) -> Result<BTreeMap<OrganisationId, Sealed>, DisclosureError> {
    let mut files: Vec<(&OrganisationId, &[Recipient], &Table)> = Vec::new();
    for (organisation, recipients) in holders.iter().filter(|(_, recipients)| !recipients.is_empty()) {
        if let Some(table) = results.get(organisation) {
            files.push((organisation, recipients, table.expose()));
        }
    }
    let mut longest = 0;
    for (_, _, table) in &files {
        longest = longest.max(table.to_parquet()?.len());
    }
    let size = (longest + Table::PADDING_LEAST).next_multiple_of(STEP);
    let mut sealed = BTreeMap::new();
    for (organisation, recipients, table) in files {
        sealed.insert(organisation.clone(), Sealed::new(&table.to_parquet_of(size)?, recipients)?);
    }
    Ok(sealed)
}

impl Sealed {
    fn new(plain: &[u8], recipients: &[Recipient]) -> Result<Self, SealError> {
        let nobody: Vec<Recipient> =
            (recipients.len()..HOLDERS_MAX).map(|_| Identity::generate().recipient()).collect();
        let all =
            recipients.iter().take(HOLDERS_MAX).chain(&nobody).map(|recipient| &recipient.0 as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(all).map_err(|_| SealError::Failed)?;
        let mut file = Vec::new();
        let mut writer = encryptor.wrap_output(&mut file).map_err(|_| SealError::Failed)?;
        writer.write_all(plain).and_then(|()| writer.finish()).map_err(|_| SealError::Failed)?;
        Ok(Self(Bytes::from(file)))
    }

    /// A file that nobody's key opens, to try keys on where there is no other: the answer then takes as long.
    pub fn decoy() -> Self {
        Self::new(&vec![0; STEP], &[]).unwrap_or(Self(Bytes::new()))
    }

    /// A file read from the public store.
    pub fn from_store(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The file.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Opens the file with a key.
    pub fn open(&self, key: &Identity) -> Result<Opened, SealError> {
        let decryptor = age::Decryptor::new(&self.0[..]).map_err(|_| SealError::OtherKey)?;
        let mut reader =
            decryptor.decrypt(iter::once(&key.0 as &dyn age::Identity)).map_err(|_| SealError::OtherKey)?;
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain).map_err(|_| SealError::OtherKey)?;
        Table::from_parquet(Bytes::from(plain)).map(Opened).map_err(|_| SealError::OtherKey)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::{
        array::{ArrayRef, Int64Array},
        datatypes::{DataType, Field, Schema},
    };

    use super::*;

    fn results(rows: i64) -> Unprotected<Table> {
        let schema = Schema::new(vec![Field::new("score", DataType::Int64, false)]);
        // numbers that do not compress, so that tables differ in size
        let column: ArrayRef =
            Arc::new((0..rows).map(|row| row.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64)).collect::<Int64Array>());
        Unprotected::new(Table::from_columns(schema, vec![column]).unwrap())
    }

    #[test]
    fn only_the_holders_open_and_sizes_tell_nothing() {
        let id = |name: &str| OrganisationId::parse(name).unwrap();
        let tables = [(id("small"), results(3)), (id("large"), results(40_000)), (id("without"), results(3))].into();
        let keys: Vec<Identity> = (0..3).map(|_| Identity::generate()).collect();
        let holders = [
            (id("small"), vec![keys[0].recipient(), keys[1].recipient()]),
            (id("large"), vec![keys[2].recipient()]),
            (id("absent"), vec![keys[2].recipient()]),
        ];
        let sealed = seal(&tables, &holders.into()).unwrap();
        assert_eq!(sealed.keys().map(OrganisationId::as_str).collect::<Vec<_>>(), ["large", "small"]);
        assert_eq!(sealed[&id("small")].open(&keys[0]).unwrap().get().rows(), 3);
        assert_eq!(sealed[&id("small")].open(&keys[1]).unwrap().get().rows(), 3);
        assert_eq!(sealed[&id("large")].open(&keys[2]).unwrap().get().rows(), 40_000);
        assert!(matches!(sealed[&id("small")].open(&keys[2]), Err(SealError::OtherKey)));
        assert!(matches!(Sealed::decoy().open(&keys[2]), Err(SealError::OtherKey)));
        // beside the payload stands a header with a stanza for each key, and now and then one for nobody
        let payload = |file: &Sealed| file.bytes().len() / STEP;
        assert_eq!(payload(&sealed[&id("small")]), payload(&sealed[&id("large")]));
    }

    #[test]
    fn a_damaged_file_opens_with_no_key() {
        let key = Identity::generate();
        let id = OrganisationId::parse("a").unwrap();
        let sealed = seal(&[(id.clone(), results(9))].into(), &[(id.clone(), vec![key.recipient()])].into()).unwrap();
        let mut bytes = sealed[&id].bytes().to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(matches!(Sealed::from_store(bytes.into()).open(&key), Err(SealError::OtherKey)));
        assert!(matches!(Sealed::from_store(Bytes::new()).open(&key), Err(SealError::OtherKey)));
    }

    #[test]
    fn keys_are_read_and_come_back() {
        let key = Identity::generate();
        let text = key.give_out(str::to_owned);
        assert!(text.starts_with("AGE-SECRET-KEY-1"));
        assert_eq!(Identity::parse(&text).unwrap().recipient().to_string(), key.recipient().to_string());
        for bad in ["", "AGE-SECRET-KEY-1", "age1abc", &text[..40]] {
            assert!(matches!(Identity::parse(bad), Err(SealError::NoKey)), "{bad}");
        }
    }
}
