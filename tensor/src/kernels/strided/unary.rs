//! Elementwise operations on a view.

use tensor_ops::Unary;

use super::Source;
use super::loops::row_major_step;
use super::room::Room;
use super::tiles::{self, Writing};
use crate::kernels::Real;
use crate::kernels::chain::apply_between;
use crate::threads::Shared;

/// `out = ops(x)`, broadcast by strides of 0: the operations one after the other on every element, in one pass. A dropout among them
/// is the identity.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn unary<T: Real>(ops: &[Unary], sizes: &[usize], x: Source<'_, T>, out: &mut [T]) {
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    x.check(sizes);
    let writing = Writing::of::<T>(out.len());
    let axes = |axis: usize| (sizes[axis], [x.strides[axis], row_major_step(sizes, axis)]);
    let shared = Shared::new(out);
    tiles::over(sizes.len(), &axes, [x.offset, 0], writing, &|unit| {
        let (mut room, mut results) = (Room::new(), Room::new());
        unit.tiles(|tile| {
            // SAFETY: the view lies inside its data by the check; tiles are disjoint.
            unsafe {
                let x = room.read(&tile, 0, x.data);
                results.write(&tile, &shared, writing, x.is_whole(), |row, out| {
                    let x = x.row(row, out.len());
                    if x.step == 0 {
                        apply_between(ops, None, 0, &[x.data[0]], &mut out[..1]);
                        out.fill(out[0]);
                    } else {
                        apply_between(ops, None, 0, x.data, out);
                    }
                });
            }
        });
    });
}
