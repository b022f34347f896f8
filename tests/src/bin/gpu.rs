//! The suite of the CUDA kernels as one program, to be carried to a machine with a card: `TEST_GPU=1 gpu test`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tests the CUDA kernels and what runs them.
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
}

fn main() -> ExitCode {
    match Program::parse().command {
        Command::Test { arguments } => {
            let program = std::env::args_os().next().unwrap_or_default();
            tensor_tests::gpu::run(std::iter::once(program).chain(arguments))
        }
    }
}
