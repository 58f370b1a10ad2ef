//! Looks through an XLSX container before anything of it is read: size, encryption, macros, links, and what unpacking yields.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
};

use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use crate::{
    ingest::{check::file as rules, limits::Limits, reader::Stop},
    model::Digest,
};

/// Unpacked bytes below which a file within the container may have any ratio.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// The digest and the size of the file, if the container is sound. What the central directory says is not believed: every
/// entry is unpacked once, in pieces, up to the limits.
pub(super) fn check(path: &Path, limits: &Limits) -> Result<(Digest, u64), Stop> {
    let refused = |rule| Stop::Refused(None, rule);
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > limits.xlsx_bytes {
        return Err(refused(&rules::TOO_LARGE));
    }
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher)?;
    file.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| refused(&rules::DAMAGED_WORKBOOK))?;
    if archive.len() > limits.xlsx_entries {
        return Err(refused(&rules::TOO_LARGE));
    }
    let names: Vec<String> =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).to_lowercase().replace('\\', "/")).collect();
    if names.iter().any(|name| name.ends_with("vbaproject.bin")) {
        return Err(refused(&rules::WORKBOOK_MACROS));
    }
    if names.iter().any(|name| name.contains("externallinks/")) {
        return Err(refused(&rules::WORKBOOK_EXTERNAL_LINKS));
    }
    if !names.iter().any(|name| name.ends_with("workbook.xml")) {
        return Err(refused(&rules::UNSUPPORTED_FORMAT));
    }
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let (packed, is_encrypted) = {
            let entry = archive.by_index_raw(at).map_err(|_| refused(&rules::DAMAGED_WORKBOOK))?;
            (entry.compressed_size(), entry.encrypted())
        };
        if is_encrypted {
            return Err(refused(&rules::ENCRYPTED_WORKBOOK));
        }
        let entry = archive.by_index(at).map_err(|_| refused(&rules::DAMAGED_WORKBOOK))?;
        let room = limits.xlsx_unpacked_bytes - unpacked;
        let allowed = room.min((packed.saturating_mul(limits.xlsx_ratio)).max(RATIO_FROM_BYTES));
        let size =
            io::copy(&mut entry.take(allowed + 1), &mut io::sink()).map_err(|_| refused(&rules::DAMAGED_WORKBOOK))?;
        if size > allowed {
            return Err(refused(&rules::TOO_LARGE));
        }
        unpacked += size;
    }
    Ok((Digest::finish(hasher), bytes))
}
