//! Create-only writes to local disk that survive a loss of power: `object_store` 0.13 links without syncing.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path as FilePath, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use object_store::path::Path;

use super::kill_point;

/// Writes a new file: content synced under a temporary name, then linked, then the folders synced, so that whoever sees the
/// name after a crash sees the whole content. Temporary names end in `#` and digits, which `object_store` leaves out of lists.
pub(super) async fn create(root: PathBuf, path: Path, bytes: Bytes) -> Result<(), object_store::Error> {
    let target = root.join(path.as_ref());
    tokio::task::spawn_blocking(move || create_blocking(&root, &target, &bytes))
        .await
        .map_err(|source| object_store::Error::JoinError { source })?
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                object_store::Error::AlreadyExists { path: path.to_string(), source: Box::new(error) }
            }
            _ => object_store::Error::Generic { store: "local", source: Box::new(error) },
        })
}

fn create_blocking(root: &FilePath, target: &FilePath, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = target.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    let unique = u64::from(std::process::id()) << 20 | COUNT.fetch_add(1, Ordering::Relaxed) & 0xf_ffff;
    let mut temporary = target.as_os_str().to_owned();
    temporary.push(format!("#{unique}"));
    let temporary = PathBuf::from(temporary);
    let written = (|| {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        kill_point("synced, not linked");
        fs::hard_link(&temporary, target)
    })();
    let removed = fs::remove_file(&temporary);
    written?;
    removed?;
    kill_point("linked, folder not synced");
    let mut folder = Some(folder);
    while let Some(current) = folder {
        File::open(current)?.sync_all()?;
        if current == root {
            break;
        }
        folder = current.parent();
    }
    Ok(())
}
