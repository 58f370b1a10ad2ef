//! `mognad demo`: the whole way from survey files to served figures, with synthetic data kept under `var/`.

use std::{
    fs,
    io::{BufWriter, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    Outcome,
    ingest::Files,
    output,
    places::{Knowledge, Private, Public},
    publish::Publish,
    serve::Serve,
};
use crate::{
    ingest::PseudonymKey,
    model::{Instrument, MappingId, Year},
    register::Register,
    sample::{self, Layout, Plan},
};

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    knowledge: Knowledge,
    /// Folder for all data of the demo
    #[arg(long, value_name = "DIR", default_value = "var")]
    to: PathBuf,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Stop when everything is published
    #[arg(long)]
    no_serve: bool,
    /// Respondents per organisation, on average
    #[arg(long, default_value_t = 30)]
    respondents: u32,
}

/// The demo's years: the last two are those of the national figures 41 and 47.
const YEARS: std::ops::RangeInclusive<u16> = 2016..=2020;

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<Outcome> {
        output::line(format!(
            "The demo samples a national survey, ingests it, publishes a release and serves it; data are kept in {}.",
            self.to.display()
        ));
        output::line("All answers are synthetic: they are made up and say nothing about real organisations.");
        let (definitions, register) = (self.knowledge.definitions()?, self.knowledge.register()?);
        let private = Private::at(&self.to.join("private").display().to_string());
        let public = Public::at(&self.to.join("public").display().to_string());
        let key = key(&self.to)?;
        let years: Vec<Year> = YEARS.filter_map(|year| Year::try_from(year).ok()).collect();
        let standard = MappingId::parse("standard")?;
        for instrument in definitions.instruments.values() {
            for year in &years {
                if instrument.version_in(*year).is_none() {
                    continue;
                }
                let Some(file) = self.sample(instrument, &register, &years, *year)? else { continue };
                let files = Files::of(vec![file], instrument.id.clone(), *year, standard.clone());
                files.ingest(&definitions, &register, &private, &key, None, false).await?;
            }
        }
        Publish::demo(self.knowledge, private, public.clone()).run().await?;
        if self.no_serve {
            return Ok(Outcome::Done);
        }
        output::line("Try:");
        for path in [
            "/v1/headlines",
            "/v1/figures?instrument=digital-maturity&indicator=index&group=skr-group:b3,county:14&year=last(3)",
            "/v1/groups?instrument=digital-maturity&kind=county&format=csv",
        ] {
            output::line(format!("  curl 'http://{}{path}'", self.listen));
        }
        Serve::demo(public, self.listen).run().await
    }

    /// Writes a year's survey unless it is there; none where too few organisations would answer.
    fn sample(
        &self,
        instrument: &Instrument,
        register: &Register,
        years: &[Year],
        year: Year,
    ) -> anyhow::Result<Option<PathBuf>> {
        let folder = self.to.join("sample");
        fs::create_dir_all(&folder)?;
        let path = folder.join(sample::file_name(instrument, year, Layout::Standard));
        if path.exists() {
            return Ok(Some(path));
        }
        let years = years.iter().copied().filter(|year| instrument.version_in(*year).is_some());
        let mut plan = Plan::new(1, years, instrument.sectors.clone());
        plan.respondents = self.respondents;
        // under another name until it is whole, so that an interrupted demo does not leave half a survey
        let unfinished = path.with_extension("unfinished");
        let mut file = BufWriter::new(fs::File::create(&unfinished)?);
        let written = sample::write_year(instrument, register, &plan, year, Layout::Standard, &mut file)?;
        file.flush()?;
        fs::rename(&unfinished, &path)?;
        output::line(format!(
            "sampled {}: {} organisations, {} respondents (synthetic)",
            path.display(),
            written.organisations,
            written.respondents
        ));
        Ok(Some(path))
    }
}

/// The demo's pseudonym key, made once: random, and readable by its owner only.
fn key(folder: &Path) -> anyhow::Result<PseudonymKey> {
    fs::create_dir_all(folder)?;
    let path = folder.join("pseudonym-key");
    if !path.exists() {
        use std::os::unix::fs::OpenOptionsExt as _;
        let secret: [u8; 32] = rand::random();
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(hex::encode(secret).as_bytes())?;
        file.sync_all()?;
    }
    Ok(PseudonymKey::parse(fs::read_to_string(&path)?.trim())?)
}
