//! `mognad ingest`: survey files into the private store, with every finding told by file, row, column and rule.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{
    Misuse, Outcome, output,
    places::{Knowledge, Private, pseudonym_key},
};
use crate::{
    definition::{Definitions, Mapping},
    ingest::{self, Encoding, Job, Limits, PseudonymKey, Report, Stored, rule},
    model::{Digest, Instrument, InstrumentId, MappingId, Year},
    register::Register,
};

/// An encoding that has to be declared.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DeclaredEncoding {
    /// Windows-1252, as older Windows programs write it
    #[value(name = "windows-1252")]
    Windows1252,
}

/// Survey files and what they are.
#[derive(Debug, Args)]
#[group(requires_all = ["instrument", "year"])]
pub(super) struct Files {
    /// Survey files, CSV or XLSX
    #[arg(value_name = "FILE", required = false)]
    paths: Vec<PathBuf>,
    /// Instrument that was answered
    #[arg(long, value_name = "ID", required = false)]
    instrument: InstrumentId,
    /// Year of the survey
    #[arg(long, value_name = "YYYY", required = false)]
    year: Year,
    /// Round within the year
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=12))]
    round: u8,
    /// Mapping: which column is what
    #[arg(long, value_name = "ID", default_value = "standard")]
    mapping: MappingId,
    /// Encoding of CSV files that are not Unicode; never guessed
    #[arg(long, value_enum)]
    encoding: Option<DeclaredEncoding>,
    /// Refuse a file on any finding
    #[arg(long)]
    strict: bool,
    /// List all findings, not only the first hundred
    #[arg(long)]
    all: bool,
}

impl Files {
    /// Files of one instrument and year, as the demo has them.
    pub(super) fn of(paths: Vec<PathBuf>, instrument: InstrumentId, year: Year, mapping: MappingId) -> Self {
        Self { paths, instrument, year, round: 1, mapping, encoding: None, strict: false, all: false }
    }

    fn job<'a>(
        &self,
        definitions: &'a Definitions,
        register: &'a Register,
        key: &'a PseudonymKey,
        json: bool,
    ) -> anyhow::Result<Job<'a>> {
        let instrument: &Instrument = definitions.instruments.get(&self.instrument).ok_or_else(|| {
            let known = definitions.instruments.keys().map(InstrumentId::as_str).collect::<Vec<_>>().join(", ");
            Misuse(format!("there is no instrument `{}`; there are {known}", self.instrument))
        })?;
        let mapping: &Mapping = definitions.mappings.get(&self.mapping).ok_or_else(|| {
            let known = definitions.mappings.keys().map(MappingId::as_str).collect::<Vec<_>>().join(", ");
            Misuse(format!("there is no mapping `{}`; there are {known}", self.mapping))
        })?;
        let findings = if self.all || json { usize::MAX } else { 100 };
        Ok(Job {
            instrument,
            year: self.year,
            round: self.round,
            mapping,
            register,
            encoding: self.encoding.map(|DeclaredEncoding::Windows1252| Encoding::Windows1252),
            strict: self.strict,
            pseudonym_key: key,
            replace: None,
            limits: Limits { findings, ..Limits::default() },
            progress: None,
        })
    }

    /// Reads and checks; writes nothing.
    pub(super) async fn check(
        &self,
        definitions: &Definitions,
        register: &Register,
        json: bool,
    ) -> anyhow::Result<Outcome> {
        // pseudonyms made for a check are thrown away, so any key serves
        let key = PseudonymKey::parse(&"0".repeat(64))?;
        let (mut found, mut told) = (false, Told::new(json));
        for file in &self.paths {
            let report = ingest::check(file, &self.job(definitions, register, &key, json)?).await?;
            found |= report.findings_total() > 0;
            told.file(&report, "");
        }
        told.end()?;
        Ok(if found { Outcome::Findings } else { Outcome::Done })
    }

    /// Reads, checks and stores.
    pub(super) async fn ingest(
        &self,
        definitions: &Definitions,
        register: &Register,
        private: &Private,
        key: &PseudonymKey,
        replace: Option<Digest>,
        json: bool,
    ) -> anyhow::Result<Outcome> {
        let store = private.open()?;
        let (mut outcome, mut told) = (Outcome::Done, Told::new(json));
        for file in &self.paths {
            let progress = output::Progress::new();
            let name = file.display().to_string();
            let read = |bytes: u64| progress.tell(&format!("{name}: {} MiB read", bytes >> 20));
            let mut job = self.job(definitions, register, key, json)?;
            job.replace = replace.clone();
            if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
                job.progress = Some(&read);
            }
            let done = ingest::ingest(&store, file, &job).await?;
            progress.end();
            let stored = match &done.stored {
                Stored::Added(receipt) => format!("stored under receipt {receipt}"),
                Stored::AlreadyThere(receipt) => {
                    format!("nothing new: the same rows are stored under receipt {receipt}")
                }
                Stored::Nothing => "nothing stored: no row was accepted".to_owned(),
                Stored::Refused => "nothing stored: the file is refused".to_owned(),
            };
            told.file(&done.report, &stored);
            if done.report.findings_total() > 0 || matches!(done.stored, Stored::Nothing | Stored::Refused) {
                outcome = Outcome::Findings;
            }
        }
        told.end()?;
        Ok(outcome)
    }
}

/// What is told of files: at once to people, at the end and as one JSON array to machines.
struct Told {
    files: Option<Vec<serde_json::Value>>,
}

impl Told {
    fn new(json: bool) -> Self {
        Self { files: json.then(Vec::new) }
    }

    fn file(&mut self, report: &Report, stored: &str) {
        match &mut self.files {
            Some(files) => files.push(json!({ "report": report, "stored": stored })),
            None => tell(report, stored),
        }
    }

    fn end(self) -> anyhow::Result<()> {
        if let Some(files) = self.files {
            output::line(serde_json::to_string_pretty(&files)?);
        }
        Ok(())
    }
}

fn tell(report: &Report, stored: &str) {
    output::line(format!("{}: {} of {} rows accepted", report.file, report.rows_accepted, report.rows_read));
    for finding in &report.findings {
        output::line(format!("  {}: {finding}", report.file));
    }
    for (id, count) in &report.counts {
        output::line(format!("  {id} ({count}): {}", rule(id).map_or("", |rule| rule.en)));
    }
    let listed = report.findings.len() as u64;
    if listed < report.findings_total() {
        output::line(format!(
            "  the first {listed} of {} findings are listed; --all lists all",
            report.findings_total()
        ));
    }
    if !stored.is_empty() {
        output::line(format!("  {stored}"));
    }
}

/// Arguments of `ingest`.
#[derive(Debug, Args)]
pub(super) struct Ingest {
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    knowledge: Knowledge,
    #[command(flatten)]
    private: Private,
    /// Receipt that the file corrects; its rows no longer count
    #[arg(long, value_name = "RECEIPT", value_parser = Digest::parse)]
    replace: Option<Digest>,
    /// Print JSON, with every finding
    #[arg(long)]
    json: bool,
}

impl Ingest {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        let misuse = if self.files.paths.is_empty() {
            Some("no file is named; give one or more survey files")
        } else if self.replace.is_some() && self.files.paths.len() > 1 {
            Some("--replace corrects one receipt by one file; ingest the files one at a time")
        } else {
            None
        };
        if let Some(misuse) = misuse {
            return Err(Misuse(misuse.to_owned()).into());
        }
        let (definitions, register) = (self.knowledge.definitions()?, self.knowledge.register()?);
        let key = pseudonym_key()?;
        self.files.ingest(&definitions, &register, &self.private, &key, self.replace, self.json).await
    }
}
