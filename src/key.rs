//! Keys of organisations: who holds one, until when, and which are revoked. Only their public halves are kept, in the private
//! store; what is sealed to them is `disclosure`'s.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    disclosure::{HOLDERS_MAX, Identity, Recipient, SealError},
    model::{Digest, OrganisationId},
    store::{PrivateStore, StoreError, json, path},
};

/// What can go wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A public key cannot be read.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An entry cannot be understood.
    #[error("{path} is no valid entry: {cause}; restore it from a copy")]
    Entry {
        /// The object.
        path: String,
        /// What is wrong.
        cause: String,
    },
    /// There is no such key.
    #[error("there is no key {0}; `mognad key list` shows them")]
    Unknown(String),
    /// An organisation cannot have more.
    #[error("{0} has {HOLDERS_MAX} valid keys, which is as many as there can be; revoke one first")]
    Full(OrganisationId),
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Key {
    /// Short name for people: digits of the public half's digest.
    pub id: String,
    /// Whose results it opens.
    pub organisation: OrganisationId,
    /// The public half.
    pub recipient: String,
    /// Who it was given to.
    pub label: Option<String>,
    /// When it was given out.
    pub issued_at: Timestamp,
    /// Releases made after this are not sealed to it.
    pub expires_at: Option<Timestamp>,
    /// Releases made after this are not sealed to it, since it was taken back.
    #[serde(skip)]
    pub revoked_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Revocation {
    revoked_at: Timestamp,
}

impl Key {
    /// Whether releases made at a time are sealed to it.
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.expires_at.is_none_or(|until| at < until) && self.revoked_at.is_none_or(|since| at < since)
    }
}

/// Makes a key. The key itself is nowhere but in what is returned.
pub async fn issue(
    store: &PrivateStore,
    organisation: &OrganisationId,
    label: Option<String>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Key, Identity), KeyError> {
    let valid = list(store).await?.into_iter().filter(|key| key.organisation == *organisation && key.is_valid(now));
    if valid.count() >= HOLDERS_MAX {
        return Err(KeyError::Full(organisation.clone()));
    }
    let identity = Identity::generate();
    let recipient = identity.recipient().to_string();
    let id = Digest::of(recipient.as_bytes()).short().to_owned();
    let key =
        Key { id, organisation: organisation.clone(), recipient, label, issued_at: now, expires_at, revoked_at: None };
    store.0.put_new(&path::key(organisation, &key.id), json(&key)).await?;
    Ok((key, identity))
}

/// Every key, by organisation and time.
pub async fn list(store: &PrivateStore) -> Result<Vec<Key>, KeyError> {
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    let mut revoked: BTreeMap<String, Timestamp> = BTreeMap::new();
    for place in store.0.list(&path::keys()).await? {
        let bytes = store.0.get(&place).await?;
        let entry = |error: serde_json::Error| KeyError::Entry { path: place.to_string(), cause: error.to_string() };
        let name = place.filename().unwrap_or_default();
        if let Some(id) = name.strip_suffix(path::REVOKED) {
            revoked.insert(id.to_owned(), serde_json::from_slice::<Revocation>(&bytes).map_err(entry)?.revoked_at);
        } else if place.extension() == Some("json") {
            let key: Key = serde_json::from_slice(&bytes).map_err(entry)?;
            keys.insert(key.id.clone(), key);
        }
    }
    for (id, since) in revoked {
        if let Some(key) = keys.get_mut(&id) {
            key.revoked_at = Some(since);
        }
    }
    let mut keys: Vec<Key> = keys.into_values().collect();
    keys.sort_by(|a, b| (&a.organisation, a.issued_at, &a.id).cmp(&(&b.organisation, b.issued_at, &b.id)));
    Ok(keys)
}

/// Takes a key back, from the next release on: older files stay readable with it.
pub async fn revoke(store: &PrivateStore, id: &str, now: Timestamp) -> Result<Key, KeyError> {
    let found = list(store).await?.into_iter().find(|key| key.id == id);
    let mut key = found.ok_or_else(|| KeyError::Unknown(id.chars().take(80).collect()))?;
    if key.revoked_at.is_none() {
        store.0.put_new(&path::revocation(&key.organisation, id), json(&Revocation { revoked_at: now })).await?;
        key.revoked_at = Some(now);
    }
    Ok(key)
}

/// The private store's own secret, made once: digests that are public are made with it where they could confirm a guess.
pub async fn secret(store: &PrivateStore) -> Result<Bytes, KeyError> {
    let place = path::secret();
    match store.0.get(&place).await {
        Err(StoreError::Missing(_)) => {
            let secret: [u8; 32] = rand::random();
            match store.0.put_new(&place, Bytes::copy_from_slice(&secret)).await {
                // another publisher was first
                Ok(_) | Err(StoreError::Taken(_)) => Ok(store.0.get(&place).await?),
                Err(error) => Err(error.into()),
            }
        }
        found => Ok(found?),
    }
}

/// The keys that a release made now is sealed to.
pub async fn holders(
    store: &PrivateStore,
    now: Timestamp,
) -> Result<BTreeMap<OrganisationId, Vec<Recipient>>, KeyError> {
    let mut holders: BTreeMap<OrganisationId, Vec<Recipient>> = BTreeMap::new();
    for key in list(store).await?.into_iter().filter(|key| key.is_valid(now)) {
        holders.entry(key.organisation).or_default().push(key.recipient.parse()?);
    }
    Ok(holders)
}
