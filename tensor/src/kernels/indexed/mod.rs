//! Elements by their places: gathering, scattering, and adding into views whose elements may share a place.

mod accumulate;
mod gather;
mod scatter;
#[cfg(test)]
mod tests;

pub use accumulate::accumulate;
pub use gather::gather;
pub use scatter::{Scatter, scatter};

use crate::kernels::strided::{Loops, Source, row_major_step};

/// An index that is outside its axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadIndex {
    /// What it was.
    pub index: i64,
    /// What there is.
    pub size: usize,
}

/// An index as a place along an axis of `size`; those from the end are for the callers to turn round.
#[inline(always)]
fn place(index: i64, size: usize) -> Result<usize, BadIndex> {
    match usize::try_from(index) {
        Ok(place) if place < size => Ok(place),
        Ok(_) | Err(_) => Err(BadIndex { index, size }),
    }
}

/// That every index is inside an axis of `size`: the first that is not.
fn inside(sizes: &[usize], index: Source<'_, i64>, size: usize) -> Result<(), BadIndex> {
    let mut outcome = Ok(());
    // What is repeated is looked at once.
    let axes = |axis: usize| match index.strides[axis] {
        0 => (sizes[axis].min(1), [0]),
        step => (sizes[axis], [step]),
    };
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 1], loops| {
        let (length, [step]) = (loops.row_length(), loops.row_steps());
        loops.rows(0, loops.row_count(), |[offset]| {
            let mut at = base[0] + offset;
            for _ in 0..length {
                let number = index.data[index.offset.wrapping_add_signed(at)];
                if outcome.is_ok() {
                    outcome = place(number, size).map(|_| ());
                }
                at += step;
            }
        });
    });
    outcome
}

/// Whether the elements of some axes lie side by side in `x`, in row-major order, under one index.
fn is_row(sizes: &[usize], x: &[isize], index: &[isize]) -> bool {
    (0..sizes.len()).all(|axis| sizes[axis] == 1 || (x[axis] == row_major_step(sizes, axis) && index[axis] == 0))
}
