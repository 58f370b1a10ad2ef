//! Organisations' scores: respondents first, then the unweighted mean of an organisation's respondents.

use std::sync::Arc;

use super::{
    Engine, ScoreError, expression, names,
    respondent::{self, Parts},
};
use crate::{
    definition::{Policy, Sql},
    disclosure::Unprotected,
    microdata::{Receipt, Scanned},
    model::{AnsweredBy, Instrument, Version, Year},
    store::PrivateStore,
    table::{Table, TableError},
};
use datafusion::{
    arrow::{
        array::{
            Array, ArrayRef, DictionaryArray, Int8Array, Int16Array, Int32Array, Int64Array, RecordBatch, StringArray,
        },
        compute::cast,
        datatypes::{DataType, Field, Schema},
    },
    functions_aggregate::expr_fn::{count, sum},
    prelude::ident,
};

/// Scores of organisations: `organisation`, `year`, `measure`, `score` (millionths of a point), `respondents` (null where
/// unknown), a row per organisation, year and measure, in no particular order.
pub type OrganisationScores = Unprotected<Table>;

/// Organisations' scores, and from which round each counts.
#[derive(Debug)]
pub struct Scored {
    /// The scores.
    pub scores: OrganisationScores,
    /// `organisation`, `year`, `round`, `respondents`, `reported`: a row per organisation and year in which it counts.
    pub counted: Unprotected<Table>,
}

/// Computes the scores of all organisations in all years that the receipts cover.
pub async fn organisations(
    engine: &Engine,
    store: &PrivateStore,
    sql: &Sql,
    instrument: &Instrument,
    policy: &Policy,
    receipts: &[Receipt],
    progress: &(dyn Fn(Year) + Sync),
) -> Result<Scored, ScoreError> {
    let Parts { answers, reported } = respondent::parts(store, instrument, receipts).await?;
    let mut years = Vec::new();
    // one after the other, so that what is held while adding up does not grow with the years
    for (year, version, parts) in answers {
        progress(year);
        years.push(year_sums(engine, store, instrument, (year, version), &parts).await?);
    }
    engine.stage("organisation_rounds", &rounds(instrument, &years)?).await?;
    engine.stage("organisation_sums", &sums(instrument, &years)?).await?;
    engine.stage("reported_scores", &reported_scores(store, reported).await?).await?;
    // an organisation that answers as one has no respondents to be kept apart
    let respondents_min = match instrument.answered_by {
        AnsweredBy::Respondents => i64::from(policy.min_respondents_organisation),
        AnsweredBy::Organisation => 1,
    };
    let least = [("respondents_min", respondents_min), ("measures", instrument.nodes.len() as i64)];
    let counted = engine.run(sql, "score/counted", &least).await?;
    engine.stage("counted", &counted).await?;
    let shown = [("respondents_shown", i64::from(instrument.answered_by == AnsweredBy::Respondents))];
    let scores = engine.run(sql, "score/organisation", &shown).await?;
    Ok(Scored { scores: Unprotected::new(scores), counted: Unprotected::new(counted) })
}

/// Sums of respondents' scores in a year, wide: a row per organisation and round.
async fn year_sums(
    engine: &Engine,
    store: &PrivateStore,
    instrument: &Instrument,
    (year, version): (Year, &Version),
    parts: &[Scanned],
) -> Result<Table, ScoreError> {
    let keys = ["organisation", "year", "round"];
    let frame = respondent::frame(engine, instrument, (year, version), parts, &keys)?;
    let mut aggregates = Vec::new();
    for node in 0..instrument.nodes.len() {
        aggregates.push(sum(ident(expression::millionths(node))).alias(sum_column(node)));
        aggregates.push(count(ident(expression::millionths(node))).alias(scored_column(node)));
    }
    respondent::added_up(engine, store, parts, frame, &keys, aggregates).await
}

/// Who answered in each round: `organisation`, `year`, `round`, `respondents`, and `scored_least`, how many of them have a score
/// at the node where fewest have.
fn rounds(instrument: &Instrument, years: &[Table]) -> Result<Table, ScoreError> {
    let fields = vec![
        Field::new("organisation", names::repeated(), false),
        Field::new("year", DataType::Int16, false),
        Field::new("round", DataType::Int8, false),
        Field::new("respondents", DataType::Int64, false),
        Field::new("scored_least", DataType::Int64, false),
    ];
    let schema = Arc::new(Schema::new(fields));
    let batches = years.iter().map(|table| {
        let mut least = vec![i64::MAX; table.rows()];
        for node in 0..instrument.nodes.len() {
            let scored: Int64Array = table.column(&scored_column(node), &DataType::Int64)?;
            least.iter_mut().zip(scored.values()).for_each(|(least, scored)| *least = (*least).min(*scored));
        }
        let mut columns = keys_of(table)?;
        columns.push(Arc::new(table.column::<Int64Array>("respondents", &DataType::Int64)?));
        columns.push(Arc::new(Int64Array::from(least)));
        Ok(RecordBatch::try_new(Arc::clone(&schema), columns).map_err(TableError::from)?)
    });
    let batches = batches.collect::<Result<Vec<_>, ScoreError>>()?;
    Ok(Table::from_batches(&schema, &batches)?)
}

/// The sums of all years, long: a row per organisation, year, round and measure; no sum where nobody has a score.
fn sums(instrument: &Instrument, years: &[Table]) -> Result<Table, ScoreError> {
    let fields = vec![
        Field::new("organisation", names::repeated(), false),
        Field::new("year", DataType::Int16, false),
        Field::new("round", DataType::Int8, false),
        Field::new("measure", names::repeated(), false),
        Field::new("scored", DataType::Int64, false),
        Field::new("sum", DataType::Int64, true),
    ];
    let schema = Arc::new(Schema::new(fields));
    let measures: ArrayRef =
        Arc::new(StringArray::from_iter_values(instrument.nodes.iter().map(|node| node.id.as_str())));
    let mut batches = Vec::new();
    for table in years {
        let keys = keys_of(table)?;
        for at in 0..instrument.nodes.len() {
            let measure = Int32Array::from_value(at as i32, table.rows());
            let measure = DictionaryArray::try_new(measure, Arc::clone(&measures)).map_err(TableError::from)?;
            let mut columns = keys.clone();
            columns.push(Arc::new(measure));
            columns.push(Arc::new(table.column::<Int64Array>(&scored_column(at), &DataType::Int64)?));
            // sums of whole millionths are whole; beyond 2^53 they would no longer be exact, which is 90 million respondents
            columns.push(Arc::new(table.column::<Int64Array>(&sum_column(at), &DataType::Int64)?));
            batches.push(RecordBatch::try_new(Arc::clone(&schema), columns).map_err(TableError::from)?);
        }
    }
    Ok(Table::from_batches(&schema, &batches)?)
}

fn keys_of(table: &Table) -> Result<Vec<ArrayRef>, TableError> {
    Ok(vec![
        cast(&table.text("organisation")?, &names::repeated())?,
        Arc::new(table.column::<Int16Array>("year", &DataType::Int16)?),
        Arc::new(table.column::<Int8Array>("round", &DataType::Int8)?),
    ])
}

fn sum_column(node: usize) -> String {
    format!("sum_{node}")
}

fn scored_column(node: usize) -> String {
    format!("scored_{node}")
}

/// Scores that organisations reported themselves, for years of which nothing else survives.
async fn reported_scores(store: &PrivateStore, parts: Vec<Scanned>) -> Result<Table, ScoreError> {
    let mut organisation: Vec<String> = Vec::new();
    let (mut years, mut rounds) = (Vec::new(), Vec::new());
    let (mut measure, mut score, mut respondents) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        let table = Table::from_parquet(store.0.get_verified(&part.path, &part.part.digest).await?)?;
        let organisations = table.text("organisation")?;
        let measures = table.text("measure")?;
        let scores: Int64Array = table.column("score", &DataType::Int64)?;
        let counts: Int64Array = table.column("respondents", &DataType::Int64)?;
        for row in 0..table.rows() {
            organisation.push(organisations.value(row).to_owned());
            years.push(part.year.number() as i16);
            rounds.push(part.round as i8);
            measure.push(measures.value(row).to_owned());
            score.push(scores.value(row));
            respondents.push((!counts.is_null(row)).then(|| counts.value(row)));
        }
    }
    let schema = Schema::new(vec![
        Field::new("organisation", DataType::Utf8, false),
        Field::new("year", DataType::Int16, false),
        Field::new("round", DataType::Int8, false),
        Field::new("measure", DataType::Utf8, false),
        Field::new("score", DataType::Int64, false),
        Field::new("respondents", DataType::Int64, true),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(organisation)),
        Arc::new(Int16Array::from(years)),
        Arc::new(Int8Array::from(rounds)),
        Arc::new(StringArray::from(measure)),
        Arc::new(Int64Array::from(score)),
        Arc::new(Int64Array::from(respondents)),
    ];
    Ok(Table::from_columns(schema, columns)?)
}
