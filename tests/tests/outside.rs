//! Packages of a user's, outside the workspace: the README's program, attributes of a whole crate, the library under another
//! name, an older edition. All are built by one call of cargo. With the feature `cuda` also one that computes on CUDA devices.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tests::Outside;

/// The first program of the README.
fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = fs::read_to_string(path).expect("the README is part of the repository");
    let (_, program) = text.split_once("\n```rust\n").expect("the README has a program");
    let (program, _) = program.split_once("\n```\n").expect("the program ends");
    assert!(
        program.contains("fn main()"),
        "the first program of the README is whole:\n{program}"
    );
    program.to_owned()
}

/// What a process said, with what it was, if it failed.
fn succeeded(what: &str, output: Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{what}: {}\n{out}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    out
}

#[test]
fn packages_of_a_user() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let outside = Outside::new(temporary.join("outside"));
    let library = Outside::library();
    outside.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"user\"\nedition = \"2024\"\n\n[workspace]\nmembers = [\"renamed\"]\n\n\
             [dependencies]\ntensor = {{ path = {library} }}\n"
        ),
    );
    outside.write("src/lib.rs", include_str!("outside/strict.rs"));
    outside.write("src/bin/strict.rs", include_str!("outside/strict_main.rs"));
    outside.write("src/bin/no_prelude.rs", include_str!("outside/no_prelude.rs"));
    outside.write("src/bin/readme.rs", &readme());
    outside.write(
        "renamed/Cargo.toml",
        &format!(
            "[package]\nname = \"renamed\"\nedition = \"2021\"\n\n\
             [dependencies]\nmy_tensor = {{ package = \"tensor\", path = {library} }}\n"
        ),
    );
    outside.write("renamed/src/main.rs", include_str!("outside/renamed.rs"));

    // The crates that the library depends on are there already.
    let target = temporary.parent().expect("a folder in the target folder");
    let target = target.to_str().expect("a path of letters");
    succeeded(
        "cargo build",
        outside.cargo(["build", "--workspace", "--target-dir", target]),
    );

    let said = succeeded(
        "the README's program",
        outside.cargo(["run", "--bin", "readme", "--target-dir", target]),
    );
    let accuracy = said.trim_end().lines().last().and_then(|line| line.strip_suffix(" %"));
    let accuracy: f64 = accuracy
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("no accuracy:\n{said}"));
    assert!(accuracy > 85.0, "{said}");

    for program in ["strict", "no_prelude", "renamed"] {
        let path = Path::new(target)
            .join("debug")
            .join(program)
            .with_extension(std::env::consts::EXE_EXTENSION);
        succeeded(program, Command::new(path).output().expect("it was built"));
    }
}

/// The manifest that docs/gpu.md shows, with the paths of this repository.
#[cfg(feature = "cuda")]
fn manifest_of_the_docs() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("docs/gpu.md")).expect("docs/gpu.md is part of the repository");
    let (_, manifest) = text.split_once("\n```toml\n").expect("docs/gpu.md shows a manifest");
    let (manifest, _) = manifest.split_once("\n```\n").expect("the manifest ends");
    assert_eq!(
        manifest.matches("\"path/to/").count(),
        2,
        "two paths of the repository:\n{manifest}"
    );
    let root = root.canonicalize().expect("the repository is there");
    manifest.replace("path/to", root.to_str().expect("a path of letters"))
}

/// It builds without anything of CUDA, starts, and says what is missing.
#[cfg(feature = "cuda")]
#[test]
fn a_package_with_cuda() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let outside = Outside::new(temporary.join("outside_cuda"));
    outside.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"user-of-cuda\"\nedition = \"2024\"\n\n[workspace]\n\n{}\n",
            manifest_of_the_docs()
        ),
    );
    outside.write("src/main.rs", include_str!("outside/cuda.rs"));
    let target = temporary.parent().expect("a folder in the target folder");
    let target = target.to_str().expect("a path of letters");
    succeeded("cargo build", outside.cargo(["build", "--target-dir", target]));

    let path = Path::new(target)
        .join("debug/user-of-cuda")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let missing = Command::new(path)
        .env("CUDA_DRIVER_LIB", "nowhere/libcuda.so.1")
        .output();
    let said = succeeded("the program", missing.expect("it was built"));
    assert!(
        said.starts_with("no CUDA driver found: ") && said.contains("nowhere/libcuda.so.1"),
        "{said}"
    );
}
