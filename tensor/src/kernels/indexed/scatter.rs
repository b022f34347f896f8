//! Elements to the places that an index names along one axis.

use super::{BadIndex, every, place, reach};
use crate::kernels::Number;
use crate::kernels::strided::Source;

/// What becomes of an element that is there when another comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scatter {
    /// The new one takes its place.
    Set,
    /// Their sum.
    Add,
    /// Their product.
    Prod,
    /// The larger.
    Max,
    /// The smaller.
    Min,
}

impl Scatter {
    /// One of each.
    pub const ALL: [Self; 5] = [Self::Set, Self::Add, Self::Prod, Self::Max, Self::Min];

    /// The name that messages have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Set => "scatter",
            Self::Add => "scatter_add",
            Self::Prod => "scatter_prod",
            Self::Max => "scatter_amax",
            Self::Min => "scatter_amin",
        }
    }
}

/// `out[i, index[i, j, k], k] = source[i, j, k]` for `axis` 1, one after the other in row-major order, and likewise for others. `sizes`
/// are those of `index`; `out_sizes` those of `out`, which is row-major.
///
/// # Panics
/// If a view reaches outside its data.
pub fn scatter<T: Number>(
    how: Scatter,
    axis: usize,
    sizes: &[usize],
    index: Source<'_, i64>,
    source: Source<'_, T>,
    out_sizes: &[usize],
    out: &mut [T],
) -> Result<(), BadIndex> {
    index.check(sizes);
    source.check(sizes);
    every(sizes, |at| {
        let number = index.data[reach(index.offset, index.strides, at)];
        let along = place(number, out_sizes[axis])?;
        let mut to = 0;
        for (other, &size) in out_sizes.iter().enumerate() {
            to = to * size + if other == axis { along } else { at[other] };
        }
        let new = source.data[reach(source.offset, source.strides, at)];
        let old = &mut out[to];
        *old = match how {
            Scatter::Set => new,
            Scatter::Add => old.plus(new),
            Scatter::Prod => old.times(new),
            Scatter::Max => old.most(new),
            Scatter::Min => old.least(new),
        };
        Ok(())
    })
}
