//! The second door to [`Safe`]: published bytes whose digest a manifest vouches for, and the public log of releases.

use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Int64Array, StringArray},
    datatypes::{DataType, Field, Schema},
};

use super::{DisclosureError, Safe};
use crate::{model::Digest, table::Table};

/// Opens a published table again. The digest must come from a committed manifest; bytes that do not match it are refused
/// before they are parsed.
pub fn reload(bytes: Bytes, digest: &Digest) -> Result<Safe<Table>, DisclosureError> {
    if Digest::of(&bytes) != *digest {
        return Err(DisclosureError::Damaged(digest.short().to_owned()));
    }
    Ok(Safe::seal(Table::from_parquet(bytes)?))
}

/// One release in the log, as everybody may see it.
#[derive(Debug, Clone)]
pub struct ReleaseRow {
    /// Number in the log.
    pub sequence: u64,
    /// Identifier.
    pub release: Digest,
    /// `preliminary`, `final` or `revision`.
    pub kind: String,
    /// When it was published, RFC 3339.
    pub published_at: String,
    /// The release before it.
    pub supersedes: Option<Digest>,
    /// Whether it has been taken back.
    pub withdrawn: bool,
    /// Digest of the disclosure policy.
    pub policy_digest: Digest,
}

/// The table `releases`: the log is public as it stands, and no part of any release's content.
pub fn releases(rows: &[ReleaseRow]) -> Result<Safe<Table>, DisclosureError> {
    let text = |pick: &dyn Fn(&ReleaseRow) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(pick).collect::<StringArray>())
    };
    let fields = vec![
        Field::new("sequence", DataType::Int64, false),
        Field::new("release", DataType::Utf8, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("published_at", DataType::Utf8, false),
        Field::new("supersedes", DataType::Utf8, true),
        Field::new("withdrawn", DataType::Boolean, false),
        Field::new("policy_digest", DataType::Utf8, false),
    ];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| Some(row.sequence as i64)).collect::<Int64Array>()),
        text(&|row| Some(row.release.to_string())),
        text(&|row| Some(row.kind.clone())),
        text(&|row| Some(row.published_at.clone())),
        text(&|row| row.supersedes.as_ref().map(ToString::to_string)),
        Arc::new(rows.iter().map(|row| Some(row.withdrawn)).collect::<BooleanArray>()),
        text(&|row| Some(row.policy_digest.to_string())),
    ];
    Ok(Safe::seal(Table::from_columns(Schema::new(fields), columns)?))
}
