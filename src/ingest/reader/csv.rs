//! Reads CSV: finds the separator, and hands on blocks that end where records end; cells are looked at by `check`.

mod cut;
mod decode;
mod source;

use std::{io, sync::Arc};

use cut::{Cutter, Next};
use decode::Layout;
use source::{Source, SourceError};

use super::{Block, Draft, Format, Header, Opening, Reader, Stop};
use crate::{
    ingest::{
        check::{Rule, file as rules},
        header::Columns,
    },
    model::Digest,
};

pub(super) const FORMAT: Format = Format { recognises: |_| true, open };

/// Separators that are tried, in this order.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

struct CsvReader<'a> {
    header: Header,
    source: Source<'a>,
    cutter: Cutter,
}

fn open<'a>(opening: &Opening<'a>) -> Result<Box<dyn Reader + 'a>, Stop> {
    let mut source = Source::open(opening)?;
    let mut start = Vec::new();
    // the whole header has to be in the first piece
    while start.len() < opening.limits.csv_record_bytes {
        match source.fill(&mut start) {
            Ok(0) => break,
            Ok(_) => {}
            Err(SourceError::Refused(rule)) => return Err(Stop::Refused(Some(1), rule)),
            Err(SourceError::Unreadable(cause)) => return Err(Stop::Unreadable(cause)),
        }
    }
    let skipped = blank_lines(&start, 0);
    let record = &start[skipped.bytes..];
    if record.is_empty() {
        return Err(Stop::Refused(None, &rules::EMPTY_FILE));
    }
    let candidates = opening.delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut best: Option<(usize, FirstRecord, u8)> = None;
    for delimiter in candidates {
        let first = FirstRecord::read(record, delimiter);
        let found = first.names.as_ref().map_or(0, |names| opening.expected.found(names.iter().map(String::as_str)));
        if best.as_ref().is_none_or(|(most, _, _)| found > *most) {
            best = Some((found, first, delimiter));
        }
    }
    let row = u64::from(skipped.lines) + 1;
    let Some((_, first, delimiter)) = best else { return Err(Stop::Refused(None, &rules::EMPTY_FILE)) };
    let Some(names) = first.names else { return Err(Stop::Refused(Some(row), &rules::INVALID_ENCODING)) };
    if first.end >= opening.limits.csv_record_bytes {
        return Err(Stop::Refused(Some(row), &rules::UNCLOSED_QUOTE));
    }
    if names.len() > opening.limits.csv_columns {
        return Err(Stop::Refused(Some(row), &rules::TOO_LARGE));
    }
    let mut end = first.end;
    let line_end = match (record.get(end.wrapping_sub(1)), record.get(end)) {
        (Some(b'\r'), Some(b'\n')) => {
            end += 1;
            b'\n'
        }
        (Some(b'\r'), _) => b'\r',
        _ => b'\n',
    };
    let cutter = Cutter::new(delimiter, line_end, opening.limits.csv_record_bytes, record[end..].to_vec());
    let header = Header { names, row, decimal_comma: delimiter == b';' };
    Ok(Box::new(CsvReader { header, source, cutter }))
}

struct FirstRecord {
    /// None where they are not UTF-8.
    names: Option<Vec<String>>,
    /// Bytes up to and with the first byte of the line end.
    end: usize,
}

impl FirstRecord {
    fn read(text: &[u8], delimiter: u8) -> Self {
        let mut reader =
            ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
        let mut record = ::csv::ByteRecord::new();
        let has_record = reader.read_byte_record(&mut record).unwrap_or_default();
        let names = record.iter().map(|name| std::str::from_utf8(name).ok().map(str::to_owned)).collect();
        Self { names: if has_record { names } else { None }, end: reader.position().byte() as usize }
    }
}

/// Line ends without a record before them.
struct BlankLines {
    lines: u32,
    bytes: usize,
}

/// Counts blank lines from a place where a record begins.
fn blank_lines(text: &[u8], from: usize) -> BlankLines {
    let mut at = from;
    let mut lines = 0;
    while let Some(byte @ (b'\r' | b'\n')) = text.get(at) {
        at += if *byte == b'\r' && text.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        lines += 1;
    }
    BlankLines { lines, bytes: at - from }
}

impl Reader for CsvReader<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn read(mut self: Box<Self>, columns: &Columns, emit: &mut dyn FnMut(Block) -> bool) -> io::Result<Option<Digest>> {
        let layout = Arc::new(Layout::new(columns, self.cutter.delimiter, self.cutter.line_end));
        loop {
            match self.cutter.next() {
                Next::Block { text, is_cut_short } => {
                    let layout = Arc::clone(&layout);
                    if !emit(Box::new(move || decode::decode(&text, &layout, is_cut_short))) {
                        return Ok(None);
                    }
                }
                Next::Unclosed => {
                    refuse(emit, &rules::UNCLOSED_QUOTE);
                    return Ok(None);
                }
                Next::More => match self.source.fill(&mut self.cutter.text) {
                    Ok(0) => self.cutter.end(),
                    Ok(_) => {}
                    Err(SourceError::Refused(rule)) => {
                        if let Some(text) = self.cutter.whole_records() {
                            let layout = Arc::clone(&layout);
                            emit(Box::new(move || decode::decode(&text, &layout, false)));
                        }
                        refuse(emit, rule);
                        return Ok(None);
                    }
                    Err(SourceError::Unreadable(cause)) => return Err(cause),
                },
                Next::End => return Ok(Some(self.source.digest())),
            }
        }
    }
}

fn refuse(emit: &mut dyn FnMut(Block) -> bool, rule: &'static Rule) {
    emit(Box::new(move || Draft::refusal(rule)));
}
