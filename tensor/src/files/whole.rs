//! Files that are written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, Result};

static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Writes a file beside its place and renames it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let Some(name) = path.file_name() else {
        return Err(Error::format(path, "the name of a file", "a folder"));
    };
    let mut beside = name.to_owned();
    // Several threads may write to one place: the last one to end wins, whole.
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    beside.push(format!(".{}.{number}.part", std::process::id()));
    let beside: PathBuf = path.with_file_name(beside);
    let outcome = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    outcome.map_err(|error| {
        // What is half-written must not stay; that it cannot be removed is no news.
        let _ = fs::remove_file(&beside);
        Error::io(path, error)
    })
}
