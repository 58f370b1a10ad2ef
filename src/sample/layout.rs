//! The file forms that a synthetic survey can be written in, and the names of the files; writing them is done beside.

use clap::ValueEnum;

use crate::model::{Instrument, Year};

/// A file form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// A row per respondent, question keys as headers, numbers as answers: comma, UTF-8 (mapping `standard`).
    Standard,
    /// A row per respondent, Swedish questions as headers, words as answers: semicolon, UTF-8 with a byte order mark (mapping
    /// `survey-report`).
    SurveyReport,
    /// The columns of `Standard` in a workbook, with dates as dates (mapping `standard`).
    Xlsx,
    /// A row per organisation and measure (mapping `organisation-scores`).
    OrganisationScores,
}

impl Layout {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Standard, Self::SurveyReport, Self::Xlsx, Self::OrganisationScores];

    /// The id of the mapping with which the file is ingested.
    pub fn mapping(self) -> &'static str {
        match self {
            Self::Standard | Self::Xlsx => "standard",
            Self::SurveyReport => "survey-report",
            Self::OrganisationScores => "organisation-scores",
        }
    }
}

/// The name of a survey's file. It says that the survey is synthetic, since most of the forms have no other place for it.
pub fn file_name(instrument: &Instrument, year: Year, layout: Layout) -> String {
    let ending = match layout {
        Layout::Standard => "synthetic.csv",
        Layout::SurveyReport => "survey-report.synthetic.csv",
        Layout::Xlsx => "synthetic.xlsx",
        Layout::OrganisationScores => "organisation-scores.synthetic.csv",
    };
    format!("{}-{year}.{ending}", instrument.id)
}
