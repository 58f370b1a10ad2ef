//! CSV twice: for machines (comma, decimal point) and for Swedish Excel (semicolon, decimal comma, byte order mark).

use std::{borrow::Cow, io::Write};

use super::{Document, EncodeError, Format, LICENCE, Value};

/// CSV for machines: RFC 4180, UTF-8 without byte order mark.
#[derive(Debug)]
pub(super) struct Csv;

/// CSV for people with a Swedish Excel.
#[derive(Debug)]
pub(super) struct ExcelCsv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv"
    }

    fn content_type(&self) -> &'static str {
        "text/csv; charset=utf-8; header=present"
    }

    fn is_in_one_language(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        write(document, out, b',', &|value| plain(value, "."))
    }
}

impl Format for ExcelCsv {
    fn name(&self) -> &'static str {
        "excel-sv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv;variant=excel-sv"
    }

    fn content_type(&self) -> &'static str {
        "text/csv; charset=utf-8; header=present; variant=excel-sv"
    }

    fn is_in_one_language(&self) -> bool {
        true
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        out.write_all("\u{feff}".as_bytes())?;
        write(document, out, b';', &|value| match value {
            Value::Text(text) => defuse(text),
            other => plain(other, ","),
        })
    }
}

fn write(
    document: &Document,
    out: &mut dyn Write,
    delimiter: u8,
    text: &dyn Fn(&Value) -> Cow<'_, str>,
) -> Result<(), EncodeError> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
    // release, source, licence and whether the data are synthetic travel with every row, since a CSV file has no other place
    let meta = &document.meta;
    let synthetic = meta.notice.is_some().to_string();
    let own = [
        ("release", meta.release.as_str()),
        ("synthetic", &synthetic),
        ("source", document.language.of(&meta.source)),
        ("licence", LICENCE),
    ];
    // a table of releases has the release itself
    let own: Vec<_> =
        own.into_iter().filter(|(name, _)| !document.grid.columns.iter().any(|column| **column == **name)).collect();
    let header = document.grid.columns.iter().map(|name| &**name).chain(own.iter().map(|(name, _)| *name));
    let failed = |error: csv::Error| EncodeError::Library(error.to_string());
    writer.write_record(header).map_err(failed)?;
    for row in &document.grid.rows {
        for value in row {
            writer.write_field(text(value).as_bytes()).map_err(failed)?;
        }
        writer.write_record(own.iter().map(|(_, value)| *value)).map_err(failed)?;
    }
    Ok(writer.flush()?)
}

fn plain<'a>(value: &'a Value, point: &str) -> Cow<'a, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string().replace('.', point)),
        other => Cow::Owned(other.to_string()),
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
fn defuse(text: &str) -> Cow<'_, str> {
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(dangerous) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        encode::generated::{bytes, document, is_written, of, simple},
        model::{Language, Status},
    };

    fn records(file: &[u8], delimiter: u8) -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(file);
        reader.records().map(Result::unwrap).collect()
    }

    #[test]
    fn formulas_are_defused() {
        assert_eq!(defuse("=1+1"), "'=1+1");
        assert_eq!(defuse("＝1"), "'＝1");
        assert_eq!(defuse("Ale"), "Ale");
    }

    #[test]
    fn every_row_says_where_it_comes_from() {
        let mut document = of(vec![simple(2020, Status::Withheld, Value::Null)], crate::encode::Names::default());
        document.language = Language::En;
        let file = String::from_utf8(bytes(&Csv, &document)).unwrap();
        let mut lines = file.split("\r\n");
        assert!(lines.next().unwrap().ends_with(",release,synthetic,source,licence"));
        let release = document.meta.release.as_str();
        let end = format!(",{release},true,\"Source: mognad, release abc\",{LICENCE}");
        let line = lines.next().unwrap();
        assert!(line.starts_with("digital-maturity,index,all,2020,withheld,,,233,") && line.ends_with(&end), "{line}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_machines_read_is_what_was_written(document in document()) {
            let records = records(&bytes(&Csv, &document), b',');
            prop_assert_eq!(records.len(), document.grid.rows.len() + 1);
            for (record, row) in records[1..].iter().zip(&document.grid.rows) {
                for (field, value) in record.iter().zip(row) {
                    prop_assert!(is_written(value, field, "."), "{:?} {:?}", value, field);
                }
            }
        }

        #[test]
        fn what_a_swedish_excel_reads_is_what_was_written_and_computes_nothing(document in document()) {
            let file = bytes(&ExcelCsv, &document);
            let records = records(file.strip_prefix("\u{feff}".as_bytes()).unwrap(), b';');
            for (record, row) in records[1..].iter().zip(&document.grid.rows) {
                for (field, value) in record.iter().zip(row) {
                    if let Value::Text(text) = value {
                        prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\n']), "{:?}", field);
                        // a text that has an apostrophe there itself is left as it is
                        prop_assert!(field == &**text || field.strip_prefix('\'') == Some(text), "{:?} {:?}", text, field);
                        continue;
                    }
                    prop_assert!(is_written(value, field, ","), "{:?} {:?}", value, field);
                }
            }
        }
    }
}
