//! A device's memory: blocks of it, and the way to them and back.

mod allocator;
mod lifetimes;
mod pieces;
mod pinned;
mod reads;
mod transfer;

pub(crate) use allocator::Allocator;
pub(crate) use pinned::Staging;
pub(crate) use reads::Reads;
pub(crate) use transfer::FAULT_BYTES;

/// What a device's memory is used for, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// In blocks that were not released.
    pub in_use: usize,
    /// Taken from the driver: in use, or kept for later.
    pub reserved: usize,
    /// The most that was ever in use.
    pub peak: usize,
}
