//! Launchers of reductions.

use super::grid::{BLOCK, PARTS, WARPS};
use super::{Gpu, family};
use crate::error::Result;
use crate::geometry::{Geometry, MOST_AXES};
use crate::operand::Strided;
use crate::ptr::{Element, Float, Ptr};

family! {
    /// The kernels of `reduce.cu`. An instance's number is twice that of the fold, and that of the type.
    pub(crate) struct Reductions from "reduce" {
        reduce_warps[sum_f32, sum_f64, prod_f32, prod_f64, max_f32, max_f64, min_f32, min_f64](
            x: u64, kept: Axes, folded: Axes, outputs: i64, inputs: i64, out: u64, divisor: f64, accumulate: u32,
        );
        reduce_blocks[sum_f32, sum_f64, prod_f32, prod_f64, max_f32, max_f64, min_f32, min_f64](
            x: u64, kept: Axes, folded: Axes, outputs: i64, inputs: i64, partial: u64, out: u64, divisor: f64, accumulate: u32,
        );
        reduce_columns[sum_f32, sum_f64, prod_f32, prod_f64, max_f32, max_f64, min_f32, min_f64](
            x: u64, kept: Axes, folded: Axes, outputs: i64, inputs: i64, partial: u64, out: u64, divisor: f64, accumulate: u32,
        );
        reduce_partials[sum_f32, sum_f64, prod_f32, prod_f64, max_f32, max_f64, min_f32, min_f64](
            partial: u64, parts: i64, outputs: i64, out: u64, divisor: f64, accumulate: u32,
        );
        arg_warps[max_f32, max_f64, min_f32, min_f64](x: u64, out: u64, rows: i64, cols: i64);
        arg_blocks[max_f32, max_f64, min_f32, min_f64](x: u64, out: u64, rows: i64, cols: i64);
        square_blocks[f32, f64](x: u64, partial: u64, count: i64);
    }
}

/// What a reduction makes of the elements along its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduce {
    /// The sum; of nothing 0.
    Sum,
    /// The mean; of nothing NaN.
    Mean,
    /// The largest; NaN wins; of nothing minus infinity.
    Max,
    /// The smallest; NaN wins; of nothing infinity.
    Min,
    /// The product; of nothing 1.
    Prod,
}

/// Which element is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// The largest; NaN wins.
    Max,
    /// The smallest; NaN wins.
    Min,
}

/// Inputs that a single warp reduces.
const WARP_INPUTS: usize = 1024;
/// Inputs that make a block worth it, and rows of inputs that make a block of columns worth it.
const BLOCK_INPUTS: usize = 4096;
const COLUMN_INPUTS: usize = 64;
/// With fewer outputs than this side by side, most lanes of a block of columns would have nothing to do.
const FEWEST_COLUMNS: usize = 16;
/// The bytes of a partial result: those of sums are in double precision.
const PARTIAL_BYTES: usize = 8;

/// The struct of the same name in `axes.cuh`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Axes {
    rank: i64,
    sizes: [i64; MOST_AXES],
    steps: [i64; MOST_AXES],
}

impl Axes {
    /// No axis: one element.
    const NONE: Self = Self {
        rank: 0,
        sizes: [1; MOST_AXES],
        steps: [0; MOST_AXES],
    };

    pub(super) fn of(geometry: &Geometry<1>) -> Self {
        let mut axes = Self::NONE;
        axes.rank = geometry.rank() as i64;
        for axis in 0..geometry.rank() {
            axes.sizes[axis] = geometry.size(axis) as i64;
            axes.steps[axis] = geometry.steps(axis)[0] as i64;
        }
        axes
    }

    /// How far apart neighbours along the last axis are. What repeats one element is as if far apart: there is nothing to read
    /// side by side.
    fn reach(&self) -> u64 {
        match self.rank {
            0 => u64::MAX,
            rank if self.steps[rank as usize - 1] == 0 => u64::MAX,
            rank => self.steps[rank as usize - 1].unsigned_abs(),
        }
    }
}

/// A view with some of its axes reduced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folding {
    pub(super) x: u64,
    pub(super) kept: Axes,
    pub(super) folded: Axes,
    pub(super) outputs: usize,
    pub(super) inputs: usize,
}

impl Folding {
    pub(super) fn new<T: Element>(sizes: &[usize], x: Strided<'_, T>, reduced: &[bool]) -> Result<Self> {
        let axes = |wanted: bool| (0..sizes.len()).filter(move |&axis| reduced[axis] == wanted);
        let count = |wanted: bool| axes(wanted).map(|axis| sizes[axis]).product();
        let mut folding = Self {
            x: x.ptr.address(),
            kept: Axes::NONE,
            folded: Axes::NONE,
            outputs: count(false),
            inputs: count(true),
        };
        if folding.outputs == 0 || folding.inputs == 0 {
            return Ok(folding);
        }
        let geometry = |wanted: bool| {
            let sizes: Vec<usize> = axes(wanted).map(|axis| sizes[axis]).collect();
            let steps: Vec<isize> = axes(wanted).map(|axis| x.strides[axis]).collect();
            Geometry::new(&sizes, |axis| [steps[axis]])
        };
        folding.kept = Axes::of(&geometry(false)?);
        // In whatever order they come: the one in which they lie.
        let folded = geometry(true)?.ordered_by(0);
        folding.folded = Axes::of(&folded);
        folding.x = folded.first(0, folding.x, size_of::<T>());
        Ok(folding)
    }

    /// Whether neighbouring outputs have neighbouring inputs, more so than the inputs of one.
    pub(super) fn is_columns(&self) -> bool {
        self.outputs >= FEWEST_COLUMNS && self.kept.reach() < self.folded.reach()
    }
}

impl Gpu {
    /// `out (+)= op(x)` over the axes that `reduced` marks; the others remain, in row-major order. With `accumulate` the result is
    /// added to what is there. Sums are taken in double precision and rounded once; the bits are the same every time.
    ///
    /// Shapes: `sizes`, `x.strides` and `reduced` have an entry an axis; `out` has an element for each index of the remaining axes.
    ///
    /// # Safety
    /// Every element of the view of `sizes` lies in this device's memory; `out` is of so many elements of it, apart from them.
    ///
    /// # Errors
    /// More than 8 axes, of the reduced ones or of the others, stay after joining; no memory for the results of parts; the device is
    /// lost.
    pub unsafe fn reduce<T: Float>(
        &self,
        op: Reduce,
        sizes: &[usize],
        x: Strided<'_, T>,
        reduced: &[bool],
        out: Ptr<T>,
        accumulate: bool,
    ) -> Result<()> {
        debug_assert!(sizes.len() == reduced.len() && sizes.len() == x.strides.len());
        let folding = Folding::new(sizes, x, reduced)?;
        if folding.outputs == 0 {
            return Ok(());
        }
        let (fold, divisor) = match op {
            Reduce::Sum => (0, 1.0),
            Reduce::Mean => (0, folding.inputs as f64),
            Reduce::Prod => (1, 1.0),
            Reduce::Max => (2, 1.0),
            Reduce::Min => (3, 1.0),
        };
        let (which, out, accumulate) = (2 * fold + T::INDEX, out.address(), u32::from(accumulate));
        let Folding {
            x,
            kept,
            folded,
            outputs,
            inputs,
        } = folding;
        let columns = folding.is_columns();
        if !columns && inputs <= WARP_INPUTS {
            let at = self.launch(
                (self.blocks_for(outputs.div_ceil(WARPS)), 1, 1),
                (BLOCK as u32, 1, 1),
                0,
            )?;
            let (outputs, inputs, kernels) = (outputs as i64, inputs as i64, &self.kernels.reduce);
            // SAFETY: the caller's promise.
            return unsafe {
                kernels.reduce_warps(which, at, x, kept, folded, outputs, inputs, out, divisor, accumulate)
            };
        }
        let (blocks, least) = if columns {
            (outputs.div_ceil(32), COLUMN_INPUTS)
        } else {
            (outputs, BLOCK_INPUTS)
        };
        let wanted = self.info().multiprocessors as usize * 8 / blocks;
        let parts = wanted.min(inputs / least).clamp(1, PARTS);
        let run = |partial: u64| {
            let grid = (u32::try_from(blocks).unwrap_or(i32::MAX as u32), parts as u32, 1);
            let at = self.launch(grid, (BLOCK as u32, 1, 1), 0)?;
            let (outputs, inputs, kernels) = (outputs as i64, inputs as i64, &self.kernels.reduce);
            // SAFETY: the caller's promise; `partial` is null or has room for every part of every output.
            unsafe {
                if columns {
                    kernels.reduce_columns(
                        which, at, x, kept, folded, outputs, inputs, partial, out, divisor, accumulate,
                    )
                } else {
                    kernels.reduce_blocks(
                        which, at, x, kept, folded, outputs, inputs, partial, out, divisor, accumulate,
                    )
                }
            }
        };
        if parts == 1 {
            return run(0);
        }
        self.with_scratch(outputs * parts * PARTIAL_BYTES, |partial| {
            run(partial)?;
            // SAFETY: the caller's promise; every part was just written.
            unsafe { self.join_partials(which, partial, parts, outputs, out, divisor, accumulate) }
        })
    }

    /// # Safety
    /// `partial` has the `parts` results of each output, of an instance's own type, and `out` an element for each.
    #[allow(clippy::too_many_arguments)]
    unsafe fn join_partials(
        &self,
        which: usize,
        partial: u64,
        parts: usize,
        outputs: usize,
        out: u64,
        divisor: f64,
        accumulate: u32,
    ) -> Result<()> {
        let at = self.launch(
            (self.blocks_for(outputs.div_ceil(WARPS)), 1, 1),
            (BLOCK as u32, 1, 1),
            0,
        )?;
        let kernels = &self.kernels.reduce;
        // SAFETY: the caller's promise.
        unsafe {
            kernels.reduce_partials(
                which,
                at,
                partial,
                parts as i64,
                outputs as i64,
                out,
                divisor,
                accumulate,
            )
        }
    }

    /// `out[o] (+)= sum over parts of partial[o, part] / divisor`, from sums in double precision.
    ///
    /// # Safety
    /// `partial` is of `outputs * parts` doubles and `out` of `outputs` elements of this device's memory.
    pub(super) unsafe fn join_sums<T: Float>(
        &self,
        partial: u64,
        parts: usize,
        outputs: usize,
        out: Ptr<T>,
        divisor: f64,
        accumulate: bool,
    ) -> Result<()> {
        let (out, accumulate) = (out.address(), u32::from(accumulate));
        // SAFETY: the caller's promise; the first instances are the sums.
        unsafe { self.join_partials(T::INDEX, partial, parts, outputs, out, divisor, accumulate) }
    }

    /// `out[row]` is the place of the largest (smallest) element of row `row`, the first of several.
    ///
    /// # Safety
    /// `x` is of `rows * cols` elements of this device's memory, `out` of `rows`.
    ///
    /// # Errors
    /// The device is lost.
    ///
    /// # Panics
    /// If there are rows of no columns: the largest of nothing has no place.
    pub unsafe fn arg_reduce<T: Float>(
        &self,
        extreme: Extreme,
        x: Ptr<T>,
        out: Ptr<i64>,
        rows: usize,
        cols: usize,
    ) -> Result<()> {
        assert!(cols > 0 || rows == 0, "the largest of nothing has no place");
        if rows == 0 {
            return Ok(());
        }
        let which = match extreme {
            Extreme::Max => T::INDEX,
            Extreme::Min => 2 + T::INDEX,
        };
        let warps = cols <= WARP_INPUTS;
        let blocks = self.blocks_for(if warps { rows.div_ceil(WARPS) } else { rows });
        let at = self.launch((blocks, 1, 1), (BLOCK as u32, 1, 1), 0)?;
        let (x, out, rows, cols) = (x.address(), out.address(), rows as i64, cols as i64);
        let kernels = &self.kernels.reduce;
        // SAFETY: the caller's promise.
        unsafe {
            if warps {
                kernels.arg_warps(which, at, x, out, rows, cols)
            } else {
                kernels.arg_blocks(which, at, x, out, rows, cols)
            }
        }
    }

    /// `out[col] (+)= sum over rows of x[row, col]`: the gradient of a bias.
    ///
    /// # Safety
    /// `x` is of `rows * cols` elements of this device's memory, `out` of `cols`, apart from them.
    ///
    /// # Errors
    /// As [`Gpu::reduce`].
    pub unsafe fn sum_rows<T: Float>(
        &self,
        x: Ptr<T>,
        out: Ptr<T>,
        rows: usize,
        cols: usize,
        accumulate: bool,
    ) -> Result<()> {
        let strides = [cols as isize, 1];
        let x = Strided {
            ptr: x,
            strides: &strides,
        };
        // SAFETY: the caller's promise.
        unsafe { self.reduce(Reduce::Sum, &[rows, cols], x, &[true, false], out, accumulate) }
    }

    /// The sum of `x^2`, in double precision. It waits for the device.
    ///
    /// # Safety
    /// `x` is of `n` elements of this device's memory.
    ///
    /// # Errors
    /// What kernels noted since the last wait; no memory; the device is lost.
    pub unsafe fn sum_of_squares<T: Float>(&self, x: Ptr<T>, n: usize) -> Result<f64> {
        if n == 0 {
            return Ok(0.0);
        }
        let blocks = self.blocks_for(n.div_ceil(4 * BLOCK)).min(PARTS as u32);
        let mut bytes = [0; 8];
        self.with_scratch((blocks as usize + 1) * PARTIAL_BYTES, |partial| {
            let at = self.launch((blocks, 1, 1), (BLOCK as u32, 1, 1), 0)?;
            let result = Ptr::<f64>::new(partial).offset(blocks as isize);
            // SAFETY: the caller's promise; the scratch memory has room for a sum a block and the result.
            unsafe {
                let kernels = &self.kernels.reduce;
                kernels.square_blocks(T::INDEX, at, x.address(), partial, n as i64)?;
                self.join_sums(partial, blocks as usize, 1, result, 1.0, false)?;
                self.download(result.address(), &mut bytes)
            }
        })?;
        Ok(f64::from_ne_bytes(bytes))
    }
}
