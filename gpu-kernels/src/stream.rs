//! Streams: work on a device, in order.

use std::ffi::c_void;

use cust::sys;

use crate::driver::check;
use crate::error::Result;
use crate::module::Function;

/// A queue of work on one device. It does not wait for the default stream.
#[derive(Debug)]
pub(crate) struct Stream {
    raw: sys::CUstream,
}

// SAFETY: the driver's streams may be used by any thread.
unsafe impl Send for Stream {}
// SAFETY: as above.
unsafe impl Sync for Stream {}

impl Stream {
    /// A stream of the current context.
    pub(crate) fn new() -> Result<Self> {
        let mut raw = std::ptr::null_mut();
        let flags = sys::CUstream_flags::CU_STREAM_NON_BLOCKING as u32;
        // SAFETY: the driver writes the handle.
        check("cuStreamCreate", unsafe { sys::cuStreamCreate(&mut raw, flags) })?;
        Ok(Self { raw })
    }

    pub(crate) fn raw(&self) -> sys::CUstream {
        self.raw
    }

    /// Waits until all that is in the stream is done.
    pub(crate) fn synchronize(&self) -> Result<()> {
        // SAFETY: the stream lives.
        check("cuStreamSynchronize", unsafe { sys::cuStreamSynchronize(self.raw) })
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
        // SAFETY: the function and the stream live; the caller promises the rest.
        let answer = unsafe {
            sys::cuLaunchKernel(
                function.raw(),
                grid.0,
                grid.1,
                grid.2,
                block.0,
                block.1,
                block.2,
                shared,
                self.raw,
                arguments.as_mut_ptr(),
                std::ptr::null_mut(),
            )
        };
        check("cuLaunchKernel", answer)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: nobody has the stream any more; what is in it still runs.
        let _ = unsafe { sys::cuStreamDestroy_v2(self.raw) };
    }
}
