//! CSV twice: for machines (comma, decimal point) and for Swedish Excel (semicolon, decimal comma, byte order mark).

use super::{Document, Format, Value};

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

    fn encode(&self, document: &Document) -> Vec<u8> {
        write(document, b',', "", &|value| plain(value, "."))
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
        "text/csv; charset=utf-8; header=present"
    }

    fn encode(&self, document: &Document) -> Vec<u8> {
        write(document, b';', "\u{feff}", &|value| match value {
            Value::Text(text) => defuse(text),
            other => plain(other, ","),
        })
    }
}

fn write(document: &Document, delimiter: u8, start: &str, text: &dyn Fn(&Value) -> String) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(start.as_bytes().to_vec());
    // the release and whether the data are synthetic travel with every row, since a CSV file has no other place for them
    let synthetic = document.meta.notice.is_some().to_string();
    let release = document.meta.release.as_str();
    let header = document.grid.columns.iter().map(|name| &**name).chain(["release", "synthetic"]);
    let mut written = writer.write_record(header);
    for row in &document.grid.rows {
        let cells = row.iter().map(text).chain([release.to_owned(), synthetic.clone()]);
        written = written.and_then(|()| writer.write_record(cells));
    }
    // writing to memory does not fail
    if written.is_err() { Vec::new() } else { writer.into_inner().unwrap_or_default() }
}

fn plain(value: &Value, point: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => number.to_string().replace('.', point),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
fn defuse(text: &str) -> String {
    let dangerous = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(dangerous) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        assert_eq!(defuse("=1+1"), "'=1+1");
        assert_eq!(defuse("＝1"), "'＝1");
        assert_eq!(defuse("Ale"), "Ale");
    }
}
