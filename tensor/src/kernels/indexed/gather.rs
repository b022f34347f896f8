//! Elements from the places that an index names along one axis.

use super::{BadIndex, place};
use crate::kernels::strided::{Loops, Source};

/// `out[i, j, k] = x[i, index[i, j, k], k]` for `axis` 1, and likewise for others. `sizes` are those of `index` and `out`;
/// `size` is that of `x` along `axis`.
///
/// # Panics
/// If a view reaches outside its data.
pub fn gather<T: Copy>(
    axis: usize,
    size: usize,
    sizes: &[usize],
    x: Source<'_, T>,
    index: Source<'_, i64>,
    out: &mut [T],
) -> Result<(), BadIndex> {
    index.check(sizes);
    let step = x.strides[axis];
    // Along the axis the index decides.
    let mut outcome = Ok(());
    let axes = |at: usize| {
        let own = if at == axis { 0 } else { x.strides[at] };
        (sizes[at], [own, index.strides[at]])
    };
    let mut written = 0;
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 2], loops| {
        loops.elements(0, loops.element_count(), |offsets| {
            let number = index.data[index.offset.wrapping_add_signed(base[1] + offsets[1])];
            match place(number, size) {
                Ok(place) => {
                    let from = base[0] + offsets[0] + place as isize * step;
                    out[written] = x.data[x.offset.wrapping_add_signed(from)];
                }
                Err(bad) => outcome = outcome.and(Err(bad)),
            }
            written += 1;
        });
    });
    outcome
}
