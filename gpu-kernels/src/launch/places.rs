//! Launchers of kernels that follow indices, or add into places that elements share.

use super::elements::Typed;
use super::grid::BLOCK;
use super::reduce::Axes;
use super::{Gpu, Launch, family};
use crate::error::Result;
use crate::geometry::{Geometry, Walk, row_major};
use crate::operand::Strided;
use crate::operation::{Scatter, Type};

family! {
    /// The kernels of `places.cu`.
    pub(crate) struct Places from "places" {
        gather[u8, u16, u32, u64](
            walk: Walk<3>, along: Along, x: u64, index: u64, out: u64, n: u32, missing: u64, fault: u64,
        );
        scatter_threads[](
            how: Scatter, of: Type, walk: Walk<3>, along: Along, index: u64, source: u64, out: u64, slices: u32, fault: u64,
        );
        scatter_warps[](
            how: Scatter, of: Type, walk: Walk<3>, along: Along, index: u64, source: u64, out: u64, slices: u32, fault: u64,
        );
        accumulate[](of: Type, walk: Walk<2>, folded: Axes, x: u64, out: u64, n: u32, inputs: i64);
    }
}

/// The struct of the same name in `places.cuh`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Along {
    size: i64,
    step: i64,
    count: i64,
    index_step: i64,
    source_step: i64,
}

/// Slices that make a thread a slice worth it, where neighbouring slices lie side by side.
const THREAD_SLICES: usize = 32;
/// Indices that make a range of the places worth a thread, and worth a warp: each reads all indices of its slice.
const THREAD_INDICES: usize = 64;
const WARP_INDICES: usize = 1024;
/// The most ranges of places.
const RANGES: usize = 1024;
/// Threads a multiprocessor holds.
const THREADS: usize = 2048;

/// The sizes or steps of all axes but one.
fn others<T: Copy>(of: &[T], axis: usize) -> Vec<T> {
    [&of[..axis], &of[axis + 1..]].concat()
}

impl Gpu {
    /// `out[i, j, k] = x[i, index[i, j, k], k]` for `axis` 1, and likewise for others. `sizes` are those of `index` and of `out`, which
    /// is contiguous; `size` is that of `x` along the axis. For an index outside it floats become NaN, others 0, and the next wait for
    /// the device says which it was.
    ///
    /// # Safety
    /// Every element of the views lies in this device's memory, and `out` apart from the others; `x` has `size` elements along `axis`
    /// and those of `sizes` along the others.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn gather(
        &self,
        axis: usize,
        size: usize,
        sizes: &[usize],
        x: Typed<'_>,
        index: Strided<'_, i64>,
        out: u64,
    ) -> Result<()> {
        let along = Along {
            size: size as i64,
            step: x.strides[axis] as i64,
            count: 0,
            index_step: 0,
            source_step: 0,
        };
        // Where all bits are set a float is NaN.
        let missing = if x.of.is_float() { u64::MAX } else { 0 };
        let own = |at: usize| if at == axis { 0 } else { x.strides[at] };
        let steps = |at: usize| [own(at), index.strides[at], row_major(sizes, at)];
        let bytes = x.of.size();
        self.over_pieces(sizes, steps, 2, |piece, n| {
            let operands = [(0, x.address, bytes), (1, index.ptr.address(), 8), (2, out, bytes)];
            let [x, index, out] = operands.map(|(operand, at, bytes)| piece.first(operand, at, bytes));
            let (at, kernels, which) = (self.over(n)?, &self.kernels.places, bytes.trailing_zeros() as usize);
            let (walk, n, fault) = (piece.walk(), n as u32, self.fault());
            // SAFETY: the caller's promise.
            unsafe { kernels.gather(which, at, walk, along, x, index, out, n, missing, fault) }
        })
    }

    /// `out[i, index[i, j, k], k]` becomes what `how` makes of it and of `source[i, j, k]`, in the order of `j`, for `axis` 1, and
    /// likewise for others. `sizes` are those of `index` and `source`, `out_sizes` those of `out`, which is contiguous. An index
    /// outside the axis changes nothing, and the next wait for the device says which it was.
    ///
    /// # Safety
    /// Every element of the views lies in this device's memory, and `out` apart from the others; along other axes than `axis`, `out`
    /// is not shorter than `sizes`.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    #[allow(clippy::too_many_arguments, reason = "three operands and how they lie")]
    pub unsafe fn scatter(
        &self,
        how: Scatter,
        axis: usize,
        sizes: &[usize],
        index: Strided<'_, i64>,
        source: Typed<'_>,
        out_sizes: &[usize],
        out: u64,
    ) -> Result<()> {
        debug_assert!(how != Scatter::Gather);
        if sizes[axis] == 0 {
            return Ok(());
        }
        let along = Along {
            size: out_sizes[axis] as i64,
            step: row_major(out_sizes, axis) as i64,
            count: sizes[axis] as i64,
            index_step: index.strides[axis] as i64,
            source_step: source.strides[axis] as i64,
        };
        let out_steps: Vec<isize> = (0..sizes.len()).map(|at| row_major(out_sizes, at)).collect();
        let [index_steps, source_steps, out_steps] =
            [index.strides, source.strides, &out_steps].map(|steps| others(steps, axis));
        let slices = others(sizes, axis);
        let (of, bytes) = (source.of, source.of.size());
        let steps = |at: usize| [index_steps[at], source_steps[at], out_steps[at]];
        self.over_pieces(&slices, steps, 2, |piece, n| {
            let operands = [(0, index.ptr.address(), 8), (1, source.address, bytes), (2, out, bytes)];
            let [index, source, out] = operands.map(|(operand, at, bytes)| piece.first(operand, at, bytes));
            let threads = n >= THREAD_SLICES && piece.last_steps()[2] == 1;
            let at = self.over_slices(n, &along, threads)?;
            let (walk, n, fault, kernels) = (piece.walk(), n as u32, self.fault(), &self.kernels.places);
            // SAFETY: the caller's promise.
            unsafe {
                if threads {
                    kernels.scatter_threads(0, at, how, of, walk, along, index, source, out, n, fault)
                } else {
                    kernels.scatter_warps(0, at, how, of, walk, along, index, source, out, n, fault)
                }
            }
        })
    }

    /// A launch over slices, each a thread's or a warp's, and over ranges of their places, where there are few slices of many indices.
    fn over_slices(&self, slices: usize, along: &Along, threads: bool) -> Result<Launch<'_>> {
        let (each, least) = if threads {
            (1, THREAD_INDICES)
        } else {
            (32, WARP_INDICES)
        };
        let wanted = self.info().multiprocessors as usize * THREADS / (slices * each);
        let most = (along.count as usize / least).min(along.size as usize);
        let ranges = wanted.min(most).clamp(1, RANGES);
        let blocks = self.blocks_for((slices * each).div_ceil(BLOCK));
        self.launch((blocks, ranges as u32, 1), (BLOCK as u32, 1, 1), 0)
    }

    /// `out[index] += x[index]`, where elements of `out` may share a place, which then gets the sum of all that come. The order is the
    /// same every time.
    ///
    /// # Safety
    /// Every element of the views of `sizes` lies in this device's memory, and `out` apart from `x`.
    ///
    /// # Errors
    /// More than 8 axes stay after joining; the device is lost.
    pub unsafe fn accumulate(&self, sizes: &[usize], x: Typed<'_>, out: Typed<'_>) -> Result<()> {
        debug_assert_eq!(x.of, out.of);
        if sizes.contains(&0) {
            return Ok(());
        }
        let whole = Geometry::new(sizes, |axis| [x.strides[axis], out.strides[axis]])?.ordered_by(1);
        let bytes = out.of.size();
        let first = [(0, x), (1, out)].map(|(operand, of)| whole.first(operand, of.address, bytes));
        let Sharing { apart, folded, turns } = Sharing::of(&whole);
        let axes = |of: &[usize]| -> (Vec<usize>, Vec<[isize; 2]>) {
            of.iter().map(|&axis| (whole.size(axis), whole.steps(axis))).unzip()
        };
        let (folded_sizes, folded_steps) = axes(&folded);
        let inputs: usize = folded_sizes.iter().product();
        let folded = Axes::of(&Geometry::new(&folded_sizes, |axis| [folded_steps[axis][0]])?);
        let (apart_sizes, apart_steps) = axes(&apart);
        let (turn_sizes, turn_steps) = axes(&turns);
        // Elements that share a place and are not a thread's come one launch after the other.
        for turn in 0..turn_sizes.iter().product() {
            let (mut at, mut rest) = (first, turn);
            for (&size, steps) in turn_sizes.iter().zip(&turn_steps) {
                for (address, step) in at.iter_mut().zip(steps) {
                    *address = address.wrapping_add_signed((rest % size) as i64 * *step as i64 * bytes as i64);
                }
                rest /= size;
            }
            self.over_pieces(
                &apart_sizes,
                |axis| apart_steps[axis],
                1,
                |piece, n| {
                    let [x, to] = [0, 1].map(|operand| piece.first(operand, at[operand], bytes));
                    let blocks = self.blocks_for(n.div_ceil(BLOCK));
                    let launch = self.launch((blocks, 1, 1), (BLOCK as u32, 1, 1), 0)?;
                    let (kernels, walk) = (&self.kernels.places, piece.walk());
                    // SAFETY: the caller's promise.
                    unsafe { kernels.accumulate(0, launch, out.of, walk, folded, x, to, n as u32, inputs as i64) }
                },
            )?;
        }
        Ok(())
    }
}

/// Which axes of a sum into a view are walked how.
#[derive(Debug)]
struct Sharing {
    /// Along these no two elements share a place: each has a thread.
    apart: Vec<usize>,
    /// Along these all elements share a place: a thread goes over them.
    folded: Vec<usize>,
    /// The others.
    turns: Vec<usize>,
}

impl Sharing {
    /// Of axes with the operands' steps, those of the second operand not negative and falling.
    fn of(geometry: &Geometry<2>) -> Self {
        let step = |axis: usize| geometry.steps(axis)[1];
        let (folded, others): (Vec<usize>, Vec<usize>) =
            (0..geometry.rank()).partition(|&axis| step(axis) == 0 && geometry.size(axis) > 1);
        let chosen = |choice: usize| {
            let others = others.iter().enumerate();
            others
                .filter(move |(bit, _)| choice >> bit & 1 == 1)
                .map(|(_, &axis)| axis)
        };
        // Every step is longer than all that smaller steps reach together.
        let is_apart = |choice: usize| {
            let mut axes: Vec<usize> = chosen(choice).collect();
            axes.reverse();
            let mut reach = 0;
            axes.into_iter().all(|axis| {
                let fits = step(axis) > reach || geometry.size(axis) == 1;
                reach += (geometry.size(axis) as isize - 1) * step(axis);
                fits
            })
        };
        let elements = |choice: usize| -> usize { chosen(choice).map(|axis| geometry.size(axis)).product() };
        let best = (0..1 << others.len())
            .filter(|&choice| is_apart(choice))
            .max_by_key(|&choice| elements(choice))
            .unwrap_or(0);
        let turns = others.iter().enumerate();
        Self {
            apart: chosen(best).collect(),
            folded,
            turns: turns
                .filter(|(bit, _)| best >> bit & 1 == 0)
                .map(|(_, &axis)| axis)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the elements along some axes are.
    fn places(axes: &[usize], geometry: &Geometry<2>) -> Vec<isize> {
        axes.iter().fold(vec![0], |places, &axis| {
            let along =
                |place: isize| (0..geometry.size(axis) as isize).map(move |i| place + i * geometry.steps(axis)[1]);
            places.into_iter().flat_map(along).collect()
        })
    }

    /// No check on the emulated driver can tell: its threads run one after the other.
    #[test]
    fn threads_never_share_a_place() {
        let cases: [(&[usize], &[isize], usize); 9] = [
            (&[], &[], 1),
            (&[5, 4], &[4, 1], 20),
            // Broadcast: a thread sums.
            (&[7, 4], &[0, 1], 4),
            (&[6], &[0], 1),
            // Windows that overlap, that touch, and that lie apart.
            (&[9, 3], &[1, 1], 9),
            (&[9, 3], &[3, 1], 27),
            (&[9, 3], &[-4, 1], 27),
            (&[5, 6, 3, 2], &[8, 1, 8, 1], 30),
            (&[2, 3, 2, 3], &[0, 5, 3, 2], 9),
        ];
        for (sizes, steps, most) in cases {
            let geometry = Geometry::new(sizes, |axis| [0, steps[axis]])
                .expect("few axes")
                .ordered_by(1);
            let sharing = Sharing::of(&geometry);
            let mut found = places(&sharing.apart, &geometry);
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), count, "{sizes:?} by {steps:?}: {sharing:?}");
            assert_eq!(count, most, "{sizes:?} by {steps:?}: {sharing:?}");
            assert!(sharing.folded.iter().all(|&axis| geometry.steps(axis)[1] == 0));
            let mut axes = [sharing.apart, sharing.folded, sharing.turns].concat();
            axes.sort_unstable();
            assert_eq!(
                axes,
                (0..geometry.rank()).collect::<Vec<_>>(),
                "every axis is walked once"
            );
        }
    }
}
