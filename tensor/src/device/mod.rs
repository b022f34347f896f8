//! Devices: where tensors live and operations run.
//!
//! Everything above speaks to a device through [`Backend`], one trait of operation families over buffer handle, offset,
//! sizes and strides; everything below it is one device's own business.

mod backend;
mod buffer;
mod cpu;
#[cfg_attr(not(feature = "cuda"), path = "cuda/absent.rs")]
pub(crate) mod cuda;
mod guard;
pub(crate) mod host;
mod operand;
mod operation;
mod pool;
mod table;
pub(crate) mod typed;
mod usage;

use std::fmt;
use std::str::FromStr;

use crate::element::DType;
use crate::error::{Error, Result};

pub use backend::{
    Backend, CellBackward, CellStep, Chains, Elements, LayerNormBackward, Linear, Matrices, Moments, Pending, Places,
    PrimitiveBackward, PrimitiveForward, Primitives, Recurrent, Rows, Saved, Storage, Updates,
};
pub use buffer::Buffer;
pub(crate) use guard::{Guard, reading};
pub use operand::{Block, Gradient, Matrix, Sizes, View};
pub use operation::Operation;
pub use pool::{Keep, Pool};
#[cfg(feature = "cuda")]
pub use table::table;
pub use usage::MemoryUse;

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
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1.].device(), Device::cpu());
    /// ```
    pub fn cpu() -> Self {
        Self { backend: &cpu::CPU }
    }

    /// A CUDA device by its number; the first is 0. It is opened once a process.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let device = Device::cuda(0).unwrap_or_default(); // The processor, where there is none.
    /// assert_eq!(tensor![1., 2.].to(device)?.sum().item()?, 3.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the program was built without the feature `cuda`, there is no driver, it is too old, or there is no such device; each
    /// says which.
    pub fn cuda(index: usize) -> Result<Self> {
        let backend = cuda::open(index)?;
        Ok(Self { backend })
    }

    /// Waits until everything that was asked of the device is done: what a clock needs. On the processor that is always so.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].exp();
    /// x.device().synchronize()?;
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// What went wrong on the device meanwhile.
    pub fn synchronize(self) -> Result<()> {
        self.backend.synchronize()
    }

    /// What the device can do: every operation by name, with the element types that it has it for. `docs/devices.md` has this of
    /// all devices.
    ///
    /// ```
    /// use tensor::DType;
    /// let operations = tensor::Device::cpu().operations();
    /// assert!(operations.iter().any(|(name, elements)| *name == "matmul" && elements.contains(&DType::F64)));
    /// ```
    pub fn operations(self) -> Vec<(&'static str, Vec<DType>)> {
        table::operations(|operation, dtype| self.backend.supports(operation, dtype))
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

impl FromStr for Device {
    type Err = Error;

    /// `cpu`, `cuda` (the first) or `cuda:1`.
    fn from_str(text: &str) -> Result<Self> {
        let unknown = || Error::argument("device", "`cpu`, `cuda` or `cuda:0`", format!("`{text}`"));
        match text.split_once(':') {
            None if text == "cpu" => Ok(Self::cpu()),
            None if text == "cuda" => Self::cuda(0),
            Some(("cuda", index)) => Self::cuda(index.parse().map_err(|_| unknown())?),
            None | Some(_) => Err(unknown()),
        }
    }
}

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
