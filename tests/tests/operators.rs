//! All operators that PyTorch has and this library names, against values that PyTorch computed: `tests/reference/operators.zip`, through the
//! program that reads such folders.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use zip::ZipArchive;

/// How many of the 312 names are there in full, at least.
const IN_FULL: usize = 300;

#[test]
fn agree_with_pytorch() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/operators.zip");
    let folder = tempfile::tempdir().expect("a folder for the files");
    let archive = File::open(archive).expect("the archive is beside the tests");
    ZipArchive::new(archive)
        .and_then(|mut archive| archive.extract(folder.path()))
        .expect("the archive is whole");
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .arg(folder.path())
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the program was built");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success() && err.is_empty(), "{err}{out}");
    let total = out.lines().last().unwrap_or_default();
    let in_full = total
        .split_once(" names, ")
        .and_then(|(_, rest)| rest.split_once(" with nothing missing"))
        .and_then(|(count, _)| count.parse::<usize>().ok());
    assert!(in_full.is_some_and(|count| count >= IN_FULL), "{total}");
}
