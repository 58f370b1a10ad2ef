//! Rows of organisation scores: one per organisation and measure; rows are compared with each other in `compare`.

use std::sync::Arc;

use datafusion::arrow::{
    array::{
        ArrayRef, FixedSizeBinaryArray, Int32Array, Int64Array, StringArray, UInt32Array, UInt64Array, new_empty_array,
    },
    buffer::Buffer,
    datatypes::{DataType, Field},
    error::ArrowError,
};

use super::{Conform, Conformed, Notes, Shape, Source};
use crate::{
    ingest::{
        check::{
            date,
            number::{self, Measures},
            organisation::{OrganisationReader, Organisations},
        },
        header::{Columns, Use},
        reader::Draft,
    },
    microdata::scores_schema,
    model::{Instrument, Year},
};

/// What organisation scores are checked by, prepared once and shared by all workers.
pub(in crate::ingest) struct ScoreSurvey<'a> {
    year: Year,
    organisations: &'a Organisations,
    measures: Measures,
    /// Position of each of the instrument's nodes in the order of measure ids, in which rows are sorted.
    ranks: Vec<u32>,
    /// Measure ids in that order.
    pub(in crate::ingest) measure_ids: Vec<String>,
    decimal_comma: bool,
    organisation: usize,
    measure: usize,
    value: usize,
    respondents: Option<usize>,
    answered_on: Option<usize>,
    pub(in crate::ingest) shape: Shape,
}

/// Positions of the columns while reading that scores have besides those of every row.
pub(in crate::ingest) const MEASURE: usize = 3;
const SCORE: usize = 4;
const RESPONDENTS: usize = 5;

impl<'a> ScoreSurvey<'a> {
    pub(in crate::ingest) fn new(
        instrument: &Instrument,
        year: Year,
        organisations: &'a Organisations,
        columns: &Columns,
        decimal_comma: bool,
    ) -> Self {
        let mut measure_ids: Vec<String> = instrument.nodes.iter().map(|node| node.id.to_string()).collect();
        measure_ids.sort();
        let rank = |id: &str| measure_ids.binary_search_by(|known| known.as_str().cmp(id)).unwrap_or_default() as u32;
        let ids = organisations.matcher.organisations().iter().map(|id| Some(id.as_str()));
        let ids: ArrayRef = Arc::new(ids.collect::<StringArray>());
        let measures: ArrayRef = Arc::new(measure_ids.iter().map(Some).collect::<StringArray>());
        let shape = Shape::new(
            vec![
                Field::new("measure", DataType::UInt32, false),
                Field::new("score", DataType::Int64, false),
                Field::new("respondents", DataType::Int32, true),
            ],
            scores_schema(),
            vec![
                Source::Text(super::ORGANISATION, ids),
                Source::Text(MEASURE, measures),
                Source::Same(SCORE),
                Source::Same(RESPONDENTS),
            ],
        );
        Self {
            year,
            organisations,
            measures: Measures::new(instrument),
            ranks: instrument.nodes.iter().map(|node| rank(node.id.as_str())).collect(),
            decimal_comma,
            organisation: columns.find(Use::Organisation).unwrap_or_default(),
            measure: columns.find(Use::Measure).unwrap_or_default(),
            value: columns.find(Use::Value).unwrap_or_default(),
            respondents: columns.find(Use::Respondents),
            answered_on: columns.find(Use::AnsweredOn),
            shape,
            measure_ids,
        }
    }

    pub(in crate::ingest) fn conformer(&self) -> impl Conform + '_ {
        Conformer { survey: self, organisations: OrganisationReader::new(self.organisations) }
    }
}

/// What identifies a score: its organisation and its measure.
pub(in crate::ingest) fn key(organisation: u32, measure: u32) -> u128 {
    u128::from(organisation) << 64 | u128::from(measure)
}

struct Conformer<'a> {
    survey: &'a ScoreSurvey<'a>,
    organisations: OrganisationReader<'a>,
}

impl Conform for Conformer<'_> {
    fn conform(&mut self, draft: &Draft) -> Result<Conformed, ArrowError> {
        let survey = self.survey;
        let mut notes = Notes::new(draft);
        if draft.columns.is_empty() {
            let fields = survey.shape.reading.fields();
            return notes.finish(
                &survey.shape.reading,
                fields.iter().map(|field| new_empty_array(field.data_type())).collect(),
            );
        }
        notes.find_blank_rows(survey.organisation);
        let organisations = notes.read(survey.organisation, |raw| self.organisations.read(raw));
        let measures = notes.read(survey.measure, |raw| {
            survey.measures.read(raw).map(|at| survey.ranks.get(at as usize).copied().unwrap_or_default())
        });
        let scores = notes.read(survey.value, |raw| number::score(raw, survey.decimal_comma));
        let respondents = match survey.respondents {
            Some(column) => notes.read(column, number::respondents),
            None => vec![None; draft.rows],
        };
        if let Some(column) = survey.answered_on {
            notes.read(column, |raw| date::check(raw, survey.year));
        }
        let keys: Vec<u8> =
            organisations.iter().zip(&measures).flat_map(|(org, measure)| key(*org, *measure).to_be_bytes()).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(notes.places())),
            Arc::new(UInt32Array::from(organisations)),
            Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_vec(keys), None)?),
            Arc::new(UInt32Array::from(measures)),
            Arc::new(Int64Array::from(scores)),
            Arc::new(Int32Array::from(respondents)),
        ];
        notes.finish(&survey.shape.reading, columns)
    }
}
