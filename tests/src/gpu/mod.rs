//! The suite of the CUDA kernels and of what runs them.
//!
//! Its checks are functions of this library, so that `cargo test --test gpu` and the program `gpu` run the same ones.

pub mod check;
pub mod kernels;
pub mod naive;
pub mod runtime;

use std::ffi::OsString;
use std::process::ExitCode;

pub use check::{Check, gpu};

/// Runs the checks that the arguments of a test program choose.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let checks = runtime::checks().into_iter().chain(kernels::checks());
    check::run(checks.collect(), arguments)
}
