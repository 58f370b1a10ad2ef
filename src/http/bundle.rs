//! A whole release as one file: a ZIP archive of every published table as Parquet with a description of its columns
//! (Frictionless Data Package 1.0) and the release's manifest. Its bytes depend on the release alone.

use std::io::{Cursor, Write as _};

use axum::body::Bytes;
use serde_json::{Value, json};
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::{
    definition::{self, Kind, TableText},
    encode::{LICENCE, Meta},
    release::Manifest,
};

/// The name of the file.
pub(super) const NAME: &str = "bundle.zip";

/// A table of the release: its name and its Parquet file.
pub(super) type Part = (String, Bytes);

/// Writes the archive.
pub(super) fn written(meta: &Meta, manifest: &Manifest, parts: &[Part]) -> Result<Bytes, ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // the same bytes whenever they are written
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let packed = plain.compression_method(CompressionMethod::Deflated);
    for (name, document) in [
        ("datapackage.json", package(meta, parts)),
        ("manifest.json", super::route::public_manifest(manifest).unwrap_or_default()),
    ] {
        archive.start_file(name, packed)?;
        archive.write_all(format!("{document:#}\n").as_bytes())?;
    }
    for (name, bytes) in parts {
        // Parquet is compressed itself
        archive.start_file(path(name), plain.compression_method(CompressionMethod::Stored))?;
        archive.write_all(bytes)?;
    }
    Ok(Bytes::from(archive.finish()?.into_inner()))
}

fn path(table: &str) -> String {
    format!("data/{table}.parquet")
}

/// The description (specs.frictionlessdata.io/data-package).
fn package(meta: &Meta, parts: &[Part]) -> Value {
    let resources: Vec<Value> = parts.iter().map(|(name, bytes)| resource(name, bytes.len())).collect();
    json!({
        "profile": "data-package",
        "name": "mognad",
        "id": format!("urn:sha256:{}", meta.release),
        "version": meta.sequence.to_string(),
        "created": meta.published_at,
        "title": "mognad",
        "description": meta.notice.as_ref().map_or("", |notice| notice.en.as_str()),
        "licenses": [{ "name": "CC0-1.0", "path": LICENCE }],
        "sources": [{ "title": meta.source.sv }],
        "resources": resources,
    })
}

fn resource(name: &str, bytes: usize) -> Value {
    let mut resource = json!({
        "name": name.replace('_', "-"),
        "path": path(name),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": bytes,
    });
    if let (Some(text), Some(members)) = (definition::table(name), resource.as_object_mut()) {
        members.insert("title".to_owned(), json!(text.title.sv));
        members.insert("description".to_owned(), json!(format!("{}\n\n{}", text.text.sv, text.text.en)));
        members.insert("schema".to_owned(), schema(text));
    }
    resource
}

/// A table's columns (specs.frictionlessdata.io/table-schema).
fn schema(text: &TableText) -> Value {
    let field = |name: &String, own: &definition::ColumnText| {
        let kind = match own.kind {
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Number => "number",
            Kind::Flag => "boolean",
        };
        let mut field = json!({
            "name": name,
            "type": kind,
            "title": own.title.sv,
            "description": format!("{}\n\n{}", own.text.sv, own.text.en),
            "constraints": { "required": !text.optional.contains(name) },
        });
        if let (Some(unit), Some(members)) = (own.unit, field.as_object_mut()) {
            members.insert("unit".to_owned(), json!(unit.word()));
        }
        field
    };
    let fields: Vec<Value> = text.columns.iter().map(|(name, own)| field(name, own)).collect();
    json!({ "fields": fields, "primaryKey": text.key })
}
