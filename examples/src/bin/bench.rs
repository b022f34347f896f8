//! Measures the library on the workloads of `docs/benchmarks.md`, one JSON object a line.
//!
//! ```text
//! cargo run --release --bin bench -- --threads 2 --only mlp-train,matmul-1024
//! cargo run --release --package examples --features cuda --bin bench -- --device cuda
//! ```

use std::process::ExitCode;

use clap::Parser;
use examples::bench::{self, Options};

/// Measures the library, a workload a line: the median seconds of one step, forward or call.
#[derive(Parser)]
#[command(version)]
struct Program {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    bench::main(&Program::parse().options)
}
