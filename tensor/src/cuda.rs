//! What is known of CUDA devices. They run in programs that are built with the feature `cuda`; without it everything here says
//! that there are none.

use crate::device::cuda;
use crate::error::Result;

pub use crate::device::MemoryUse;

/// Whether [`Device::cuda`](crate::Device::cuda) can give a device: the program was built for it, and there are a driver and a
/// device. PyTorch: `torch.cuda.is_available()`.
///
/// ```
/// use tensor::prelude::*;
/// let device = if tensor::cuda::is_available() { Device::cuda(0)? } else { Device::cpu() };
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn is_available() -> bool {
    device_count().is_ok_and(|count| count > 0)
}

/// The number of CUDA devices. PyTorch: `torch.cuda.device_count()`.
///
/// ```
/// use tensor::cuda;
/// assert_eq!(cuda::is_available(), cuda::device_count().is_ok_and(|count| count > 0));
/// ```
///
/// # Errors
/// Where the program was built without CUDA, or there is no driver; the error says which.
pub fn device_count() -> Result<usize> {
    cuda::count()
}

/// What the maker calls a device: `NVIDIA H200`. PyTorch: `torch.cuda.get_device_name(index)`.
///
/// ```
/// use tensor::cuda;
/// for index in 0..cuda::device_count().unwrap_or(0) {
///     assert!(!cuda::name(index)?.is_empty());
/// }
/// assert!(cuda::name(1 << 20).is_err());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such device.
pub fn name(index: usize) -> Result<String> {
    cuda::name(index)
}

/// The memory of a device and how much of it this process has. PyTorch: `torch.cuda.memory_allocated(index)` and those beside it.
///
/// ```
/// use tensor::cuda;
/// for index in 0..cuda::device_count().unwrap_or(0) {
///     println!("{:?}", cuda::memory(index)?);
/// }
/// assert!(cuda::memory(1 << 20).is_err());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such device.
pub fn memory(index: usize) -> Result<MemoryUse> {
    cuda::memory(index)
}

/// Gives memory that is kept for later use back to the device. PyTorch: `torch.cuda.empty_cache()`.
///
/// ```
/// use tensor::cuda;
/// for index in 0..cuda::device_count().unwrap_or(0) {
///     cuda::empty_cache(index)?;
/// }
/// assert!(cuda::empty_cache(1 << 20).is_err());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such device, or it was lost.
pub fn empty_cache(index: usize) -> Result<()> {
    cuda::empty_cache(index)
}
