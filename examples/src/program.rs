//! What the programs share: how they end, and what they show meanwhile.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

/// What ends a program early.
#[derive(Debug)]
pub enum Problem {
    /// The library's, which names the thing itself.
    Library(tensor::Error),
    /// Standard output that takes nothing more.
    Output(io::Error),
    /// A device that cannot be had, or a file that is of no use, in words.
    Words(String),
    /// An option that makes no sense.
    Option {
        /// As it is written.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it was given.
        found: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(error) => error.fmt(f),
            Self::Output(error) => write!(f, "standard output: {error}"),
            Self::Words(problem) => f.write_str(problem),
            Self::Option { name, expected, found } => write!(f, "{name}: expected {expected}, found {found}"),
        }
    }
}

impl From<tensor::Error> for Problem {
    fn from(error: tensor::Error) -> Self {
        Self::Library(error)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The exit code of what a program came to; a problem is one line on stderr.
pub fn end(result: Result<(), Problem>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has gone: nothing is left to do.
        Err(Problem::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Whether an option that counts something is 1 or more, if it is there.
///
/// # Errors
/// Where it is 0.
pub fn at_least_one(name: &'static str, expected: &'static str, found: Option<usize>) -> Result<(), Problem> {
    if found == Some(0) {
        let found = "0".into();
        return Err(Problem::Option { name, expected, found });
    }
    Ok(())
}

/// Whether `--lr` is a rate.
///
/// # Errors
/// Where it is not above 0, or not finite.
pub fn is_a_rate(lr: Option<f64>) -> Result<(), Problem> {
    match lr {
        Some(lr) if !(lr.is_finite() && lr > 0.0) => Err(Problem::Option {
            name: "--lr",
            expected: "a learning rate above 0",
            found: lr.to_string(),
        }),
        _ => Ok(()),
    }
}

/// Whether the file of `--save` could be written: better known before the training than after it.
///
/// # Errors
/// Where it could not.
pub fn can_write(path: &Path) -> Result<(), Problem> {
    let wrong = |found: String| Problem::Option {
        name: "--save",
        expected: "a file that can be written",
        found,
    };
    let is_named_as_folder = path.to_string_lossy().ends_with(std::path::is_separator);
    let Some(name) = path.file_name().filter(|_| !is_named_as_folder && !path.is_dir()) else {
        return Err(wrong(format!("the folder {}", path.display())));
    };
    let mut probe = name.to_owned();
    probe.push(format!(".{}.probe", std::process::id()));
    let probe = path.with_file_name(probe);
    let outcome = File::create_new(&probe).and_then(|_| std::fs::remove_file(&probe));
    outcome.map_err(|error| wrong(format!("{}: {error}", path.display())))
}

/// A bar on stderr for so many steps.
pub fn progress(steps: u64) -> ProgressBar {
    let template = "{msg} [{bar:40}] {pos}/{len} steps, {eta} left";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps).with_style(style.progress_chars("=> "))
}
