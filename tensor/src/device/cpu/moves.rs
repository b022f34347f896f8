//! Elements that a primitive puts into other places: a walk over the places, with a step of its own in what is read and in what is written.

use tensor_ops::primitive::{Permute, PixelShuffle};

use crate::device::Block;
use crate::kernels::indexed::accumulate;
use crate::kernels::strided::{Source, Target, copy};
use crate::kernels::{Number, Real};
use crate::layout::{Axes, Layout};

/// Which element of the whole comes to which place of the parts.
pub(super) struct Move {
    sizes: Axes<usize>,
    from: usize,
    from_steps: Axes<isize>,
    to: usize,
    to_steps: Axes<isize>,
}

impl Move {
    fn new(sizes: &[usize], from_steps: &[isize], to_steps: &[isize]) -> Self {
        Self {
            sizes: sizes.into(),
            from: 0,
            from_steps: from_steps.into(),
            to: 0,
            to_steps: to_steps.into(),
        }
    }

    pub(super) fn permuted(permute: &Permute, x: Block<'_>, out: Block<'_>) -> Self {
        let (x, out) = (Layout::contiguous(&x.sizes), Layout::contiguous(&out.sizes));
        let steps: Axes<isize> = permute.axes[..permute.rank]
            .iter()
            .map(|&axis| x.strides()[axis])
            .collect();
        Self::new(out.sizes(), &steps, out.strides())
    }

    /// `[n, c, r, r, h, w]` to `[n, c, h, r, w, r]`.
    pub(super) fn shuffled(shuffle: &PixelShuffle, x: Block<'_>, out: Block<'_>) -> Self {
        let (r, [n, c, h, w]) = (shuffle.factor, [x.sizes[0], out.sizes[1], x.sizes[2], x.sizes[3]]);
        let (parts, whole) = (
            Layout::contiguous(&[n, c, r, r, h, w]),
            Layout::contiguous(&[n, c, h, r, w, r]),
        );
        let steps: Axes<isize> = [0, 1, 4, 2, 5, 3].iter().map(|&axis| parts.strides()[axis]).collect();
        Self::new(whole.sizes(), &steps, whole.strides())
    }

    /// From `first` on along an axis.
    pub(super) fn placed(axis: usize, first: usize, x: Block<'_>, out: Block<'_>) -> Self {
        let (x, out) = (Layout::contiguous(&x.sizes), Layout::contiguous(&out.sizes));
        let mut moved = Self::new(x.sizes(), x.strides(), out.strides());
        moved.to = first * out.strides()[axis] as usize;
        moved
    }

    /// What lies from `first` on along an axis.
    pub(super) fn taken(axis: usize, first: usize, x: Block<'_>, out: Block<'_>) -> Self {
        let (x, out) = (Layout::contiguous(&x.sizes), Layout::contiguous(&out.sizes));
        let mut moved = Self::new(out.sizes(), x.strides(), out.strides());
        moved.from = first * x.strides()[axis] as usize;
        moved
    }

    /// What lies at a place of an axis that the result has not.
    pub(super) fn selected(axis: usize, place: usize, x: Block<'_>, out: Block<'_>) -> Self {
        let (x, out) = (Layout::contiguous(&x.sizes), Layout::contiguous(&out.sizes));
        let mut steps: Axes<isize> = x.strides().into();
        let step = steps.remove(axis);
        let mut moved = Self::new(out.sizes(), &steps, out.strides());
        moved.from = place * step as usize;
        moved
    }

    pub(super) fn forwards<T: Real>(&self, x: &[T], out: &mut [T]) {
        if self.sizes.contains(&0) {
            return;
        }
        let from = Source {
            data: x,
            offset: self.from,
            strides: &self.from_steps,
        };
        let to = Target {
            data: out,
            offset: self.to,
            strides: &self.to_steps,
        };
        copy(&self.sizes, from, to);
    }

    /// What came to several places gets the sum of their gradients.
    pub(super) fn backwards<T: Real + Number>(&self, d: &[T], d_x: &mut [T]) {
        d_x.fill(T::ZERO);
        if self.sizes.contains(&0) {
            return;
        }
        let from = Source {
            data: d,
            offset: self.to,
            strides: &self.to_steps,
        };
        let to = Target {
            data: d_x,
            offset: self.from,
            strides: &self.from_steps,
        };
        accumulate(&self.sizes, from, to);
    }
}
