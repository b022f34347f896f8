//! Memory that is free to be used again.

use std::ptr::NonNull;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::device::{Device, Guard};
use crate::element::DType;
use crate::error::{Error, Result};

/// What the handles of a [`Buffer`](crate::device::Buffer) share: a block of a device's memory, and what is known of it.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) device: Device,
    pub(super) dtype: DType,
    pub(super) len: usize,
    block: Block,
    /// There where the elements are written while others may hold them, and so only read under the guard.
    pub(super) guard: Option<Box<Guard>>,
    pub(super) poison: OnceLock<Error>,
}

/// A piece of a device's memory. On a device other than the processor the address means nothing here.
#[derive(Debug)]
struct Block {
    start: NonNull<u8>,
    bytes: usize,
}

// SAFETY: a block is plain memory; the rules of `Buffer` say who writes to it and when.
unsafe impl Send for Block {}
// SAFETY: as above.
unsafe impl Sync for Block {}

impl Block {
    const EMPTY: Self = Self {
        start: NonNull::<Aligned>::dangling().cast(),
        bytes: 0,
    };
}

#[repr(align(64))]
struct Aligned;

impl Memory {
    fn new(device: Device, dtype: DType, len: usize, block: Block) -> Arc<Self> {
        Arc::new(Self {
            device,
            dtype,
            len,
            block,
            guard: None,
            poison: OnceLock::new(),
        })
    }

    pub(super) fn start(&self) -> NonNull<u8> {
        self.block.start
    }

    /// Returns the block to the device.
    fn release(&mut self) {
        let block = std::mem::replace(&mut self.block, Block::EMPTY);
        if block.bytes != 0 {
            // SAFETY: it came from `allocate` of this device, and nobody has a handle on it any more.
            unsafe { self.device.backend().release(block.start, block.bytes) }
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.release();
    }
}

/// What a [`Pool`] keeps of memory that nobody has a handle on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The block and its counted header, by size class: the next buffer of that size costs no allocation.
    Blocks,
    /// Only the header: the device has an allocator that knows better what to do with blocks.
    Headers,
}

/// Memory that is free to be used again, by size class.
#[derive(Debug)]
pub struct Pool {
    keep: Keep,
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
    /// An empty pool.
    pub const fn new(keep: Keep) -> Self {
        Self {
            keep,
            classes: [const { Mutex::new(Vec::new()) }; CLASSES],
        }
    }

    /// Memory for `len` elements, or memory for none that carries the reason.
    pub(super) fn take(&self, device: Device, dtype: DType, len: usize) -> Arc<Memory> {
        let error = match self.try_take(device, dtype, len) {
            Ok(memory) => return memory,
            Err(error) => error,
        };
        let memory = self
            .try_take(device, dtype, 0)
            .unwrap_or_else(|_| Memory::new(device, dtype, 0, Block::EMPTY));
        // Fresh from the pool: nothing is set yet.
        let _ = memory.poison.set(error);
        memory
    }

    fn try_take(&self, device: Device, dtype: DType, len: usize) -> Result<Arc<Memory>> {
        let asked = len.saturating_mul(dtype.size());
        let Some((index, rounded)) = class(asked) else {
            return Err(Error::OutOfMemory {
                device: device.to_string(),
                bytes: asked,
                free: None,
            });
        };
        let (kept, bytes) = match self.keep {
            Keep::Blocks => (near::take(device, rounded).or_else(|| self.pop(index)), rounded),
            Keep::Headers => (self.pop(0), asked),
        };
        let Some(mut memory) = kept else {
            let block = self.block(device, bytes)?;
            return Ok(Memory::new(device, dtype, len, block));
        };
        let Some(own) = Arc::get_mut(&mut memory) else {
            unreachable!("`give_back` takes only memory without other handles")
        };
        (own.device, own.dtype, own.len) = (device, dtype, len);
        (own.guard, own.poison) = (None, OnceLock::new());
        if own.block.bytes != bytes {
            own.block = self.block(device, bytes)?;
        }
        if dtype == DType::Bool && self.keep == Keep::Blocks {
            // Not every byte is a truth value: what other elements left must not be read as one.
            // SAFETY: the block is as long, and nobody has a handle on it.
            unsafe { own.block.start.write_bytes(0, own.block.bytes) };
        }
        Ok(memory)
    }

    /// A block that the device has.
    fn block(&self, device: Device, bytes: usize) -> Result<Block> {
        if bytes == 0 {
            return Ok(Block::EMPTY);
        }
        let start = device.backend().allocate(bytes)?;
        Ok(Block { start, bytes })
    }

    fn pop(&self, index: usize) -> Option<Arc<Memory>> {
        self.classes[index].lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    pub(super) fn give_back(&self, memory: Arc<Memory>) {
        let kept = match self.keep {
            Keep::Blocks => near::keep(memory),
            Keep::Headers => Some(memory),
        };
        let Some(mut memory) = kept else { return };
        if self.keep == Keep::Headers
            && let Some(own) = Arc::get_mut(&mut memory)
        {
            own.release();
        }
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

    use super::Memory;
    use crate::device::Device;

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
    use crate::device::Buffer;

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
        let address = first.address(0, 4 * 12_345);
        let twin = first.clone();
        drop(first);
        assert_eq!(twin.address(0, 4), address);
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
