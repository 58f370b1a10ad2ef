//! Deterministic synthetic surveys in the forms in which survey tools export them; nothing in here is, or is drawn from, a real answer.
//!
//! The same plan gives the same bytes on every machine. Everything random about an organisation comes from a hash of seed,
//! instrument, organisation and year, so that one organisation's draws never depend on which others there are; only the
//! common shift, which puts the national mean on its course, does.

mod answers;
mod layout;
mod participant;
mod participation;
mod plan;
mod questionnaire;
mod random;
mod register;
mod sheet;
mod tally;
mod text;
mod unit;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::io::Write;

pub use layout::{Layout, file_name};
pub use plan::{Plan, national_course};
pub use register::{synthetic_register, write_register};

use crate::{
    model::{Instrument, Year},
    register::{Register, RegisterError},
    sample::{participant::Cohort, questionnaire::Questionnaire},
};

/// Why a survey could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A number of the plan is out of range.
    #[error("the plan's {field} cannot be used: {cause}")]
    Plan {
        /// The field of the plan.
        field: &'static str,
        /// What is wrong, and the remedy.
        cause: String,
    },
    /// The year is not one of the plan's.
    #[error("{0} is not among the plan's years; add it to them")]
    Year(Year),
    /// The instrument was not in use.
    #[error("`{instrument}` has no version for {year}; choose a year that one of its [[version]] tables covers")]
    Version {
        /// The instrument.
        instrument: String,
        /// The year.
        year: Year,
    },
    /// Nobody takes part.
    #[error("no organisation takes part in {0}; raise the participation or choose sectors that the instrument has")]
    Nobody(Year),
    /// More rows than a worksheet has.
    #[error("{0} respondents do not fit on a worksheet; choose a CSV layout")]
    TooLong(usize),
    /// A row could not be written.
    #[error("cannot write the survey: {0}; check that the place has room")]
    Csv(#[from] csv::Error),
    /// The file could not be written.
    #[error("cannot write the survey: {0}; check that the place has room")]
    Write(#[from] std::io::Error),
    /// The workbook could not be made.
    #[error("cannot make the workbook: {0}; choose a CSV layout")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A register that was just written could not be read.
    #[error("the synthetic register cannot be read back: {0}")]
    Register(#[from] RegisterError),
}

/// How much a survey file holds or, for organisation scores, comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Organisations that took part.
    pub organisations: usize,
    /// Respondents; one for each organisation where the organisation answers as one.
    pub respondents: usize,
}

/// Writes the survey of one of the plan's years. Rows are streamed: besides 16 bytes for each row, which put the rows in the
/// order of answering, memory depends on the number of organisations alone (a workbook is held whole until it is written).
pub fn write_year(
    instrument: &Instrument,
    register: &Register,
    plan: &Plan,
    year: Year,
    layout: Layout,
    out: impl Write,
) -> Result<Written, SampleError> {
    plan.check()?;
    let course = plan.course_in(year).ok_or(SampleError::Year(year))?;
    let missing = || SampleError::Version { instrument: instrument.id.to_string(), year };
    let version = instrument.version_in(year).ok_or_else(missing)?;
    let questionnaire = Questionnaire::new(instrument, version, plan, year, course);
    let cohort = Cohort::new(&questionnaire, register, plan, year);
    if cohort.participants.is_empty() {
        return Err(SampleError::Nobody(year));
    }
    let respondents = cohort.respondents();
    match layout {
        Layout::Standard | Layout::SurveyReport => text::write_answers(&cohort, layout, out)?,
        Layout::Xlsx => sheet::write_answers(&cohort, respondents, out)?,
        Layout::OrganisationScores => return text::write_scores(&cohort, out),
    }
    Ok(Written { organisations: cohort.participants.len(), respondents })
}
