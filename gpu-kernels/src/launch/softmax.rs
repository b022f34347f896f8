//! Launchers of the softmax and its logarithm.

use super::{Gpu, family};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `softmax.cu`: for each type the softmax, then its logarithm.
    pub(crate) struct Softmax from "softmax" {
        softmax_lanes[f32, f64, log_f32, log_f64](x: u64, out: u64, rows: i64, cols: i64, width: i32);
        softmax_blocks[f32, f64, log_f32, log_f64](x: u64, out: u64, rows: i64, cols: i64);
        softmax_backward_lanes[f32, f64, log_f32, log_f64](
            out: u64, d_out: u64, d_x: u64, rows: i64, cols: i64, width: i32,
        );
        softmax_backward_blocks[f32, f64, log_f32, log_f64](out: u64, d_out: u64, d_x: u64, rows: i64, cols: i64);
    }
}

impl Gpu {
    /// `out[r, c] = exp(x[r, c]) / sum over c of exp(x[r, c])`, from differences to the row's largest element.
    ///
    /// # Safety
    /// `x` and `out` are of `rows * cols` elements of this device's memory, apart or the same.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn softmax<T: Float>(&self, x: Ptr<T>, out: Ptr<T>, rows: usize, cols: usize) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.softmax_by::<T>(T::INDEX, x, out, rows, cols) }
    }

    /// `out[r, c] = x[r, c] - log(sum over c of exp(x[r, c]))`, from differences to the row's largest element.
    ///
    /// # Safety
    /// As [`Gpu::softmax`].
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn log_softmax<T: Float>(&self, x: Ptr<T>, out: Ptr<T>, rows: usize, cols: usize) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.softmax_by::<T>(2 + T::INDEX, x, out, rows, cols) }
    }

    /// `d_x = out * (d_out - sum(d_out * out))` along rows, from the softmax `out`. `d_x` may be `d_out`.
    ///
    /// # Safety
    /// All are of `rows * cols` elements of this device's memory, `d_x` apart from `out`.
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn softmax_backward<T: Float>(
        &self,
        out: Ptr<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.softmax_backward_by::<T>(T::INDEX, out, d_out, d_x, rows, cols) }
    }

    /// `d_x = d_out - exp(out) * sum(d_out)` along rows, from the log-softmax `out`. `d_x` may be `d_out`.
    ///
    /// # Safety
    /// As [`Gpu::softmax_backward`].
    ///
    /// # Errors
    /// The device is lost.
    pub unsafe fn log_softmax_backward<T: Float>(
        &self,
        out: Ptr<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe { self.softmax_backward_by::<T>(2 + T::INDEX, out, d_out, d_x, rows, cols) }
    }

    /// # Safety
    /// As [`Gpu::softmax`].
    unsafe fn softmax_by<T: Float>(
        &self,
        which: usize,
        x: Ptr<T>,
        out: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        if rows * cols == 0 {
            return Ok(());
        }
        let (over, kernels) = (self.rows::<T>(rows, cols), &self.kernels.softmax);
        let at = self.launch((over.blocks, 1, 1), (over.threads, 1, 1), 0)?;
        let (x, out, rows, cols) = (x.address(), out.address(), rows as i64, cols as i64);
        // SAFETY: the caller's promise.
        unsafe {
            match over.width {
                Some(width) => kernels.softmax_lanes(which, at, x, out, rows, cols, width),
                None => kernels.softmax_blocks(which, at, x, out, rows, cols),
            }
        }
    }

    /// # Safety
    /// As [`Gpu::softmax_backward`].
    unsafe fn softmax_backward_by<T: Float>(
        &self,
        which: usize,
        out: Ptr<T>,
        d_out: Ptr<T>,
        d_x: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        if rows * cols == 0 {
            return Ok(());
        }
        let (over, kernels) = (self.rows::<T>(rows, cols), &self.kernels.softmax);
        let at = self.launch((over.blocks, 1, 1), (over.threads, 1, 1), 0)?;
        let (out, d_out, d_x) = (out.address(), d_out.address(), d_x.address());
        let (rows, cols) = (rows as i64, cols as i64);
        // SAFETY: the caller's promise.
        unsafe {
            match over.width {
                Some(width) => kernels.softmax_backward_lanes(which, at, out, d_out, d_x, rows, cols, width),
                None => kernels.softmax_backward_blocks(which, at, out, d_out, d_x, rows, cols),
            }
        }
    }
}
