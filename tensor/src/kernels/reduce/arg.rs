//! Where the largest or smallest element along an axis is.

use super::fold::{Largest, Smallest};
use super::run::fold_run;
use crate::kernels::Real;
use crate::kernels::strided::{Loops, Source};
use crate::threads::{Shared, parallel_pieces};

/// Which element is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// The largest; NaN wins.
    Max,
    /// The smallest; NaN wins.
    Min,
}

/// `out = arg max x` (or min) along `axis`: the index of the first such element; the other axes remain, in row-major order.
///
/// # Panics
/// If the view reaches outside its data, `axis` is none of its axes or has size 0 while a result is asked for, or `out` has another size than the remaining axes.
pub fn arg_reduce<T: Real>(which: Extreme, sizes: &[usize], x: Source<'_, T>, axis: usize, out: &mut [i64]) {
    x.check(sizes);
    let others = |other: usize| if other == axis { 1 } else { sizes[other] };
    let kept: usize = (0..sizes.len()).map(others).product();
    assert_eq!(out.len(), kept, "one element for each index of the remaining axes");
    let (count, step) = (sizes[axis], x.strides[axis]);
    assert!(count > 0 || kept == 0, "the largest of nothing has no place");
    let shared = Shared::new(out);
    let axes = |axis: usize| {
        let after: usize = (axis + 1..sizes.len()).map(others).product();
        (others(axis), [x.strides[axis], after as isize])
    };
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 2], loops| {
        parallel_pieces(loops.element_count(), ((1 << 15) / count).max(1), |first, number| {
            loops.elements(first, number, |[from, to]| {
                let start = (x.offset as isize + base[0] + from) as usize;
                // SAFETY: one element of the result an index.
                let out = unsafe { shared.part((base[1] + to) as usize, 1) };
                out[0] = first_extreme(which, x.data, start, step, count) as i64;
            });
        });
    });
}

/// Two passes: the value, vectorised, then its first place.
fn first_extreme<T: Real>(which: Extreme, data: &[T], start: usize, step: isize, count: usize) -> usize {
    let value = match which {
        Extreme::Max => fold_run::<T, Largest>(data, start, step, count),
        Extreme::Min => fold_run::<T, Smallest>(data, start, step, count),
    };
    let at = |i: usize| data[start.wrapping_add_signed(i as isize * step)];
    let found = if value.is_nan() {
        (0..count).find(|&i| at(i).is_nan())
    } else {
        (0..count).find(|&i| at(i) == value)
    };
    found.unwrap_or(0)
}
