//! Decodes a block of CSV: at once with arrow-csv, and record by record where that refuses or row numbers need care.

use std::sync::Arc;

use datafusion::arrow::{
    array::{AsArray, StringArray, StringBuilder},
    csv::ReaderBuilder,
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use memchr::{memchr, memchr_iter, memmem};

use super::blank_lines;
use crate::ingest::{
    check::file as rules,
    header::Columns,
    reader::{Draft, Fault},
};

/// How the records of a file are laid out.
pub(super) struct Layout {
    delimiter: u8,
    line_end: u8,
    schema: SchemaRef,
    /// Positions of the wanted columns in the file.
    wanted: Vec<usize>,
}

impl Layout {
    pub(super) fn new(columns: &Columns, delimiter: u8, line_end: u8) -> Self {
        let fields = (0..columns.in_file).map(|at| Field::new(at.to_string(), DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Self { delimiter, line_end, schema, wanted: columns.wanted.iter().map(|(at, _, _)| *at).collect() }
    }
}

/// Decodes whole records.
pub(super) fn decode(text: &[u8], layout: &Layout, is_cut_short: bool) -> Draft {
    at_once(text, layout).unwrap_or_else(|| one_by_one(text, layout, is_cut_short))
}

/// None where a record has too many or too few cells, where the text is not UTF-8, and where blank lines move row numbers.
fn at_once(text: &[u8], layout: &Layout) -> Option<Draft> {
    if has_odd_line_ends(text, layout.line_end) {
        return None;
    }
    let line_ends = memchr_iter(layout.line_end, text).count();
    let mut decoder = ReaderBuilder::new(Arc::clone(&layout.schema))
        .with_header(false)
        .with_delimiter(layout.delimiter)
        .with_batch_size(line_ends.max(1))
        .with_projection(layout.wanted.clone())
        .build_decoder();
    if decoder.decode(text).ok()? < text.len() {
        return None;
    }
    let batch = decoder.flush().ok()??;
    let rows = batch.num_rows();
    // fewer rows than line ends: some line ends are within quotation marks, or some lines are blank
    if rows < line_ends && may_have_blank_lines(text, layout.line_end) {
        return None;
    }
    let columns = batch.columns().iter().map(|column| column.as_string::<i32>().clone()).collect();
    Some(Draft { columns, rows, lines: rows as u64, places: None, faults: Vec::new() })
}

/// Whether some lines end in another way than the header does, so that line ends cannot be counted by one byte.
fn has_odd_line_ends(text: &[u8], line_end: u8) -> bool {
    if line_end == b'\r' {
        return memchr(b'\n', text).is_some();
    }
    let returns = memchr_iter(b'\r', text).count();
    returns > 0 && returns != memmem::find_iter(text, b"\r\n").count()
}

fn may_have_blank_lines(text: &[u8], line_end: u8) -> bool {
    text.first().is_some_and(|byte| matches!(byte, b'\r' | b'\n'))
        || memmem::find(text, &[line_end, line_end]).is_some()
        || memmem::find(text, b"\n\r\n").is_some()
}

fn one_by_one(text: &[u8], layout: &Layout, is_cut_short: bool) -> Draft {
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(layout.delimiter).from_reader(text);
    let mut record = ::csv::ByteRecord::new();
    let mut columns: Vec<StringBuilder> = layout.wanted.iter().map(|_| StringBuilder::new()).collect();
    let mut places = Vec::new();
    let mut faults = Vec::new();
    let mut line: u32 = 0;
    let mut end = 0;
    loop {
        if end > 0 && text.get(end - 1) == Some(&b'\r') && text.get(end) == Some(&b'\n') {
            end += 1;
        }
        let blank = blank_lines(text, end);
        line += blank.lines;
        // reading from memory, and of any length, cannot fail
        if !reader.read_byte_record(&mut record).unwrap_or_default() {
            break;
        }
        end = reader.position().byte() as usize;
        let is_last = text[end.min(text.len())..].iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        let fault = if record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
            Some(&rules::INVALID_ENCODING)
        } else if record.len() > layout.schema.fields().len() {
            Some(&rules::ROW_TOO_LONG)
        } else if record.len() < layout.schema.fields().len() {
            Some(if is_last && is_cut_short { &rules::TRUNCATED_FILE } else { &rules::ROW_TOO_SHORT })
        } else {
            None
        };
        if let Some(rule) = fault {
            faults.push(Fault { line, column: None, rule });
        } else {
            for (column, at) in columns.iter_mut().zip(&layout.wanted) {
                column.append_option(record.get(*at).and_then(|cell| std::str::from_utf8(cell).ok()));
            }
            places.push(line);
        }
        line += 1;
    }
    let columns: Vec<StringArray> = columns.iter_mut().map(StringBuilder::finish).collect();
    Draft { columns, rows: places.len(), lines: u64::from(line), places: Some(places), faults }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Array;
    use proptest::prelude::*;

    use super::{
        super::cut::{Cutter, Next},
        *,
    };
    use crate::ingest::header::Use;

    fn layout(in_file: usize, wanted: &[usize]) -> Layout {
        let wanted = wanted.iter().map(|at| (*at, Use::Unit, String::new())).collect();
        Layout::new(&Columns { wanted, in_file }, b',', b'\n')
    }

    fn cells(draft: &Draft) -> Vec<Vec<String>> {
        (0..draft.rows).map(|row| draft.columns.iter().map(|column| column.value(row).to_owned()).collect()).collect()
    }

    #[test]
    fn rows_at_fault_are_told_by_line_and_the_others_are_kept() {
        let text = b"a,b,c\r\n\r\nd,e\r\n\"f\ng\",h,i\nj,k,l,m\n\n\nn,\"\",p\n";
        let draft = decode(text, &layout(3, &[0, 2]), false);
        assert_eq!(cells(&draft), [["a", "c"], ["f\ng", "i"], ["n", "p"]]);
        assert_eq!(draft.places.as_deref(), Some([0, 3, 7].as_slice()));
        let faults: Vec<(u32, &str)> = draft.faults.iter().map(|fault| (fault.line, fault.rule.id)).collect();
        assert_eq!(faults, [(2, "row-too-short"), (4, "row-too-long")]);
        assert_eq!(draft.lines, 8);
    }

    #[test]
    fn a_last_record_that_stops_too_early_is_told_apart() {
        let rule = |text: &[u8], is_cut_short| {
            decode(text, &layout(3, &[0]), is_cut_short).faults.last().map(|fault| fault.rule.id)
        };
        assert_eq!(rule(b"a,b,c\nd,e\n", true), Some("truncated-file"));
        assert_eq!(rule(b"a,b,c\nd,e\n", false), Some("row-too-short"));
        assert_eq!(rule(b"a,b\nd,e,f\n", true), Some("row-too-short"));
        assert_eq!(rule(b"a,b,c\nd,e,f\n", true), None);
        assert_eq!(rule(b"a,b,c\nd,\xe5,f\n", false), Some("invalid-encoding"));
    }

    /// Cuts a text into blocks as they are cut from a file that arrives in pieces; none where a quotation mark stays open.
    fn blocks(text: &str, piece: usize) -> Option<Vec<(Vec<u8>, bool)>> {
        let mut cutter = Cutter::new(b',', b'\n', usize::MAX, Vec::new());
        let mut blocks = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            cutter.text.extend_from_slice(piece);
            blocks.extend(cutter.whole_records().map(|text| (text, false)));
        }
        cutter.end();
        loop {
            match cutter.next() {
                Next::Block { text, is_cut_short } => blocks.push((text, is_cut_short)),
                Next::End => return Some(blocks),
                Next::Unclosed | Next::More => return None,
            }
        }
    }

    proptest! {
        #[test]
        fn rows_are_the_same_however_they_are_cut_and_decoded(
            text in "([abå,\"]{0,5}[,\"\r\n]{1,2}){0,16}",
            piece in 1_usize..20,
        ) {
            let layout = layout(2, &[0, 1]);
            let Some(blocks) = blocks(&text, piece) else { return Ok(()) };
            let whole = one_by_one(text.as_bytes(), &layout, true);
            let (mut rows, mut places, mut faults, mut line) = (Vec::new(), Vec::new(), Vec::new(), 0);
            for (text, is_cut_short) in blocks {
                let draft = decode(&text, &layout, is_cut_short);
                prop_assert!(draft.columns.iter().all(|column| column.len() == draft.rows));
                rows.extend(cells(&draft));
                places.extend((0..draft.rows).map(|row| line + draft.place(row)));
                faults.extend(draft.faults.iter().map(|fault| line + fault.line));
                line += draft.lines as u32;
            }
            prop_assert_eq!(rows, cells(&whole));
            prop_assert_eq!(Some(places), whole.places);
            prop_assert_eq!(faults, whole.faults.iter().map(|fault| fault.line).collect::<Vec<_>>());
        }
    }
}
