//! Puts accepted rows in the order in which they are stored, in memory or through temporary files, so that memory is bounded.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
    fs::File,
    io::{BufReader, BufWriter, Seek as _, SeekFrom},
};

use datafusion::arrow::{
    array::{Array, ArrayRef, RecordBatch},
    compute::{interleave, interleave_record_batch},
    datatypes::SchemaRef,
    error::ArrowError,
    ipc::{reader::StreamReader, writer::StreamWriter},
};

use super::conform::{KEY, ORGANISATION, ROW, keys_of};

/// Rows of a batch in a temporary file.
const SPILL_ROWS: usize = 8192;

/// Position of a row: batch, row within the batch.
type Place = (usize, usize);

/// Rows that are left out.
#[derive(Debug, Default)]
pub(super) struct Excluded {
    pub(super) keys: HashSet<u128>,
    pub(super) organisations: HashSet<u32>,
}

impl Excluded {
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.organisations.is_empty()
    }

    pub(super) fn has(&self, organisation: u32, key: u128) -> bool {
        self.keys.contains(&key) || self.organisations.contains(&organisation)
    }
}

/// Some rows in order, taken from several batches.
pub(super) struct Group {
    batches: Vec<RecordBatch>,
    order: Vec<Place>,
    /// For each row its organisation and key.
    pub(super) keys: Vec<(u32, u128)>,
}

impl Group {
    pub(super) fn rows(&self) -> usize {
        self.order.len()
    }

    /// Puts rows with like gaps side by side: first by how many of some columns are empty, then by which are. Whether a value
    /// is there then changes seldom from row to row, which is what columnar formats and engines are quick at: runs of it are
    /// stored as one, and whole batches need no decision by row. Else the order stays.
    pub(super) fn arrange(&mut self, columns: &[usize]) {
        let mut gaps: Vec<Vec<Gaps>> =
            self.batches.iter().map(|batch| vec![Gaps::default(); batch.num_rows()]).collect();
        for (batch, gaps) in self.batches.iter().zip(&mut gaps) {
            for (at, column) in columns.iter().enumerate() {
                let Some(nulls) = batch.column(*column).nulls() else { continue };
                for row in (!nulls.inner()).set_indices() {
                    gaps[row].add(at as u16);
                }
            }
        }
        let mut order: Vec<(Gaps, u32)> =
            self.order.iter().enumerate().map(|(at, place)| (gaps[place.0][place.1], at as u32)).collect();
        order.sort_unstable();
        self.order = order.iter().map(|(_, at)| self.order[*at as usize]).collect();
        self.keys = order.iter().map(|(_, at)| self.keys[*at as usize]).collect();
    }

    /// A column of the rows.
    pub(super) fn column(&self, at: usize) -> Result<ArrayRef, ArrowError> {
        let columns: Vec<&dyn Array> = self.batches.iter().map(|batch| batch.column(at).as_ref()).collect();
        interleave(&columns, &self.order)
    }
}

/// How many values of a row are missing, and the columns of the first three; more would not bring rows closer together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Gaps {
    count: u16,
    first: [u16; 3],
}

impl Gaps {
    fn add(&mut self, column: u16) {
        if let Some(place) = self.first.get_mut(usize::from(self.count)) {
            *place = column;
        }
        self.count = self.count.saturating_add(1);
    }
}

/// Takes rows in and sorts them, a run at a time.
pub(super) struct Runs {
    schema: SchemaRef,
    run_rows: usize,
    pending: Vec<RecordBatch>,
    pending_rows: usize,
    spilled: Vec<File>,
    rows: u64,
    /// One number for each row, by which rows with the same key are suspected; they are found by the key itself.
    fingerprints: Vec<u64>,
}

/// A number that rows with the same key share.
pub(super) fn fingerprint(key: u128) -> u64 {
    ((key >> 64) as u64).rotate_left(24) ^ key as u64
}

impl Runs {
    pub(super) fn new(schema: SchemaRef, run_rows: usize) -> Self {
        Self {
            schema,
            run_rows: run_rows.max(1),
            pending: Vec::new(),
            pending_rows: 0,
            spilled: Vec::new(),
            rows: 0,
            fingerprints: Vec::new(),
        }
    }

    /// Adds rows in any order.
    pub(super) fn push(&mut self, batch: RecordBatch) -> Result<(), ArrowError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.rows += batch.num_rows() as u64;
        self.fingerprints.extend(keys_of(&batch).map(|(_, key)| fingerprint(key)));
        if self.pending_rows > 0 && self.pending_rows + batch.num_rows() > self.run_rows {
            self.spill()?;
        }
        self.pending_rows += batch.num_rows();
        self.pending.push(batch);
        Ok(())
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    fn spill(&mut self) -> Result<(), ArrowError> {
        let batches = std::mem::take(&mut self.pending);
        self.pending_rows = 0;
        let order = sorted(&batches);
        let mut writer = StreamWriter::try_new(BufWriter::new(tempfile::tempfile()?), &self.schema)?;
        let batches: Vec<&RecordBatch> = batches.iter().collect();
        for places in order.chunks(SPILL_ROWS) {
            writer.write(&interleave_record_batch(&batches, places)?)?;
        }
        writer.finish()?;
        let file = writer.into_inner()?.into_inner().map_err(|e| ArrowError::from(e.into_error()))?;
        self.spilled.push(file);
        Ok(())
    }

    /// The fingerprints that several rows have, and all fingerprints in order.
    pub(super) fn take_fingerprints(&mut self) -> (HashSet<u64>, Vec<u64>) {
        let mut all = std::mem::take(&mut self.fingerprints);
        all.sort_unstable();
        let suspected = all.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        (suspected, all)
    }

    /// Shows all rows, in no particular order, with the three columns that every row has and those asked for.
    pub(super) fn visit(&self, more: &[usize], mut see: impl FnMut(&RecordBatch)) -> Result<(), ArrowError> {
        let columns = [&[ROW, ORGANISATION, KEY], more].concat();
        for batch in &self.pending {
            see(&batch.project(&columns)?);
        }
        for file in &self.spilled {
            for batch in StreamReader::try_new(rewound(file)?, Some(columns.clone()))? {
                see(&batch?);
            }
        }
        Ok(())
    }

    /// Hands on all rows in the order of organisation and key, `group_rows` at a time, without those excluded.
    pub(super) fn merge<E: From<ArrowError>>(
        &mut self,
        excluded: &Excluded,
        group_rows: usize,
        mut take: impl FnMut(Group) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.spilled.is_empty() {
            let batches = std::mem::take(&mut self.pending);
            let keys: Vec<Vec<(u32, u128)>> = batches.iter().map(|batch| keys_of(batch).collect()).collect();
            let mut order = sorted(&batches);
            let key = |place: &Place| keys[place.0][place.1];
            if !excluded.is_empty() {
                order.retain(|place| !excluded.has(key(place).0, key(place).1));
            }
            for order in order.chunks(group_rows) {
                let keys = order.iter().map(key).collect();
                take(Group { batches: batches.clone(), order: order.to_vec(), keys })?;
            }
            return Ok(());
        }
        if !self.pending.is_empty() {
            self.spill()?;
        }
        let mut cursors = Vec::new();
        for file in &self.spilled {
            cursors.push(Cursor::new(StreamReader::try_new(rewound(file)?, None)?));
        }
        Merge::new(cursors).run(excluded, group_rows, take)
    }
}

fn rewound(file: &File) -> Result<BufReader<File>, ArrowError> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// The places of all rows in the order of organisation and key.
fn sorted(batches: &[RecordBatch]) -> Vec<Place> {
    let mut keyed: Vec<((u32, u128), (u32, u32))> = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for (at, batch) in batches.iter().enumerate() {
        keyed.extend(keys_of(batch).enumerate().map(|(row, key)| (key, (at as u32, row as u32))));
    }
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, (batch, row))| (batch as usize, row as usize)).collect()
}

/// A run that is read back.
struct Cursor {
    reader: StreamReader<BufReader<File>>,
    keys: Vec<(u32, u128)>,
    next: usize,
    batch: Option<RecordBatch>,
    /// Position of the batch in the group that is being made, once a row of it is taken.
    in_group: Option<usize>,
}

impl Cursor {
    fn new(reader: StreamReader<BufReader<File>>) -> Self {
        Self { reader, keys: Vec::new(), next: 0, batch: None, in_group: None }
    }

    /// The key of the next row, if there is one.
    fn peek(&mut self) -> Result<Option<(u32, u128)>, ArrowError> {
        while self.next == self.keys.len() {
            let Some(batch) = self.reader.next().transpose()? else { return Ok(None) };
            self.keys = keys_of(&batch).collect();
            self.next = 0;
            self.in_group = None;
            self.batch = Some(batch);
        }
        Ok(Some(self.keys[self.next]))
    }
}

struct Merge {
    cursors: Vec<Cursor>,
    heap: BinaryHeap<Reverse<((u32, u128), usize)>>,
    group: Group,
}

impl Merge {
    fn new(cursors: Vec<Cursor>) -> Self {
        let group = Group { batches: Vec::new(), order: Vec::new(), keys: Vec::new() };
        Self { cursors, heap: BinaryHeap::new(), group }
    }

    fn run<E: From<ArrowError>>(
        mut self,
        excluded: &Excluded,
        group_rows: usize,
        mut take: impl FnMut(Group) -> Result<(), E>,
    ) -> Result<(), E> {
        for (at, cursor) in self.cursors.iter_mut().enumerate() {
            if let Some(key) = cursor.peek()? {
                self.heap.push(Reverse((key, at)));
            }
        }
        while let Some(mut top) = self.heap.peek_mut() {
            let Reverse((key, at)) = *top;
            let cursor = &mut self.cursors[at];
            if !excluded.has(key.0, key.1) {
                let batch = match (cursor.in_group, &cursor.batch) {
                    (Some(batch), _) => batch,
                    (None, Some(batch)) => {
                        self.group.batches.push(batch.clone());
                        *cursor.in_group.insert(self.group.batches.len() - 1)
                    }
                    (None, None) => 0,
                };
                self.group.order.push((batch, cursor.next));
                self.group.keys.push(key);
            }
            cursor.next += 1;
            match cursor.peek()? {
                Some(key) => *top = Reverse((key, at)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(top);
                }
            }
            if self.group.order.len() == group_rows {
                let empty = Group { batches: Vec::new(), order: Vec::with_capacity(group_rows), keys: Vec::new() };
                take(std::mem::replace(&mut self.group, empty))?;
                for cursor in &mut self.cursors {
                    cursor.in_group = None;
                }
            }
        }
        if self.group.order.is_empty() { Ok(()) } else { take(self.group) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::{
        array::{AsArray, FixedSizeBinaryArray, UInt32Array, UInt64Array},
        buffer::Buffer,
        datatypes::{DataType, Field, Schema, UInt64Type},
    };
    use proptest::prelude::*;

    use super::*;

    fn schema() -> SchemaRef {
        Arc::new(Schema::new(vec![
            Field::new("row", DataType::UInt64, false),
            Field::new("organisation", DataType::UInt32, false),
            Field::new("key", DataType::FixedSizeBinary(16), false),
        ]))
    }

    fn batch(rows: &[(u32, u128)], first: usize) -> RecordBatch {
        let keys = rows.iter().flat_map(|(_, key)| key.to_be_bytes()).collect();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from_iter_values((0..rows.len()).map(|at| (first + at) as u64))),
            Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(organisation, _)| *organisation))),
            Arc::new(FixedSizeBinaryArray::try_new(16, Buffer::from_vec(keys), None).unwrap()),
        ];
        RecordBatch::try_new(schema(), columns).unwrap()
    }

    proptest! {
        #[test]
        fn rows_come_out_in_order_whatever_fits_in_memory(
            rows in proptest::collection::vec((0_u32..4, 0_u128..1000), 1..200),
            batch_rows in 1_usize..40,
            run_rows in 1_usize..250,
            group_rows in 1_usize..60,
            left_out in 0_u32..6,
        ) {
            let mut runs = Runs::new(schema(), run_rows);
            for (at, rows) in rows.chunks(batch_rows).enumerate() {
                runs.push(batch(rows, at * batch_rows)).unwrap();
            }
            let mut seen = 0;
            runs.visit(&[], |batch| seen += batch.num_rows()).unwrap();
            prop_assert_eq!(seen, rows.len());
            let excluded = Excluded { keys: HashSet::new(), organisations: HashSet::from([left_out]) };
            let mut expected: Vec<(u32, u128)> = rows.iter().copied().filter(|row| row.0 != left_out).collect();
            expected.sort_unstable();
            let mut merged = Vec::new();
            runs.merge(&excluded, group_rows, |group| {
                let numbers = group.column(ROW)?;
                for (at, number) in numbers.as_primitive::<UInt64Type>().values().iter().enumerate() {
                    assert_eq!(rows[*number as usize], group.keys[at]);
                }
                assert!(group.rows() <= group_rows);
                merged.extend(group.keys);
                Ok::<_, ArrowError>(())
            }).unwrap();
            prop_assert_eq!(merged, expected);
        }

        #[test]
        fn equal_keys_are_suspected(keys in proptest::collection::vec(0_u128..50, 0..40)) {
            let rows: Vec<(u32, u128)> = keys.iter().map(|key| (0, *key)).collect();
            let mut runs = Runs::new(schema(), 1000);
            runs.push(batch(&rows, 0)).unwrap();
            let (suspected, _) = runs.take_fingerprints();
            for key in &keys {
                let times = keys.iter().filter(|other| *other == key).count();
                prop_assert!(times == 1 || suspected.contains(&fingerprint(*key)));
            }
        }
    }
}
