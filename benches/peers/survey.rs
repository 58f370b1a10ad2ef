//! The survey files that stages work on, written once for each size, and how they are ingested; nothing is timed here.

use std::{
    env, fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use mognad::{
    definition::{Definitions, Source},
    ingest::{self, Job, Limits, Outcome, PseudonymKey},
    model::{Instrument, InstrumentId, MappingId, Sector, Year},
    register::{Register, RegisterSource},
    sample::{self, Layout, Plan},
    store::PrivateStore,
};

use crate::report;

/// Respondents of an organisation, on average.
const RESPONDENTS: u32 = 100;

/// The years of version 2 of the questionnaire, which has 40 questions.
const YEARS: std::ops::RangeInclusive<u16> = 2016..=2025;

/// Definitions, a synthetic register and survey files.
pub(crate) struct Surveys {
    pub(crate) definitions: Definitions,
    pub(crate) register: Register,
    instrument: InstrumentId,
    mapping: MappingId,
    key: PseudonymKey,
    folder: PathBuf,
    organisations: usize,
}

impl Surveys {
    /// Surveys of as many organisations as the environment says, with files in `folder`.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        let organisations = match env::var("MOGNAD_BENCH_ORGANISATIONS") {
            Ok(text) => text.parse().context("MOGNAD_BENCH_ORGANISATIONS is no number")?,
            Err(_) => 1600,
        };
        Self::of(folder, organisations)
    }

    /// Surveys of so many organisations, with files in `folder`.
    pub(crate) fn of(folder: &Path, organisations: usize) -> anyhow::Result<Self> {
        let real = RegisterSource::BuiltIn.load()?;
        Ok(Self {
            definitions: Definitions::load(&Source::BuiltIn)?,
            register: sample::synthetic_register(&real, organisations)?,
            instrument: InstrumentId::parse("digital-maturity")?,
            mapping: MappingId::parse("standard")?,
            key: PseudonymKey::parse(&"0123456789abcdef".repeat(4))?,
            folder: folder.join(format!("surveys-{organisations}")),
            organisations,
        })
    }

    pub(crate) fn description(&self) -> String {
        format!(
            "synthetic surveys of {} organisations with {RESPONDENTS} respondents on average and {} questions",
            self.organisations,
            self.questions().len()
        )
    }

    pub(crate) fn instrument(&self) -> &Instrument {
        &self.definitions.instruments[&self.instrument]
    }

    pub(crate) fn years() -> Vec<Year> {
        YEARS.filter_map(|year| Year::try_from(year).ok()).collect()
    }

    /// The keys of the questions asked in those years.
    pub(crate) fn questions(&self) -> Vec<&str> {
        let instrument = self.instrument();
        let version = Self::years().first().and_then(|year| instrument.version_in(*year));
        version.into_iter().flat_map(|own| instrument.questions_in(own)).map(|question| question.id.as_str()).collect()
    }

    /// The survey file of a year, with `times` the usual number of respondents. It is written unless it is there.
    pub(crate) fn file(&self, year: Year, times: u32) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(format!("{}-respondents", times * RESPONDENTS));
        let mut plan = Plan::new(1, Self::years(), [Sector::Municipality]);
        plan.respondents = times * RESPONDENTS;
        plan.participation_first = 1.0;
        plan.participation = 1.0;
        self.written(&self.register, &folder, &plan, year)
    }

    /// Writes the survey of one of a plan's years, unless the folder has it, and gives its path.
    pub(crate) fn written(
        &self,
        register: &Register,
        folder: &Path,
        plan: &Plan,
        year: Year,
    ) -> anyhow::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        let path = folder.join(sample::file_name(self.instrument(), year, Layout::Standard));
        if !path.exists() {
            report::tell(&format!("  writing {}", path.display()));
            // under another name until it is whole
            let unfinished = path.with_extension("unfinished");
            let mut file = BufWriter::new(fs::File::create(&unfinished)?);
            sample::write_year(self.instrument(), register, plan, year, Layout::Standard, &mut file)?;
            file.flush()?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(path)
    }

    /// Ingests a survey file with all checks.
    pub(crate) async fn ingest(&self, store: &PrivateStore, file: &Path, year: Year) -> anyhow::Result<Outcome> {
        self.ingest_of(&self.register, store, file, year).await
    }

    /// Ingests a survey file of the organisations of another register.
    pub(crate) async fn ingest_of(
        &self,
        register: &Register,
        store: &PrivateStore,
        file: &Path,
        year: Year,
    ) -> anyhow::Result<Outcome> {
        let job = Job {
            instrument: self.instrument(),
            year,
            round: 1,
            mapping: &self.definitions.mappings[&self.mapping],
            register,
            encoding: None,
            strict: false,
            pseudonym_key: &self.key,
            replace: None,
            limits: Limits::default(),
            progress: None,
        };
        Ok(ingest::ingest(store, file, &job).await?)
    }
}
