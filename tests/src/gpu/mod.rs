//! The suite of the CUDA kernels and of what runs them.
//!
//! Its checks are functions of this library, so that `cargo test --test gpu` and the program `gpu` run the same ones.

pub mod check;
mod counts;
mod devices;
mod failures;
pub mod kernels;
mod labels;
pub mod naive;
mod ops;
pub mod runtime;
mod sides;
mod training;
mod transfers;

use std::ffi::OsString;
use std::process::ExitCode;

pub use check::{Check, gpu};

/// Runs the checks that the arguments of a test program choose.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parts: [fn() -> Vec<Check>; 9] = [
        runtime::checks,
        kernels::checks,
        ops::checks,
        training::checks,
        transfers::checks,
        devices::checks,
        labels::checks,
        counts::checks,
        failures::checks,
    ];
    check::run(parts.iter().flat_map(|checks| checks()).collect(), arguments)
}
