//! From texts to typed rows: what each kind of file has in its rows, and how a row becomes one of microdata.

pub(super) mod answers;
pub(super) mod scores;

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, AsArray, BooleanArray, Int8Array, RecordBatch, StringArray, new_null_array},
    compute::{filter_record_batch, take},
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
};

use super::{
    check::{Effect, Rule},
    reader::Draft,
};

/// Something to tell about a row of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Issue {
    /// Place among the block's lines.
    pub(super) line: u32,
    /// Position among the wanted columns.
    pub(super) column: Option<usize>,
    pub(super) rule: &'static Rule,
}

/// A block whose rows have been checked one by one.
pub(super) struct Conformed {
    /// Rows of the sheet that the block covers.
    pub(super) lines: u64,
    /// Rows that are not blank.
    pub(super) rows_read: u64,
    /// Accepted rows; the column `row` holds places among the block's lines.
    pub(super) accepted: RecordBatch,
    pub(super) issues: Vec<Issue>,
}

/// Checks rows of one kind; each worker has its own.
pub(super) trait Conform {
    fn conform(&mut self, draft: &Draft) -> Result<Conformed, ArrowError>;
}

/// Columns that every accepted row has while a file is being read: its number in the file, its organisation's position, and
/// what identifies it (see [`Shape`]).
pub(super) const ROW: usize = 0;
pub(super) const ORGANISATION: usize = 1;
pub(super) const KEY: usize = 2;

/// The columns of accepted rows, while a file is read and once stored.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Columns while a file is read. The first three are the row's number, the organisation's position in the order of ids,
    /// and 16 bytes that no two rows may share: the pseudonym, or organisation and measure. Rows are sorted by the latter two,
    /// and those of answers then arranged by gaps.
    pub(super) reading: SchemaRef,
    /// Columns once stored.
    pub(super) stored: SchemaRef,
    /// Where each stored column comes from.
    sources: Vec<Source>,
}

#[derive(Debug, Clone)]
enum Source {
    /// The column at this position while reading.
    Same(usize),
    /// The text at the position that the column holds.
    Text(usize, ArrayRef),
    /// The same number in each row.
    Number(i8),
    /// Nothing, since the version does not ask.
    Nothing,
}

impl Shape {
    fn new(own: Vec<Field>, stored: Schema, sources: Vec<Source>) -> Self {
        let mut fields = vec![
            Field::new("row", DataType::UInt64, false),
            Field::new("organisation", DataType::UInt32, false),
            Field::new("key", DataType::FixedSizeBinary(16), false),
        ];
        fields.extend(own);
        Self { reading: Arc::new(Schema::new(fields)), stored: Arc::new(stored), sources }
    }

    /// The columns that hold answers while reading.
    pub(super) fn answers(&self) -> Vec<usize> {
        let is_answer = |field: &Field| field.data_type() == &DataType::Int8 && field.is_nullable();
        (0..self.reading.fields().len()).filter(|at| is_answer(self.reading.field(*at))).collect()
    }

    /// Makes a stored column of some rows, given their columns while reading.
    pub(super) fn column(
        &self,
        at: usize,
        reading: impl Fn(usize) -> Result<ArrayRef, ArrowError>,
        rows: usize,
    ) -> Result<ArrayRef, ArrowError> {
        Ok(match &self.sources[at] {
            Source::Same(from) => reading(*from)?,
            Source::Text(from, texts) => take(texts, &reading(*from)?, None)?,
            Source::Number(number) => Arc::new(Int8Array::from(vec![*number; rows])),
            Source::Nothing => new_null_array(self.stored.field(at).data_type(), rows),
        })
    }
}

/// Notes about the rows of one block, while its columns pass by.
struct Notes<'a> {
    draft: &'a Draft,
    refused: Vec<bool>,
    blank: Vec<bool>,
    issues: Vec<Issue>,
}

impl<'a> Notes<'a> {
    fn new(draft: &'a Draft) -> Self {
        let issues = draft.faults.iter().map(|f| Issue { line: f.line, column: f.column, rule: f.rule }).collect();
        Self { draft, refused: vec![false; draft.rows], blank: vec![false; draft.rows], issues }
    }

    /// Finds the rows in which every column is blank, which spreadsheets write below the last row in use.
    fn find_blank_rows(&mut self, organisation: usize) {
        let column = &self.draft.columns[organisation];
        for row in 0..self.draft.rows {
            let is_blank = |column: &StringArray| column.value(row).trim().is_empty();
            if is_blank(column) && self.draft.columns.iter().all(is_blank) {
                self.blank[row] = true;
                self.refused[row] = true;
            }
        }
    }

    fn add(&mut self, row: usize, column: Option<usize>, rule: &'static Rule) {
        self.issues.push(Issue { line: self.draft.place(row), column, rule });
        self.refused[row] |= rule.effect != Effect::Flag;
    }

    /// Reads a text column cell by cell; a cell that breaks a rule is noted and becomes the default.
    fn read<T: Default>(&mut self, column: usize, mut read: impl FnMut(&'a str) -> Result<T, &'static Rule>) -> Vec<T> {
        let draft = self.draft;
        let texts = &draft.columns[column];
        (0..draft.rows)
            .map(|row| {
                if self.blank[row] {
                    return T::default();
                }
                read(texts.value(row)).unwrap_or_else(|rule| {
                    self.add(row, Some(column), rule);
                    T::default()
                })
            })
            .collect()
    }

    /// The numbers of all rows as the column `row` holds them here.
    fn places(&self) -> Vec<u64> {
        (0..self.draft.rows).map(|row| u64::from(self.draft.place(row))).collect()
    }

    /// Leaves the refused rows out.
    fn finish(self, reading: &SchemaRef, columns: Vec<ArrayRef>) -> Result<Conformed, ArrowError> {
        let mut accepted = RecordBatch::try_new(Arc::clone(reading), columns)?;
        if self.refused.contains(&true) {
            let kept: BooleanArray = self.refused.iter().map(|refused| Some(!refused)).collect();
            accepted = filter_record_batch(&accepted, &kept)?;
        }
        let blank = self.blank.iter().filter(|blank| **blank).count();
        let mut faulty: Vec<u32> = self.draft.faults.iter().map(|fault| fault.line).collect();
        faulty.sort_unstable();
        faulty.dedup();
        let rows_read = (self.draft.rows - blank + faulty.len()) as u64;
        Ok(Conformed { lines: self.draft.lines, rows_read, accepted, issues: self.issues })
    }
}

/// Sort key of a row.
pub(super) fn keys_of(batch: &RecordBatch) -> impl Iterator<Item = (u32, u128)> + '_ {
    let organisations = batch.column(ORGANISATION).as_primitive::<datafusion::arrow::datatypes::UInt32Type>().values();
    let keys = batch.column(KEY).as_fixed_size_binary();
    organisations.iter().enumerate().map(move |(row, organisation)| {
        let mut key = [0; 16];
        key.copy_from_slice(keys.value(row));
        (*organisation, u128::from_be_bytes(key))
    })
}
