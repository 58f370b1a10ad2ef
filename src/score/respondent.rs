//! Respondents' scores as a data frame over verified parts; what is added up over them is in the files beside.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{
    arrow::{
        array::{Int8Array, Int64Array},
        datatypes::DataType,
    },
    dataframe::DataFrame,
    functions_aggregate::expr_fn::count,
    prelude::{Expr, ident, lit},
};
use object_store::path::Path;

use super::{Engine, ScoreError, engine, expression};
use crate::{
    microdata::{self, Attendance, Kind, Receipt, Scanned},
    model::{Instrument, Version, Year},
    store::PrivateStore,
    table::{Table, TableError},
};

/// What a failing query over respondents is called.
pub(super) const QUERY: &str = "of respondents' scores";

/// Verified parts by what a row of them is.
pub(super) struct Parts<'a> {
    /// Answers by year, with the version of the instrument that they are scored by.
    pub(super) answers: Vec<(Year, &'a Version, Vec<Scanned>)>,
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
    let answers: Result<_, ScoreError> = answers
        .into_iter()
        .map(|(year, parts)| version_in(instrument, year).map(|version| (year, version, parts)))
        .collect();
    Ok(Parts { answers: answers?, reported })
}

/// A row per respondent of a year, as they answered.
pub(super) fn answers(
    engine: &Engine,
    instrument: &Instrument,
    year: Year,
    parts: &[Scanned],
) -> Result<DataFrame, ScoreError> {
    let paths: Vec<Path> = parts.iter().map(|part| part.path.clone()).collect();
    let schema = Arc::new(microdata::answers_schema(instrument));
    Ok(engine.read(year, &paths, schema, QUERY)?)
}

/// A row per respondent of a year, with the columns `kept` and a score for each node of the tree.
pub(super) fn frame(
    engine: &Engine,
    instrument: &Instrument,
    (year, version): (Year, &Version),
    parts: &[Scanned],
    kept: &[&str],
) -> Result<DataFrame, ScoreError> {
    let mut frame = answers(engine, instrument, year, parts)?;
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

/// What a table of sums says of it, which has a row or several for each organisation and round.
pub(super) fn attendance_of(table: &Table) -> Result<Attendance, TableError> {
    let organisations = table.text("organisation")?;
    let rounds: Int8Array = table.column("round", &DataType::Int8)?;
    let respondents: Int64Array = table.column("respondents", &DataType::Int64)?;
    let mut attendance = Attendance::new();
    for row in 0..table.rows() {
        let key = (organisations.value(row).to_owned(), rounds.value(row));
        *attendance.entry(key).or_default() += respondents.value(row);
    }
    Ok(attendance)
}

/// Adds up over the respondents of some parts: a row for each combination of `keys`, with `respondents` and the other aggregates.
pub(super) async fn added_up(
    engine: &Engine,
    store: &PrivateStore,
    parts: &[Scanned],
    frame: DataFrame,
    keys: &[&str],
    mut aggregates: Vec<Expr>,
) -> Result<Table, ScoreError> {
    aggregates.push(count(lit(1_i64)).alias("respondents"));
    let keys = keys.iter().map(|key| ident(*key)).collect();
    let frame = frame.aggregate(keys, aggregates).map_err(engine::failed(QUERY))?;
    let Some(cluster) = engine.cluster() else { return Ok(engine::collect(frame, QUERY).await?) };
    let expected = microdata::attendance(store, parts).await?;
    Ok(cluster.added_up(&frame, &expected).await?)
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
