//! Programs that must not compile, each with what the compiler says about it: `rejects/<topic>/<mistake>.rs` and `.stderr`.
//!
//! The words are compared on the compiler that they were blessed with (`just bless`). On any other it is only checked that
//! every program is still rejected.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler whose words are in the `.stderr` files.
const BLESSED: &str = "rustc 1.95.";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rejects")
}

/// All programs, in order.
fn programs() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for topic in fs::read_dir(folder()).expect("tests/rejects is part of the repository") {
        let topic = topic.expect("a readable folder").path();
        for file in fs::read_dir(topic).expect("a folder for each topic") {
            let file = file.expect("a readable folder").path();
            if file.extension().is_some_and(|extension| extension == "rs") {
                found.push(file);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_program_is_rejected() {
    let version = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .arg("--version")
        .output()
        .expect("a compiler, since this was compiled");
    if String::from_utf8_lossy(&version.stdout).starts_with(BLESSED) {
        trybuild::TestCases::new().compile_fail("rejects/*/*.rs");
    } else {
        check_only(&programs());
    }
}

/// Puts the programs into one crate and sees to it that each of them fails.
fn check_only(programs: &[PathBuf]) {
    let crate_folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rejects");
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tensor");
    let _ = fs::remove_dir_all(&crate_folder);
    fs::create_dir_all(crate_folder.join("src/bin")).expect("a writable target folder");
    let manifest = format!(
        "[package]\nname = \"rejects\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\ntensor = {{ path = {library:?} }}\n"
    );
    fs::write(crate_folder.join("Cargo.toml"), manifest).expect("a writable target folder");
    let names: Vec<String> = programs
        .iter()
        .map(|program| {
            let topic = program.parent().and_then(Path::file_name).unwrap_or_default();
            let name = program.file_stem().unwrap_or_default();
            format!("{}-{}", topic.to_string_lossy(), name.to_string_lossy())
        })
        .collect();
    for (program, name) in programs.iter().zip(&names) {
        fs::copy(program, crate_folder.join("src/bin").join(format!("{name}.rs"))).expect("a writable target folder");
    }
    let output = Command::new(env!("CARGO"))
        .args(["check", "--keep-going", "--offline", "--bins", "--message-format=short"])
        .current_dir(&crate_folder)
        .output()
        .expect("cargo, since it runs this");
    let said = String::from_utf8_lossy(&output.stderr);
    for name in &names {
        let failed = format!("could not compile `rejects` (bin \"{name}\")");
        assert!(said.contains(&failed), "{name} compiles, or was not reached:\n{said}");
    }
}

#[test]
fn every_program_has_its_words_and_they_are_readable() {
    let programs = programs();
    assert!(programs.len() >= 45, "{} programs", programs.len());
    for program in programs {
        let words = fs::read_to_string(program.with_extension("stderr"))
            .unwrap_or_else(|_| panic!("{} has no .stderr: `just bless`", program.display()));
        assert!(!words.contains("UInt<"), "{} shows a binary number", program.display());
        assert!(words.contains("error"), "{} is no error", program.display());
    }
}
