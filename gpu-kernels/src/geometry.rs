//! [`Geometry`]: the axes of several operands walked together, joined, ordered and cut to what kernels take.

use crate::error::{Error, Result};

/// The most axes of a kernel, after joining.
pub(crate) const MOST_AXES: usize = 8;

/// What 32 bits with a sign can say: no more elements and no longer way from the first element.
const REACH: usize = i32::MAX as usize;

/// Sizes and the steps of `N` operands, outermost axis first. Axes of size 1 are left out, and neighbours are joined where in every
/// operand the outer one steps over the whole inner one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry<const N: usize> {
    rank: usize,
    sizes: [usize; MOST_AXES],
    steps: [[isize; N]; MOST_AXES],
    /// Where each operand's first element is, from its pointer on.
    start: [isize; N],
}

impl<const N: usize> Geometry<N> {
    /// That of `sizes`, where `steps(axis)` are the operands' steps. No size is 0.
    ///
    /// # Errors
    /// More axes stay than kernels take.
    pub(crate) fn new(sizes: &[usize], steps: impl Fn(usize) -> [isize; N]) -> Result<Self> {
        let mut geometry = Self {
            rank: 0,
            sizes: [1; MOST_AXES],
            steps: [[1; N]; MOST_AXES],
            start: [0; N],
        };
        let mut axes = 0;
        for (axis, &size) in sizes.iter().enumerate() {
            axes += usize::from(!geometry.join(size, steps(axis)));
        }
        if geometry.rank + axes > MOST_AXES {
            return Err(Error::TooManyAxes {
                axes: geometry.rank + axes,
            });
        }
        // A single element is a row of one.
        geometry.rank = geometry.rank.max(1);
        Ok(geometry)
    }

    /// Adds an axis inside the others. Says whether there was a place for it.
    fn join(&mut self, size: usize, step: [isize; N]) -> bool {
        if size == 1 {
            return true;
        }
        let last = self.rank.wrapping_sub(1);
        if self.rank > 0 && (0..N).all(|operand| self.steps[last][operand] == step[operand] * size as isize) {
            self.sizes[last] *= size;
            self.steps[last] = step;
        } else if self.rank == MOST_AXES {
            return false;
        } else {
            self.sizes[self.rank] = size;
            self.steps[self.rank] = step;
            self.rank += 1;
        }
        true
    }

    /// The same elements in the order in which `operand` has them in memory, its steps made positive.
    pub(crate) fn ordered_by(mut self, operand: usize) -> Self {
        for axis in 0..self.rank {
            let (size, steps) = (self.sizes[axis], &mut self.steps[axis]);
            if steps[operand] < 0 {
                for (start, step) in self.start.iter_mut().zip(steps) {
                    *start += (size as isize - 1) * *step;
                    *step = -*step;
                }
            }
        }
        let mut order: [usize; MOST_AXES] = std::array::from_fn(|axis| axis);
        order[..self.rank].sort_by_key(|&axis| std::cmp::Reverse(self.steps[axis][operand]));
        let mut ordered = Self {
            rank: 0,
            sizes: [1; MOST_AXES],
            steps: [[1; N]; MOST_AXES],
            start: self.start,
        };
        for &axis in &order[..self.rank] {
            ordered.join(self.sizes[axis], self.steps[axis]);
        }
        ordered.rank = ordered.rank.max(1);
        ordered
    }

    /// How many axes there are: 1 at least.
    pub(crate) fn rank(&self) -> usize {
        self.rank
    }

    /// The size of an axis.
    pub(crate) fn size(&self, axis: usize) -> usize {
        self.sizes[axis]
    }

    /// The operands' steps along an axis.
    pub(crate) fn steps(&self, axis: usize) -> [isize; N] {
        self.steps[axis]
    }

    /// The operands' steps along the last axis.
    pub(crate) fn last_steps(&self) -> [isize; N] {
        self.steps[self.rank - 1]
    }

    /// How many elements there are.
    pub(crate) fn elements(&self) -> usize {
        self.sizes[..self.rank].iter().product()
    }

    /// Where an operand at `address` begins, its elements so many bytes long.
    pub(crate) fn first(&self, operand: usize, address: u64, bytes: usize) -> u64 {
        address.wrapping_add_signed(self.start[operand] as i64 * bytes as i64)
    }

    /// Whether every operand lies without gaps, in this order.
    pub(crate) fn is_contiguous(&self) -> bool {
        self.rank == 1 && self.steps[0] == [1; N]
    }

    /// Without two of its axes: what is walked around a plane.
    pub(crate) fn without(&self, axes: [usize; 2]) -> Self {
        let mut rest = Self {
            rank: 0,
            sizes: [1; MOST_AXES],
            steps: [[1; N]; MOST_AXES],
            start: self.start,
        };
        for axis in (0..self.rank).filter(|axis| !axes.contains(axis)) {
            rest.join(self.sizes[axis], self.steps[axis]);
        }
        rest.rank = rest.rank.max(1);
        rest
    }

    /// Calls `take` with parts whose indices and offsets 32 bits can say: with itself nearly always, else with halves along the axis
    /// that reaches furthest.
    pub(crate) fn pieces(&self, take: &mut dyn FnMut(&Self) -> Result<()>) -> Result<()> {
        self.pieces_within(REACH, take)
    }

    fn pieces_within(&self, most: usize, take: &mut dyn FnMut(&Self) -> Result<()>) -> Result<()> {
        let reach_along = |axis: usize, operand: usize| {
            (self.sizes[axis] - 1).saturating_mul(self.steps[axis][operand].unsigned_abs())
        };
        let furthest = (0..N).map(|operand| {
            let along = |axis| reach_along(axis, operand);
            let total = (0..self.rank).fold(0usize, |sum, axis| sum.saturating_add(along(axis)));
            let axis = (0..self.rank).max_by_key(|&axis| along(axis)).unwrap_or(0);
            (total, axis)
        });
        let longest = (0..self.rank).max_by_key(|&axis| self.sizes[axis]).unwrap_or(0);
        let too_far = furthest.filter(|(total, _)| *total > most).max();
        let axis = match too_far {
            Some((_, axis)) => axis,
            None if self.elements() > most => longest,
            None => return take(self),
        };
        let size = self.sizes[axis];
        // In fours, so that the second half begins at a multiple of 16 bytes where the whole did.
        let half = (size / 2).next_multiple_of(4).min(size - 1);
        let (mut first, mut second) = (*self, *self);
        first.sizes[axis] = half;
        second.sizes[axis] = size - half;
        for (start, step) in second.start.iter_mut().zip(self.steps[axis]) {
            *start += half as isize * step;
        }
        first.pieces_within(most, take)?;
        second.pieces_within(most, take)
    }

    /// Whether a thread can take four neighbours along the last axis, 16 bytes at a time: operands are `(address, bytes of an
    /// element)`, and the last one is written.
    pub(crate) fn is_wide(&self, operands: [(u64, usize); N]) -> bool {
        let last = self.rank - 1;
        let fits = |operand: usize| {
            let (address, bytes) = operands[operand];
            let of_sixteen = |elements: isize| (elements.unsigned_abs() * bytes).is_multiple_of(16);
            match self.steps[last][operand] {
                0 => operand + 1 < N,
                1 => {
                    self.first(operand, address, bytes).is_multiple_of(16)
                        && self.steps[..last].iter().all(|steps| of_sixteen(steps[operand]))
                }
                _ => false,
            }
        };
        (self.rank == 1 || self.sizes[last].is_multiple_of(4)) && (0..N).all(fits)
    }

    /// As kernels walk it, element by element. It is a piece: see [`Geometry::pieces`].
    pub(crate) fn walk(&self) -> Walk<N> {
        let mut walk = Walk {
            rank: self.rank as u32,
            sizes: [1; MOST_AXES],
            factors: [1; MOST_AXES],
            shifts: [0; MOST_AXES],
            strides: [[0; MOST_AXES]; N],
        };
        for axis in 0..self.rank {
            walk.set_size(axis, self.sizes[axis] as u32);
            for operand in 0..N {
                walk.strides[operand][axis] = self.steps[axis][operand] as i32;
            }
        }
        walk
    }

    /// As kernels walk it four neighbours along the last axis at a time, where it [is wide](Geometry::is_wide).
    pub(crate) fn walk_in_fours(&self) -> Walk<N> {
        let (mut walk, last) = (self.walk(), self.rank - 1);
        walk.set_size(last, self.sizes[last].div_ceil(4) as u32);
        for strides in &mut walk.strides {
            strides[last] *= 4;
        }
        walk
    }
}

/// The step of a row-major operand along an axis.
pub(crate) fn row_major(sizes: &[usize], axis: usize) -> isize {
    sizes[axis + 1..].iter().product::<usize>() as isize
}

/// How kernels walk `N` operands; the struct of the same name in `walk.cuh`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Walk<const N: usize> {
    rank: u32,
    sizes: [u32; MOST_AXES],
    /// `i / size = (high half of (i * factor) + i) >> shift` for `i` below 2^31 (Granlund and Montgomery, 1994).
    factors: [u32; MOST_AXES],
    shifts: [u32; MOST_AXES],
    strides: [[i32; MOST_AXES]; N],
}

impl<const N: usize> Walk<N> {
    fn set_size(&mut self, axis: usize, size: u32) {
        let shift = u32::BITS - (size - 1).leading_zeros();
        let factor = ((1u64 << 32) * ((1u64 << shift) - u64::from(size))) / u64::from(size) + 1;
        self.sizes[axis] = size;
        self.factors[axis] = factor as u32;
        self.shifts[axis] = shift;
    }
}

#[cfg(test)]
#[path = "geometry_tests.rs"]
mod tests;
