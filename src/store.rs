//! A URL opened as an object store, with writes that are atomic, durable and read back; what the objects mean is decided elsewhere.

mod bucket;
mod fault;
mod local;
pub mod path;
mod probe;

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, path::Path, prefix::PrefixStore};
use serde::Serialize;
use url::Url;

pub use fault::kill_point;
pub use probe::Tried;

use crate::model::Digest;
use bucket::Patience;

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address cannot be opened.
    #[error("cannot open the store {url}: {cause}; give a folder, or a file:, s3: or memory: URL")]
    Open {
        /// The address as given.
        url: String,
        /// The reason.
        cause: String,
    },
    /// There is no folder to read from.
    #[error("there is no store at {0}; check the address, or fill a store there first: `mognad demo` shows how")]
    NoFolder(String),
    /// An object cannot be read or written.
    #[error("{action} {path} failed: {cause}; check that the store is reachable and has room")]
    Access {
        /// What was tried.
        action: &'static str,
        /// The object.
        path: String,
        /// The reason.
        cause: String,
    },
    /// There is no such object.
    #[error("{0} is not in the store; restore it from a copy")]
    Missing(String),
    /// The object exists with other content.
    #[error("{0} exists already with other content; another writer was first, so nothing was overwritten")]
    Taken(String),
    /// The store does not do what publishing relies on.
    #[error(
        "the store {url} cannot be published to: it does not do what is needed ({failed}); `mognad doctor` says more"
    )]
    Unfit {
        /// The address as given, without what is secret in it.
        url: String,
        /// What it does not do.
        failed: String,
    },
    /// The content is not what its digest says.
    #[error("{0} is damaged: its content does not match its digest; restore it from a copy")]
    Damaged(String),
}

/// An entry of a store as JSON that people can read. It is made of texts, numbers and lists of them, which always can be written.
pub fn json<T: Serialize>(entry: &T) -> Bytes {
    Bytes::from(serde_json::to_vec_pretty(entry).unwrap_or_default())
}

/// How a create-only write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The object is new.
    Created,
    /// The object was there, byte for byte.
    AlreadyThere,
}

/// An object store below a URL.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// The bucket in whose folder `objects` are. A query engine is given this: what is found in a folder of `object_store` 0.13.2 has
    /// its path in the bucket, and the engine takes it for another object.
    bucket: Option<(Arc<dyn ObjectStore>, Path)>,
    local: Option<PathBuf>,
    /// Where the store is registered with a query engine: unique per store, without credentials.
    url: Url,
    /// The address as it was given.
    address: String,
    /// What was read and verified, kept where it is at hand.
    kept: Option<Arc<Store>>,
}

/// The store of the private side: receipts, microdata, intermediate tables, audit. It has no public face.
#[derive(Debug, Clone)]
pub struct PrivateStore(pub Store);

/// The store of the public side: releases and nothing else.
#[derive(Debug, Clone)]
pub struct PublicStore(pub Store);

impl PrivateStore {
    /// Opens the private store; a folder that does not exist is made.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        Store::open(address, "private", Folder::Made).map(Self)
    }

    /// Opens a private store that has to exist.
    pub fn existing(address: &str) -> Result<Self, StoreError> {
        Store::open(address, "private", Folder::Existing).map(Self)
    }
}

impl PublicStore {
    /// Opens the public store; a folder that does not exist is made.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        Store::open(address, "public", Folder::Made).map(Self)
    }

    /// Opens a public store that has to exist.
    pub fn existing(address: &str) -> Result<Self, StoreError> {
        Store::open(address, "public", Folder::Existing).map(Self)
    }

    /// The same for a service, which does not wait long for a store that does not answer. What it reads and verifies it keeps in the
    /// folder `kept`, if there is one, and goes on with that.
    pub fn served(address: &str, kept: Option<&str>) -> Result<Self, StoreError> {
        let mut store = Store::open(address, "public", Folder::Served)?;
        store.kept = kept.map(|folder| Store::open(folder, "kept", Folder::Made)).transpose()?.map(Arc::new);
        Ok(Self(store))
    }

    /// What was read and verified before.
    pub fn kept(&self) -> Option<Self> {
        self.0.kept.as_deref().cloned().map(Self)
    }
}

/// What to do about a folder that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folder {
    Made,
    Existing,
    /// It has to exist, and whoever asks does not wait long.
    Served,
}

impl Store {
    /// Opens a folder, or a `file:`, `s3:` or `memory:` URL. Credentials of S3 come from the environment (`AWS_...`).
    fn open(address: &str, name: &str, missing: Folder) -> Result<Self, StoreError> {
        let refuse = |cause: String| StoreError::Open { url: address.to_owned(), cause };
        let registered = Url::parse(&format!("mognad-{name}://store/")).map_err(|e| refuse(e.to_string()))?;
        let folder = match Url::parse(address) {
            Ok(url) if url.scheme() == "file" => {
                Some(url.to_file_path().map_err(|()| refuse("the file: URL is no local path".to_owned()))?)
            }
            Ok(url) if url.scheme() == "s3" => {
                let patience = if missing == Folder::Served { Patience::Little } else { Patience::Much };
                let (whole, folder) = bucket::open(&url, patience).map_err(|e| refuse(e.to_string()))?;
                let objects = Arc::new(PrefixStore::new(Arc::clone(&whole), folder.clone()));
                let bucket = Some((whole, folder));
                return Ok(Self { bucket, ..Self::of(objects, registered, address) });
            }
            Ok(url) if url.scheme() == "memory" => {
                let objects = Arc::new(object_store::memory::InMemory::new());
                return Ok(Self::of(objects, registered, address));
            }
            Ok(url) if url.scheme().len() > 1 => {
                return Err(refuse(format!("there are no stores at {}: addresses", url.scheme())));
            }
            _ => Some(PathBuf::from(address)),
        };
        let folder = folder.unwrap_or_default();
        if missing == Folder::Made {
            std::fs::create_dir_all(&folder).map_err(|e| refuse(e.to_string()))?;
        } else if !folder.is_dir() {
            return Err(StoreError::NoFolder(address.to_owned()));
        }
        let folder = folder.canonicalize().map_err(|e| refuse(e.to_string()))?;
        let objects =
            object_store::local::LocalFileSystem::new_with_prefix(&folder).map_err(|e| refuse(e.to_string()))?;
        Ok(Self { local: Some(folder), ..Self::of(Arc::new(objects), registered, address) })
    }

    fn of(objects: Arc<dyn ObjectStore>, url: Url, address: &str) -> Self {
        Self { objects, bucket: None, local: None, url, address: address.to_owned(), kept: None }
    }

    /// The store as a query engine needs it: a URL to register and the objects below it.
    pub fn registration(&self) -> (&Url, Arc<dyn ObjectStore>) {
        (&self.url, Arc::clone(self.bucket.as_ref().map_or(&self.objects, |(whole, _)| whole)))
    }

    /// The address as it was given.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Fails unless the store does everything that publishing relies on.
    pub async fn check(&self, nonce: &str) -> Result<(), StoreError> {
        let tried = self.probe(nonce).await;
        let failed: Vec<String> = tried
            .into_iter()
            .filter(|own| !own.is_fit())
            .filter_map(|own| own.failure.map(|failure| format!("{}: {failure}", own.what)))
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        Err(StoreError::Unfit { url: self.address.clone(), failed: failed.join("; ") })
    }

    /// The URL of an object within the registration.
    pub fn object_url(&self, path: &Path) -> String {
        match &self.bucket {
            Some((_, folder)) => format!("{}{}", self.url, folder.parts().chain(path.parts()).collect::<Path>()),
            None => format!("{}{path}", self.url),
        }
    }

    /// The URL of an object for another machine that can read the same store; none if the store is in this process's memory.
    pub fn shared_url(&self, path: &Path) -> Option<String> {
        if let Some(folder) = &self.local {
            return Url::from_file_path(folder.join(path.as_ref())).ok().map(String::from);
        }
        let (_, folder) = self.bucket.as_ref()?;
        let mut url = Url::parse(&self.address).ok()?;
        url.set_path(folder.parts().chain(path.parts()).collect::<Path>().as_ref());
        Some(url.into())
    }

    /// Reads a whole object.
    pub async fn get(&self, path: &Path) -> Result<Bytes, StoreError> {
        match self.objects.get(path).await {
            Ok(found) => found.bytes().await.map_err(|e| access("reading", path, &e)),
            Err(object_store::Error::NotFound { .. }) => Err(StoreError::Missing(path.to_string())),
            Err(error) => Err(access("reading", path, &error)),
        }
    }

    /// Reads a whole object and checks its digest: Parquet itself does not notice a flipped bit.
    pub async fn get_verified(&self, path: &Path, digest: &Digest) -> Result<Bytes, StoreError> {
        if let Some(kept) = &self.kept
            && let Ok(bytes) = kept.get(path).await
            && Digest::of(&bytes) == *digest
        {
            return Ok(bytes);
        }
        let bytes = self.get(path).await?;
        if Digest::of(&bytes) != *digest {
            return Err(StoreError::Damaged(path.to_string()));
        }
        self.keep(path, &bytes).await;
        Ok(bytes)
    }

    /// Keeps an object that has been verified; in place of one that is damaged.
    pub async fn keep(&self, path: &Path, bytes: &Bytes) {
        let Some(kept) = &self.kept else { return };
        let mut outcome = kept.put_new(path, bytes.clone()).await;
        if let Err(StoreError::Taken(_)) = outcome {
            outcome = match kept.delete(path).await {
                Ok(()) => kept.put_new(path, bytes.clone()).await,
                Err(error) => Err(error),
            };
        }
        if let Err(error) = outcome {
            tracing::warn!(%error, "an object is not kept; it is read from the store again");
        }
    }

    /// Writes an object that must not exist yet, synced to disk and read back. If it exists with the same bytes, nothing is
    /// done; with other bytes the write is refused. After an error of unknown outcome the object is read back, never guessed.
    pub async fn put_new(&self, path: &Path, bytes: Bytes) -> Result<Put, StoreError> {
        kill_point("before put");
        let outcome = if let Some(folder) = &self.local {
            local::create(folder.clone(), path.clone(), bytes.clone()).await
        } else {
            let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
            self.objects.put_opts(path, PutPayload::from_bytes(bytes.clone()), options).await.map(|_| ())
        };
        kill_point("after put");
        let stored = self.get(path).await;
        match (outcome, stored) {
            (Ok(()), Ok(stored)) if stored == bytes => Ok(Put::Created),
            (Ok(()), Ok(_)) => Err(StoreError::Damaged(path.to_string())),
            (Ok(()), Err(error)) => Err(error),
            (Err(_), Ok(stored)) if stored == bytes => Ok(Put::AlreadyThere),
            (Err(object_store::Error::AlreadyExists { .. }), Ok(_)) => Err(StoreError::Taken(path.to_string())),
            (Err(error), _) => Err(access("writing", path, &error)),
        }
    }

    /// Writes an object that only this process reads, and soon: neither synced nor read back.
    pub async fn put_passing(&self, path: &Path, bytes: Bytes) -> Result<(), StoreError> {
        kill_point("before passing put");
        let put = self.objects.put(path, PutPayload::from_bytes(bytes)).await;
        put.map(|_| ()).map_err(|e| access("writing", path, &e))
    }

    /// The objects below a folder, in the order of their paths.
    pub async fn list(&self, folder: &Path) -> Result<Vec<Path>, StoreError> {
        let mut found: Vec<Path> = self
            .objects
            .list(Some(folder))
            .map_ok(|meta| meta.location)
            .try_collect()
            .await
            .map_err(|e| access("listing", folder, &e))?;
        found.sort();
        Ok(found)
    }

    /// Removes an object; one that is gone already is no error.
    pub async fn delete(&self, path: &Path) -> Result<(), StoreError> {
        kill_point("before delete");
        match self.objects.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(access("deleting", path, &error)),
        }
    }
}

fn access(action: &'static str, path: &Path, cause: &object_store::Error) -> StoreError {
    StoreError::Access { action, path: path.to_string(), cause: cause.to_string() }
}
