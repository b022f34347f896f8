//! Launchers of layer normalisation.

use super::grid::{BLOCK, PARTS, ROW_BLOCK};
use super::{Gpu, family};
use crate::error::Result;
use crate::ptr::{Float, Ptr};

family! {
    /// The kernels of `layer_norm.cu`.
    pub(crate) struct LayerNorm from "layer_norm" {
        layer_norm_lanes[f32, f64](
            x: u64, weight: u64, bias: u64, eps: f64, stats: u64, out: u64, rows: i64, cols: i64, width: i32,
        );
        layer_norm_kept[f32, f64](
            x: u64, weight: u64, bias: u64, eps: f64, stats: u64, out: u64, rows: i64, cols: i64,
        );
        layer_norm_blocks[f32, f64](
            x: u64, weight: u64, bias: u64, eps: f64, stats: u64, out: u64, rows: i64, cols: i64,
        );
        layer_norm_backward_lanes[f32, f64](
            x: u64, weight: u64, stats: u64, d_out: u64, d_x: u64, rows: i64, cols: i64, width: i32,
        );
        layer_norm_backward_kept[f32, f64](
            x: u64, weight: u64, stats: u64, d_out: u64, d_x: u64, rows: i64, cols: i64,
        );
        layer_norm_backward_blocks[f32, f64](
            x: u64, weight: u64, stats: u64, d_out: u64, d_x: u64, rows: i64, cols: i64,
        );
        layer_norm_columns[f32, f64](
            x: u64, stats: u64, d_out: u64, d_weight: u64, accumulate_weight: u32, partial_weight: u64,
            d_bias: u64, accumulate_bias: u32, partial_bias: u64, rows: i64, cols: i64,
        );
    }
}

/// The longest row that the lanes of a warp keep.
const SHORT: usize = 256;
/// Rows that make a block of columns worth it.
const LEAST_ROWS: usize = 64;

/// Where the gradients of a layer norm go. Those of weight and bias come with whether they are added to what is there.
#[derive(Clone, Copy, Debug)]
pub struct LayerNormGrads<T> {
    /// Of the input, `[rows, cols]`.
    pub d_x: Option<Ptr<T>>,
    /// Of the weight, `[cols]`.
    pub d_weight: Option<(Ptr<T>, bool)>,
    /// Of the bias, `[cols]`.
    pub d_bias: Option<(Ptr<T>, bool)>,
}

impl<T> Default for LayerNormGrads<T> {
    fn default() -> Self {
        Self {
            d_x: None,
            d_weight: None,
            d_bias: None,
        }
    }
}

/// How a row is gone over.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// So many lanes of a warp keep it.
    Lanes(i32),
    /// The threads of a block keep it.
    Kept,
    /// A block reads it as often as need be.
    Blocks,
}

impl Gpu {
    /// How rows of so many columns are gone over, with how many blocks and threads.
    fn way<T: Float>(&self, rows: usize, cols: usize) -> (Way, u32, u32) {
        // Each thread keeps 16 bytes' worth of groups of four.
        let kept = ROW_BLOCK * 4 * (16 / size_of::<T>());
        if cols > SHORT && cols <= kept {
            // Two groups a thread, while there are threads.
            let threads = cols.div_ceil(8).next_multiple_of(32).min(ROW_BLOCK);
            let blocks = self.info().multiprocessors as usize * 4096 / threads;
            return (Way::Kept, rows.clamp(1, blocks) as u32, threads as u32);
        }
        let over = self.rows::<T>(rows, cols);
        (over.width.map_or(Way::Blocks, Way::Lanes), over.blocks, over.threads)
    }

    /// `out = (x - mean) / sqrt(variance + eps) * weight + bias` along rows, the variance without Bessel's correction.
    ///
    /// Shapes: `x`, `out` `[rows, cols]`, `weight`, `bias` `[cols]`; `stats` `[rows, 2]` takes `mean, 1 / sqrt(variance + eps)` of each
    /// row, for the backward.
    ///
    /// # Safety
    /// All are of so many elements of this device's memory; `out` lies apart from the others, or is `x`.
    ///
    /// # Errors
    /// The device is lost.
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn layer_norm<T: Float>(
        &self,
        x: Ptr<T>,
        weight: Ptr<T>,
        bias: Ptr<T>,
        eps: f64,
        stats: Option<Ptr<T>>,
        out: Ptr<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        // Rows of nothing have stats all the same.
        if rows == 0 || (cols == 0 && stats.is_none()) {
            return Ok(());
        }
        let ((way, blocks, threads), kernels) = (self.way::<T>(rows, cols), &self.kernels.layer_norm);
        let at = self.launch((blocks, 1, 1), (threads, 1, 1), 0)?;
        let (x, weight, bias, out) = (x.address(), weight.address(), bias.address(), out.address());
        let (stats, rows, cols) = (stats.map_or(0, Ptr::address), rows as i64, cols as i64);
        // SAFETY: the caller's promise.
        unsafe {
            match way {
                Way::Lanes(width) => {
                    kernels.layer_norm_lanes(T::INDEX, at, x, weight, bias, eps, stats, out, rows, cols, width)
                }
                Way::Kept => kernels.layer_norm_kept(T::INDEX, at, x, weight, bias, eps, stats, out, rows, cols),
                Way::Blocks => kernels.layer_norm_blocks(T::INDEX, at, x, weight, bias, eps, stats, out, rows, cols),
            }
        }
    }

    /// The gradients of [`Gpu::layer_norm`], from its `stats`.
    ///
    /// With `h = (x - mean) * rstd` and `g = d_out * weight`: `d_x = rstd * (g - mean(g) - h * mean(g * h))`,
    /// `d_weight (+)= sum over rows of d_out * h`, `d_bias (+)= sum over rows of d_out`. Those sums are taken in double precision, and
    /// their bits are the same every time.
    ///
    /// # Safety
    /// All are of this device's memory, of as many elements as the forward says; the gradients lie apart from the rest.
    ///
    /// # Errors
    /// No memory for the sums of parts; the device is lost.
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn layer_norm_backward<T: Float>(
        &self,
        x: Ptr<T>,
        weight: Ptr<T>,
        stats: Ptr<T>,
        d_out: Ptr<T>,
        grads: LayerNormGrads<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        if cols == 0 {
            return Ok(());
        }
        // SAFETY: the caller's promise.
        unsafe {
            self.layer_norm_columns(x, stats, d_out, grads, rows, cols)?;
        }
        let Some(d_x) = grads.d_x.filter(|_| rows > 0) else {
            return Ok(());
        };
        let ((way, blocks, threads), kernels) = (self.way::<T>(rows, cols), &self.kernels.layer_norm);
        let at = self.launch((blocks, 1, 1), (threads, 1, 1), 0)?;
        let (x, weight, stats) = (x.address(), weight.address(), stats.address());
        let (d_out, d_x, rows, cols) = (d_out.address(), d_x.address(), rows as i64, cols as i64);
        // SAFETY: the caller's promise.
        unsafe {
            match way {
                Way::Lanes(width) => {
                    kernels.layer_norm_backward_lanes(T::INDEX, at, x, weight, stats, d_out, d_x, rows, cols, width)
                }
                Way::Kept => kernels.layer_norm_backward_kept(T::INDEX, at, x, weight, stats, d_out, d_x, rows, cols),
                Way::Blocks => {
                    kernels.layer_norm_backward_blocks(T::INDEX, at, x, weight, stats, d_out, d_x, rows, cols)
                }
            }
        }
    }

    /// The gradients of weight and bias.
    ///
    /// # Safety
    /// As [`Gpu::layer_norm_backward`].
    unsafe fn layer_norm_columns<T: Float>(
        &self,
        x: Ptr<T>,
        stats: Ptr<T>,
        d_out: Ptr<T>,
        grads: LayerNormGrads<T>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        let columns = [grads.d_weight, grads.d_bias];
        if columns.iter().all(Option::is_none) {
            return Ok(());
        }
        let tiles = cols.div_ceil(32);
        let wanted = self.info().multiprocessors as usize * 8 / tiles;
        let parts = wanted.min(rows / LEAST_ROWS).clamp(1, PARTS);
        let run = |partial: [u64; 2]| {
            let at = self.launch((tiles as u32, parts as u32, 1), (BLOCK as u32, 1, 1), 0)?;
            let [(d_weight, add_weight), (d_bias, add_bias)] = columns.map(|column| {
                let (to, accumulate) = column.unwrap_or((Ptr::null(), false));
                (to.address(), u32::from(accumulate))
            });
            let (x, stats, d_out) = (x.address(), stats.address(), d_out.address());
            let (rows, cols, kernels) = (rows as i64, cols as i64, &self.kernels.layer_norm);
            // SAFETY: the caller's promise; the partial sums are null or have room for every part of every column.
            unsafe {
                kernels.layer_norm_columns(
                    T::INDEX,
                    at,
                    x,
                    stats,
                    d_out,
                    d_weight,
                    add_weight,
                    partial[0],
                    d_bias,
                    add_bias,
                    partial[1],
                    rows,
                    cols,
                )
            }
        };
        if parts == 1 {
            return run([0; 2]);
        }
        let bytes = cols * parts * size_of::<f64>();
        self.with_scratch(2 * bytes, |partial| {
            let partial = [partial, partial + bytes as u64];
            run(partial)?;
            for (column, partial) in columns.into_iter().zip(partial) {
                if let Some((to, accumulate)) = column {
                    // SAFETY: the caller's promise; the sums were just written.
                    unsafe { self.join_sums(partial, parts, cols, to, 1.0, accumulate)? };
                }
            }
            Ok(())
        })
    }
}
