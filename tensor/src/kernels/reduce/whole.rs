//! Reductions of whole numbers, which wrap around.

use tensor_ops::Reduce;

use crate::kernels::Number;
use crate::kernels::strided::{Loops, Source};

/// `out = op(x)` over the axes that `reduced` marks, as [`super::reduce`]. Of nothing, the largest is the least number there is and the smallest the largest.
///
/// # Panics
/// If the view reaches outside its data, `out` has another size than the remaining axes, or `op` is the mean.
pub fn whole(op: Reduce, sizes: &[usize], x: Source<'_, i64>, reduced: &[bool], out: &mut [i64]) {
    x.check(sizes);
    let (start, join): (i64, fn(i64, i64) -> i64) = match op {
        Reduce::Sum => (0, i64::plus),
        Reduce::Prod => (1, i64::times),
        Reduce::Max => (i64::MIN, i64::most),
        Reduce::Min => (i64::MAX, i64::least),
        Reduce::Mean => unreachable!("`ops/reduce.rs` takes means of floats"),
    };
    out.fill(start);
    let mut steps = vec![0isize; sizes.len()];
    let mut step = 1;
    for axis in (0..sizes.len()).rev().filter(|&axis| !reduced[axis]) {
        steps[axis] = step;
        step *= sizes[axis] as isize;
    }
    let axes = |axis: usize| (sizes[axis], [x.strides[axis], steps[axis]]);
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 2], loops| {
        loops.elements(0, loops.element_count(), |offsets| {
            let from = x.offset.wrapping_add_signed(base[0] + offsets[0]);
            let to = &mut out[(base[1] + offsets[1]) as usize];
            *to = join(*to, x.data[from]);
        });
    });
}
