//! Writes a survey as a workbook whose bytes repeat; what stands in the rows is decided beside.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use crate::sample::{
    Layout, SampleError,
    answers::Answer,
    participant::Cohort,
    text::{Row, days, rows},
    vocabulary::{Vocabulary, contact},
};

/// Rows of a worksheet, the header among them.
const ROWS_MAX: usize = 1_048_576;

/// Writes a row per respondent on one sheet.
pub(super) fn write_answers(cohort: &Cohort<'_>, respondents: usize, mut out: impl Write) -> Result<(), SampleError> {
    if respondents >= ROWS_MAX {
        return Err(SampleError::TooLong(respondents));
    }
    let words = Vocabulary::new(cohort.questionnaire, Layout::Xlsx);
    let mut days_written = Vec::new();
    for day in days(cohort) {
        days_written.push(ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?);
    }
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(format!("Syntetisk enkät {} (synthetic survey)", cohort.year))
        .set_comment("Syntetiska data: inga verkliga svar. Synthetic data: no real answers.")
        // the library's own default is the present moment, which would make every file differ
        .set_creation_datetime(&ExcelDateTime::from_ymd(cohort.year.number(), 12, 31)?);
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet().set_name("Syntetiska svar")?;
    for (column, header) in words.headers.iter().enumerate() {
        sheet.write_string(0, column as u16, header)?;
    }
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let lowest: Vec<i8> = cohort.questionnaire.questions.iter().map(|asked| asked.scale.min()).collect();
    rows(cohort, |row| {
        sheet.write_datetime_with_format(
            row.number as u32,
            4,
            &days_written[usize::from(row.respondent.day)],
            &date,
        )?;
        write_row(sheet, &words, &lowest, row)
    })?;
    Ok(out.write_all(&workbook.save_to_buffer()?)?)
}

fn write_row(sheet: &mut Worksheet, words: &Vocabulary, lowest: &[i8], row: &Row<'_>) -> Result<(), SampleError> {
    let at = row.number as u32;
    let respondent = row.respondent;
    sheet.write_string(at, 0, &row.participant.text)?;
    sheet.write_string(at, 1, row.name)?;
    if let Some(unit) = row.participant.unit(respondent) {
        sheet.write_string(at, 2, unit)?;
    }
    if let Some(role) = respondent.role {
        sheet.write_string(at, 3, &words.roles[role])?;
    }
    if respondent.contact {
        for (column, field) in (5..).zip(contact(row.number)) {
            sheet.write_string(at, column, field)?;
        }
    }
    for (question, (answer, lowest)) in row.answers.iter().zip(lowest).enumerate() {
        let column = 8 + question as u16;
        match answer {
            Answer::Label(label) => sheet.write_number(at, column, f64::from(*lowest) + f64::from(*label))?,
            Answer::Reason(_) => sheet.write_string(at, column, words.answer(question, *answer))?,
            Answer::Blank => continue,
        };
    }
    Ok(())
}
