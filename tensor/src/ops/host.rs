//! Operations that only the processor has: what sorts, factorizes, or goes from one element to the next.

use crate::device::Device;
use crate::error::{Error, Result};
use crate::tape::{Value, same_device};

/// That an operation which only the processor has is asked of it. Elsewhere it is an error that names operation and device: nothing is
/// copied behind anyone's back.
pub(crate) fn on_processor(operation: &'static str, inputs: &[&Value]) -> Result<()> {
    for input in inputs {
        input.buffer.check()?;
        same_device(operation, inputs[0].device(), input.device())?;
    }
    match inputs.iter().find(|input| input.device() != Device::cpu()) {
        None => Ok(()),
        Some(input) => Err(Error::Unsupported {
            operation,
            device: input.device().to_string(),
            element: input.dtype().name(),
        }),
    }
}

/// An empty list with room for so many numbers: what memory has no room for is an error before anything is computed.
pub(crate) fn list<T>(count: usize) -> Result<Vec<T>> {
    let mut list = Vec::new();
    let full = |_| Error::OutOfMemory {
        device: Device::cpu().to_string(),
        bytes: count.saturating_mul(size_of::<T>()),
        free: None,
    };
    list.try_reserve_exact(count).map_err(full)?;
    Ok(list)
}
