//! `mognad sample`: synthetic survey files of any size.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::PathBuf,
};

use clap::{Args, ValueEnum};

use super::{Outcome, output, places::Knowledge};
use crate::{
    model::{InstrumentId, Sector, Year},
    sample::{self, Layout, Plan},
};

/// The form of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Mapping `standard`: question keys and numbers, comma, UTF-8
    Standard,
    /// Mapping `survey-report`: questions and answers in words, semicolon, UTF-8 with byte order mark
    SurveyReport,
    /// Mapping `standard`, as a workbook
    Xlsx,
    /// Mapping `organisation-scores`: a row per organisation and measure
    OrganisationScores,
}

impl From<Form> for Layout {
    fn from(form: Form) -> Self {
        match form {
            Form::Standard => Self::Standard,
            Form::SurveyReport => Self::SurveyReport,
            Form::Xlsx => Self::Xlsx,
            Form::OrganisationScores => Self::OrganisationScores,
        }
    }
}

/// Arguments of `sample`.
#[derive(Debug, Args)]
pub(super) struct Sample {
    #[command(flatten)]
    knowledge: Knowledge,
    /// Instrument
    #[arg(long, value_name = "ID", default_value = "digital-maturity")]
    instrument: InstrumentId,
    /// Years, such as 2016-2020
    #[arg(long, value_name = "YYYY-YYYY", default_value = "2016-2020", value_parser = years)]
    years: Years,
    /// Sectors; all of the instrument's unless given
    #[arg(long, value_enum, value_delimiter = ',')]
    sectors: Vec<Sector>,
    /// Share of each sector's organisations that take part in the last year, 0 to 1
    #[arg(long, default_value_t = 0.8_f64)]
    participation: f64,
    /// Respondents per organisation, on average
    #[arg(long, default_value_t = 30)]
    respondents: u32,
    /// Organisations at most
    #[arg(long)]
    organisations: Option<usize>,
    /// Invent so many municipalities, instead of the register's organisations; their register is written beside the surveys
    #[arg(long, value_name = "N", conflicts_with = "organisations")]
    invent: Option<usize>,
    /// Another seed gives another survey
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Form of the files
    #[arg(long, value_enum, default_value = "standard")]
    form: Form,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "var/sample")]
    to: PathBuf,
}

#[derive(Debug, Clone)]
struct Years(Vec<Year>);

fn years(text: &str) -> Result<Years, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last): (Year, Year) =
        (first.parse().map_err(|e| format!("{e}"))?, last.parse().map_err(|e| format!("{e}"))?);
    if first > last {
        return Err("the first year has to come first".to_owned());
    }
    Ok(Years((first.number()..=last.number()).filter_map(|year| Year::try_from(year).ok()).collect()))
}

impl Sample {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let definitions = self.knowledge.definitions()?;
        let instrument = definitions.instruments.get(&self.instrument).ok_or_else(|| {
            super::Misuse(format!("there is no instrument `{}`; see schemas/instrument", self.instrument))
        })?;
        fs::create_dir_all(&self.to)?;
        let register = match self.invent {
            Some(count) => {
                let like = self.knowledge.register()?;
                let folder = self.to.join("register");
                fs::create_dir_all(&folder)?;
                sample::write_register(&like, count, &folder)?;
                sample::synthetic_register(&like, count)?
            }
            None => self.knowledge.register()?,
        };
        let sectors = if self.sectors.is_empty() { instrument.sectors.clone() } else { self.sectors };
        let mut plan = Plan::new(self.seed, self.years.0.clone(), sectors);
        plan.participation = self.participation;
        plan.participation_first = plan.participation_first.min(self.participation);
        plan.respondents = self.respondents;
        plan.organisations_max = self.organisations;
        for year in self.years.0 {
            let path = self.to.join(sample::file_name(instrument, year, self.form.into()));
            let mut file = BufWriter::new(fs::File::create(&path)?);
            let written = sample::write_year(instrument, &register, &plan, year, self.form.into(), &mut file)?;
            file.flush()?;
            output::line(format!(
                "{}: {} organisations, {} respondents, synthetic",
                path.display(),
                written.organisations,
                written.respondents
            ));
        }
        Ok(Outcome::Done)
    }
}
