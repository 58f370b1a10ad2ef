//! Organisations' scores: respondents first, then the unweighted mean of an organisation's respondents.

use std::{collections::BTreeMap, sync::Arc};

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, Float64Array, Int8Array, Int16Array, Int64Array, StringArray},
        datatypes::{DataType, Field, Schema},
    },
    functions_aggregate::expr_fn::{count, sum},
    prelude::{ident, lit},
};

use super::{Engine, ScoreError, engine, expression};
use crate::{
    definition::{Policy, Sql},
    disclosure::Unprotected,
    microdata::{Kind, Receipt},
    model::{AnsweredBy, Instrument, Year},
    store::{PrivateStore, path},
    table::Table,
};

/// Scores of organisations: `organisation`, `year`, `measure`, `score` (millionths of a point), `respondents` (null where
/// unknown), a row per organisation, year and measure, ordered by these.
pub type OrganisationScores = Unprotected<Table>;

/// Computes the scores of all organisations in all years that the receipts cover.
pub async fn organisations(
    engine: &Engine,
    store: &PrivateStore,
    sql: &Sql,
    instrument: &Instrument,
    policy: &Policy,
    receipts: &[Receipt],
    progress: &(dyn Fn(Year) + Sync),
) -> Result<OrganisationScores, ScoreError> {
    let mut answers: BTreeMap<Year, Vec<String>> = BTreeMap::new();
    let mut reported: Vec<(Year, String)> = Vec::new();
    for receipt in receipts {
        for part in &receipt.parts {
            let url = store.0.object_url(&path::microdata(&receipt.instrument, receipt.year, &part.digest));
            match receipt.kind {
                Kind::Answers => answers.entry(receipt.year).or_default().push(url),
                Kind::Scores => reported.push((receipt.year, url)),
            }
        }
    }
    let mut sums = Vec::new();
    for (year, urls) in answers {
        progress(year);
        sums.push(year_sums(engine, instrument, year, urls).await?);
    }
    engine.stage("organisation_sums", &long(instrument, &sums)?).await?;
    engine.stage("reported_scores", &reported_scores(engine, reported).await?).await?;
    // an organisation that answers as one has no respondents to be kept apart
    let respondents_min = match instrument.answered_by {
        AnsweredBy::Respondents => i64::from(policy.min_respondents_organisation),
        AnsweredBy::Organisation => 1,
    };
    let parameters = [
        ("respondents_min", respondents_min),
        ("respondents_shown", i64::from(instrument.answered_by == AnsweredBy::Respondents)),
    ];
    Ok(Unprotected::new(engine.run(sql, "score/organisation", &parameters).await?))
}

/// Sums of respondents' scores in one year, wide: a row per organisation and round.
async fn year_sums(
    engine: &Engine,
    instrument: &Instrument,
    year: Year,
    urls: Vec<String>,
) -> Result<(Year, Table), ScoreError> {
    let version = instrument
        .version_in(year)
        .ok_or_else(|| ScoreError::NoVersion { instrument: instrument.id.to_string(), year })?;
    let query = "of respondents' scores";
    let mut frame = engine.read(urls).await?;
    let mut kept = vec!["organisation", "round"];
    if instrument.questions_in(version).any(|question| !question.roles.is_empty()) {
        kept.push("role");
    }
    for level in expression::levels(instrument, version, &kept) {
        frame = frame.select(level).map_err(engine::failed(query))?;
    }
    let mut aggregates = vec![count(lit(1_i64)).alias("respondents")];
    for node in 0..instrument.nodes.len() {
        aggregates.push(sum(ident(expression::millionths(node))).alias(format!("sum_{node}")));
        aggregates.push(count(ident(expression::millionths(node))).alias(format!("scored_{node}")));
    }
    let frame =
        frame.aggregate(vec![ident("organisation"), ident("round")], aggregates).map_err(engine::failed(query))?;
    Ok((year, engine::collect(frame, query).await?))
}

/// The sums of all years, long: a row per organisation, year, round and measure.
fn long(instrument: &Instrument, years: &[(Year, Table)]) -> Result<Table, ScoreError> {
    let mut organisation = Vec::new();
    let (mut year_column, mut round, mut measure) = (Vec::new(), Vec::new(), Vec::new());
    let (mut respondents, mut scored, mut total) = (Vec::new(), Vec::new(), Vec::new());
    for (year, table) in years {
        let organisations = table.text("organisation")?;
        let rounds: Int8Array = table.column("round", &DataType::Int8)?;
        let all: Int64Array = table.column("respondents", &DataType::Int64)?;
        for (at, node) in instrument.nodes.iter().enumerate() {
            let sums: Float64Array = table.column(&format!("sum_{at}"), &DataType::Float64)?;
            let counts: Int64Array = table.column(&format!("scored_{at}"), &DataType::Int64)?;
            for row in 0..table.rows() {
                organisation.push(organisations.value(row).to_owned());
                year_column.push(year.number() as i16);
                round.push(rounds.value(row));
                measure.push(node.id.as_str());
                respondents.push(all.value(row));
                scored.push(counts.value(row));
                // sums of whole millionths are whole; beyond 2^53 they would no longer be exact, which is 90 million respondents
                total.push(if sums.is_null(row) { 0 } else { sums.value(row) as i64 });
            }
        }
    }
    let schema = Schema::new(vec![
        Field::new("organisation", DataType::Utf8, false),
        Field::new("year", DataType::Int16, false),
        Field::new("round", DataType::Int8, false),
        Field::new("measure", DataType::Utf8, false),
        Field::new("respondents", DataType::Int64, false),
        Field::new("scored", DataType::Int64, false),
        Field::new("sum", DataType::Int64, false),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(organisation)),
        Arc::new(Int16Array::from(year_column)),
        Arc::new(Int8Array::from(round)),
        Arc::new(StringArray::from(measure)),
        Arc::new(Int64Array::from(respondents)),
        Arc::new(Int64Array::from(scored)),
        Arc::new(Int64Array::from(total)),
    ];
    Ok(Table::from_columns(schema, columns)?)
}

/// Scores that organisations reported themselves, for years of which nothing else survives.
async fn reported_scores(engine: &Engine, parts: Vec<(Year, String)>) -> Result<Table, ScoreError> {
    let mut organisation: Vec<String> = Vec::new();
    let (mut years, mut measure, mut score, mut respondents) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (year, url) in parts {
        let query = "of reported scores";
        let table = engine::collect(engine.read(vec![url]).await?, query).await?;
        let organisations = table.text("organisation")?;
        let measures = table.text("measure")?;
        let scores: Int64Array = table.column("score", &DataType::Int64)?;
        let counts: Int64Array = table.column("respondents", &DataType::Int64)?;
        for row in 0..table.rows() {
            organisation.push(organisations.value(row).to_owned());
            years.push(year.number() as i16);
            measure.push(measures.value(row).to_owned());
            score.push(scores.value(row));
            respondents.push((!counts.is_null(row)).then(|| counts.value(row)));
        }
    }
    let schema = Schema::new(vec![
        Field::new("organisation", DataType::Utf8, false),
        Field::new("year", DataType::Int16, false),
        Field::new("measure", DataType::Utf8, false),
        Field::new("score", DataType::Int64, false),
        Field::new("respondents", DataType::Int64, true),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(organisation)),
        Arc::new(Int16Array::from(years)),
        Arc::new(StringArray::from(measure)),
        Arc::new(Int64Array::from(score)),
        Arc::new(Int64Array::from(respondents)),
    ];
    Ok(Table::from_columns(schema, columns)?)
}
