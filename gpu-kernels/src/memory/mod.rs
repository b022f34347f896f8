//! A device's memory: blocks of it, and pinned memory on the way to them and back.

mod allocator;
mod lifetimes;
mod pieces;
mod pinned;

pub(crate) use allocator::Allocator;
pub(crate) use pinned::{LARGE, Piece, Staging};

/// What a device's memory is used for, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// In blocks that were not released. What a device keeps for itself is among them: a record of faults, and from the first product
    /// that goes through cuBLASLt 32 MiB for it to work in.
    pub in_use: usize,
    /// Taken from the driver: in use, or kept for later.
    pub reserved: usize,
    /// The most that was ever in use.
    pub peak: usize,
}
