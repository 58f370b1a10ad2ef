//! Writes a survey as separated text, row by row; what stands in the rows is decided beside.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use crate::{
    model::AnsweredBy,
    sample::{
        Layout, SampleError, Written, answers,
        participant::{Cohort, Participant, Respondent},
        tally::Tally,
        vocabulary::{Vocabulary, contact},
    },
};

/// A respondent's row, in the order of answering.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Number in the file, from 1.
    pub(super) number: usize,
    /// The organisation.
    pub(super) participant: &'a Participant<'a>,
    /// The respondent.
    pub(super) respondent: &'a Respondent,
    /// What tells respondents apart.
    pub(super) name: &'a str,
    /// The answers, one for each question.
    pub(super) answers: &'a [answers::Answer],
}

/// Hands every row to `each`, in the order of answering.
pub(super) fn rows(
    cohort: &Cohort<'_>,
    mut each: impl FnMut(&Row<'_>) -> Result<(), SampleError>,
) -> Result<(), SampleError> {
    let questionnaire = cohort.questionnaire;
    let answers_as_one = questionnaire.instrument.answered_by == AnsweredBy::Organisation;
    let mut answers = Vec::with_capacity(questionnaire.questions.len());
    for (at, place) in cohort.places().iter().enumerate() {
        let participant = &cohort.participants[place.participant as usize];
        let mut respondent = participant.respondent(place.respondent);
        answers::draw(questionnaire, cohort.plan, participant, &mut respondent, &mut answers);
        let number = at + 1;
        let name = if answers_as_one { participant.organisation.id.to_string() } else { format!("r-{number:06}") };
        each(&Row { number, participant, respondent: &respondent, name: &name, answers: &answers })?;
    }
    Ok(())
}

/// The days of the cohort's year.
pub(super) fn days(cohort: &Cohort<'_>) -> Vec<jiff::civil::Date> {
    let first = jiff::civil::Date::new(cohort.year.number() as i16, 1, 1);
    first.map(|first| first.series(jiff::Span::new().days(1)).take(365).collect()).unwrap_or_default()
}

/// Writes a row per respondent.
pub(super) fn write_answers(cohort: &Cohort<'_>, layout: Layout, mut out: impl Write) -> Result<(), SampleError> {
    let words = Vocabulary::new(cohort.questionnaire, layout);
    let days: Vec<String> = days(cohort).iter().map(ToString::to_string).collect();
    let mut builder = WriterBuilder::new();
    builder.buffer_capacity(1 << 16);
    if layout == Layout::SurveyReport {
        out.write_all("\u{feff}".as_bytes())?;
        builder.delimiter(b';').terminator(Terminator::CRLF);
    }
    let mut file = builder.from_writer(out);
    file.write_record(&words.headers)?;
    rows(cohort, |row| write_row(&mut file, &words, &days, row))?;
    Ok(file.flush()?)
}

fn write_row(
    file: &mut Writer<impl Write>,
    words: &Vocabulary,
    days: &[String],
    row: &Row<'_>,
) -> Result<(), SampleError> {
    let respondent = row.respondent;
    file.write_field(&row.participant.text)?;
    file.write_field(row.name)?;
    file.write_field(row.participant.unit(respondent).unwrap_or_default())?;
    file.write_field(respondent.role.map_or("", |role| &words.roles[role]))?;
    file.write_field(&days[usize::from(respondent.day)])?;
    if respondent.contact {
        for field in contact(row.number) {
            file.write_field(field)?;
        }
    } else {
        for _ in 0..3 {
            file.write_field("")?;
        }
    }
    for (question, answer) in row.answers.iter().enumerate() {
        file.write_field(words.answer(question, *answer))?;
    }
    Ok(file.write_record(None::<&[u8]>)?)
}

/// Writes a row per organisation and measure, with one decimal. An organisation that left so much out that some measure has no
/// score is not in the file: without the answers nobody could tell a gap from a lost row.
pub(super) fn write_scores(cohort: &Cohort<'_>, out: impl Write) -> Result<Written, SampleError> {
    let questionnaire = cohort.questionnaire;
    let mut written = Written { organisations: 0, respondents: 0 };
    let mut file = Writer::from_writer(out);
    file.write_record(["organisation", "measure", "value", "respondents"])?;
    let mut answers = Vec::with_capacity(questionnaire.questions.len());
    for participant in &cohort.participants {
        let mut tally = Tally::new(questionnaire);
        for number in 0..participant.respondents {
            let mut respondent = participant.respondent(number);
            answers::draw(questionnaire, cohort.plan, participant, &mut respondent, &mut answers);
            tally.add(&answers);
        }
        let Some(means) = tally.means() else { continue };
        let respondents = participant.respondents.to_string();
        for (node, mean) in questionnaire.instrument.nodes.iter().zip(means) {
            file.write_record([&participant.text, node.id.as_str(), &format!("{mean:.1}"), &respondents])?;
        }
        written.organisations += 1;
        written.respondents += participant.respondents as usize;
    }
    file.flush()?;
    Ok(written)
}
