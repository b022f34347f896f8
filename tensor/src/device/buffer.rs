//! Memory on a device: counted, pooled, and typed by value.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use crate::device::{Device, Guard};
use crate::element::{DType, Element};
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

#[derive(Debug)]
pub(crate) struct Memory {
    device: Device,
    dtype: DType,
    len: usize,
    block: Block,
    /// There where the elements are written while others may hold them, and so only read under the guard.
    guard: Option<Box<Guard>>,
    poison: Option<Error>,
}

/// A piece of host memory, aligned for the widest vectors.
#[derive(Debug)]
struct Block {
    start: NonNull<u8>,
    bytes: usize,
}

const ALIGN: usize = 64;

// SAFETY: a block is plain memory; the rules of `Buffer` say who writes to it and when.
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Block {
    fn new(bytes: usize) -> Option<Self> {
        if bytes == 0 {
            return Some(Self {
                start: NonNull::<Aligned>::dangling().cast(),
                bytes,
            });
        }
        let layout = Layout::from_size_align(bytes, ALIGN).ok()?;
        // Zeroed, so that no read of it is ever undefined; large blocks come as untouched pages.
        // SAFETY: `bytes` is not zero.
        let start = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        Some(Self { start, bytes })
    }
}

#[repr(align(64))]
struct Aligned;

impl Drop for Block {
    fn drop(&mut self) {
        if self.bytes != 0 {
            // SAFETY: allocated in `new` with the same size and alignment.
            unsafe {
                dealloc(
                    self.start.as_ptr(),
                    Layout::from_size_align_unchecked(self.bytes, ALIGN),
                )
            }
        }
    }
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
        let mut memory = device.backend().pool().take(device, dtype, 0);
        if let Some(fresh) = Arc::get_mut(&mut memory) {
            fresh.poison = Some(error);
        }
        Self { memory: Some(memory) }
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
        self.memory().poison.as_ref()
    }

    /// The error of a poisoned buffer as a result.
    pub(crate) fn check(&self) -> Result<()> {
        self.poison().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Whether two handles share their memory.
    pub(crate) fn shares_memory(&self, other: &Self) -> bool {
        Arc::ptr_eq(self.memory(), other.memory())
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

    fn host<T: Element>(&self, offset: usize, len: usize) -> NonNull<T> {
        let memory = self.memory();
        assert_eq!(memory.dtype, T::DTYPE, "a backend read a buffer as another type");
        assert!(
            offset <= memory.len && len <= memory.len - offset,
            "elements {offset}..{offset}+{len} of a buffer of {}",
            memory.len
        );
        // SAFETY: the range lies inside the block, which holds `memory.len` elements of `T`.
        unsafe { memory.block.start.cast::<T>().add(offset) }
    }

    /// The elements `offset..offset + len` in host memory.
    ///
    /// # Safety
    /// Nobody writes to them while the slice lives.
    pub(crate) unsafe fn slice<T: Element>(&self, offset: usize, len: usize) -> &[T] {
        let start = self.host(offset, len);
        // SAFETY: `host` checked the range and the type, every block is initialised, the caller promises the rest.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), len) }
    }

    /// The elements `offset..offset + len` in host memory, to write.
    ///
    /// # Safety
    /// Nobody else reads or writes them while the slice lives.
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn slice_mut<T: Element>(&self, offset: usize, len: usize) -> &mut [T] {
        let start = self.host(offset, len);
        // SAFETY: `host` checked the range and the type, every block is initialised, the caller promises the rest.
        unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), len) }
    }

    fn host_bytes(&self, offset: usize, len: usize) -> NonNull<u8> {
        let memory = self.memory();
        let bytes = memory.len * memory.dtype.size();
        assert!(
            offset <= bytes && len <= bytes - offset,
            "bytes {offset}..{offset}+{len} of a buffer of {bytes}"
        );
        // SAFETY: the range lies inside the block.
        unsafe { memory.block.start.add(offset) }
    }

    /// Bytes of the elements in host memory.
    ///
    /// # Safety
    /// Nobody writes to them while the slice lives.
    pub(crate) unsafe fn bytes(&self, offset: usize, len: usize) -> &[u8] {
        let start = self.host_bytes(offset, len);
        // SAFETY: `host_bytes` checked the range, every block is initialised, the caller promises the rest.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), len) }
    }

    /// Bytes of the elements in host memory, to write.
    ///
    /// # Safety
    /// Nobody else reads or writes them while the slice lives.
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn bytes_mut(&self, offset: usize, len: usize) -> &mut [u8] {
        let start = self.host_bytes(offset, len);
        // SAFETY: `host_bytes` checked the range, every block is initialised, the caller promises the rest.
        unsafe { std::slice::from_raw_parts_mut(start.as_ptr(), len) }
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

/// Memory that is free to be used again, by size class. Both the block and its counted header are kept.
#[derive(Debug)]
pub struct Pool {
    classes: [Mutex<Vec<Arc<Memory>>>; CLASSES],
}

/// Classes are powers of two from 64 bytes on; half of them between are there too, so that at most a third is wasted.
const CLASSES: usize = 96;

/// The class that holds `bytes`, and its size.
fn class(bytes: usize) -> Option<(usize, usize)> {
    if bytes == 0 {
        return Some((0, 0));
    }
    let power = bytes.max(64).checked_next_power_of_two()?;
    let step = power.trailing_zeros() as usize - 6;
    let (index, size) = if power > 64 && bytes <= power / 4 * 3 {
        (2 * step, power / 4 * 3)
    } else {
        (2 * step + 1, power)
    };
    (index < CLASSES).then_some((index, size))
}

impl Pool {
    pub(crate) const fn new() -> Self {
        Self {
            classes: [const { Mutex::new(Vec::new()) }; CLASSES],
        }
    }

    fn take(&self, device: Device, dtype: DType, len: usize) -> Arc<Memory> {
        let fits = len.checked_mul(dtype.size()).and_then(class);
        if let Some((index, bytes)) = fits {
            let free = near::take(device, bytes)
                .or_else(|| self.classes[index].lock().unwrap_or_else(PoisonError::into_inner).pop());
            if let Some(mut memory) = free {
                match Arc::get_mut(&mut memory) {
                    Some(own) => {
                        (own.device, own.dtype, own.len) = (device, dtype, len);
                        (own.guard, own.poison) = (None, None);
                    }
                    None => unreachable!("`give_back` takes only memory without other handles"),
                }
                return memory;
            }
            if let Some(block) = Block::new(bytes) {
                return Arc::new(Memory {
                    device,
                    dtype,
                    len,
                    block,
                    guard: None,
                    poison: None,
                });
            }
        }
        let error = Error::OutOfMemory {
            device: device.to_string(),
            bytes: len.saturating_mul(dtype.size()),
        };
        let mut memory = self.take(device, dtype, 0);
        if let Some(own) = Arc::get_mut(&mut memory) {
            own.poison = Some(error);
        }
        memory
    }

    fn give_back(&self, memory: Arc<Memory>) {
        let Some(memory) = near::keep(memory) else { return };
        if let Some((index, _)) = class(memory.block.bytes) {
            self.classes[index]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(memory);
        }
    }
}

/// A few small blocks that a thread keeps for itself: small networks spend more on the pool's locks than on arithmetic.
mod near {
    use std::cell::RefCell;
    use std::sync::Arc;

    use super::{Device, Memory};

    /// How many blocks a thread keeps, and how large they may be.
    const BLOCKS: usize = 8;
    const BYTES: usize = 1 << 14;

    thread_local! {
        static KEPT: RefCell<Vec<Arc<Memory>>> = const { RefCell::new(Vec::new()) };
    }

    /// A block of just this size.
    pub(super) fn take(device: Device, bytes: usize) -> Option<Arc<Memory>> {
        if bytes > BYTES {
            return None;
        }
        // A thread that is ending keeps nothing any more.
        KEPT.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            let at = kept
                .iter()
                .position(|memory| memory.block.bytes == bytes && memory.device == device)?;
            Some(kept.swap_remove(at))
        })
        .ok()?
    }

    /// Keeps a block, or gives it back.
    pub(super) fn keep(memory: Arc<Memory>) -> Option<Arc<Memory>> {
        let mut left = Some(memory);
        let _ = KEPT.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            if kept.len() < BLOCKS && left.as_ref().is_some_and(|memory| memory.block.bytes <= BYTES) {
                kept.extend(left.take());
            }
        });
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_they_say() {
        for bytes in (1..5000).chain([1 << 20, (1 << 20) + 1, 3 << 20]) {
            let (index, size) = class(bytes).unwrap();
            assert!(size >= bytes, "{bytes}");
            assert_eq!(class(size).unwrap(), (index, size), "{bytes}");
        }
        assert!(class(usize::MAX).is_none());
    }

    #[test]
    fn memory_is_used_again() {
        let device = Device::cpu();
        let first = Buffer::new(device, DType::F32, 12_345);
        let address = first.host::<f32>(0, 12_345);
        let twin = first.clone();
        drop(first);
        assert_eq!(twin.host::<f32>(0, 1), address);
        drop(twin);
        assert!(Buffer::new(device, DType::F64, 6_000).poison().is_none());
    }

    #[test]
    fn too_much_is_an_error_in_the_buffer() {
        let buffer = Buffer::new(Device::cpu(), DType::F64, usize::MAX / 4);
        assert!(buffer.is_empty());
        assert!(matches!(buffer.poison(), Some(Error::OutOfMemory { .. })));
        drop(buffer);
        assert!(Buffer::new(Device::cpu(), DType::F64, 0).poison().is_none());
    }
}
