//! Ingest as an operator meets it: files in, receipts, parts and findings out; single checks are tested beside their code.

mod broken;
mod form;
mod limit;
mod receipt;
mod survey;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use mognad::{
    definition::{Definitions, Mapping, Source},
    ingest::{IngestError, Job, Limits, Outcome, PseudonymKey, Stored, ingest},
    model::{Digest, Instrument, InstrumentId, MappingId, Year},
    register::{Register, RegisterSource},
    store::PrivateStore,
};

/// What every survey in here is read against.
struct World {
    definitions: Definitions,
    register: Register,
    key: PseudonymKey,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| World {
        definitions: Definitions::load(&Source::BuiltIn).unwrap(),
        register: RegisterSource::BuiltIn.load().unwrap(),
        key: PseudonymKey::parse(&"5a".repeat(32)).unwrap(),
    })
}

fn instrument(id: &str) -> &'static Instrument {
    &world().definitions.instruments[&InstrumentId::parse(id).unwrap()]
}

fn mapping(id: &str) -> &'static Mapping {
    &world().definitions.mappings[&MappingId::parse(id).unwrap()]
}

fn job<'a>(instrument: &'a Instrument, year: u16, mapping: &'a Mapping) -> Job<'a> {
    Job {
        instrument,
        year: Year::try_from(year).unwrap(),
        round: 1,
        mapping,
        register: &world().register,
        encoding: None,
        strict: false,
        pseudonym_key: &world().key,
        replace: None,
        limits: Limits::default(),
        progress: None,
    }
}

/// A store in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    store: PrivateStore,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = PrivateStore::open(folder.path().join("store").to_str().unwrap()).unwrap();
        Self { folder, store }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    async fn ingest(&self, name: &str, bytes: &[u8], job: &Job<'_>) -> Result<Outcome, IngestError> {
        ingest(&self.store, &self.file(name, bytes), job).await
    }

    /// Digest of every object, by its path.
    fn tree(&self) -> BTreeMap<String, Digest> {
        fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Digest>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(root, &path, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, Digest::of(&fs::read(&path).unwrap()));
                }
            }
        }
        let mut found = BTreeMap::new();
        let root = self.folder.path().join("store");
        walk(&root, &root, &mut found);
        found
    }

    fn parts(&self) -> BTreeMap<String, Digest> {
        self.tree().into_iter().filter(|(path, _)| path.starts_with("microdata/")).collect()
    }
}

fn added(outcome: &Outcome) -> Digest {
    match &outcome.stored {
        Stored::Added(id) => id.clone(),
        other => panic!("{other:?} with {:?}", outcome.report),
    }
}
