//! Rows of answers: one per respondent, checked column by column; rows are compared with each other in `compare`.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, FixedSizeBinaryArray, Int8Array, StringArray, StringBuilder, UInt32Array, UInt64Array},
    buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer},
    datatypes::{DataType, Field},
    error::ArrowError,
};

use super::{Conform, Conformed, Notes, Shape, Source};
use crate::{
    ingest::{
        Job,
        check::{
            answer::{Answer, Answers, MISSING},
            date,
            organisation::{OrganisationReader, Organisations},
            pattern::Patterns,
            role::{self, Roles},
            text,
        },
        header::{Columns, Use},
        pseudonym::Pseudonyms,
        reader::Draft,
    },
    microdata::answers_schema,
    model::{Direction, Instrument, Version, Year},
};

/// What a survey's answers are checked by, prepared once and shared by all workers.
pub(in crate::ingest) struct AnswerSurvey<'a> {
    instrument: &'a Instrument,
    year: Year,
    organisations: &'a Organisations,
    pseudonyms: Pseudonyms,
    roles: Roles,
    /// In the order of the instrument's scales.
    answers: Vec<Answers>,
    /// In the order of the questionnaire.
    questions: Vec<AskedQuestion>,
    organisation: usize,
    respondent: Option<usize>,
    unit: Option<usize>,
    role: Option<usize>,
    answered_on: Option<usize>,
    pub(in crate::ingest) shape: Shape,
}

struct AskedQuestion {
    /// Position in the instrument.
    at: usize,
    /// Position among the wanted columns.
    column: usize,
    /// For each role whether it is asked; none where all are.
    asked: Option<Vec<bool>>,
}

/// Positions of the columns while reading that answers have besides those of every row.
const UNIT: usize = 3;
const ROLE: usize = 4;
const REASONS: usize = 5;
const FIRST_QUESTION: usize = 6;

impl<'a> AnswerSurvey<'a> {
    pub(in crate::ingest) fn new(
        job: &Job<'a>,
        version: &Version,
        organisations: &'a Organisations,
        pseudonyms: Pseudonyms,
        columns: &Columns,
    ) -> Self {
        let instrument = job.instrument;
        let questions: Vec<AskedQuestion> = (0..instrument.questions.len())
            .filter_map(|at| {
                let column = columns.find(Use::Question(at))?;
                Some(AskedQuestion { at, column, asked: role::asked(instrument, &instrument.questions[at]) })
            })
            .collect();
        debug_assert_eq!(questions.len(), instrument.questions_in(version).count());
        Self {
            instrument,
            year: job.year,
            pseudonyms,
            roles: Roles::new(instrument, job.mapping),
            answers: instrument.scales.iter().map(Answers::new).collect(),
            organisation: columns.find(Use::Organisation).unwrap_or_default(),
            respondent: columns.find(Use::Respondent),
            unit: columns.find(Use::Unit),
            role: columns.find(Use::Role),
            answered_on: columns.find(Use::AnsweredOn),
            shape: shape(instrument, job.round, organisations, &questions),
            organisations,
            questions,
        }
    }

    pub(in crate::ingest) fn conformer(&self) -> impl Conform + '_ {
        Conformer { survey: self, organisations: OrganisationReader::new(self.organisations) }
    }
}

fn shape(instrument: &Instrument, round: u8, organisations: &Organisations, questions: &[AskedQuestion]) -> Shape {
    let mut own = vec![
        Field::new("unit", DataType::Utf8, true),
        Field::new("role", DataType::UInt32, true),
        Field::new("reasons", DataType::Utf8, true),
    ];
    let stored = answers_schema(instrument);
    let ids = organisations.matcher.organisations().iter().map(|id| Some(id.as_str()));
    let ids: ArrayRef = Arc::new(ids.collect::<StringArray>());
    let roles: ArrayRef =
        Arc::new(instrument.roles.iter().map(|role| Some(role.key.as_str())).collect::<StringArray>());
    let mut sources = vec![
        Source::Text(super::ORGANISATION, ids),
        Source::Same(super::KEY),
        Source::Same(UNIT),
        Source::Text(ROLE, roles),
        Source::Number(round.cast_signed()),
    ];
    for at in 0..instrument.questions.len() {
        sources.push(match questions.iter().position(|question| question.at == at) {
            Some(asked) => Source::Same(FIRST_QUESTION + asked),
            None => Source::Nothing,
        });
    }
    sources.push(Source::Same(REASONS));
    own.extend(
        questions
            .iter()
            .map(|question| Field::new(instrument.questions[question.at].id.as_str(), DataType::Int8, true)),
    );
    Shape::new(own, stored, sources)
}

struct Conformer<'a> {
    survey: &'a AnswerSurvey<'a>,
    organisations: OrganisationReader<'a>,
}

impl Conform for Conformer<'_> {
    fn conform(&mut self, draft: &Draft) -> Result<Conformed, ArrowError> {
        let survey = self.survey;
        let rows = draft.rows;
        let mut notes = Notes::new(draft);
        if draft.columns.is_empty() {
            return notes.finish(&survey.shape.reading, empty(&survey.shape));
        }
        notes.find_blank_rows(survey.organisation);
        let organisations = notes.read(survey.organisation, |raw| self.organisations.read(raw));
        let keys = survey.keys(&mut notes, &organisations);
        let units = survey.units(&mut notes);
        let roles = match survey.role {
            Some(column) => notes.read(column, |raw| survey.roles.read(raw)),
            None => vec![None; rows],
        };
        if let Some(column) = survey.answered_on {
            notes.read(column, |raw| date::check(raw, survey.year));
        }
        let mut patterns = Patterns::new(rows);
        let mut reasons = Vec::new();
        let mut answers: Vec<ArrayRef> = Vec::with_capacity(survey.questions.len());
        for (number, question) in survey.questions.iter().enumerate() {
            let values = survey.column(question, number as u16, &roles, &mut notes, &mut patterns, &mut reasons);
            let direction: Direction = survey.instrument.questions[question.at].direction;
            patterns.column(direction, &values);
            let present = BooleanBuffer::collect_bool(rows, |row| values[row] != MISSING);
            answers.push(Arc::new(Int8Array::new(ScalarBuffer::from(values), Some(NullBuffer::new(present)))));
        }
        for row in 0..rows {
            if !notes.refused[row]
                && let Some(rule) = patterns.check(row)
            {
                notes.add(row, None, rule);
            }
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(notes.places())),
            Arc::new(UInt32Array::from(organisations)),
            Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_vec(keys), None)?),
            units,
            Arc::new(roles.iter().map(|role| role.map(u32::from)).collect::<UInt32Array>()),
            Arc::new(survey.reasons_texts(rows, reasons)),
        ];
        columns.extend(answers);
        notes.finish(&survey.shape.reading, columns)
    }
}

fn empty(shape: &Shape) -> Vec<ArrayRef> {
    shape.reading.fields().iter().map(|field| datafusion::arrow::array::new_empty_array(field.data_type())).collect()
}

/// A row that gives a reason for a missing answer: row, question among those asked, reason in its scale.
type GivenReason = (u32, u16, u8);

impl AnswerSurvey<'_> {
    /// Pseudonyms, 16 bytes a row.
    fn keys(&self, notes: &mut Notes<'_>, organisations: &[u32]) -> Vec<u8> {
        let keys: Vec<u128> = if let Some(column) = self.respondent {
            notes.read(column, |raw| match text::read_impersonal(raw, text::TEXT_CHARS)? {
                Some(respondent) => Ok(self.pseudonyms.of(&respondent)),
                None => Err(&text::REQUIRED),
            })
        } else {
            // the organisation answers as one, so it is its own respondent
            let ids = self.organisations.matcher.organisations();
            let of = |at: &u32| ids.get(*at as usize).map_or(0, |id| self.pseudonyms.of(id.as_str()));
            organisations.iter().map(of).collect()
        };
        let mut bytes = Vec::with_capacity(keys.len() * 16);
        for key in keys {
            bytes.extend_from_slice(&key.to_be_bytes());
        }
        bytes
    }

    fn units(&self, notes: &mut Notes<'_>) -> ArrayRef {
        let units = match self.unit {
            Some(column) => notes.read(column, |raw| text::read_impersonal(raw, text::UNIT_CHARS)),
            None => vec![None; notes.draft.rows],
        };
        Arc::new(units.into_iter().collect::<StringArray>())
    }

    /// The values of one question, [`MISSING`] among them.
    fn column(
        &self,
        question: &AskedQuestion,
        number: u16,
        roles: &[Option<u8>],
        notes: &mut Notes<'_>,
        patterns: &mut Patterns,
        reasons: &mut Vec<GivenReason>,
    ) -> Vec<i8> {
        let draft = notes.draft;
        let texts = &draft.columns[question.column];
        let answers = &self.answers[self.instrument.questions[question.at].scale];
        let data = texts.value_data();
        let mut values = vec![MISSING; draft.rows];
        for (row, (value, ends)) in values.iter_mut().zip(texts.value_offsets().windows(2)).enumerate() {
            let (from, to) = (ends[0] as usize, ends[1] as usize);
            if from == to {
                continue;
            }
            // nearly every cell is a single digit
            if to == from + 1 {
                *value = answers.digit(data[from]);
            }
            if *value == MISSING {
                match answers.read(texts.value(row)) {
                    Ok(Answer::Value(read)) => *value = read,
                    Ok(Answer::Reason(reason)) => {
                        reasons.push((row as u32, number, reason));
                        patterns.reason(row);
                    }
                    Ok(Answer::Blank) => {}
                    Err(rule) => notes.add(row, Some(question.column), rule),
                }
            }
        }
        if let Some(asked) = &question.asked {
            for (row, value) in values.iter_mut().enumerate() {
                let is_asked = roles[row].is_none_or(|role| asked.get(usize::from(role)).copied().unwrap_or(true));
                if !is_asked && *value != MISSING {
                    notes.add(row, Some(question.column), &role::NOT_ASKED);
                    *value = MISSING;
                }
            }
        }
        values
    }

    /// `q03:dont-know q17:not-relevant`, in the order of the questionnaire.
    fn reasons_texts(&self, rows: usize, mut given: Vec<GivenReason>) -> StringArray {
        // questions came in order, so a stable sort keeps their order within a row
        given.sort_by_key(|(row, _, _)| *row);
        let mut texts = StringBuilder::new();
        let mut given = given.into_iter().peekable();
        let mut text = String::new();
        for row in 0..rows {
            text.clear();
            while let Some((_, number, reason)) = given.next_if(|(at, _, _)| *at as usize == row) {
                let question = &self.instrument.questions[self.questions[usize::from(number)].at];
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(question.id.as_str());
                text.push(':');
                let reason = self.instrument.scales[question.scale].reasons.get(usize::from(reason));
                text.push_str(reason.map_or("", |reason| reason.key.as_str()));
            }
            texts.append_option((!text.is_empty()).then_some(&text));
        }
        texts.finish()
    }
}
