//! Elements to the places that an index names along one axis.

use super::{BadIndex, inside, is_row, place};
use crate::kernels::Number;
use crate::kernels::strided::{Loops, Source, row_major_step};
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;
/// The most tasks: each reads the whole index.
const MOST_TASKS: usize = 16;

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
/// are those of `index`; `out_sizes` those of `out`, which is row-major. Where an index is outside nothing is written.
///
/// The order in which elements come to a place does not depend on the threads, so neither do the bits of sums.
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
    inside(sizes, index, out_sizes[axis])?;
    assert_eq!(out_sizes.iter().product::<usize>(), out.len());
    let walk = Walk {
        axis,
        sizes,
        index,
        source,
        out_sizes,
    };
    let behind = axis + 1..;
    let inner: usize = out_sizes[behind.clone()].iter().product();
    let is_whole = sizes[behind.clone()] == out_sizes[behind.clone()];
    if inner > 1
        && is_whole
        && is_row(
            &sizes[behind.clone()],
            &source.strides[behind.clone()],
            &index.strides[behind],
        )
    {
        walk.rows(how, inner, out);
    } else {
        match how {
            Scatter::Set => walk.elements(out, |_, new| new),
            Scatter::Add => walk.elements(out, T::plus),
            Scatter::Prod => walk.elements(out, T::times),
            Scatter::Max => walk.elements(out, T::most),
            Scatter::Min => walk.elements(out, T::least),
        }
    }
    Ok(())
}

/// The operands of a scatter.
struct Walk<'a, T> {
    axis: usize,
    sizes: &'a [usize],
    index: Source<'a, i64>,
    source: Source<'a, T>,
    out_sizes: &'a [usize],
}

impl<T: Number> Walk<'_, T> {
    /// The steps of the index, of the source, and of the result without those along the axis, where the index decides.
    fn steps(&self, at: usize, out: isize) -> (usize, [isize; 3]) {
        let own = if at == self.axis { 0 } else { out };
        (self.sizes[at], [self.index.strides[at], self.source.strides[at], own])
    }

    /// The place along the axis that an element of the index names.
    fn along(&self, index: isize) -> usize {
        let number = self.index.data[self.index.offset.wrapping_add_signed(index)];
        place(number, self.out_sizes[self.axis]).unwrap_or(0)
    }

    /// Where the index is the same along all axes behind, whose elements lie side by side. Each task has a range of rows of the
    /// result, and takes what comes to them in order.
    fn rows(&self, how: Scatter, inner: usize, out: &mut [T]) {
        let (outer, out_outer) = (&self.sizes[..=self.axis], &self.out_sizes[..=self.axis]);
        let rows = out.len() / inner;
        let moved: usize = outer.iter().product::<usize>() * inner;
        let tasks = (moved / PIECE).clamp(1, MOST_TASKS);
        let out = Shared::new(out);
        let axes = |at: usize| self.steps(at, row_major_step(out_outer, at));
        parallel_pieces(rows, rows.div_ceil(tasks).max(1), |first, count| {
            // SAFETY: tasks have rows of their own.
            let own = unsafe { out.part(first * inner, count * inner) };
            Loops::over(outer.len(), &axes, &mut |base: [isize; 3], loops| {
                loops.elements(0, loops.element_count(), |offsets| {
                    let row = (base[2] + offsets[2]) as usize + self.along(base[0] + offsets[0]);
                    if !(first..first + count).contains(&row) {
                        return;
                    }
                    let from = self.source.offset.wrapping_add_signed(base[1] + offsets[1]);
                    let new = &self.source.data[from..from + inner];
                    let old = &mut own[(row - first) * inner..][..inner];
                    match how {
                        Scatter::Set => old.copy_from_slice(new),
                        Scatter::Add => each(old, new, T::plus),
                        Scatter::Prod => each(old, new, T::times),
                        Scatter::Max => each(old, new, T::most),
                        Scatter::Min => each(old, new, T::least),
                    }
                });
            });
        });
    }

    fn elements(&self, out: &mut [T], join: impl Fn(T, T) -> T) {
        let step = row_major_step(self.out_sizes, self.axis);
        let axes = |at: usize| self.steps(at, row_major_step(self.out_sizes, at));
        Loops::over(self.sizes.len(), &axes, &mut |base: [isize; 3], loops| {
            let (length, steps) = (loops.row_length(), loops.row_steps());
            loops.rows(0, loops.row_count(), |offsets| {
                let mut at = [0, 1, 2].map(|k| base[k] + offsets[k]);
                for _ in 0..length {
                    let old = &mut out[(at[2] + self.along(at[0]) as isize * step) as usize];
                    *old = join(*old, self.source.data[self.source.offset.wrapping_add_signed(at[1])]);
                    at = [0, 1, 2].map(|k| at[k] + steps[k]);
                }
            });
        });
    }
}

fn each<T: Copy>(old: &mut [T], new: &[T], join: impl Fn(T, T) -> T) {
    for (old, &new) in old.iter_mut().zip(new) {
        *old = join(*old, new);
    }
}
