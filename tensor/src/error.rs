//! What can go wrong: every error names the thing, what was expected and what was found.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that went wrong. Cheap to clone: a failed operation leaves its error in the tensor it should have made, and
/// whoever reads that tensor gets a copy.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Sizes that do not fit an operation.
    #[error("`{operation}`: expected {expected}, found {found}")]
    Shape {
        /// The operation as the user calls it.
        operation: &'static str,
        /// What it accepts.
        expected: String,
        /// What it was given.
        found: String,
    },
    /// Elements of a type that an operation does not take.
    #[error("`{operation}`: expected {expected}, found {found}")]
    Element {
        /// The operation as the user calls it.
        operation: &'static str,
        /// What it accepts.
        expected: String,
        /// The type it was given.
        found: &'static str,
    },
    /// An axis or index outside a tensor.
    #[error("`{operation}`: {what} {index} is out of range for {size}")]
    OutOfRange {
        /// The operation as the user calls it.
        operation: &'static str,
        /// `axis`, `index`, `label`.
        what: &'static str,
        /// What was asked for.
        index: i64,
        /// What there is.
        size: String,
    },
    /// Two operands on two devices.
    #[error("`{operation}`: one operand is on {left}, the other on {right}; move one of them with `.to(device)`")]
    Devices {
        /// The operation as the user calls it.
        operation: &'static str,
        /// Where the first operand is.
        left: String,
        /// Where the other is.
        right: String,
    },
    /// An operation that a device does not have.
    #[error("{device} has no `{operation}` for {element}")]
    Unsupported {
        /// The operation as the user calls it.
        operation: &'static str,
        /// The device by name.
        device: String,
        /// The element type.
        element: &'static str,
    },
    /// A device that has no room left.
    #[error("out of memory on {device}: {bytes} bytes were asked for{}", free.map(|free| format!(", {free} are free")).unwrap_or_default())]
    OutOfMemory {
        /// The device by name.
        device: String,
        /// The size of the request.
        bytes: usize,
        /// What was left, where the device says.
        free: Option<usize>,
    },
    /// A CUDA device in a program that was built without CUDA.
    #[error("this program was built without CUDA: build it with the feature `cuda`, as in `--features cuda`")]
    WithoutCuda,
    /// No driver for CUDA devices.
    #[error("no CUDA driver found: {reason}")]
    NoDriver {
        /// What the system said when it was to open the driver.
        reason: String,
    },
    /// A driver from before the kernels.
    #[error("the CUDA driver is too old: expected CUDA {} or newer, found {}", version(*needed), version(*found))]
    OldDriver {
        /// What the driver speaks, as `1000 * major + 10 * minor`.
        found: i32,
        /// What the kernels need, likewise.
        needed: i32,
    },
    /// A device that is not there.
    #[error("there is no {device}: this machine has {}", devices(*count))]
    NoDevice {
        /// The device by name.
        device: String,
        /// How many there are.
        count: usize,
    },
    /// A device that does not answer any more.
    #[error("{device} was lost: {reason}; it cannot be used any more in this process")]
    DeviceLost {
        /// The device by name.
        device: String,
        /// What the driver said.
        reason: String,
    },
    /// A kernel that did what it must not, and took the device's memory with it.
    #[error("a kernel failed on {device}: {reason}; it cannot be used any more in this process")]
    KernelFault {
        /// The device by name.
        device: String,
        /// What the driver said.
        reason: String,
    },
    /// Anything else that a device's driver refused.
    #[error("{device}: {reason}")]
    Device {
        /// The device by name.
        device: String,
        /// The call, and what the driver said.
        reason: String,
    },
    /// Something about differentiation: a second backward, a changed parameter, nothing to differentiate.
    #[error("{0}")]
    Gradient(String),
    /// A loss that is not a number any more.
    #[error("the loss is {value} at step {step}: lower the learning rate or clip the gradients")]
    NotFinite {
        /// What the loss was.
        value: f64,
        /// The step, counted from 1.
        step: u64,
    },
    /// A file the system would not read or write.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// A file that is not what it should be.
    #[error("{}: expected {expected}, found {found}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: String,
        /// What it holds.
        found: String,
    },
    /// An argument outside its range.
    #[error("`{name}`: expected {expected}, found {found}")]
    Argument {
        /// The argument as the user writes it.
        name: &'static str,
        /// What it accepts.
        expected: String,
        /// What it was given.
        found: String,
    },
}

/// CUDA's way of writing a version as a number, in people's.
fn version(number: i32) -> String {
    format!("{}.{}", number / 1000, number % 1000 / 10)
}

fn devices(count: usize) -> String {
    match count {
        0 => "no CUDA device".to_owned(),
        1 => "one CUDA device, cuda:0".to_owned(),
        count => format!("{count} CUDA devices, cuda:0 to cuda:{}", count - 1),
    }
}

impl Error {
    pub(crate) fn shape(operation: &'static str, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Shape {
            operation,
            expected: expected.into(),
            found: found.into(),
        }
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source: Arc::new(source),
        }
    }

    pub(crate) fn format(path: &Path, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Format {
            path: path.to_owned(),
            expected: expected.into(),
            found: found.into(),
        }
    }

    pub(crate) fn argument(name: &'static str, expected: impl Into<String>, found: impl ToString) -> Self {
        Self::Argument {
            name,
            expected: expected.into(),
            found: found.to_string(),
        }
    }
}
