//! Excel workbooks: a sheet with the rows, as people like to read them, and one that says what they are, which is in `about`.

mod about;

use std::io::Write;

use jiff::Timestamp;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format as Style, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Document, EncodeError, Format, LICENCE, Meta, Sheet, SheetColumn, Value};
use crate::{
    definition::Kind,
    model::{Language, Text},
};

/// The Excel format.
#[derive(Debug)]
pub(super) struct Xlsx;

impl Format for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }

    fn content_type(&self) -> &'static str {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }

    fn is_in_one_language(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        write(&Sheet::of(document)?, out)
    }
}

impl From<XlsxError> for EncodeError {
    fn from(error: XlsxError) -> Self {
        Self::Library(error.to_string())
    }
}

/// Whole numbers that Excel holds exactly are smaller than these.
const WHOLE_END: i64 = 1 << 53;

/// Columns are not made wider than this, in pixels.
const WIDTH_MAX: u32 = 420;

/// Writes rows as a workbook.
pub fn write(sheet: &Sheet, out: &mut dyn Write) -> Result<(), EncodeError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(sheet));
    fill(book.add_worksheet(), sheet)?;
    about::fill(book.add_worksheet(), sheet)?;
    // a workbook is a ZIP archive of parts that refer to each other; it is complete only when the last is written
    Ok(out.write_all(&book.save_to_buffer()?)?)
}

fn properties(sheet: &Sheet) -> DocProperties {
    let (meta, language) = (sheet.meta, sheet.language);
    let notice = meta.notice.as_ref().map(|notice| format!("{} ", language.of(notice))).unwrap_or_default();
    let properties = DocProperties::new()
        .set_title(language.of(sheet.title))
        .set_subject(sheet.id)
        .set_author("mognad")
        .set_comment(format!("{notice}{}. {LICENCE}", language.of(&meta.source)))
        .set_creation_datetime(&created(meta))
        .set_custom_property("release", meta.release.as_str())
        .set_custom_property("licence", LICENCE)
        .set_custom_property("synthetic", meta.notice.is_some());
    if meta.notice.is_some() {
        properties.set_keywords(language.of(&Text::new("syntetiska data", "synthetic data")))
    } else {
        properties
    }
}

/// When the release was published, rather than now: the same rows are the same bytes.
fn created(meta: &Meta) -> ExcelDateTime {
    let seconds = meta.published_at.parse::<Timestamp>().map_or(0, Timestamp::as_second);
    ExcelDateTime::from_timestamp(seconds).unwrap_or_default()
}

/// A column of the sheet: of the table, or the names of ids in the column before.
enum Shown<'a> {
    Own(&'a SheetColumn<'a>),
    Names(&'a SheetColumn<'a>),
}

fn fill(to: &mut Worksheet, sheet: &Sheet) -> Result<(), EncodeError> {
    to.set_name("Data")?;
    let head =
        Style::new().set_bold().set_border_bottom(FormatBorder::Thin).set_background_color(Color::RGB(0x00E8_EEF4));
    let mut shown: Vec<(usize, Shown, Style)> = Vec::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        shown.push((at, Shown::Own(column), style(column)));
        if sheet.names.is_some_and(|names| names.has(&column.name)) {
            shown.push((at, Shown::Names(column), Style::new()));
        }
    }
    for (place, (_, column, _)) in (0_u16..).zip(&shown) {
        to.write_string_with_format(0, place, title(column, sheet.language), &head)?;
    }
    for (line, row) in (1_u32..).zip(sheet.rows) {
        let instrument = sheet.instrument(row);
        for (place, (at, column, style)) in (0_u16..).zip(&shown) {
            match (column, &row[*at]) {
                (Shown::Own(_), value) => cell(to, line, place, value, style)?,
                (Shown::Names(column), Value::Text(id)) => {
                    let name = sheet.names.and_then(|names| names.of(instrument, &column.name, id));
                    if let Some(name) = name {
                        to.write_string(line, place, sheet.language.of(name))?;
                    }
                }
                (Shown::Names(_), _) => {}
            }
        }
    }
    let last = u16::try_from(shown.len().saturating_sub(1)).map_err(|_| EncodeError::TooLarge)?;
    let end = u32::try_from(sheet.rows.len()).map_err(|_| EncodeError::TooLarge)?;
    to.autofilter(0, 0, end, last)?;
    to.set_freeze_panes(1, 0)?;
    to.set_repeat_rows(0, 0)?;
    to.set_landscape();
    // on paper the second sheet may be missing
    let printed = |text: &str| text.replace('&', "&&");
    if let Some(notice) = &sheet.meta.notice {
        to.set_header(format!("&C&B{}", printed(sheet.language.of(notice))));
    }
    to.set_footer(format!("&L{}&R&P/&N", printed(sheet.language.of(&sheet.meta.source))));
    to.set_autofit_max_width(WIDTH_MAX);
    to.autofit();
    Ok(())
}

fn title(column: &Shown, language: Language) -> String {
    match column {
        Shown::Own(column) => language.of(&column.text.title).to_owned(),
        Shown::Names(column) => {
            let title = &column.text.title;
            let names = Text::new(format!("{}, i klartext", title.sv), format!("{}, in words", title.en));
            language.of(&names).to_owned()
        }
    }
}

/// Whole numbers have no decimals, others as many as are described.
fn style(column: &SheetColumn) -> Style {
    match column.text.kind {
        Kind::Whole => Style::new().set_num_format("0"),
        Kind::Number if column.text.decimals > 0 => {
            Style::new().set_num_format(format!("0.{}", "0".repeat(usize::from(column.text.decimals))))
        }
        _ => Style::new(),
    }
}

/// Writes a value; a cell without one stays empty, and its row's status says why. Text is written as text, which Excel never
/// computes, whatever it begins with: so nothing is put in front of it.
fn cell(to: &mut Worksheet, line: u32, place: u16, value: &Value, style: &Style) -> Result<(), EncodeError> {
    match value {
        Value::Text(text) => to.write_string(line, place, &**text)?,
        Value::Whole(number) if (-WHOLE_END..=WHOLE_END).contains(number) => {
            to.write_number_with_format(line, place, *number as f64, style)?
        }
        // Excel would round it
        Value::Whole(number) => to.write_string(line, place, number.to_string())?,
        Value::Number(number) if number.is_finite() => to.write_number_with_format(line, place, *number, style)?,
        Value::Flag(flag) => to.write_boolean(line, place, *flag)?,
        Value::Number(_) | Value::Null => to,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx as Book};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        encode::{
            Names,
            generated::{bytes, document, of, simple},
        },
        model::Status,
    };

    fn open(document: &Document) -> Book<Cursor<Vec<u8>>> {
        calamine::open_workbook_from_rs(Cursor::new(bytes(&Xlsx, document))).unwrap()
    }

    #[test]
    fn the_second_sheet_says_what_the_rows_are() {
        let mut document = of(vec![simple(2020, Status::Withheld, Value::Null)], Names::default());
        for (language, names) in [(Language::Sv, ["Data", "Om"]), (Language::En, ["Data", "About"])] {
            document.language = language;
            let mut book = open(&document);
            assert_eq!(book.sheet_names(), names);
            assert!(book.vba_project().unwrap().is_none());
            let about = book.worksheet_range(names[1]).unwrap();
            let texts: Vec<String> = about.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
            let meta = &document.meta;
            for expected in [
                language.of(&document.table.title),
                language.of(meta.notice.as_ref().unwrap()),
                language.of(&meta.source),
                meta.release.as_str(),
                meta.policy.as_str(),
                meta.published_at.as_str(),
                LICENCE,
                "share_20",
                language.of(&Status::Withheld.name()),
            ] {
                assert!(texts.iter().any(|text| text == expected), "{expected}");
            }
        }
    }

    #[test]
    fn ids_of_figures_have_their_names_beside_them() {
        let mut names = Names::default();
        names.add(None, "status", &"ok".into(), Status::Ok.name());
        let document = of(vec![simple(2020, Status::Ok, Value::Whole(47))], names);
        let range = open(&document).worksheet_range("Data").unwrap();
        let cell = |line: u32, place: u32| range.get_value((line, place)).cloned().unwrap_or_default();
        assert_eq!(
            (cell(0, 4), cell(0, 5)),
            (Data::String("Å status".into()), Data::String("Å status, i klartext".into()))
        );
        assert_eq!(
            (cell(1, 4), cell(1, 5), cell(1, 6)),
            (Data::String("ok".into()), Data::String("värde".into()), Data::Float(47.0))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_excel_reads_is_what_was_written_and_computes_nothing(document in document()) {
            let mut book = open(&document);
            prop_assert!(book.worksheet_formula("Data").unwrap().used_cells().next().is_none());
            let range = book.worksheet_range("Data").unwrap();
            let language = document.language;
            for (line, row) in (1_u32..).zip(&document.grid.rows) {
                let mut place = 0;
                for (name, value) in document.grid.columns.iter().zip(row) {
                    let cell = range.get_value((line, place)).cloned().unwrap_or_default();
                    let expected = match value {
                        Value::Null => Data::Empty,
                        Value::Text(text) => Data::String(text.to_string()),
                        Value::Whole(number) => Data::Float(*number as f64),
                        Value::Number(number) => Data::Float(*number),
                        Value::Flag(flag) => Data::Bool(*flag),
                    };
                    prop_assert_eq!(cell, expected);
                    place += 1;
                    if document.names.has(name) {
                        let cell = range.get_value((line, place)).cloned().unwrap_or_default();
                        if let Value::Text(id) = value {
                            let name = document.names.of(Some("digital-maturity"), name, id).unwrap();
                            prop_assert_eq!(cell, Data::String(language.of(name).to_owned()));
                        }
                        place += 1;
                    }
                }
            }
        }
    }
}
