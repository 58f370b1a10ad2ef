//! Reads XLSX: the first sheet, cell by cell, never as a whole; the container is looked through before it is unpacked.

mod container;

use std::{
    fs::File,
    io::{self, BufReader},
};

use calamine::{DataRef, Reader as _, SheetType, Xlsx};
use datafusion::arrow::array::StringBuilder;

use super::{Block, Draft, Fault, Format, Header, Opening, Reader, Stop};
use crate::{
    ingest::{
        check::{Effect, Rule, file as rules},
        header::Columns,
        limits::Limits,
    },
    model::Digest,
};

pub(super) const FORMAT: Format = Format { recognises: |start| start.starts_with(b"PK"), open };

/// Rows handed on at a time.
const BLOCK_ROWS: u32 = 4096;

type Workbook = Xlsx<BufReader<File>>;

struct XlsxReader<'a> {
    workbook: Workbook,
    sheet: String,
    header: Header,
    limits: &'a Limits,
    digest: Digest,
}

fn open<'a>(opening: &Opening<'a>) -> Result<Box<dyn Reader + 'a>, Stop> {
    let limits = opening.limits;
    let (digest, bytes) = container::check(opening.path, limits)?;
    let damaged = || Stop::Refused(None, &rules::DAMAGED_WORKBOOK);
    let mut workbook: Workbook = Xlsx::new(BufReader::new(File::open(opening.path)?)).map_err(|_| damaged())?;
    let sheet = workbook.sheets_metadata().iter().find(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheet = sheet.ok_or_else(damaged)?.name.clone();
    let mut header = Header { names: Vec::new(), row: 0, decimal_comma: false };
    let mut cells = Cells::new(limits);
    let mut reader = workbook.worksheet_cells_reader(&sheet).map_err(|_| damaged())?;
    loop {
        let cell = reader.next_cell().map_err(|_| damaged())?;
        let Some(cell) = cell else { break };
        let (row, column) = cells.admit(cell.get_position()).map_err(|rule| Stop::Refused(None, rule))?;
        let text = match text_of(cell.get_value(), limits) {
            Ok(Some(text)) => text,
            Ok(None) => continue,
            Err(rule) if rule.effect != Effect::RefuseFile => String::new(),
            Err(rule) => return Err(Stop::Refused(Some(u64::from(row) + 1), rule)),
        };
        if header.row == 0 {
            header.row = u64::from(row) + 1;
        }
        if header.row != u64::from(row) + 1 {
            break;
        }
        header.names.resize(column as usize, String::new());
        header.names.push(text);
    }
    drop(reader);
    if header.names.is_empty() {
        return Err(Stop::Refused(None, &rules::EMPTY_FILE));
    }
    if let Some(progress) = opening.progress {
        progress(bytes);
    }
    Ok(Box::new(XlsxReader { workbook, sheet, header, limits, digest }))
}

/// Holds the limits on cells, and that they come in the order of the sheet.
struct Cells<'a> {
    limits: &'a Limits,
    count: u64,
    last: Option<(u32, u32)>,
}

impl<'a> Cells<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, count: 0, last: None }
    }

    fn admit(&mut self, at: (u32, u32)) -> Result<(u32, u32), &'static Rule> {
        self.count += 1;
        if self.count > self.limits.xlsx_cells || at.0 >= self.limits.xlsx_rows || at.1 >= self.limits.xlsx_columns {
            return Err(&rules::TOO_LARGE);
        }
        if self.last.is_some_and(|last| last >= at) {
            return Err(&rules::DAMAGED_WORKBOOK);
        }
        self.last = Some(at);
        Ok(at)
    }
}

/// A cell as it would stand in a CSV file; none for an empty one.
fn text_of(value: &DataRef<'_>, limits: &Limits) -> Result<Option<String>, &'static Rule> {
    let bounded = |text: &str| {
        let is_long = text.len() > limits.xlsx_cell_chars && text.chars().count() > limits.xlsx_cell_chars;
        if is_long { Err(&rules::TOO_LARGE) } else { Ok((!text.is_empty()).then(|| text.to_owned())) }
    };
    match value {
        DataRef::Empty => Ok(None),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => bounded(text),
        DataRef::SharedString(text) => bounded(text),
        DataRef::Int(number) => Ok(Some(number.to_string())),
        DataRef::Float(number) => Ok(Some(number_text(*number))),
        DataRef::Bool(truth) => Ok(Some(truth.to_string())),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let has_time = (hour, minute, second) != (0, 0, 0);
            Ok(Some(if has_time { format!("{date}T{hour:02}:{minute:02}:{second:02}") } else { date }))
        }
        DataRef::DateTime(duration) => Ok(Some(number_text(duration.as_f64()))),
        DataRef::Error(_) => Err(&rules::FORMULA_ERROR),
    }
}

/// Whole numbers without a fraction, as a spreadsheet shows them.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

impl Reader for XlsxReader<'_> {
    fn header(&self) -> &Header {
        &self.header
    }

    fn read(mut self: Box<Self>, columns: &Columns, emit: &mut dyn FnMut(Block) -> bool) -> io::Result<Option<Digest>> {
        // rows count from 0 in here, so that the header's number is that of the row below it
        let first_row = self.header.row as u32;
        let mut rows = Rows::new(columns, first_row);
        let mut cells = Cells::new(self.limits);
        let Ok(mut reader) = self.workbook.worksheet_cells_reader(&self.sheet) else {
            rows.refuse(first_row, &rules::DAMAGED_WORKBOOK);
            emit(rows.block());
            return Ok(None);
        };
        loop {
            let cell = match reader.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                Err(_) => {
                    rows.refuse(rows.row, &rules::DAMAGED_WORKBOOK);
                    emit(rows.block());
                    return Ok(None);
                }
            };
            let (row, column) = match cells.admit(cell.get_position()) {
                Ok(at) => at,
                Err(rule) => {
                    rows.refuse(rows.row.max(cell.get_position().0), rule);
                    emit(rows.block());
                    return Ok(None);
                }
            };
            if row < first_row {
                continue;
            }
            if row != rows.row && !rows.begin(row) {
                let mut full = std::mem::replace(&mut rows, Rows::new(columns, row));
                full.row = row - 1;
                if !emit(full.block()) {
                    return Ok(None);
                }
            }
            match text_of(cell.get_value(), self.limits) {
                Ok(Some(text)) => rows.cell(column as usize, text),
                Ok(None) => {}
                Err(rule) => rows.fault(column as usize, rule),
            }
        }
        emit(rows.block());
        Ok(Some(self.digest))
    }
}

/// Rows in the making.
struct Rows<'a> {
    columns: &'a Columns,
    /// Position among the wanted columns, by position in the sheet.
    wanted: Vec<Option<usize>>,
    builders: Vec<StringBuilder>,
    places: Vec<u32>,
    faults: Vec<Fault>,
    first_row: u32,
    row: u32,
    current: Vec<Option<String>>,
    has_cells: bool,
    is_faulty: bool,
}

impl<'a> Rows<'a> {
    fn new(columns: &'a Columns, first_row: u32) -> Self {
        let mut wanted = vec![None; columns.in_file];
        for (at, (in_file, _, _)) in columns.wanted.iter().enumerate() {
            wanted[*in_file] = Some(at);
        }
        Self {
            columns,
            wanted,
            builders: columns.wanted.iter().map(|_| StringBuilder::new()).collect(),
            places: Vec::new(),
            faults: Vec::new(),
            first_row,
            row: first_row,
            current: vec![None; columns.wanted.len()],
            has_cells: false,
            is_faulty: false,
        }
    }

    /// Goes on to a row; false where the block is full and another one has to begin with it.
    fn begin(&mut self, row: u32) -> bool {
        self.finish_row();
        if row - self.first_row >= BLOCK_ROWS {
            return false;
        }
        self.row = row;
        true
    }

    fn cell(&mut self, column: usize, text: String) {
        match self.wanted.get(column) {
            Some(Some(at)) => {
                self.current[*at] = Some(text);
                self.has_cells = true;
            }
            Some(None) => self.has_cells = true,
            None if self.is_faulty => {}
            None => self.fault(column, &rules::ROW_TOO_LONG),
        }
    }

    /// A cell of a column that is not read may hold anything.
    fn fault(&mut self, column: usize, rule: &'static Rule) {
        let at = self.wanted.get(column).copied().flatten();
        if at.is_some() || column >= self.columns.in_file || rule.effect == Effect::RefuseFile {
            self.faults.push(Fault { line: self.row - self.first_row, column: at, rule });
            self.is_faulty = true;
        } else {
            self.has_cells = true;
        }
    }

    fn refuse(&mut self, row: u32, rule: &'static Rule) {
        self.finish_row();
        self.faults.push(Fault { line: row - self.first_row, column: None, rule });
    }

    fn finish_row(&mut self) {
        if self.has_cells && !self.is_faulty {
            for (builder, text) in self.builders.iter_mut().zip(&mut self.current) {
                builder.append_option(text.take());
            }
            self.places.push(self.row - self.first_row);
        }
        self.current.iter_mut().for_each(|text| *text = None);
        self.has_cells = false;
        self.is_faulty = false;
    }

    fn block(mut self) -> Block {
        self.finish_row();
        let columns = self.builders.iter_mut().map(StringBuilder::finish).collect();
        let (rows, faults) = (self.places.len(), self.faults);
        // blocks follow each other without a gap up to the row that the next one begins with
        let lines = u64::from(self.row - self.first_row) + 1;
        let draft = Draft { columns, rows, lines, places: Some(self.places), faults };
        Box::new(move || draft)
    }
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::*;

    #[test]
    fn cells_read_as_they_would_stand_in_a_csv_file() {
        let limits = Limits { xlsx_cell_chars: 5, ..Limits::default() };
        let moment =
            |serial, from_1904| DataRef::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, from_1904));
        for (value, expected) in [
            (DataRef::Float(4.0), Ok(Some("4"))),
            (DataRef::Float(-4.5), Ok(Some("-4.5"))),
            (DataRef::Float(1e21), Ok(Some("1000000000000000000000"))),
            (DataRef::Int(7), Ok(Some("7"))),
            (DataRef::SharedString("åäöÅÄ"), Ok(Some("åäöÅÄ"))),
            (DataRef::SharedString("123456"), Err("too-large")),
            (DataRef::String(String::new()), Ok(None)),
            (DataRef::Bool(true), Ok(Some("true"))),
            (DataRef::Empty, Ok(None)),
            (moment(45443.0, false), Ok(Some("2024-05-31"))),
            (moment(43981.0, true), Ok(Some("2024-05-31"))),
            (moment(45443.5, false), Ok(Some("2024-05-31T12:00:00"))),
            (DataRef::Error(calamine::CellErrorType::Div0), Err("formula-error")),
        ] {
            let text = text_of(&value, &limits).map_err(|rule| rule.id);
            assert_eq!(text, expected.map(|text| text.map(str::to_owned)), "{value:?}");
        }
    }
}
