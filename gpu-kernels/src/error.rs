//! What goes wrong on a device.

use std::fmt;

use crate::operation::{Scatter, Whole};

/// A result with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong on a device, or in getting one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no CUDA driver on this machine; with the words of the dynamic linker.
    NoDriver(String),
    /// The driver is too old for the kernels. Versions are as CUDA writes them: 12040 is 12.4.
    OldDriver {
        /// The driver's.
        found: i32,
        /// The oldest that will do.
        needed: i32,
    },
    /// There is no device of this index.
    NoDevice {
        /// The one that was asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// The device's memory is too full.
    OutOfMemory {
        /// What was asked for; for a kernel that is loaded, the length of its PTX.
        bytes: usize,
        /// What was free on the device.
        free: usize,
        /// All its memory.
        total: usize,
    },
    /// The device is gone: it fell off the bus, had a memory error, or its context was destroyed. Every later call says so too.
    Lost {
        /// The driver's words.
        what: String,
    },
    /// A kernel did something that it must not. The device cannot be used any more in this process.
    KernelFault {
        /// The driver's words.
        what: String,
    },
    /// A label is no class. Parameters are as they were before the step that met it.
    BadLabel {
        /// The row it is in.
        row: i64,
        /// The label.
        label: i64,
        /// How many classes there are.
        classes: i64,
    },
    /// An index is outside its axis. What it names was neither read nor written; parameters are as they were before.
    BadIndex {
        /// What was done by the index.
        operation: Scatter,
        /// What it was.
        index: i64,
        /// How many there are.
        size: i64,
    },
    /// A whole number was to be divided by 0; the result has a 0 there.
    ByZero {
        /// How.
        operation: Whole,
    },
    /// Sizes and strides that stay more than 8 axes, however they are joined.
    TooManyAxes {
        /// How many stay.
        axes: usize,
    },
    /// A number that is of no read, or of one that was finished.
    NoRead {
        /// The number.
        ticket: u64,
    },
    /// The device is of an older generation than the kernels.
    OldDevice {
        /// What its maker calls it.
        name: String,
        /// Its compute capability.
        found: (u32, u32),
        /// The oldest that will do.
        needed: (u32, u32),
    },
    /// Any other answer of the driver.
    Driver {
        /// The function that was called.
        call: &'static str,
        /// The number of the driver's answer.
        code: u32,
        /// What it means, in the driver's words.
        what: String,
    },
}

impl Error {
    /// Whether the device cannot be used any more in this process.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::KernelFault { .. })
    }
}

/// 12040 as `12.4`.
struct Version(i32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 1000, self.0 % 1000 / 10)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDriver(why) => write!(f, "no CUDA driver found: {why}"),
            Self::OldDriver { found, needed } => {
                let (found, needed) = (Version(*found), Version(*needed));
                write!(
                    f,
                    "the CUDA driver is too old: it is for CUDA {found}, and {needed} is needed"
                )
            }
            Self::NoDevice { index, count: 0 } => write!(f, "there is no CUDA device {index}: the driver finds none"),
            Self::NoDevice { index, count: 1 } => write!(f, "there is no CUDA device {index}: the only one is 0"),
            Self::NoDevice { index, count } => {
                write!(f, "there is no CUDA device {index}: they are 0 to {}", count - 1)
            }
            Self::OutOfMemory { bytes, free, total } => {
                write!(
                    f,
                    "out of device memory: {bytes} bytes asked for, {free} of {total} free"
                )
            }
            Self::Lost { what } => write!(f, "the device is lost: {what}"),
            Self::KernelFault { what } => write!(f, "a kernel failed, and the device cannot be used any more: {what}"),
            Self::BadLabel { row, label, classes } => {
                write!(f, "label {label} in row {row} is not one of {classes} classes")
            }
            Self::BadIndex { index, size, .. } => write!(f, "index {index} is outside an axis of {size}"),
            Self::ByZero { operation } => write!(f, "a whole number was divided by 0, by {operation:?}"),
            Self::TooManyAxes { axes } => write!(f, "{axes} axes that cannot be joined, and kernels take 8"),
            Self::NoRead { ticket } => write!(f, "{ticket} is no read that was begun and not finished"),
            Self::OldDevice { name, found, needed } => write!(
                f,
                "`{name}` has compute capability {}.{}; {}.{} (Ampere) or newer is needed",
                found.0, found.1, needed.0, needed.1
            ),
            Self::Driver { call, code, what } => write!(f, "{call}: {what} (CUDA error {code})"),
        }
    }
}

impl std::error::Error for Error {}
