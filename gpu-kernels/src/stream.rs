//! Streams: work on a device, in order.

use std::ffi::c_void;

use cust::sys;

use crate::error::Result;
use crate::health::Health;

/// A queue of work on one device. It waits for nothing but what it is told to.
#[derive(Debug)]
pub struct Stream {
    raw: sys::CUstream,
    health: &'static Health,
}

// SAFETY: the driver's streams may be used by any thread.
unsafe impl Send for Stream {}
// SAFETY: as above.
unsafe impl Sync for Stream {}

/// A kernel of a loaded module. Modules are never unloaded, so it is always good.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    raw: sys::CUfunction,
}

// SAFETY: the driver's functions may be used by any thread.
unsafe impl Send for Function {}
// SAFETY: as above.
unsafe impl Sync for Function {}

impl Function {
    pub(crate) fn new(raw: sys::CUfunction) -> Self {
        Self { raw }
    }
}

impl Stream {
    /// A stream of the current context.
    pub(crate) fn new(health: &'static Health) -> Result<Self> {
        let mut raw = std::ptr::null_mut();
        let flags = sys::CUstream_flags::CU_STREAM_NON_BLOCKING as u32;
        // SAFETY: the driver writes the handle.
        health.check("cuStreamCreate", unsafe { sys::cuStreamCreate(&mut raw, flags) })?;
        Ok(Self { raw, health })
    }

    /// The driver's handle.
    pub fn raw(&self) -> sys::CUstream {
        self.raw
    }

    /// Waits until all that is in the stream is done.
    ///
    /// # Errors
    /// The device is lost.
    pub fn synchronize(&self) -> Result<()> {
        // SAFETY: the stream lives.
        let answer = unsafe { sys::cuStreamSynchronize(self.raw) };
        self.health.check("cuStreamSynchronize", answer)
    }

    /// Copies between places of the device's memory.
    ///
    /// # Safety
    /// So many bytes from both addresses on are of blocks of this device, and do not overlap.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn copy(&self, to: u64, from: u64, bytes: usize) -> Result<()> {
        // SAFETY: the caller promises it.
        let answer = unsafe { sys::cuMemcpyDtoDAsync_v2(to, from, bytes, self.raw) };
        self.health.check("cuMemcpyDtoDAsync", answer)
    }

    /// Sets every byte of a place to one value.
    ///
    /// # Safety
    /// So many bytes from `to` on are of a block of this device.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn fill(&self, to: u64, byte: u8, bytes: usize) -> Result<()> {
        // SAFETY: the caller promises it.
        let answer = unsafe { sys::cuMemsetD8Async(to, byte, bytes, self.raw) };
        self.health.check("cuMemsetD8Async", answer)
    }

    /// # Safety
    /// The place lives until the copy is done and is not written before; as [`Stream::copy`] for the device's side.
    pub(crate) unsafe fn copy_from_host(&self, to: u64, from: *const u8, bytes: usize) -> Result<()> {
        // SAFETY: the caller promises it.
        let answer = unsafe { sys::cuMemcpyHtoDAsync_v2(to, from.cast::<c_void>(), bytes, self.raw) };
        self.health.check("cuMemcpyHtoDAsync", answer)
    }

    /// # Safety
    /// The place lives until the copy is done and is not read before; as [`Stream::copy`] for the device's side.
    pub(crate) unsafe fn copy_to_host(&self, to: *mut u8, from: u64, bytes: usize) -> Result<()> {
        // SAFETY: the caller promises it.
        let answer = unsafe { sys::cuMemcpyDtoHAsync_v2(to.cast::<c_void>(), from, bytes, self.raw) };
        self.health.check("cuMemcpyDtoHAsync", answer)
    }

    /// # Safety
    /// The arguments are what the kernel takes, and its pointers are of memory that it may use so.
    pub(crate) unsafe fn launch(
        &self,
        function: Function,
        grid: (u32, u32, u32),
        block: (u32, u32, u32),
        shared: u32,
        arguments: &mut [*mut c_void],
    ) -> Result<()> {
        let extra = std::ptr::null_mut();
        // SAFETY: the function and the stream live; the caller promises the rest.
        let answer = unsafe {
            sys::cuLaunchKernel(
                function.raw,
                grid.0,
                grid.1,
                grid.2,
                block.0,
                block.1,
                block.2,
                shared,
                self.raw,
                arguments.as_mut_ptr(),
                extra,
            )
        };
        self.health.check("cuLaunchKernel", answer)
    }
}
