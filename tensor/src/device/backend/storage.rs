//! Memory of a device, and the way between it and the host.

use std::ptr::NonNull;

use crate::device::{Buffer, Pool};
use crate::error::Result;

/// An element that is on its way to the host.
#[derive(Debug)]
pub struct Pending {
    /// Its bytes, then zeros, on a device that is never behind.
    pub element: [u8; 8],
    /// What a device that may be behind knows it by.
    pub ticket: u64,
}

/// Memory, and what goes between it and the host.
pub trait Storage {
    /// What is kept of memory between two buffers.
    fn pool(&self) -> &Pool;
    /// Memory of its own: `bytes`, more than none, aligned to 64 bytes at least.
    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>>;
    /// Takes memory back.
    ///
    /// # Safety
    /// It came from [`Storage::allocate`] with so many bytes, and nobody uses it after this call.
    // SAFETY: whoever calls promises it; `Memory::release` in `pool.rs` is the one place that does.
    unsafe fn release(&self, start: NonNull<u8>, bytes: usize);
    /// Waits until everything that was asked for is done.
    fn synchronize(&self) -> Result<()>;
    /// Bytes from the host into a buffer, from its `offset`-th element on.
    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()>;
    /// So many bytes likewise, which `write` sets where they are to be; it is called once.
    fn upload_with(&self, bytes: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()>;
    /// Bytes of a buffer to the host, from its `offset`-th element on. Waits for what is to be read.
    fn download(&self, x: &Buffer, offset: usize, bytes: &mut [u8]) -> Result<()>;
    /// Begins to read the `offset`-th element of a buffer, as it is once everything called so far is done. What is called
    /// meanwhile is not waited for.
    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending>;
    /// The element that was begun to read.
    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]>;
}
