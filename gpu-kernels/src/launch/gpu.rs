//! [`Gpu`]: a device with its kernels.

use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use super::{Kernels, Launch};
use crate::blas::Blas;
use crate::device::Device;
use crate::error::Result;

/// A device, opened: its context, its stream, its memory and its kernels. The launchers are methods of it, and so is what a
/// [`Device`] can do.
///
/// Work is done in the order in which it was asked for, by whichever thread: there is one stream. Nothing waits for the device but
/// [`Device::download`], [`Device::finish_read`] and [`Device::synchronize`]; what goes wrong in a kernel comes out there.
pub struct Gpu {
    device: Device,
    pub(super) kernels: Kernels,
    /// cuBLASLt, where it is installed.
    pub(super) blas: Option<Blas>,
}

impl Deref for Gpu {
    type Target = Device;

    fn deref(&self) -> &Device {
        &self.device
    }
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpu")
            .field("index", &self.index())
            .field("name", &self.info().name)
            .finish_non_exhaustive()
    }
}

impl Gpu {
    /// The device of this index. It is opened once and stays for the whole process.
    ///
    /// # Errors
    /// No driver, an old one, no such device, a device that is too old; whatever the driver says on the way.
    pub fn open(index: usize) -> Result<&'static Self> {
        static OPENED: Mutex<Vec<&'static Gpu>> = Mutex::new(Vec::new());
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gpu) = opened.iter().find(|gpu| gpu.index() == index) {
            return Ok(gpu);
        }
        let gpu: &'static Self = Box::leak(Box::new(Self::new(index)?));
        opened.push(gpu);
        Ok(gpu)
    }

    fn new(index: usize) -> Result<Self> {
        let (device, kernels) = (Device::open(index)?, Kernels::new());
        // Whether the driver takes our PTX shows now, and not in the middle of something.
        kernels.strided.fill[0].function(&device)?;
        Ok(Self {
            device,
            kernels,
            blas: Blas::open(),
        })
    }

    /// How a kernel is laid out on the device's stream. The calling thread speaks to this device afterwards.
    pub(crate) fn launch(&self, grid: (u32, u32, u32), block: (u32, u32, u32), shared: u32) -> Result<Launch<'_>> {
        self.enter()?;
        Ok(Launch {
            grid,
            block,
            shared,
            device: &self.device,
        })
    }
}
