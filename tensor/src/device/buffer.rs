//! Memory on a device: counted, pooled, and typed by value.

use std::ptr::NonNull;
use std::sync::Arc;

use crate::device::pool::Memory;
use crate::device::{Device, Guard};
use crate::element::DType;
use crate::error::{Error, Result};

/// A handle on elements in a device's memory. Clones share the memory; the last one returns it to the device's pool, so
/// that a steady program allocates nothing.
///
/// Who writes: the operation that made a buffer, before anyone else has a handle on it; a model's pass, into the
/// workspace that it owns; and an optimizer, into a model's parameters under its [`Guard`].
#[derive(Debug)]
pub struct Buffer {
    // `None` only while the buffer is being dropped.
    memory: Option<Arc<Memory>>,
}

impl Buffer {
    /// Memory for `len` elements on `device`; what is in it is unspecified. Where there is none the buffer is
    /// *poisoned*: it holds the error, and whoever reads it gets that.
    pub(crate) fn new(device: Device, dtype: DType, len: usize) -> Self {
        let memory = device.backend().pool().take(device, dtype, len);
        Self { memory: Some(memory) }
    }

    /// A buffer that only carries an error.
    pub(crate) fn poisoned(device: Device, dtype: DType, error: Error) -> Self {
        let buffer = Self::new(device, dtype, 0);
        buffer.fail(error);
        buffer
    }

    fn memory(&self) -> &Arc<Memory> {
        match &self.memory {
            Some(memory) => memory,
            None => unreachable!("only `drop` below empties a buffer"),
        }
    }

    /// Where the memory is.
    pub fn device(&self) -> Device {
        self.memory().device
    }

    /// What the memory holds.
    pub fn dtype(&self) -> DType {
        self.memory().dtype
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.memory().len
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The error that the operation which should have filled this buffer ended with.
    pub fn poison(&self) -> Option<&Error> {
        self.memory().poison.get()
    }

    /// Leaves an error for whoever reads the buffer; the first one stays. What a device does when an operation fails.
    pub fn fail(&self, error: Error) {
        // Set already: the first error is the cause.
        let _ = self.memory().poison.set(error);
    }

    /// The error of a poisoned buffer as a result.
    pub(crate) fn check(&self) -> Result<()> {
        self.poison().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Whether two handles share their memory.
    pub(crate) fn shares_memory(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.memory(), other.memory())
    }

    /// Whether this is the only handle on the memory, which nothing but operations writes: then it can be written.
    pub(crate) fn is_alone(&mut self) -> bool {
        self.memory
            .as_mut()
            .and_then(Arc::get_mut)
            .is_some_and(|memory| memory.guard.is_none())
    }

    /// Makes the buffer one that is written while others may hold it. Only whoever has the one handle on it can.
    pub(crate) fn guarded(mut self, guard: Guard) -> Self {
        if let Some(memory) = self.memory.as_mut().and_then(Arc::get_mut) {
            memory.guard = Some(Box::new(guard));
        }
        self
    }

    /// What keeps readers and writers apart, where there are writers.
    pub(crate) fn guard(&self) -> Option<&Guard> {
        self.memory().guard.as_deref()
    }

    /// Sends bytes from the host, from the `offset`-th element on.
    pub(crate) fn upload(&self, bytes: &[u8], offset: usize) -> Result<()> {
        self.device().backend().upload(bytes, self, offset)
    }

    /// Where the bytes `offset..offset + len` are, in the device's own memory: only the backend may follow it.
    ///
    /// # Panics
    /// Where the buffer does not have these bytes.
    pub fn address(&self, offset: usize, len: usize) -> NonNull<u8> {
        let memory = self.memory();
        let bytes = memory.len * memory.dtype.size();
        assert!(
            offset <= bytes && len <= bytes - offset,
            "bytes {offset}..{offset}+{len} of a buffer of {bytes}"
        );
        // SAFETY: the range lies inside the block, as just checked.
        unsafe { memory.start().add(offset) }
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        Self {
            memory: Some(Arc::clone(self.memory())),
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(mut memory) = self.memory.take()
            && Arc::get_mut(&mut memory).is_some()
        {
            memory.device.backend().pool().give_back(memory);
        }
    }
}
