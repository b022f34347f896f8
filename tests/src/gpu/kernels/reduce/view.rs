//! [`View`]: a view whose axes are reduced, against loops written out.

use gpu_kernels::{Float, Reduce, Strided};

use crate::Chance;
use crate::gpu::gpu;
use crate::gpu::kernels::placed::{Placed, tolerance, wide};
use crate::gpu::naive::numbers;

/// One of each.
pub(super) const ALL: [Reduce; 5] = [Reduce::Sum, Reduce::Mean, Reduce::Max, Reduce::Min, Reduce::Prod];

fn larger(a: f64, b: f64) -> f64 {
    if a > b || a.is_nan() { a } else { b }
}

fn naive(op: Reduce, x: &[f64]) -> f64 {
    match op {
        Reduce::Sum => x.iter().sum(),
        Reduce::Mean => x.iter().sum::<f64>() / x.len() as f64,
        Reduce::Max => x.iter().fold(f64::NEG_INFINITY, |a, &b| larger(a, b)),
        Reduce::Min => -x.iter().fold(f64::NEG_INFINITY, |a, &b| larger(a, -b)),
        Reduce::Prod => x.iter().product(),
    }
}

/// Numbers that are near 1 where a product of many of them must stay a number.
fn data<T: Float>(chance: &mut Chance, len: usize, op: Reduce) -> Vec<T> {
    let x = numbers::<T>(chance, len);
    match op {
        Reduce::Prod => x.into_iter().map(|x| T::from_f64(1.0 + x.as_f64() / 1000.0)).collect(),
        Reduce::Sum | Reduce::Mean | Reduce::Max | Reduce::Min => x,
    }
}

/// A view in memory of its own.
#[derive(Debug)]
pub(super) struct View {
    sizes: Vec<usize>,
    pub(super) strides: Vec<isize>,
    first: usize,
    len: usize,
}

impl View {
    pub(super) fn contiguous(sizes: &[usize]) -> Self {
        let step = |axis: usize| sizes[axis + 1..].iter().product::<usize>() as isize;
        Self {
            sizes: sizes.to_vec(),
            strides: (0..sizes.len()).map(step).collect(),
            first: 0,
            len: sizes.iter().product(),
        }
    }

    /// Axes in any order, some backwards, some with gaps, some of step 0.
    pub(super) fn random(chance: &mut Chance, sizes: &[usize]) -> Self {
        let mut view = Self::contiguous(sizes);
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        if chance.once_in(2) {
            (1..order.len()).for_each(|i| order.swap(i, chance.below(i + 1)));
        }
        (view.first, view.len) = (0, 1);
        let mut step = 1 + usize::from(chance.once_in(5));
        for &axis in order.iter().rev() {
            if chance.once_in(6) {
                view.strides[axis] = 0;
                continue;
            }
            let reach = step * sizes[axis].saturating_sub(1);
            let backwards = chance.once_in(5);
            view.strides[axis] = if backwards { -(step as isize) } else { step as isize };
            view.first += if backwards { reach } else { 0 };
            view.len += reach;
            step = step * sizes[axis].max(1) + if chance.once_in(4) { chance.below(3) } else { 0 };
        }
        view
    }

    /// The elements that go into each element of the result.
    fn groups(&self, reduced: &[bool], data: &[f64]) -> Vec<Vec<f64>> {
        let kept = self.offsets(reduced, false);
        let folded = self.offsets(reduced, true);
        let at = |offset: isize| data[self.first.wrapping_add_signed(offset)];
        kept.iter()
            .map(|kept| folded.iter().map(|folded| at(kept + folded)).collect())
            .collect()
    }

    fn offsets(&self, reduced: &[bool], wanted: bool) -> Vec<isize> {
        (0..self.sizes.len())
            .filter(|&axis| reduced[axis] == wanted)
            .fold(vec![0], |found, axis| {
                let along = |at: isize| (0..self.sizes[axis]).map(move |i| at + i as isize * self.strides[axis]);
                found.into_iter().flat_map(along).collect()
            })
    }

    pub(super) fn check<T: Float>(&self, chance: &mut Chance, op: Reduce, reduced: &[bool]) {
        let mut elements = data::<T>(chance, self.len, op);
        if chance.once_in(6) && self.len > 0 {
            let at = chance.below(self.len);
            elements[at] = T::from_f64(f64::NAN);
        }
        let groups = self.groups(reduced, &wide(&elements));
        let x = Placed::new(&elements, chance.below(3));
        let accumulate = chance.once_in(2);
        let before = numbers::<T>(chance, groups.len());
        let run = || {
            let out = Placed::new(&before, 1);
            let view = Strided {
                ptr: x.ptr().offset(self.first as isize),
                strides: &self.strides,
            };
            // SAFETY: the view lies in its memory, and the result has an element a group.
            unsafe { gpu().reduce(op, &self.sizes, view, reduced, out.ptr(), accumulate) }.expect("a launch");
            out.read()
        };
        let found = run();
        let what = format!("{op:?} of {self:?} over {reduced:?}");
        for (index, (group, found)) in groups.iter().zip(&found).enumerate() {
            let expected = naive(op, group) + if accumulate { before[index].as_f64() } else { 0.0 };
            // Beside the result itself, what cancels in it: sums are taken in double precision, whatever the type.
            let size: f64 = group.iter().map(|x| x.abs()).sum::<f64>().max(1.0);
            let near = tolerance::<T>(1.2e-7, 3e-16) * expected.abs().max(2.0) + 1e-14 * size;
            let found = found.as_f64();
            let same = found == expected || (found.is_nan() && expected.is_nan());
            assert!(
                same || (found - expected).abs() <= near,
                "{what}: {index} is {found}, expected {expected}"
            );
        }
        let bits = |x: Vec<T>| x.iter().map(|x| x.bits()).collect::<Vec<_>>();
        assert_eq!(bits(found), bits(run()), "{what}: other bits the second time");
    }
}
