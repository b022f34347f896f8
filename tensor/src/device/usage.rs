//! How much memory of a device is in use.

/// The memory of a device, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryUse {
    /// What the device has.
    pub total: usize,
    /// What tensors of this process hold.
    pub in_use: usize,
    /// The most that they ever held.
    pub peak: usize,
    /// What this process took from the device: what is in use, and what is kept for later.
    pub reserved: usize,
}
