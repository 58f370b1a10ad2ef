//! Gathers rows into Parquet parts and puts them into the store, receipt last; which rows are accepted is decided in `ingest`.

use std::{
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use bytes::Bytes;
use datafusion::arrow::{
    array::{Array, ArrayRef, BooleanArray},
    compute::filter,
    datatypes::{DataType, Field, SchemaRef},
    error::ArrowError,
};
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves},
    },
    basic::Compression,
    file::writer::SerializedFileWriter,
    schema::types::ColumnPath,
};
use tempfile::SpooledTempFile;

use super::{
    MicrodataError, Part, Receipt,
    content::{self, ColumnDigest},
};
use crate::{
    model::{Digest, InstrumentId, Year},
    store::{PrivateStore, Put, kill_point, path},
    table::writer_properties,
};

/// Rows of a row group: what is arranged and encoded at a time. A part's bytes and the digest of its rows depend on it, so it
/// is no setting.
pub(crate) const GROUP_ROWS: usize = 262_144;
/// Row groups of a part, which therefore has at most 1,048,576 rows.
const PART_GROUPS: usize = 4;
/// Bytes of finished parts that are held in memory; what is beyond goes to a temporary file.
const SPOOL_BYTES: usize = 8 << 20;

/// Makes a column of a row group, by its position in the schema; called from several threads.
pub(crate) type ColumnSource<'a> = &'a (dyn Fn(usize) -> Result<ArrayRef, ArrowError> + Sync);

/// Parts in the making. Nothing reaches the store before [`Appended::put`].
pub(crate) struct Appender {
    schema: SchemaRef,
    year: Year,
    digests: Vec<ColumnDigest>,
    open: Option<OpenPart>,
    parts: Vec<Part>,
    spool: SpooledTempFile,
}

struct OpenPart {
    writer: SerializedFileWriter<Vec<u8>>,
    factory: ArrowRowGroupWriterFactory,
    groups: usize,
    rows: u64,
}

/// Finished parts, and the digest of all rows.
pub(crate) struct Appended {
    /// Digest of the rows, those that were not kept among them.
    pub(crate) content: Digest,
    /// The parts, in the order of their rows.
    pub(crate) parts: Vec<Part>,
    spool: SpooledTempFile,
}

impl Appender {
    /// Starts without rows.
    pub(crate) fn new(schema: SchemaRef, year: Year) -> Self {
        let digests = vec![ColumnDigest::default(); schema.fields().len()];
        Self { schema, year, digests, open: None, parts: Vec::new(), spool: SpooledTempFile::new(SPOOL_BYTES) }
    }

    /// Adds the rows of one group: [`GROUP_ROWS`] of them, or fewer in the last. All rows count for the digest; those that
    /// `kept` names go into a part. Columns are made, digested and encoded in parallel.
    pub(crate) fn group(
        &mut self,
        column: ColumnSource<'_>,
        kept: Option<&BooleanArray>,
    ) -> Result<(), MicrodataError> {
        let nothing_kept = kept.is_some_and(|kept| kept.true_count() == 0);
        let mut encoders: Vec<Option<ArrowColumnWriter>> = if nothing_kept {
            (0..self.digests.len()).map(|_| None).collect()
        } else {
            let open = self.open_part()?;
            open.factory.create_column_writers(open.groups)?.into_iter().map(Some).collect()
        };
        let tasks: Vec<_> = self
            .digests
            .drain(..)
            .zip(encoders.drain(..))
            .enumerate()
            .map(|(at, (digest, encoder))| Task { at, digest, encoder })
            .collect();
        let mut done = in_parallel(tasks, &self.schema, column, kept)?;
        done.sort_by_key(|done| done.at);
        let rows = done.first().map_or(0, |done| done.rows);
        let (digests, chunks): (Vec<_>, Vec<_>) = done.into_iter().map(|done| (done.digest, done.chunk)).unzip();
        self.digests = digests;
        if let Some(open) = self.open.as_mut().filter(|_| !nothing_kept) {
            let mut group = open.writer.next_row_group()?;
            for chunk in chunks.into_iter().flatten() {
                chunk.append_to_row_group(&mut group)?;
            }
            group.close()?;
            open.groups += 1;
            open.rows += rows as u64;
            if open.groups == PART_GROUPS {
                self.close_part()?;
            }
        }
        Ok(())
    }

    fn open_part(&mut self) -> Result<&mut OpenPart, MicrodataError> {
        let open = if let Some(open) = self.open.take() {
            open
        } else {
            let mut properties = writer_properties();
            for field in self.schema.fields() {
                let column = ColumnPath::from(field.name().as_str());
                // pseudonyms are random: a dictionary or compression would only cost time
                let is_random = matches!(field.data_type(), DataType::FixedSizeBinary(_));
                if is_random {
                    properties = properties.set_column_dictionary_enabled(column.clone(), false);
                }
                // answers, and rounds, are packed into bits: compression takes off a tenth, and costs a fifth of the time to
                // read them
                if is_random || field.data_type() == &DataType::Int8 {
                    properties = properties.set_column_compression(column, Compression::UNCOMPRESSED);
                }
            }
            let writer = ArrowWriter::try_new(Vec::new(), Arc::clone(&self.schema), Some(properties.build()))?;
            let (writer, factory) = writer.into_serialized_writer()?;
            OpenPart { writer, factory, groups: 0, rows: 0 }
        };
        Ok(self.open.insert(open))
    }

    fn close_part(&mut self) -> Result<(), MicrodataError> {
        if let Some(open) = self.open.take() {
            let bytes = open.writer.into_inner()?;
            let digest = Digest::of(&bytes);
            self.spool.write_all(&bytes)?;
            self.parts.push(Part { digest, rows: open.rows, bytes: bytes.len() as u64, year: self.year });
        }
        Ok(())
    }

    /// Ends the last part. The title goes into the digest: what the rows are about.
    pub(crate) fn finish(mut self, title: &str) -> Result<Appended, MicrodataError> {
        self.close_part()?;
        let names = self.schema.fields().iter().map(|field| field.name().as_str());
        let content = content::digest(title, names.zip(self.digests.iter().cloned()));
        Ok(Appended { content, parts: self.parts, spool: self.spool })
    }
}

impl Appended {
    /// Puts every part into the store, where it does not count before a receipt names it.
    pub(crate) async fn put(mut self, store: &PrivateStore, instrument: &InstrumentId) -> Result<(), MicrodataError> {
        self.spool.seek(SeekFrom::Start(0))?;
        for part in &self.parts {
            let mut bytes = vec![0; usize::try_from(part.bytes).map_err(std::io::Error::other)?];
            self.spool.read_exact(&mut bytes)?;
            kill_point("before a part");
            store.0.put_new(&path::microdata(instrument, part.year, &part.digest), Bytes::from(bytes)).await?;
        }
        kill_point("parts written, receipt not");
        Ok(())
    }
}

/// Puts a receipt into the store: the moment from which its parts count.
pub(crate) async fn keep(store: &PrivateStore, receipt: &Receipt) -> Result<Put, MicrodataError> {
    let path = path::receipt(&receipt.instrument, &receipt.id);
    let json = serde_json::to_vec_pretty(receipt)
        .map_err(|e| MicrodataError::Receipt { path: path.to_string(), cause: e.to_string() })?;
    let put = store.0.put_new(&path, Bytes::from(json)).await?;
    kill_point("receipt written");
    Ok(put)
}

struct Task {
    at: usize,
    digest: ColumnDigest,
    encoder: Option<ArrowColumnWriter>,
}

struct Done {
    at: usize,
    digest: ColumnDigest,
    chunk: Option<ArrowColumnChunk>,
    rows: usize,
}

fn in_parallel(
    tasks: Vec<Task>,
    schema: &SchemaRef,
    column: ColumnSource<'_>,
    kept: Option<&BooleanArray>,
) -> Result<Vec<Done>, MicrodataError> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
    let tasks = Mutex::new(tasks.into_iter());
    let work = || {
        let mut done = Vec::new();
        loop {
            let next = tasks.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(task) = next else { return Ok(done) };
            let field = schema.field(task.at);
            done.push(encode(task, field, column, kept)?);
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for thread in threads {
            let done: Result<Vec<Done>, MicrodataError> =
                thread.join().map_err(|_| std::io::Error::other("encoding a column stopped unexpectedly"))?;
            all.extend(done?);
        }
        Ok(all)
    })
}

fn encode(
    mut task: Task,
    field: &Field,
    column: ColumnSource<'_>,
    kept: Option<&BooleanArray>,
) -> Result<Done, MicrodataError> {
    let mut array = column(task.at)?;
    task.digest.update(&array);
    if let Some(kept) = kept {
        array = filter(&array, kept)?;
    }
    let chunk = match task.encoder {
        None => None,
        Some(mut encoder) => {
            for leaf in compute_leaves(field, &array)? {
                encoder.write(&leaf)?;
            }
            Some(encoder.close()?)
        }
    };
    Ok(Done { at: task.at, digest: task.digest, chunk, rows: array.len() })
}
