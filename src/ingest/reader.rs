//! What every file format hands on: a header row, then blocks that workers decode into drafts; each format has a file of its own.

mod csv;
mod xlsx;

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use datafusion::arrow::array::StringArray;

use super::{
    check::{Rule, file as rules},
    header::{Columns, Expected},
    limits::Limits,
};
use crate::model::Digest;

/// A file format.
pub(super) struct Format {
    /// Whether a file that begins so is of the format.
    recognises: fn(&[u8]) -> bool,
    /// Opens a file and reads its header row.
    open: for<'a> fn(&Opening<'a>) -> Result<Box<dyn Reader + 'a>, Stop>,
}

/// Every format, in the order in which they are tried; CSV recognises whatever is left.
static READERS: &[Format] = &[xlsx::FORMAT, csv::FORMAT];

/// The first bytes of an OLE2 container: an old workbook, or an encrypted one.
const OLE2: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What a reader has to know to open a file.
pub(super) struct Opening<'a> {
    pub(super) path: &'a Path,
    pub(super) expected: &'a Expected,
    /// Separator of a CSV file, where the mapping names one.
    pub(super) delimiter: Option<u8>,
    /// Whether a CSV file that is not Unicode may be read as windows-1252.
    pub(super) windows_1252: bool,
    pub(super) limits: &'a Limits,
    /// Told how many bytes have been read.
    pub(super) progress: Option<&'a (dyn Fn(u64) + Sync)>,
}

/// Why a file was not opened.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file is refused: a row, where the reason has one, and a rule.
    Refused(Option<u64>, &'static Rule),
    /// The file cannot be read at all.
    Unreadable(io::Error),
}

impl From<io::Error> for Stop {
    fn from(cause: io::Error) -> Self {
        Self::Unreadable(cause)
    }
}

/// A header row.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    /// Number of the row, from 1.
    pub(super) row: u64,
    /// Whether a decimal comma can stand in numbers, since it separates nothing.
    pub(super) decimal_comma: bool,
}

/// A file whose header has been read.
pub(super) trait Reader: Send {
    fn header(&self) -> &Header;

    /// Hands on the rows below the header, block by block, until the file ends or `emit` says that nobody listens any more.
    /// The digest of the file, unless it was left early.
    fn read(self: Box<Self>, columns: &Columns, emit: &mut dyn FnMut(Block) -> bool) -> io::Result<Option<Digest>>;
}

/// Some rows that are yet to be decoded, which a worker does.
pub(super) type Block = Box<dyn FnOnce() -> Draft + Send>;

/// Rows as texts.
#[derive(Debug)]
pub(super) struct Draft {
    /// The wanted columns; a blank cell is empty or null.
    pub(super) columns: Vec<StringArray>,
    /// Number of rows in the columns.
    pub(super) rows: usize,
    /// Rows of the sheet that the block covers, blank ones and those at fault among them.
    pub(super) lines: u64,
    /// For each row in the columns its place among the lines; none where they follow each other from 0.
    pub(super) places: Option<Vec<u32>>,
    /// What is wrong with rows that are not in the columns.
    pub(super) faults: Vec<Fault>,
}

/// A row that could not be decoded, or from which on the file cannot be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    /// Place among the block's lines.
    pub(super) line: u32,
    /// Position among the wanted columns.
    pub(super) column: Option<usize>,
    pub(super) rule: &'static Rule,
}

impl Draft {
    /// No rows, and the reason why the file is refused from here on.
    fn refusal(rule: &'static Rule) -> Self {
        let faults = vec![Fault { line: 0, column: None, rule }];
        Self { columns: Vec::new(), rows: 0, lines: 1, places: None, faults }
    }

    /// Place of a row of the columns among the block's lines.
    pub(super) fn place(&self, row: usize) -> u32 {
        self.places.as_ref().map_or(row as u32, |places| places[row])
    }
}

/// Opens a file in the format that its first bytes tell, whatever its name is.
pub(super) fn open<'a>(opening: &Opening<'a>) -> Result<Box<dyn Reader + 'a>, Stop> {
    let mut start = Vec::new();
    File::open(opening.path)?.take(8).read_to_end(&mut start)?;
    if start == OLE2 {
        return Err(Stop::Refused(None, &rules::UNSUPPORTED_FORMAT));
    }
    let format = READERS.iter().find(|format| (format.recognises)(&start));
    (format.ok_or(Stop::Refused(None, &rules::UNSUPPORTED_FORMAT))?.open)(opening)
}
