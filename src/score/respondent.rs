//! Respondents' scores as a data frame over verified parts; what is added up over them is in the files beside.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::dataframe::DataFrame;

use super::{Engine, ScoreError, engine, expression};
use crate::{
    microdata::{self, Kind, Receipt, Scanned},
    model::{Instrument, Version, Year},
    store::{PrivateStore, path},
};

/// What a failing query over respondents is called.
pub(super) const QUERY: &str = "of respondents' scores";

/// Verified parts by what a row of them is.
pub(super) struct Parts<'a> {
    /// Answers, by version of the instrument.
    pub(super) answers: Vec<(&'a Version, Vec<Scanned>)>,
    /// Scores that organisations reported themselves.
    pub(super) reported: Vec<Scanned>,
}

/// Verifies the parts of some receipts and sorts them.
pub(super) async fn parts<'a>(
    store: &PrivateStore,
    instrument: &'a Instrument,
    receipts: &[Receipt],
) -> Result<Parts<'a>, ScoreError> {
    check_versions(instrument, receipts)?;
    let mut answers: BTreeMap<Year, Vec<Scanned>> = BTreeMap::new();
    let mut reported: Vec<Scanned> = Vec::new();
    // `map` hands places of files on, not what is in them
    let _ = microdata::scan(store, receipts).await?.map(|parts| {
        for part in parts {
            match part.kind {
                Kind::Answers => answers.entry(part.year).or_default().push(part),
                Kind::Scores => reported.push(part),
            }
        }
    });
    Ok(Parts { answers: by_version(instrument, answers)?, reported })
}

/// A row per respondent, as they answered.
pub(super) fn answers(engine: &Engine, instrument: &Instrument, parts: &[Scanned]) -> Result<DataFrame, ScoreError> {
    let names: Vec<String> = parts.iter().filter_map(|part| part.path.filename().map(str::to_owned)).collect();
    let schema = Arc::new(microdata::answers_schema(instrument));
    Ok(engine.read_by_year(&path::microdata_folder(&instrument.id), &names, schema, QUERY)?)
}

/// A row per respondent, with the columns `kept` and a score for each node of the tree.
pub(super) fn frame(
    engine: &Engine,
    instrument: &Instrument,
    version: &Version,
    parts: &[Scanned],
    kept: &[&str],
) -> Result<DataFrame, ScoreError> {
    let mut frame = answers(engine, instrument, parts)?;
    let mut kept = kept.to_vec();
    let role_decides = instrument.questions_in(version).any(|question| !question.roles.is_empty());
    if role_decides && !kept.contains(&"role") {
        kept.push("role");
    }
    for level in expression::levels(instrument, version, &kept) {
        frame = frame.select(level).map_err(engine::failed(QUERY))?;
    }
    Ok(frame)
}

fn version_in(instrument: &Instrument, year: Year) -> Result<&Version, ScoreError> {
    let none = || ScoreError::NoVersion { instrument: instrument.id.to_string(), year };
    instrument.version_in(year).ok_or_else(none)
}

/// Answers are scored by the version that they were checked by.
fn check_versions(instrument: &Instrument, receipts: &[Receipt]) -> Result<(), ScoreError> {
    for receipt in receipts {
        let year = receipt.year;
        let version = version_in(instrument, year)?;
        if version.id != receipt.version {
            return Err(ScoreError::OtherVersion {
                receipt: receipt.id.clone(),
                instrument: instrument.id.to_string(),
                year,
                ingested: receipt.version.clone(),
                defined: version.id.clone(),
            });
        }
    }
    Ok(())
}

/// Years with the same questions are scored in one go.
fn by_version(
    instrument: &Instrument,
    answers: BTreeMap<Year, Vec<Scanned>>,
) -> Result<Vec<(&Version, Vec<Scanned>)>, ScoreError> {
    let mut versions: BTreeMap<&str, (&Version, Vec<Scanned>)> = BTreeMap::new();
    for (year, parts) in answers {
        let version = version_in(instrument, year)?;
        versions.entry(&version.id).or_insert_with(|| (version, Vec::new())).1.extend(parts);
    }
    Ok(versions.into_values().collect())
}
