//! `.npz`: a zip archive of `.npy` files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Stored, npy, write_whole};
use crate::error::{Error, Result};

/// What a name in the archive ends with.
const ENDING: &str = ".npy";

pub(crate) fn read(path: &Path) -> Result<BTreeMap<String, Stored>> {
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    let wrong = |what: String| Error::format(path, "a .npz file", what);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| wrong(error.to_string()))?;
    let mut tensors = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| wrong(error.to_string()))?;
        let name = entry.name().map_err(|error| wrong(error.to_string()))?.into_owned();
        let Some(short) = name.strip_suffix(ENDING) else {
            return Err(wrong(format!("`{name}` in it, which is no .npy file")));
        };
        let stored = npy::parse(&mut entry).map_err(|mistake| mistake.at(path, Some(&name)))?;
        tensors.insert(short.to_owned(), stored);
    }
    Ok(tensors)
}

pub(crate) fn write(path: &Path, tensors: &BTreeMap<String, Stored>, compressed: bool) -> Result<()> {
    let method = if compressed {
        CompressionMethod::Deflated
    } else {
        CompressionMethod::Stored
    };
    let failed = |error: std::io::Error| Error::io(path, error);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, stored) in tensors {
        let header = npy::header("save_npz", stored.dtype, &stored.sizes)?;
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .large_file(stored.bytes.len() >= u32::MAX as usize / 2);
        archive
            .start_file(format!("{name}{ENDING}"), options)
            .map_err(|error| failed(error.into()))?;
        archive.write_all(&header).map_err(failed)?;
        archive.write_all(&stored.bytes).map_err(failed)?;
    }
    let bytes = archive.finish().map_err(|error| failed(error.into()))?;
    write_whole(path, bytes.get_ref())
}
