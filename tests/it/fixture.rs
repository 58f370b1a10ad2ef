//! A small service in a temporary folder: synthetic surveys ingested and published; what is asserted about it is in the tests.

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use mognad::{
    definition::{Definitions, Source},
    ingest::{self, Job, Limits, PseudonymKey, Stored},
    microdata,
    model::{Digest, InstrumentId, MappingId, Sector, Year},
    publish::{self, Order, PublishError, Published, Witnesses},
    register::{Register, RegisterSource},
    release::ReleaseKind,
    sample::{self, Layout, Plan},
    score::Execution,
    store::{PrivateStore, PublicStore},
};
use tempfile::TempDir;

pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    /// The instrument whose surveys are sampled and ingested.
    pub(crate) instrument: InstrumentId,
    pub(crate) private: PrivateStore,
    pub(crate) public: PublicStore,
    pub(crate) definitions: Definitions,
    pub(crate) register: Register,
}

pub(crate) fn year(number: u16) -> Year {
    Year::try_from(number).unwrap()
}

pub(crate) fn digital_maturity() -> InstrumentId {
    InstrumentId::parse("digital-maturity").unwrap()
}

/// The moment at which all of the fixture's releases are published.
pub(crate) fn moment() -> Timestamp {
    "2021-05-14T08:00:00Z".parse().unwrap()
}

pub(crate) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

impl Fixture {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let address = |name: &str| folder.path().join(name).display().to_string();
        Self {
            private: PrivateStore::open(&address("private")).unwrap(),
            public: PublicStore::open(&address("public")).unwrap(),
            definitions: Definitions::load(&Source::BuiltIn).unwrap(),
            register: RegisterSource::BuiltIn.load().unwrap(),
            folder,
            instrument: digital_maturity(),
        }
    }

    /// Municipalities only, so that a whole service takes seconds.
    pub(crate) fn plan(years: std::ops::RangeInclusive<u16>, municipalities: usize, respondents: u32) -> Plan {
        let mut plan = Plan::new(7, years.map(year), [Sector::Municipality]);
        plan.organisations_max = Some(municipalities);
        plan.participation_first = 0.9;
        plan.participation = 0.95;
        plan.respondents = respondents;
        plan
    }

    /// Writes a year's survey and gives its path.
    pub(crate) fn survey(&self, plan: &Plan, of: Year, layout: Layout) -> PathBuf {
        let instrument = &self.definitions.instruments[&self.instrument];
        let path = self.folder.path().join(sample::file_name(instrument, of, layout));
        let file = fs::File::create(&path).unwrap();
        sample::write_year(instrument, &self.register, plan, of, layout, file).unwrap();
        path
    }

    pub(crate) async fn ingest(&self, file: &std::path::Path, of: Year) -> Stored {
        self.ingest_as("standard", file, of, 1).await
    }

    pub(crate) async fn ingest_as(&self, mapping: &str, file: &std::path::Path, of: Year, round: u8) -> Stored {
        self.ingest_for(mapping, file, of, round, None).await
    }

    /// In place of the year's only survey.
    pub(crate) async fn ingest_in_place(&self, file: &std::path::Path, of: Year) -> Stored {
        let active = microdata::active(&self.private, &self.instrument).await.unwrap();
        let replaced = active.into_iter().find(|receipt| receipt.year == of).unwrap();
        self.ingest_for("standard", file, of, 1, Some(replaced.id)).await
    }

    async fn ingest_for(
        &self,
        mapping: &str,
        file: &std::path::Path,
        of: Year,
        round: u8,
        replace: Option<Digest>,
    ) -> Stored {
        let key = PseudonymKey::parse(KEY).unwrap();
        let job = Job {
            instrument: &self.definitions.instruments[&self.instrument],
            year: of,
            round,
            mapping: &self.definitions.mappings[&MappingId::parse(mapping).unwrap()],
            register: &self.register,
            encoding: None,
            strict: false,
            pseudonym_key: &key,
            replace,
            limits: Limits::default(),
            progress: None,
        };
        ingest::ingest(&self.private, file, &job).await.unwrap().stored
    }

    pub(crate) async fn publish(&self, threads: usize) -> Published {
        self.publish_as(ReleaseKind::Final, threads).await.unwrap()
    }

    pub(crate) async fn publish_as(&self, kind: ReleaseKind, threads: usize) -> Result<Published, PublishError> {
        let order = Order {
            definitions: &self.definitions,
            register: &self.register,
            kind,
            embargo_until: None,
            now: moment(),
            execution: Execution::local(threads),
            dry_run: false,
            witnesses: Witnesses::Skipped,
        };
        publish::publish(&self.private, &self.public, &order, &|_| {}).await
    }

    /// A service with some years sampled, ingested and published.
    pub(crate) async fn published(plan: &Plan) -> (Self, Published) {
        let fixture = Self::new();
        for of in &plan.years {
            let file = fixture.survey(plan, *of, Layout::Standard);
            assert!(matches!(fixture.ingest(&file, *of).await, Stored::Added(_)));
        }
        let published = fixture.publish(2).await;
        (fixture, published)
    }
}
