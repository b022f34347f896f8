//! What the library does as PyTorch does: `cargo run --release --package tests --bin conformance -- FOLDER`.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tests::conformance::{Folder, Options, Report};

/// Runs the calls of a folder and compares what the library gives with what PyTorch gave.
///
/// The folder holds files of operators, layers or optimizers, or folders of these: NAME.DTYPE.json with the calls, and
/// NAME.DTYPE.safetensors with the numbers. What a file is about is read from it. Each name gets a line:
///
///   name  samples  passed  failed  missing  worst error over tolerance
///
/// A sample passes where everything that the file gives is right: results, their element types, gradients of the first and second
/// order, buffers. Calls that must be refused pass where they are. A sample is missing where the library does not have the operator, an
/// option or an element type. A panic is a failure.
///
/// The exit status is 0 where nothing failed, 1 where something did or a file is broken, 2 where there is nothing to run.
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
struct Arguments {
    /// The folder with the files
    folder: PathBuf,
    /// Only names with this in them, or, where it has a `*`, names that are this: `softmax`, `nn.functional.*`
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Print all failures, and why samples are missing
    #[arg(long, short)]
    verbose: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let folder = match Folder::read(&arguments.folder) {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let options = Options {
        verbose: arguments.verbose,
        only: arguments.only,
    };
    let mut out = BufWriter::new(io::stdout());
    let report = Report::run(&folder, &options, &mut out).and_then(|report| out.flush().map(|()| report));
    match report {
        Ok(report) if report.is_empty() => {
            eprintln!("error: there are no such files in {}", arguments.folder.display());
            ExitCode::from(2)
        }
        Ok(report) if report.is_right() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        // Whoever read the output has gone: nothing is left to do.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
