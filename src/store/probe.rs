//! What a store has to do for publishing to be safe, tried on objects that are made for it and removed again.

use bytes::Bytes;
use futures::TryStreamExt as _;
use object_store::{Error, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, path::Path};

use super::{Store, path};

/// Bytes of the objects that are written: more than a network packet.
const BYTES: usize = 96 * 1024;

/// Something that was tried, in the order of [`Store::probe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What the store has to do.
    pub what: &'static str,
    /// How it failed; none where it did it.
    pub failure: Option<String>,
    /// Whether publishing relies on it.
    pub is_needed: bool,
}

impl Tried {
    /// Whether the store did it.
    pub fn is_done(&self) -> bool {
        self.failure.is_none()
    }

    /// Whether the store can be used in spite of it: one that removes nothing, as an archive, keeps what is tried and what is passed on.
    pub fn is_fit(&self) -> bool {
        self.is_done() || !self.is_needed
    }
}

const CREATED: &str = "writes an object that is not there";
const REFUSED: &str = "refuses to write over an object that must not be there, so that of two publishers one wins";
const KEPT: &str = "gives back what was written first";
const PART: &str = "gives a part of an object";
const MEASURED: &str = "says how long an object is, which an engine would otherwise take for empty";
const LISTED: &str = "lists what was just written, in the order of names";
const REMOVED: &str = "removes an object";

impl Store {
    /// Tries everything that publishing relies on. `nonce` distinguishes this try from others at the same time.
    pub async fn probe(&self, nonce: &str) -> Vec<Tried> {
        let [one, other] = ["1", "2"].map(|name| path::probe(nonce, name));
        let first: Bytes = (0..BYTES).map(|at| (at % 251) as u8).collect();
        let mut tried = Vec::new();
        let mut said = |what: &'static str, failure: Option<String>| {
            let is_done = failure.is_none();
            tried.push(Tried { what, failure, is_needed: what != REMOVED });
            is_done
        };
        // what cannot be written cannot be read either, and one reason is enough
        let created = self.create(&other, first.clone()).await.err().map(|error| error.to_string());
        if !said(CREATED, created) {
            return tried;
        }
        let _ = self.create(&one, first.clone()).await;
        let again = self.create(&other, Bytes::from_static(b"another writer")).await;
        said(
            REFUSED,
            match again {
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => None,
                Err(error) => Some(error.to_string()),
                Ok(()) => Some("it was written over".to_owned()),
            },
        );
        let whole = match self.objects.get(&other).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        said(KEPT, difference(whole, &first));
        let part = 1_000..BYTES as u64 - 1_000;
        said(PART, difference(self.objects.get_range(&other, part).await, &first[1_000..BYTES - 1_000]));
        let measured = match self.objects.head(&other).await {
            Ok(meta) if meta.size == BYTES as u64 => None,
            Ok(meta) => Some(format!("it says {} bytes of {BYTES}", meta.size)),
            Err(error) => Some(error.to_string()),
        };
        said(MEASURED, measured);
        let listed: Result<Vec<Path>, Error> =
            self.objects.list(Some(&path::probes())).map_ok(|meta| meta.location).try_collect().await;
        // others try at the same time, or were stopped when they did
        let own =
            |found: Vec<Path>| found.into_iter().filter(|path| [&one, &other].contains(&path)).collect::<Vec<_>>();
        let listed = listed.map(own);
        said(
            LISTED,
            match listed {
                // the local file system lists in no order, and everything that reads a list sorts it
                Ok(mut found) if self.local.is_some() => {
                    found.sort();
                    (found != [one.clone(), other.clone()]).then(|| format!("it lists {}", names(&found)))
                }
                Ok(found) => (found != [one.clone(), other.clone()]).then(|| format!("it lists {}", names(&found))),
                Err(error) => Some(error.to_string()),
            },
        );
        let mut failure = None;
        for path in [&one, &other] {
            match self.objects.delete(path).await {
                Ok(()) if self.objects.head(path).await.is_ok() => failure = Some("it is still there".to_owned()),
                Ok(()) => {}
                Err(error) => failure = Some(error.to_string()),
            }
        }
        said(REMOVED, failure);
        tried
    }

    async fn create(&self, path: &Path, bytes: Bytes) -> Result<(), Error> {
        if let Some(folder) = &self.local {
            return super::local::create(folder.clone(), path.clone(), bytes).await;
        }
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        self.objects.put_opts(path, PutPayload::from_bytes(bytes), options).await.map(|_| ())
    }
}

fn difference(found: Result<Bytes, Error>, expected: &[u8]) -> Option<String> {
    match found {
        Ok(found) if found == expected => None,
        Ok(found) => Some(format!("{} other bytes were read for {}", found.len(), expected.len())),
        Err(error) => Some(error.to_string()),
    }
}

fn names(paths: &[Path]) -> String {
    if paths.is_empty() {
        return "nothing".to_owned();
    }
    paths.iter().map(|path| path.filename().unwrap_or_default()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use object_store::{
        memory::InMemory,
        throttle::{ThrottleConfig, ThrottledStore},
    };

    use super::*;
    use crate::store::PublicStore;

    #[tokio::test]
    async fn folders_and_memory_do_what_is_needed_and_keep_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        for address in [folder.path().display().to_string(), "memory:///".to_owned()] {
            let PublicStore(store) = PublicStore::open(&address).unwrap();
            let tried = store.probe("one").await;
            assert!(tried.iter().all(Tried::is_done), "{address}: {tried:?}");
            assert_eq!(tried.len(), 7);
            assert!(store.list(&Path::from("probe")).await.unwrap().is_empty(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_store_that_writes_over_is_told() {
        let PublicStore(mut store) = PublicStore::open("memory:///").unwrap();
        store.objects = Arc::new(Overwriting(ThrottledStore::new(InMemory::new(), ThrottleConfig::default())));
        let tried = store.probe("one").await;
        let failed: Vec<&str> = tried.iter().filter(|own| !own.is_done()).map(|own| own.what).collect();
        assert_eq!(failed, [REFUSED, KEPT, PART, MEASURED]);
    }

    /// A store that takes every way of writing for the usual one.
    #[derive(Debug)]
    struct Overwriting(ThrottledStore<InMemory>);

    impl std::fmt::Display for Overwriting {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Overwriting")
        }
    }

    #[async_trait::async_trait]
    impl object_store::ObjectStore for Overwriting {
        async fn put_opts(
            &self,
            path: &Path,
            payload: PutPayload,
            options: PutOptions,
        ) -> object_store::Result<object_store::PutResult> {
            self.0.put_opts(path, payload, PutOptions { mode: PutMode::Overwrite, ..options }).await
        }

        async fn put_multipart_opts(
            &self,
            path: &Path,
            options: object_store::PutMultipartOptions,
        ) -> object_store::Result<Box<dyn object_store::MultipartUpload>> {
            self.0.put_multipart_opts(path, options).await
        }

        async fn get_opts(
            &self,
            path: &Path,
            options: object_store::GetOptions,
        ) -> object_store::Result<object_store::GetResult> {
            self.0.get_opts(path, options).await
        }

        fn delete_stream(
            &self,
            paths: futures::stream::BoxStream<'static, object_store::Result<Path>>,
        ) -> futures::stream::BoxStream<'static, object_store::Result<Path>> {
            self.0.delete_stream(paths)
        }

        fn list(
            &self,
            prefix: Option<&Path>,
        ) -> futures::stream::BoxStream<'static, object_store::Result<object_store::ObjectMeta>> {
            self.0.list(prefix)
        }

        async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<object_store::ListResult> {
            self.0.list_with_delimiter(prefix).await
        }

        async fn copy_opts(
            &self,
            from: &Path,
            to: &Path,
            options: object_store::CopyOptions,
        ) -> object_store::Result<()> {
            self.0.copy_opts(from, to, options).await
        }
    }
}
