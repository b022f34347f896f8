//! Devices: where tensors live and operations run.
//!
//! Everything above speaks to a device through [`Backend`], one trait of operation families over buffer handle, offset,
//! sizes and strides; everything below it is one device's own business.

mod backend;
mod buffer;
mod cpu;
mod guard;
mod operand;

use std::fmt;

pub use backend::{Backend, LayerNormBackward, Linear, Moments};
pub use buffer::{Buffer, Pool};
pub(crate) use guard::{Guard, reading};
pub use operand::{Gradient, Matrix, View};

/// A place where tensors live: a value, copied freely.
///
/// ```
/// use tensor::prelude::*;
/// assert_eq!(Device::cpu().to_string(), "cpu");
/// ```
#[derive(Clone, Copy)]
pub struct Device {
    backend: &'static dyn Backend,
}

impl Device {
    /// The processor this program runs on, with its memory.
    pub fn cpu() -> Self {
        Self { backend: &cpu::CPU }
    }

    /// What runs the operations.
    pub(crate) fn backend(self) -> &'static dyn Backend {
        self.backend
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::cpu()
    }
}

impl PartialEq for Device {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self.backend, other.backend)
    }
}

impl Eq for Device {}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.backend.name())
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({self})")
    }
}
