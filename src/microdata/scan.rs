//! Hands parts out again, wrapped, after their digests have been verified; computing on them is `score`'s work.

use std::collections::BTreeMap;

use bytes::Bytes;
use datafusion::arrow::{
    array::{AsArray as _, RecordBatch},
    datatypes::Int8Type,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use parquet::arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder};

use super::{Kind, MicrodataError, Part, Receipt};
use crate::{
    disclosure::Unprotected,
    model::{Digest, Year},
    store::{PrivateStore, StoreError, path},
};

/// A verified part, ready to be read through a query engine in which the private store is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What a row is.
    pub kind: Kind,
    /// Version of the instrument.
    pub version: String,
    /// Year of the survey.
    pub year: Year,
    /// Round within the year, from 1.
    pub round: u8,
    /// The part.
    pub part: Part,
    /// Path within the store.
    pub path: object_store::path::Path,
}

/// Verifies the parts of some receipts and says where they are. Bytes are read once here, since neither Parquet nor the
/// query engine notices a flipped bit.
pub async fn scan(store: &PrivateStore, receipts: &[Receipt]) -> Result<Unprotected<Vec<Scanned>>, MicrodataError> {
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = receipts.iter().flat_map(|receipt| receipt.parts.iter().map(move |part| (receipt, part)));
    let scanned = stream::iter(parts)
        .map(|(receipt, part)| async move {
            let location = path::microdata(&receipt.instrument, part.year, &part.digest);
            verified(store, &location, part).await?;
            Ok::<_, MicrodataError>(Scanned {
                kind: receipt.kind,
                version: receipt.version.clone(),
                year: receipt.year,
                round: receipt.round,
                part: part.clone(),
                path: location,
            })
        })
        .buffered(at_once)
        .try_collect()
        .await?;
    Ok(Unprotected::new(scanned))
}

async fn verified(
    store: &PrivateStore,
    location: &object_store::path::Path,
    part: &Part,
) -> Result<Bytes, MicrodataError> {
    let bytes = store.0.get(location).await?;
    let (bytes, digest) = tokio::task::spawn_blocking(move || {
        let digest = Digest::of(&bytes);
        (bytes, digest)
    })
    .await
    .map_err(std::io::Error::other)?;
    if digest == part.digest { Ok(bytes) } else { Err(StoreError::Damaged(location.to_string()).into()) }
}

/// Reads some columns of the parts of some receipts, a batch at a time.
pub(crate) async fn visit(
    store: &PrivateStore,
    receipts: &[&Receipt],
    columns: &[&str],
    mut see: impl FnMut(&RecordBatch),
) -> Result<(), MicrodataError> {
    for receipt in receipts {
        for part in &receipt.parts {
            let location = path::microdata(&receipt.instrument, part.year, &part.digest);
            batches(verified(store, &location, part).await?, columns, &mut see)?;
        }
    }
    Ok(())
}

fn batches(bytes: Bytes, columns: &[&str], mut see: impl FnMut(&RecordBatch)) -> Result<(), MicrodataError> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes)?;
    let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
    for batch in reader.with_projection(mask).with_batch_size(65_536).build()? {
        see(&batch?);
    }
    Ok(())
}

/// How many respondents each organisation has in each round.
pub(crate) type Attendance = BTreeMap<(String, i8), i64>;

/// Counts the respondents of some parts of answers, without what they answered.
pub(crate) async fn attendance(store: &PrivateStore, parts: &[Scanned]) -> Result<Attendance, MicrodataError> {
    let mut attendance = Attendance::new();
    for part in parts {
        let bytes = verified(store, &part.path, &part.part).await?;
        batches(bytes, &["organisation", "round"], |batch| {
            let (organisations, rounds) = (batch.column(0).as_string::<i32>(), batch.column(1));
            let rounds = rounds.as_primitive::<Int8Type>();
            // rows of an organisation lie together
            let mut from = 0;
            for row in 1..=batch.num_rows() {
                let is_same = |row: usize| {
                    organisations.value(row) == organisations.value(from) && rounds.value(row) == rounds.value(from)
                };
                if row == batch.num_rows() || !is_same(row) {
                    let key = (organisations.value(from).to_owned(), rounds.value(from));
                    *attendance.entry(key).or_default() += (row - from) as i64;
                    from = row;
                }
            }
        })?;
    }
    Ok(attendance)
}
