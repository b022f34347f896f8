//! What the driver says, as the library's errors.

use super::steps::{by_index, of_whole};
use crate::error::Error;

/// The error with the device's name.
pub(super) fn named(device: &str, error: gpu_kernels::Error) -> Error {
    use gpu_kernels::Error as Gpu;
    let device = device.to_owned();
    match error {
        Gpu::NoDriver(reason) => Error::NoDriver { reason },
        Gpu::OldDriver { found, needed } => Error::OldDriver { found, needed },
        Gpu::NoDevice { count, .. } => Error::NoDevice { device, count },
        Gpu::OutOfMemory { bytes, free, .. } => Error::OutOfMemory {
            device,
            bytes,
            free: Some(free),
        },
        Gpu::BadLabel { row, label, classes } => Error::OutOfRange {
            operation: "cross_entropy",
            what: "label",
            index: label,
            size: format!("{classes} classes, in row {row}"),
        },
        Gpu::BadIndex { operation, index, size } => Error::OutOfRange {
            operation: by_index(operation),
            what: "index",
            index,
            size: format!("an axis of {size}"),
        },
        Gpu::ByZero { operation } => Error::argument(of_whole(operation), "divisors other than 0", 0),
        Gpu::Lost { what } => Error::DeviceLost { device, reason: what },
        Gpu::KernelFault { what } => Error::KernelFault { device, reason: what },
        other @ (Gpu::TooManyAxes { .. } | Gpu::NoRead { .. } | Gpu::OldDevice { .. } | Gpu::Driver { .. }) => {
            Error::Device {
                device,
                reason: other.to_string(),
            }
        }
    }
}
