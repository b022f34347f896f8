//! A run of elements at equal steps into one.

use super::fold::{Cascade, Fold};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::kernels::strided::line;

/// Elements joined before their result goes to the cascade.
const BLOCK: usize = 2048;
/// Independent results within a block: enough to fill the vector units.
const LANES: usize = 64;

/// The elements `start`, `start + step`, .., `count` of them, into one.
#[inline]
pub(crate) fn fold_run<T: Real, F: Fold>(data: &[T], start: usize, step: isize, count: usize) -> T {
    if step == 1 {
        contiguous::<T, F>(&data[start..start + count])
    } else {
        apart::<T, F>(data, start, step, count)
    }
}

tiered! {
    fn contiguous<S, T, F: Fold>(x: &[T]) -> T {
        let mut cascade = Cascade::<T, F>::new();
        for block in x.chunks(BLOCK) {
            cascade.push(fold_block::<T, F>(block));
        }
        cascade.finish()
    }
}

/// Lane `i` joins the elements whose index is `i` modulo the number of lanes.
#[inline(always)]
fn fold_block<T: Real, F: Fold>(x: &[T]) -> T {
    let mut lanes = [F::identity::<T>(); LANES];
    let mut chunks = x.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane = F::join(*lane, x);
        }
    }
    for (lane, &x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = F::join(*lane, x);
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] = F::join(lanes[i], lanes[i + width]);
        }
        width /= 2;
    }
    lanes[0]
}

tiered! {
    fn apart<S, T, F: Fold>(data: &[T], start: usize, step: isize, count: usize) -> T {
        let mut cascade = Cascade::<T, F>::new();
        let mut gathered = [T::ZERO; 256];
        let mut done = 0;
        while done < count {
            let length = gathered.len().min(count - done);
            line(data, start.wrapping_add_signed(done as isize * step), step, &mut gathered[..length]);
            cascade.push(fold_block::<T, F>(&gathered[..length]));
            done += length;
        }
        cascade.finish()
    }
}
