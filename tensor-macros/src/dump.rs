//! `TENSOR_DUMP=Mlp cargo check` prints every stage of the model `Mlp`; `TENSOR_DUMP=all` of every model.
//!
//! Cargo does not know of the variable: touch the file first.

use crate::stages::Stages;
use proc_macro2::TokenStream;
use std::io::Write;
use std::process::{Command, Stdio};

/// Prints the stages if they are asked for.
pub fn dump(name: &str, stages: &Stages, items: &[TokenStream]) {
    let asked = std::env::var("TENSOR_DUMP").unwrap_or_default();
    if asked == name || asked == "all" {
        let emitted: TokenStream = items.iter().cloned().collect();
        eprintln!("{stages}\nemitted {name}\n{}", pretty(&emitted));
    }
}

/// Tokens with lines and indentation where there is a `rustfmt`, else as they are.
pub fn pretty(tokens: &TokenStream) -> String {
    formatted(tokens).unwrap_or_else(|| tokens.to_string())
}

/// Tokens with lines and indentation, by `rustfmt` if it is there.
pub fn formatted(tokens: &TokenStream) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    rustfmt.stdin.take()?.write_all(tokens.to_string().as_bytes()).ok()?;
    let output = rustfmt.wait_with_output().ok()?;
    if output.status.success() {
        String::from_utf8(output.stdout).ok()
    } else {
        None
    }
}
