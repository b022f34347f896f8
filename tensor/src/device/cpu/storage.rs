//! Memory of the process.

use std::ptr::NonNull;

use super::access::{bytes, bytes_mut};
use super::{Cpu, pages};
use crate::device::{Backend, Buffer, Pending, Pool, Storage};
use crate::error::{Error, Result};

impl Storage for Cpu {
    fn pool(&self) -> &Pool {
        &self.pool
    }

    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>> {
        pages::allocate(bytes).ok_or_else(|| Error::OutOfMemory {
            device: self.name().to_owned(),
            bytes,
            free: None,
        })
    }

    unsafe fn release(&self, start: NonNull<u8>, bytes: usize) {
        // SAFETY: `allocate` above gave it, and the caller gives it back once.
        unsafe { pages::release(start, bytes) }
    }

    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()> {
        self.upload_with(bytes.len(), out, offset, &mut |to| to.copy_from_slice(bytes))
    }

    fn upload_with(&self, len: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        out.check()?;
        // SAFETY: a buffer is written by whoever made it, or under its guard.
        write(unsafe { bytes_mut(out, offset * out.dtype().size(), len) });
        Ok(())
    }

    fn download(&self, x: &Buffer, offset: usize, to: &mut [u8]) -> Result<()> {
        x.check()?;
        // SAFETY: nobody writes to a tensor that is read; parameters are guarded by the caller.
        to.copy_from_slice(unsafe { bytes(x, offset * x.dtype().size(), to.len()) });
        Ok(())
    }

    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending> {
        let mut element = [0; 8];
        self.download(x, offset, &mut element[..x.dtype().size()])?;
        Ok(Pending { element, ticket: 0 })
    }

    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]> {
        debug_assert_eq!(pending.ticket, 0, "nothing is ever on its way here");
        Ok(pending.element)
    }
}
