//! Adding into a view.

use crate::kernels::Number;
use crate::kernels::strided::{Loops, Source, Target};

/// `out += x`, element by element; elements of `out` may share a place, which then gets the sum of all that come.
///
/// # Panics
/// If a view reaches outside its data.
pub fn accumulate<T: Number>(sizes: &[usize], x: Source<'_, T>, out: Target<'_, T>) {
    x.check(sizes);
    out.check(sizes);
    let axes = |axis: usize| (sizes[axis], [x.strides[axis], out.strides[axis]]);
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 2], loops| {
        let (length, [from, to]) = (loops.row_length(), loops.row_steps());
        loops.rows(0, loops.row_count(), |offsets| {
            let mut read = x.offset as isize + base[0] + offsets[0];
            let mut write = out.offset as isize + base[1] + offsets[1];
            for _ in 0..length {
                let place = &mut out.data[write as usize];
                *place = place.plus(x.data[read as usize]);
                read += from;
                write += to;
            }
        });
    });
}
