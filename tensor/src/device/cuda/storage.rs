//! Memory of a device, by the allocator of `gpu-kernels`.

use std::ptr::NonNull;

use super::Cuda;
use crate::device::{Buffer, Pending, Pool, Storage};
use crate::error::{Error, Result};

impl Storage for Cuda {
    fn pool(&self) -> &Pool {
        &self.pool
    }

    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>> {
        let address = self.gpu.allocate(bytes).map_err(|error| self.named(error))?;
        NonNull::new(std::ptr::without_provenance_mut(address as usize)).ok_or_else(|| Error::OutOfMemory {
            device: self.name.clone(),
            bytes,
            free: None,
        })
    }

    unsafe fn release(&self, start: NonNull<u8>, _bytes: usize) {
        // SAFETY: it came from `allocate` above; what was launched before and still uses it comes first in the stream.
        unsafe { self.gpu.release(start.addr().get() as u64) }
    }

    fn synchronize(&self) -> Result<()> {
        self.gpu.synchronize().map_err(|error| self.named(error))
    }

    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()> {
        out.check()?;
        let address = self.start(out, offset, bytes.len());
        // SAFETY: `start` checked the range; a buffer is written by whoever made it, or under its guard.
        unsafe { self.gpu.upload(bytes, address) }.map_err(|error| self.named(error))
    }

    fn upload_with(&self, bytes: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        out.check()?;
        let address = self.start(out, offset, bytes);
        // SAFETY: as above.
        unsafe { self.gpu.upload_with(bytes, address, write) }.map_err(|error| self.named(error))
    }

    fn download(&self, x: &Buffer, offset: usize, to: &mut [u8]) -> Result<()> {
        x.check()?;
        let address = self.start(x, offset, to.len());
        // SAFETY: `start` checked the range; what writes it was launched before.
        unsafe { self.gpu.download(address, to) }.map_err(|error| self.named(error))
    }

    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending> {
        x.check()?;
        let size = x.dtype().size();
        // SAFETY: `start` checks the range; what writes it was launched before.
        let ticket = unsafe { self.gpu.begin_read(self.start(x, offset, size), size) };
        let ticket = ticket.map_err(|error| self.named(error))?;
        Ok(Pending {
            element: [0; 8],
            ticket,
        })
    }

    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]> {
        self.gpu.finish_read(pending.ticket).map_err(|error| self.named(error))
    }
}
