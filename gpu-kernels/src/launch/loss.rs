//! Launchers of losses.

use super::grid::{BLOCK, PARTS};
use super::{Gpu, family};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `loss.cu`.
    pub(crate) struct Losses from "loss" {
        cross_entropy_lanes[f32, f64](
            logits: u64, labels: u64, partial: u64, d_logits: u64, fault: u64, rows: i64, classes: i64, width: i32,
        );
        cross_entropy_blocks[f32, f64](
            logits: u64, labels: u64, partial: u64, d_logits: u64, fault: u64, rows: i64, classes: i64,
        );
        mse[f32, f64](x: u64, y: u64, partial: u64, d_x: u64, count: i64);
    }
}

impl Gpu {
    /// `loss = mean over rows of log(sum over c of exp(logits[r, c])) - logits[r, labels[r]]`; of no rows NaN. With `d_logits` also
    /// `d_logits = (softmax(logits) - one_hot(labels)) / rows`.
    ///
    /// Shapes: `logits`, `d_logits` `[rows, classes]`, `labels` `[rows]`, `loss` `[]`. A label that names no class makes the loss NaN and
    /// the row's gradient 0; the next wait for the device says which it was.
    ///
    /// # Safety
    /// All are of so many elements of this device's memory, apart from each other.
    ///
    /// # Errors
    /// No memory for the sums of parts; the device is lost.
    pub unsafe fn cross_entropy<T: Float>(
        &self,
        logits: Ptr<T>,
        labels: Ptr<i64>,
        loss: Ptr<T>,
        d_logits: Option<Ptr<T>>,
        rows: usize,
        classes: usize,
    ) -> Result<()> {
        let (over, kernels) = (self.rows::<T>(rows, classes), &self.kernels.loss);
        let blocks = over.blocks.min(PARTS as u32);
        self.with_scratch(blocks as usize * size_of::<f64>(), |partial| {
            let at = self.launch((blocks, 1, 1), (over.threads, 1, 1), 0)?;
            let (logits, labels) = (logits.address(), labels.address());
            let (d_logits, fault) = (d_logits.map_or(0, Ptr::address), self.fault());
            let (count, classes) = (rows as i64, classes as i64);
            // SAFETY: the caller's promise; the scratch memory has room for a sum a block.
            unsafe {
                match over.width {
                    Some(width) => kernels.cross_entropy_lanes(
                        T::INDEX,
                        at,
                        logits,
                        labels,
                        partial,
                        d_logits,
                        fault,
                        count,
                        classes,
                        width,
                    ),
                    None => kernels.cross_entropy_blocks(
                        T::INDEX,
                        at,
                        logits,
                        labels,
                        partial,
                        d_logits,
                        fault,
                        count,
                        classes,
                    ),
                }?;
                self.join_sums(partial, blocks as usize, 1, loss, rows as f64, false)
            }
        })
    }

    /// `loss = mean of (x - y)^2`; of nothing NaN. With `d_x` also `d_x = 2 (x - y) / n`.
    ///
    /// # Safety
    /// All but `loss`, which is one, are of `n` elements of this device's memory; `loss` and `d_x` lie apart from the rest.
    ///
    /// # Errors
    /// No memory for the sums of parts; the device is lost.
    pub unsafe fn mse<T: Float>(
        &self,
        x: Ptr<T>,
        y: Ptr<T>,
        loss: Ptr<T>,
        d_x: Option<Ptr<T>>,
        n: usize,
    ) -> Result<()> {
        let blocks = self.blocks_for(n.div_ceil(4 * BLOCK)).min(PARTS as u32);
        self.with_scratch(blocks as usize * size_of::<f64>(), |partial| {
            let at = self.launch((blocks, 1, 1), (BLOCK as u32, 1, 1), 0)?;
            let (x, y, d_x) = (x.address(), y.address(), d_x.map_or(0, Ptr::address));
            // SAFETY: the caller's promise; the scratch memory has room for a sum a block.
            unsafe {
                self.kernels.loss.mse(T::INDEX, at, x, y, partial, d_x, n as i64)?;
                self.join_sums(partial, blocks as usize, 1, loss, n as f64, false)
            }
        })
    }
}
