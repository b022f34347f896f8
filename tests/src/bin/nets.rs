//! Writes the models of random structure anew: `cargo run --package tests --bin nets`.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated/nets.rs");
    std::fs::write(file, tests::nets::text())
}
