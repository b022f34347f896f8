//! Elements by their places: gathering, scattering, and adding into views whose elements may share a place.

mod accumulate;
mod gather;
mod scatter;

pub use accumulate::accumulate;
pub use gather::gather;
pub use scatter::{Scatter, scatter};

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

/// Calls `use_place` with the index of every element of a row-major tensor of `sizes`, in order.
fn every(sizes: &[usize], mut use_place: impl FnMut(&[usize]) -> Result<(), BadIndex>) -> Result<(), BadIndex> {
    let count: usize = sizes.iter().product();
    let mut index = vec![0; sizes.len()];
    for _ in 0..count {
        use_place(&index)?;
        for (at, &size) in index.iter_mut().zip(sizes).rev() {
            *at += 1;
            if *at < size {
                break;
            }
            *at = 0;
        }
    }
    Ok(())
}

/// Where in its data an element of a view is.
#[inline(always)]
fn reach(offset: usize, strides: &[isize], index: &[usize]) -> usize {
    let steps = index.iter().zip(strides);
    offset.wrapping_add_signed(steps.map(|(&at, &stride)| at as isize * stride).sum())
}
