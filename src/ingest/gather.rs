//! Reads a file with several workers: blocks are decoded and checked at once and collected in their order.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use datafusion::arrow::{
    array::{ArrayRef, AsArray, RecordBatch, UInt64Array},
    datatypes::{SchemaRef, UInt64Type},
    error::ArrowError,
};

use super::{
    IngestError,
    conform::{Conform, Conformed, ROW},
    header::Columns,
    reader::{Block, Reader},
    report::Tally,
    run::Runs,
};
use crate::model::Digest;

/// All rows of a file.
pub(super) struct Gathered {
    pub(super) runs: Runs,
    pub(super) rows_read: u64,
    pub(super) tally: Tally,
    /// Digest of the file; none if it was refused before its end.
    pub(super) file_digest: Option<Digest>,
}

/// What happens on the way from blocks to rows.
pub(super) struct Gathering<'a> {
    pub(super) file: &'a Path,
    pub(super) columns: &'a Columns,
    /// Number of the first row below the header.
    pub(super) first_row: u64,
    pub(super) reading: SchemaRef,
    pub(super) run_rows: usize,
    pub(super) tally: Tally,
}

type Numbered<T> = (u64, T);

/// Reads all blocks. `conformer` is called once by each worker.
pub(super) fn gather<'a>(
    reader: Box<dyn Reader + 'a>,
    gathering: Gathering<'_>,
    conformer: &(dyn Fn() -> Box<dyn Conform + 'a> + Sync),
) -> Result<Gathered, IngestError> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (columns, file) = (gathering.columns, gathering.file);
    thread::scope(|scope| {
        let (block_to, blocks) = sync_channel::<Numbered<Block>>(workers);
        let (done_to, done) = sync_channel(workers * 2);
        let reading = scope.spawn(move || {
            let mut number = 0;
            reader.read(columns, &mut |block| {
                number += 1;
                block_to.send((number - 1, block)).is_ok()
            })
        });
        let blocks = Arc::new(Mutex::new(blocks));
        let mut working = Vec::new();
        for _ in 0..workers {
            let (blocks, done_to) = (Arc::clone(&blocks), done_to.clone());
            working.push(scope.spawn(move || work(&blocks, &done_to, conformer())));
        }
        // with these gone, each side learns from its channel when the other one stops
        drop((blocks, done_to));
        let collected = collect(done, gathering);
        let crashed = working.into_iter().map(thread::ScopedJoinHandle::join).any(|joined| joined.is_err());
        let file_digest = match reading.join() {
            Ok(read) if !crashed => read.map_err(|cause| IngestError::unreadable(file, cause))?,
            _ => return Err(IngestError::Stopped { file: file.display().to_string() }),
        };
        Ok(Gathered { file_digest, ..collected? })
    })
}

fn work(
    blocks: &Mutex<Receiver<Numbered<Block>>>,
    done: &SyncSender<Numbered<Result<Conformed, ArrowError>>>,
    mut conformer: Box<dyn Conform + '_>,
) {
    loop {
        let next = blocks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, block)) = next else { return };
        let conformed = conformer.conform(&block());
        if done.send((number, conformed)).is_err() {
            return;
        }
    }
}

/// Takes blocks in their order, so that row numbers are known and findings do not depend on which worker is faster.
fn collect(
    done: Receiver<Numbered<Result<Conformed, ArrowError>>>,
    gathering: Gathering<'_>,
) -> Result<Gathered, IngestError> {
    let mut runs = Runs::new(gathering.reading, gathering.run_rows);
    let (mut tally, mut rows_read, mut row) = (gathering.tally, 0, gathering.first_row);
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, conformed) in done {
        waiting.insert(number, conformed);
        while let Some(conformed) = waiting.remove(&next) {
            next += 1;
            let conformed = conformed?;
            for issue in &conformed.issues {
                let column = issue.column.map(|at| gathering.columns.wanted[at].2.as_str());
                tally.add(Some(row + u64::from(issue.line)), column, issue.rule);
            }
            rows_read += conformed.rows_read;
            if tally.refuses_file {
                return Ok(Gathered { runs, rows_read, tally, file_digest: None });
            }
            runs.push(numbered(&conformed.accepted, row)?)?;
            row += conformed.lines;
        }
    }
    Ok(Gathered { runs, rows_read, tally, file_digest: None })
}

/// Turns places within a block into row numbers of the file.
fn numbered(batch: &RecordBatch, first_row: u64) -> Result<RecordBatch, ArrowError> {
    let places = batch.column(ROW).as_primitive::<UInt64Type>().values();
    let rows: ArrayRef = Arc::new(UInt64Array::from_iter_values(places.iter().map(|place| first_row + place)));
    let mut columns = batch.columns().to_vec();
    columns[ROW] = rows;
    RecordBatch::try_new(batch.schema(), columns)
}
