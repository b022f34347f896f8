//! Operations on two views.

use tensor_ops::Binary;

use super::Source;
use super::loops::row_major_step;
use super::room::{Room, Run, each};
use super::tiles::{self, Writing};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::Shared;

/// `out = a op b`, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn binary<T: Real>(op: Binary, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    a.check(sizes);
    b.check(sizes);
    let writing = Writing::of::<T>(out.len());
    let axes = |axis: usize| {
        let steps = [a.strides[axis], b.strides[axis], row_major_step(sizes, axis)];
        (sizes[axis], steps)
    };
    let shared = Shared::new(out);
    tiles::over(sizes.len(), &axes, [a.offset, b.offset, 0], writing, &|unit| {
        let (mut a_room, mut b_room, mut results) = (Room::new(), Room::new(), Room::new());
        unit.tiles(|tile| {
            // SAFETY: the views lie inside their data by the check; tiles are disjoint.
            unsafe {
                let (a, b) = (a_room.read(&tile, 0, a.data), b_room.read(&tile, 1, b.data));
                let is_whole = a.is_whole() && b.is_whole();
                results.write(&tile, &shared, writing, is_whole, |row, out| {
                    compute(op, a.row(row, out.len()), b.row(row, out.len()), out);
                });
            }
        });
    });
}

tiered! {
    fn compute<S, T>(op: Binary, a: Run<'_, T>, b: Run<'_, T>, out: &mut [T]) {
        match op {
            Binary::Add => each(a, b, out, |a, b| a + b),
            Binary::Sub => each(a, b, out, |a, b| a - b),
            Binary::Mul => each(a, b, out, |a, b| a * b),
            Binary::Div => each(a, b, out, |a, b| a / b),
            Binary::Pow => each(a, b, out, |a, b| a.powf(b)),
            Binary::Maximum => each(a, b, out, T::larger),
            Binary::Minimum => each(a, b, out, T::smaller),
        }
    }
}
