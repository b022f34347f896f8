//! The suite of the CUDA kernels and the benchmark as one program, to be carried to a machine with a card: `TEST_GPU=1 gpu test`,
//! `gpu bench --device cuda`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use examples::bench;

/// Tests the CUDA kernels and what runs them, and measures them.
#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the suite. Takes what a test program takes: a part of a name, `--exact`, `--list`, `--test-threads`.
    #[command(disable_help_flag = true)]
    Test {
        /// As for `cargo test`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Measures the library, a workload a line: the median seconds of one step, forward or call.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match Program::parse().command {
        Command::Test { arguments } => {
            let program = std::env::args_os().next().unwrap_or_default();
            tests::gpu::run(std::iter::once(program).chain(arguments))
        }
        Command::Bench(options) => bench::main(&options),
    }
}
