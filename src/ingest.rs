//! One survey file in, accepted rows and findings out. What a survey asks is defined in `schemas/`; scores are computed elsewhere.
//!
//! A file goes through [`reader`] (bytes to texts, any format), [`header`] (which column is what), [`conform`] (texts to
//! typed rows, rule by rule), [`compare`] (rows with each other and with what is stored), [`run`] (sorting) and into
//! `microdata`. Bad rows are no errors: they are findings, which name a row, a column and a rule of [`RULES`] and never what
//! a cell holds. An error means that the file could not be read at all, or that the store fails.

mod check;
mod compare;
mod conform;
mod error;
mod gather;
mod header;
mod limits;
mod pseudonym;
mod reader;
mod report;
mod run;
mod text;

use std::path::Path;

use datafusion::arrow::array::BooleanArray;

pub use check::{Effect, RULES, Rule, rule};
pub use error::IngestError;
pub use limits::Limits;
pub use pseudonym::{InvalidKey, PseudonymKey};
pub use report::{Finding, Report};

use check::organisation::Organisations;
use compare::Comparison;
use conform::{Conform, Shape, answers::AnswerSurvey, scores::ScoreSurvey};
use gather::{Gathered, Gathering, gather};
use header::{Expected, Use};
use pseudonym::Pseudonyms;
use reader::{Opening, Stop};
use report::Tally;
use run::{Excluded, Runs};

use crate::{
    definition::Mapping,
    microdata::{self, Appended, Appender, GROUP_ROWS, Kind, Receipt},
    model::{Digest, Instrument, Version, Year},
    register::Register,
    store::PrivateStore,
};

/// An encoding that cannot be recognised and has to be declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Western European, as older Windows programs write it.
    Windows1252,
}

/// What a file is to be read as.
#[derive(Clone)]
pub struct Job<'a> {
    /// Instrument that was answered.
    pub instrument: &'a Instrument,
    /// Year of the survey.
    pub year: Year,
    /// Round within the year, from 1.
    pub round: u8,
    /// Which column is what.
    pub mapping: &'a Mapping,
    /// Organisations that can answer.
    pub register: &'a Register,
    /// Encoding of a CSV file that is not Unicode, where the mapping does not say it.
    pub encoding: Option<Encoding>,
    /// Whether any finding refuses the file.
    pub strict: bool,
    /// The operator's secret for pseudonyms.
    pub pseudonym_key: &'a PseudonymKey,
    /// Receipt that this file corrects.
    pub replace: Option<Digest>,
    /// Limits.
    pub limits: Limits,
    /// Told now and then how many bytes of the file have been read.
    pub progress: Option<&'a (dyn Fn(u64) + Sync)>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What was found in it.
    pub report: Report,
    /// What was stored.
    pub stored: Stored,
}

/// What an ingested file left in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// The accepted rows, under this new receipt.
    Added(Digest),
    /// Nothing new: the same rows are there under this receipt.
    AlreadyThere(Digest),
    /// Nothing: no row was accepted.
    Nothing,
    /// Nothing: the whole file is refused, by a rule or because strict mode allows no finding.
    Refused,
}

/// Reads and checks a file, and adds its accepted rows to the store. Everything is decided before the first write. The
/// calling thread is blocked while the file is read. Ingest files of an instrument one after the other: two at a time would
/// not see each other's respondents.
pub async fn ingest(store: &PrivateStore, file: &Path, job: &Job<'_>) -> Result<Outcome, IngestError> {
    let version = version(job)?;
    let receipts = microdata::receipts(store, &job.instrument.id).await?;
    let superseded_by = replaced(job, &receipts)?;
    let active = microdata::without_superseded(receipts.clone());
    let beside: Vec<&Receipt> = active
        .iter()
        .filter(|r| (r.year, r.round) == (job.year, job.round) && job.replace.as_ref() != Some(&r.id))
        .collect();
    same_key(job, &beside)?;
    let organisations = Organisations::new(job.register, job.instrument, job.year);
    let FileRead { mut tally, rows_read, rows } = blocking(|| read(file, job, version, &organisations))?;
    let Some(mut rows) = rows.filter(|_| !job.strict || tally.is_empty()) else {
        return Ok(Outcome { report: report(file, tally, rows_read, None), stored: Stored::Refused });
    };
    if rows.accepted == 0 {
        return Ok(Outcome { report: report(file, tally, rows_read, Some(0)), stored: Stored::Nothing });
    }

    let comparison = rows.comparison(job, &organisations);
    let (answered, stored_tally) = comparison
        .with_stored(&rows.runs, &rows.fingerprints, &rows.excluded, store, &beside, job.limits.findings)
        .await?;
    let accepted = rows.accepted - stored_tally.total();
    let refuses = job.strict && !stored_tally.is_empty();
    let title = format!("{}\n{}\n{}\n{}\n{}", job.instrument.id, version.id, job.year, job.round, rows.kind.word());
    let appended = blocking(|| append(&mut rows, job.year, &answered, refuses, &title))?;

    let same = active.iter().find(|receipt| {
        let stands_for = |replaced: &Digest| receipt.id == *replaced || receipt.supersedes.contains(replaced);
        receipt.content == appended.content && job.replace.as_ref().is_none_or(stands_for)
    });
    if let Some(same) = same {
        let report = report(file, tally, rows_read, Some(rows.accepted));
        return Ok(Outcome { report, stored: Stored::AlreadyThere(same.id.clone()) });
    }
    if let (Some(receipt), Some(by)) = (&job.replace, superseded_by) {
        return Err(IngestError::Superseded { receipt: receipt.clone(), by });
    }
    tally.merge(stored_tally);
    if refuses {
        return Ok(Outcome { report: report(file, tally, rows_read, None), stored: Stored::Refused });
    }
    let report = report(file, tally, rows_read, Some(accepted));
    if accepted == 0 {
        return Ok(Outcome { report, stored: Stored::Nothing });
    }
    let receipt = receipt(job, version, &rows, &appended, &report);
    if receipts.iter().any(|known| known.id == receipt.id) {
        let by = superseding(&receipts, &receipt.id).unwrap_or_else(|| receipt.id.clone());
        return Err(IngestError::Replaced { receipt: receipt.id, by });
    }
    appended.put(store, &job.instrument.id).await?;
    microdata::keep(store, &receipt).await?;
    Ok(Outcome { report, stored: Stored::Added(receipt.id) })
}

/// Reads and checks a file as [`ingest`] does, without a store: nothing is written, and what is stored is not compared.
#[expect(clippy::unused_async, reason = "called beside `ingest`, by the same commands")]
pub async fn check(file: &Path, job: &Job<'_>) -> Result<Report, IngestError> {
    let version = version(job)?;
    let organisations = Organisations::new(job.register, job.instrument, job.year);
    let FileRead { tally, rows_read, rows } = blocking(|| read(file, job, version, &organisations))?;
    let accepted = rows.map(|rows| rows.accepted).filter(|_| !job.strict || tally.is_empty());
    Ok(report(file, tally, rows_read, accepted))
}

/// A file that has been read.
struct FileRead {
    tally: Tally,
    rows_read: u64,
    /// None where a rule refuses the file.
    rows: Option<Rows>,
}

/// Rows that passed every check that needs the file only.
struct Rows {
    kind: Kind,
    runs: Runs,
    shape: Shape,
    measure_ids: Vec<String>,
    /// Header of the column that tells rows apart.
    column: Option<String>,
    fingerprints: Vec<u64>,
    excluded: Excluded,
    /// Number of rows that are not excluded.
    accepted: u64,
    file_digest: Digest,
}

impl Rows {
    fn comparison<'a>(&'a self, job: &Job<'_>, organisations: &'a Organisations) -> Comparison<'a> {
        Comparison {
            kind: job.mapping.kind.into(),
            column: self.column.as_deref(),
            organisations: organisations.matcher.organisations(),
            measure_ids: &self.measure_ids,
        }
    }
}

fn read(file: &Path, job: &Job<'_>, version: &Version, organisations: &Organisations) -> Result<FileRead, IngestError> {
    let mut tally = Tally::new(job.limits.findings);
    let expected = Expected::new(job.instrument, version, job.mapping);
    let opening = Opening {
        path: file,
        expected: &expected,
        delimiter: job.mapping.delimiter.as_ref().and_then(|delimiter| u8::try_from(*delimiter.get_ref()).ok()),
        windows_1252: job.encoding == Some(Encoding::Windows1252) || job.mapping.encoding.is_some(),
        limits: &job.limits,
        progress: job.progress,
    };
    let reader = match reader::open(&opening) {
        Ok(reader) => reader,
        Err(Stop::Refused(row, rule)) => {
            tally.add(row, None, rule);
            return Ok(FileRead { tally, rows_read: 0, rows: None });
        }
        Err(Stop::Unreadable(cause)) => return Err(IngestError::unreadable(file, cause)),
    };
    let header = reader.header().clone();
    let matched = expected.matched(&header.names);
    for (column, rule) in &matched.findings {
        tally.add(Some(header.row), Some(column), rule);
    }
    if tally.refuses_file {
        return Ok(FileRead { tally, rows_read: 0, rows: None });
    }
    let columns = &matched.columns;
    let gathering = |shape: &Shape, tally| Gathering {
        file,
        columns,
        first_row: header.row + 1,
        reading: std::sync::Arc::clone(&shape.reading),
        run_rows: job.limits.run_rows,
        tally,
    };
    let kind = Kind::from(job.mapping.kind);
    let (gathered, shape, measure_ids, told_apart) = match kind {
        Kind::Answers => {
            let pseudonyms = Pseudonyms::new(job.pseudonym_key, &job.instrument.id, job.year, job.round);
            let survey = AnswerSurvey::new(job, version, organisations, pseudonyms, columns);
            let conformer = || -> Box<dyn Conform + '_> { Box::new(survey.conformer()) };
            let gathered = gather(reader, gathering(&survey.shape, tally), &conformer)?;
            (gathered, survey.shape.clone(), Vec::new(), Use::Respondent)
        }
        Kind::Scores => {
            let survey = ScoreSurvey::new(job.instrument, job.year, organisations, columns, header.decimal_comma);
            let conformer = || -> Box<dyn Conform + '_> { Box::new(survey.conformer()) };
            let gathered = gather(reader, gathering(&survey.shape, tally), &conformer)?;
            (gathered, survey.shape.clone(), survey.measure_ids.clone(), Use::Measure)
        }
    };
    let Gathered { mut runs, rows_read, mut tally, file_digest } = gathered;
    let (Some(file_digest), false) = (file_digest, tally.refuses_file) else {
        return Ok(FileRead { tally, rows_read, rows: None });
    };
    let (suspected, fingerprints) = runs.take_fingerprints();
    let column = columns.find(told_apart).or(columns.find(Use::Organisation)).map(|at| columns.wanted[at].2.clone());
    let mut rows = Rows {
        kind,
        accepted: runs.rows(),
        runs,
        shape,
        measure_ids,
        column,
        fingerprints,
        excluded: Excluded::default(),
        file_digest,
    };
    let before = tally.total();
    rows.excluded = rows.comparison(job, organisations).within_file(&rows.runs, &suspected, &mut tally)?;
    // every excluded row has one finding
    rows.accepted -= tally.total() - before;
    Ok(FileRead { tally, rows_read, rows: Some(rows) })
}

/// Encodes the rows that are kept, and digests all that the file has.
fn append(
    rows: &mut Rows,
    year: Year,
    answered: &Excluded,
    keeps_nothing: bool,
    title: &str,
) -> Result<Appended, IngestError> {
    let mut appender = Appender::new(std::sync::Arc::clone(&rows.shape.stored), year);
    let shape = &rows.shape;
    let answers = shape.answers();
    rows.runs.merge(&rows.excluded, GROUP_ROWS, |mut group| {
        group.arrange(&answers);
        let kept = (keeps_nothing || !answered.is_empty()).then(|| {
            let kept =
                group.keys.iter().map(|(organisation, key)| !keeps_nothing && !answered.has(*organisation, *key));
            BooleanArray::from(kept.collect::<Vec<bool>>())
        });
        let kept = kept.filter(|kept| kept.false_count() > 0);
        let column = |at| shape.column(at, |from| group.column(from), group.rows());
        appender.group(&column, kept.as_ref()).map_err(IngestError::from)
    })?;
    Ok(appender.finish(title)?)
}

fn receipt(job: &Job<'_>, version: &Version, rows: &Rows, appended: &Appended, report: &Report) -> Receipt {
    let supersedes: Vec<Digest> = job.replace.iter().cloned().collect();
    Receipt {
        id: Receipt::id_of(&appended.content, &supersedes),
        content: appended.content.clone(),
        instrument: job.instrument.id.clone(),
        version: version.id.clone(),
        year: job.year,
        round: job.round,
        kind: rows.kind,
        pseudonym_key: job.pseudonym_key.check_code(),
        mapping: job.mapping.id.clone(),
        file_digest: rows.file_digest.clone(),
        rows_read: report.rows_read,
        rows_accepted: report.rows_accepted,
        findings: report.counts.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect(),
        parts: appended.parts.clone(),
        supersedes,
        created_at: jiff::Timestamp::now().to_string(),
    }
}

/// A report; without a number of accepted rows, of a file that is refused.
fn report(file: &Path, tally: Tally, rows_read: u64, rows_accepted: Option<u64>) -> Report {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (counts, findings) = tally.into_findings();
    let refused = rows_accepted.is_none();
    Report { file: name, refused, rows_read, rows_accepted: rows_accepted.unwrap_or_default(), counts, findings }
}

fn version<'a>(job: &Job<'a>) -> Result<&'a Version, IngestError> {
    if !(1..=100).contains(&job.round) {
        return Err(IngestError::Round(job.round));
    }
    let no_version = || IngestError::NoVersion { instrument: job.instrument.id.clone(), year: job.year };
    job.instrument.version_in(job.year).ok_or_else(no_version)
}

/// Checks the receipt that a file replaces. The receipt that supersedes it already, if there is one.
fn replaced(job: &Job<'_>, receipts: &[Receipt]) -> Result<Option<Digest>, IngestError> {
    let Some(id) = &job.replace else { return Ok(None) };
    let Some(found) = receipts.iter().find(|receipt| receipt.id == *id) else {
        return Err(IngestError::UnknownReceipt { receipt: id.clone(), instrument: job.instrument.id.clone() });
    };
    if (found.year, found.round) != (job.year, job.round) {
        return Err(IngestError::OtherRound { receipt: id.clone(), year: found.year, round: found.round });
    }
    Ok(superseding(receipts, id))
}

/// With two keys in a round, one respondent would be taken for two.
fn same_key(job: &Job<'_>, beside: &[&Receipt]) -> Result<(), IngestError> {
    let own = job.pseudonym_key.check_code();
    let other = beside.iter().find(|receipt| receipt.pseudonym_key != own);
    other.map_or(Ok(()), |receipt| Err(IngestError::OtherKey { receipt: receipt.id.clone() }))
}

fn superseding(receipts: &[Receipt], id: &Digest) -> Option<Digest> {
    receipts.iter().find(|receipt| receipt.supersedes.contains(id)).map(|receipt| receipt.id.clone())
}

/// Does work that takes long, telling the runtime where it has other threads.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}
