//! Every object path of both stores, in one place; keys are ASCII, and nothing that a client sends becomes part of one.

use object_store::path::Path;

use crate::model::{Digest, InstrumentId, OrganisationId, Year};

/// Folder of the receipts of an instrument (private).
pub fn receipts(instrument: &InstrumentId) -> Path {
    Path::from(format!("receipts/{instrument}"))
}

/// A receipt: what one accepted survey file became (private).
pub fn receipt(instrument: &InstrumentId, id: &Digest) -> Path {
    Path::from(format!("receipts/{instrument}/{id}.json"))
}

/// A part of an instrument's microdata, named by its content (private).
pub fn microdata(instrument: &InstrumentId, year: Year, digest: &Digest) -> Path {
    Path::from(format!("microdata/{instrument}/year={year}/{digest}.parquet"))
}

/// Folder of intermediate tables of all builds (private).
pub fn work() -> Path {
    Path::from("work")
}

/// An intermediate table of one release build (private).
pub fn work_table(nonce: &str, name: &str) -> Path {
    Path::from(format!("work/{nonce}/{name}.arrow"))
}

/// A table of one row, for those that have to be able to read the store (private).
pub fn work_probe(nonce: &str) -> Path {
    Path::from(format!("work/{nonce}/ready.parquet"))
}

/// A private audit of a release, named by its own content, since the same release can be built from other receipts (private).
pub fn audit(release: &Digest, content: &Digest) -> Path {
    Path::from(format!("audit/{release}/{content}.json"))
}

/// Folder of the private audits of a release (private).
pub fn audits(release: &Digest) -> Path {
    Path::from(format!("audit/{release}"))
}

/// The witnesses of one year of a release, named by their content (private).
pub fn witnesses(digest: &Digest) -> Path {
    Path::from(format!("witnesses/{digest}.parquet"))
}

/// A published table, named by its content (public).
pub fn data(digest: &Digest) -> Path {
    Path::from(format!("data/{digest}.parquet"))
}

/// The manifest of a release (public).
pub fn manifest(sequence: u64, digest: &Digest) -> Path {
    Path::from(format!("releases/{sequence:020}/{digest}.json"))
}

/// Folder of organisations' keys (private).
pub fn keys() -> Path {
    Path::from("keys")
}

/// The public half of an organisation's key (private).
pub fn key(organisation: &OrganisationId, id: &str) -> Path {
    Path::from(format!("keys/{organisation}/{id}.json"))
}

/// The private store's own secret (private).
pub fn secret() -> Path {
    Path::from("keys/secret")
}

/// How the name of an entry ends that takes a key back.
pub const REVOKED: &str = "-revoked.json";

/// An entry that takes a key back (private).
pub fn revocation(organisation: &OrganisationId, id: &str) -> Path {
    Path::from(format!("keys/{organisation}/{id}{REVOKED}"))
}

/// An organisation's own results as one publication sealed them (public, and readable with the organisation's keys only).
/// Sealing the same results twice gives other bytes, so they are named by publication and not by content.
pub fn own(nonce: &str, organisation: &OrganisationId) -> Path {
    Path::from(format!("own/{nonce}/{organisation}.parquet.age"))
}

/// Folder of objects that are written to try what a store can do (both).
pub fn probes() -> Path {
    Path::from("probe")
}

/// An object of one such try (both).
pub fn probe(nonce: &str, name: &str) -> Path {
    Path::from(format!("probe/{nonce}-{name}"))
}

/// Folder of the commit log (public).
pub fn commits() -> Path {
    Path::from("commits")
}

/// An entry of the commit log (public); creating it is what publishes a release.
pub fn commit(sequence: u64) -> Path {
    Path::from(format!("commits/{sequence:020}.json"))
}
