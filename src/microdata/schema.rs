//! The columns of microdata parts; what values they hold is decided where files are conformed, in `ingest`.

use datafusion::arrow::datatypes::{DataType, Field, Schema};

use crate::model::Instrument;

/// A row per respondent: who answered for which organisation, and one column per question.
///
/// `organisation` is an organisation id, `respondent` a keyed pseudonym of 16 bytes, `round` counts from 1. Every question
/// of the instrument has a column, whichever versions ask it, so that years can be read together; an answer is a point of
/// the question's scale. `reasons` tells why answers are missing: `q03:dont-know q17:not-relevant`.
pub fn answers_schema(instrument: &Instrument) -> Schema {
    let mut fields = vec![
        Field::new("organisation", DataType::Utf8, false),
        Field::new("respondent", DataType::FixedSizeBinary(16), false),
        Field::new("unit", DataType::Utf8, true),
        Field::new("role", DataType::Utf8, true),
        Field::new("round", DataType::Int8, false),
    ];
    fields.extend(instrument.questions.iter().map(|question| Field::new(question.id.as_str(), DataType::Int8, true)));
    fields.push(Field::new("reasons", DataType::Utf8, true));
    Schema::new(fields)
}

/// A row per organisation and measure, for years of which nothing else survives.
///
/// `measure` is an indicator id, `score` is in millionths of a per cent (47 % is 47000000), `respondents` the number of
/// people behind it, where known.
pub fn scores_schema() -> Schema {
    Schema::new(vec![
        Field::new("organisation", DataType::Utf8, false),
        Field::new("measure", DataType::Utf8, false),
        Field::new("score", DataType::Int64, false),
        Field::new("respondents", DataType::Int32, true),
    ])
}
