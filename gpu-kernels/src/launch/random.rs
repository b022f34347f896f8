//! Launchers of random numbers.

use super::{Gpu, family};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `random.cu`.
    pub(crate) struct Random from "random" {
        uniform[f32, f64](low: f64, high: f64, seed: u64, stream: u64, out: u64, n: u64);
        normal[f32, f64](mean: f64, deviation: f64, seed: u64, stream: u64, out: u64, n: u64);
    }
}

impl Gpu {
    /// Fills with numbers uniform in `[low, high)`: the elements of `stream` under `seed`, by Philox.
    ///
    /// # Safety
    /// `out` is of `n` elements of this device's memory.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn uniform<T: Float>(
        &self,
        low: T,
        high: T,
        seed: u64,
        stream: u64,
        out: Ptr<T>,
        n: usize,
    ) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let (at, low, high) = (self.over(n)?, low.as_f64(), high.as_f64());
        let random = &self.kernels.random;
        // SAFETY: the caller's promise.
        unsafe { random.uniform(T::INDEX, at, low, high, seed, stream, out.address(), n as u64) }
    }

    /// Fills with numbers of the normal distribution, by Philox and the method of Box and Muller.
    ///
    /// # Safety
    /// As [`Gpu::uniform`].
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn normal<T: Float>(
        &self,
        mean: T,
        std: T,
        seed: u64,
        stream: u64,
        out: Ptr<T>,
        n: usize,
    ) -> Result<()> {
        if n == 0 {
            return Ok(());
        }
        let (at, mean, std) = (self.over(n)?, mean.as_f64(), std.as_f64());
        let random = &self.kernels.random;
        // SAFETY: the caller's promise.
        unsafe { random.normal(T::INDEX, at, mean, std, seed, stream, out.address(), n as u64) }
    }
}
