//! [`View`]: random strides.

use gpu_kernels::{Element, Strided};

use super::placed::Placed;
use crate::Chance;

/// A view of random steps within memory of its own.
#[derive(Debug)]
pub(in crate::gpu::kernels) struct View {
    pub(in crate::gpu::kernels) strides: Vec<isize>,
    /// Where the element with all indices 0 is.
    pub(in crate::gpu::kernels) first: usize,
    /// Elements of the memory.
    pub(in crate::gpu::kernels) len: usize,
}

impl View {
    /// Axes in any order, some with gaps, some backwards and, where `repeats`, some of step 0.
    pub(in crate::gpu::kernels) fn random(chance: &mut Chance, sizes: &[usize], repeats: bool) -> Self {
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        if chance.once_in(2) {
            (1..order.len()).for_each(|i| order.swap(i, chance.below(i + 1)));
        }
        let mut strides = vec![0; sizes.len()];
        let (mut step, mut first) = (if chance.once_in(5) { 2 } else { 1 }, chance.below(3));
        let mut len = first + 1;
        for &axis in order.iter().rev() {
            if repeats && chance.once_in(4) {
                continue;
            }
            let reach = step * sizes[axis].saturating_sub(1);
            strides[axis] = step as isize;
            len += reach;
            if chance.once_in(6) {
                strides[axis] = -strides[axis];
                first += reach;
            }
            step *= sizes[axis].max(1);
            step += if chance.once_in(5) { chance.below(3) } else { 0 };
        }
        Self { strides, first, len }
    }

    /// A row of so many elements.
    pub(in crate::gpu::kernels) fn line(len: usize) -> Self {
        Self {
            strides: vec![1],
            first: 0,
            len,
        }
    }

    /// The same memory, seen by other steps.
    pub(in crate::gpu::kernels) fn with_strides(self, strides: &[isize]) -> Self {
        Self {
            strides: strides.to_vec(),
            ..self
        }
    }

    /// Where the element of these indices is.
    pub(in crate::gpu::kernels) fn at(&self, index: &[usize]) -> usize {
        let offset: isize = index
            .iter()
            .zip(&self.strides)
            .map(|(i, stride)| *i as isize * stride)
            .sum();
        self.first.wrapping_add_signed(offset)
    }

    /// The view as launchers take it.
    pub(in crate::gpu::kernels) fn of<'a, T: Element>(&'a self, memory: &Placed<T>) -> Strided<'a, T> {
        Strided {
            ptr: memory.ptr().offset(self.first as isize),
            strides: &self.strides,
        }
    }
}

/// All indices in row-major order.
pub(in crate::gpu::kernels) fn indices(sizes: &[usize]) -> Vec<Vec<usize>> {
    let longer = |found: Vec<Vec<usize>>, size: &usize| -> Vec<Vec<usize>> {
        let along = |index: Vec<usize>| (0..*size).map(move |i| [index.as_slice(), &[i]].concat());
        found.into_iter().flat_map(along).collect()
    };
    sizes.iter().fold(vec![vec![]], longer)
}

/// Of any rank up to 5, or a matrix with sides around a tile's.
pub(in crate::gpu::kernels) fn sizes(chance: &mut Chance) -> Vec<usize> {
    if chance.once_in(4) {
        let [rows, cols] = [(); 2].map(|()| *chance.one_of(&[1, 4, 8, 31, 32, 33, 68]));
        return vec![rows, cols];
    }
    let rank = chance.below(6);
    chance.sizes(rank)
}

/// The steps of a view in row-major order.
pub(in crate::gpu::kernels) fn contiguous(sizes: &[usize]) -> Vec<isize> {
    (0..sizes.len())
        .map(|axis| sizes[axis + 1..].iter().product::<usize>() as isize)
        .collect()
}
