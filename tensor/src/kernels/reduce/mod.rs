//! Reductions over any set of axes of a view.
//!
//! Sums run over blocks, and the blocks' results are added pairwise, so that the error grows with the logarithm of their number.
//! The tree depends on sizes alone.

mod arg;
mod columns;
mod fold;
mod run;
mod spread;
mod whole;

use tensor_ops::Reduce;

use super::Real;
use super::strided::{Loops, Source};
use crate::layout;
use crate::threads::{Shared, parallel, parallel_pieces};

pub use arg::{Extreme, arg_reduce};
pub use columns::sum_rows;
use columns::{WIDTH, fold_columns, width_of};
use fold::{Cascade, Fold, Largest, Product, Smallest, Sum};
pub use spread::spread;
pub use whole::whole;

/// Elements a task reads.
const PIECE: usize = 1 << 15;
/// Parts of a reduction to one element: as many are kept on the stack.
const PARTS: usize = 64;

/// `out (+)= op(x)` over the axes that `reduced` marks; the others remain, in row-major order.
///
/// `sizes`, `x.strides` and `reduced` have an entry an axis. With `accumulate` the result is added to what is there.
/// Of nothing, the sum is 0, the product 1, the mean NaN, the largest minus infinity and the smallest infinity.
///
/// # Panics
/// If the view reaches outside its data, or `out` has another size than the remaining axes.
pub fn reduce<T: Real>(
    op: Reduce,
    sizes: &[usize],
    x: Source<'_, T>,
    reduced: &[bool],
    out: &mut [T],
    accumulate: bool,
) {
    x.check(sizes);
    assert_eq!(sizes.len(), reduced.len());
    let axes = Axes {
        sizes,
        strides: x.strides,
        reduced,
    };
    let (kept, folded) = (axes.count(false), axes.count(true));
    assert_eq!(out.len(), kept, "one element for each index of the remaining axes");
    let put = Put {
        divisor: (op == Reduce::Mean).then_some(folded),
        accumulate,
    };
    match op {
        Reduce::Sum | Reduce::Mean => with::<T, Sum>(&axes, x, out, put),
        Reduce::Max => with::<T, Largest>(&axes, x, out, put),
        Reduce::Min => with::<T, Smallest>(&axes, x, out, put),
        Reduce::Prod => with::<T, Product>(&axes, x, out, put),
    }
}

/// How a result is written.
#[derive(Clone, Copy)]
struct Put {
    divisor: Option<usize>,
    accumulate: bool,
}

impl Put {
    #[inline(always)]
    fn one<T: Real>(self, out: &mut T, value: T) {
        let value = self.divisor.map_or(value, |count| value / T::from_usize(count));
        *out = if self.accumulate { *out + value } else { value };
    }
}

/// The axes of a view, of which some are reduced.
struct Axes<'a> {
    sizes: &'a [usize],
    strides: &'a [isize],
    reduced: &'a [bool],
}

impl Axes<'_> {
    /// How many indices the reduced axes have, or the others.
    fn count(&self, reduced: bool) -> usize {
        (0..self.sizes.len())
            .filter(|&axis| self.reduced[axis] == reduced)
            .map(|axis| self.sizes[axis])
            .product()
    }

    /// The axes in the order in which their elements lie, those that repeat them first.
    fn order(&self) -> layout::Axes<usize> {
        let mut order: layout::Axes<usize> = (0..self.sizes.len()).collect();
        order.sort_by_key(|&axis| match self.strides[axis].unsigned_abs() {
            0 => 0,
            step => usize::MAX - step,
        });
        order
    }

    /// Size and step of an axis among those reduced, or among the others: the rest have size 1 there.
    /// The second step is that of the row-major result, 0 for an axis that is reduced.
    fn axis(&self, axis: usize, reduced: bool) -> (usize, [isize; 2]) {
        if self.reduced[axis] != reduced {
            return (1, [0; 2]);
        }
        let after = (axis + 1..self.sizes.len()).filter(|&axis| !reduced && !self.reduced[axis]);
        let step: usize = after.map(|axis| self.sizes[axis]).product();
        (
            self.sizes[axis],
            [self.strides[axis], if reduced { 0 } else { step as isize }],
        )
    }
}

fn with<T: Real, F: Fold>(axes: &Axes<'_>, x: Source<'_, T>, out: &mut [T], put: Put) {
    if out.is_empty() {
        return;
    }
    let rank = axes.sizes.len();
    if axes.count(true) == 0 {
        return out.iter_mut().for_each(|out| put.one(out, F::identity()));
    }
    let order = axes.order();
    let Some(folded) = Loops::joined(0, rank, &|place| axes.axis(order[place], true)) else {
        return in_two_steps::<T, F>(axes, x, out, put);
    };
    let shared = Shared::new(out);
    Loops::over(
        rank,
        &|place| axes.axis(order[place], false),
        &mut |base: [isize; 2], kept| {
            let folding = Folding {
                data: x.data,
                folded: &folded,
            };
            let at = [x.offset as isize + base[0], base[1]];
            folding.put_all::<F>(at, kept, &shared, put);
        },
    );
}

/// More axes than [`Loops`] holds: the last reduced axis first, into a vector, then the others.
fn in_two_steps<T: Real, F: Fold>(axes: &Axes<'_>, x: Source<'_, T>, out: &mut [T], put: Put) {
    let rank = axes.sizes.len();
    let last = (0..rank)
        .rev()
        .find(|&axis| axes.reduced[axis])
        .expect("an axis is reduced, or none would be too many");
    let only: Vec<bool> = (0..rank).map(|axis| axis == last).collect();
    let first_step = Axes {
        reduced: &only,
        ..*axes
    };
    let mut partial = vec![T::ZERO; first_step.count(false)];
    with::<T, F>(
        &first_step,
        x,
        &mut partial,
        Put {
            divisor: None,
            accumulate: false,
        },
    );

    let rest = |axis: &usize| *axis != last;
    let sizes: Vec<usize> = (0..rank).filter(rest).map(|axis| axes.sizes[axis]).collect();
    let reduced: Vec<bool> = (0..rank).filter(rest).map(|axis| axes.reduced[axis]).collect();
    let strides: Vec<isize> = (0..rank - 1)
        .map(|axis| sizes[axis + 1..].iter().product::<usize>() as isize)
        .collect();
    let source = Source {
        data: &partial,
        offset: 0,
        strides: &strides,
    };
    with::<T, F>(
        &Axes {
            sizes: &sizes,
            strides: &strides,
            reduced: &reduced,
        },
        source,
        out,
        put,
    );
}

/// What becomes one element: the reduced axes of a view.
struct Folding<'a, T> {
    data: &'a [T],
    folded: &'a Loops<2>,
}

impl<T: Real> Folding<'_, T> {
    /// Every element of the result. `at` is where the view and the result begin.
    fn put_all<F: Fold>(&self, at: [isize; 2], kept: &Loops<2>, out: &Shared<'_, T>, put: Put) {
        let (kept_count, folded_count) = (kept.element_count(), self.folded.element_count());
        // SAFETY: each element of the result is written by one task.
        let place = |offset: isize| unsafe { &mut out.part((at[1] + offset) as usize, 1)[0] };
        if kept_count == 1 {
            return put.one(place(0), self.whole::<F>(at[0]));
        }
        let per_task = (PIECE / folded_count).max(1);
        let [step, out_step] = kept.row_steps();
        if !(1..self.folded.row_steps()[0].unsigned_abs()).contains(&step.unsigned_abs()) {
            return parallel_pieces(kept_count, per_task, |first, count| {
                kept.elements(first, count, |[from, to]| {
                    put.one(place(to), self.rows::<F>(at[0] + from, 0, self.folded.row_count()));
                });
            });
        }
        // Results lie nearer to each other than the elements of each: several columns at once.
        let length = kept.row_length();
        let width = width_of(length);
        let tiles = length.div_ceil(width);
        parallel_pieces(kept.row_count() * tiles, (per_task / width).max(1), |first, count| {
            for tile in first..first + count {
                let column = tile % tiles * width;
                let width = width.min(length - column);
                kept.rows(tile / tiles, 1, |[from, to]| {
                    let start = (at[0] + from + column as isize * step) as usize;
                    let mut sums = [T::ZERO; WIDTH];
                    fold_columns::<T, F>(self.data, start, step, self.folded, &mut sums[..width]);
                    for (i, &sum) in sums[..width].iter().enumerate() {
                        put.one(place(to + (column + i) as isize * out_step), sum);
                    }
                });
            }
        });
    }

    /// One element from the rows `first..first + count` of the reduced axes.
    fn rows<F: Fold>(&self, at: isize, first: usize, count: usize) -> T {
        let (length, [step, _]) = (self.folded.row_length(), self.folded.row_steps());
        if self.folded.row_count() == 1 {
            return run::fold_run::<T, F>(self.data, at as usize, step, length);
        }
        let mut cascade = Cascade::<T, F>::new();
        self.folded.rows(first, count, |[offset, _]| {
            cascade.push(run::fold_run::<T, F>(self.data, (at + offset) as usize, step, length));
        });
        cascade.finish()
    }

    /// The only element: by parts whose number depends on the size alone.
    fn whole<F: Fold>(&self, at: isize) -> T {
        let (rows, length, [step, _]) = (
            self.folded.row_count(),
            self.folded.row_length(),
            self.folded.row_steps(),
        );
        let total = rows * length;
        if total < 2 * PIECE {
            return self.rows::<F>(at, 0, rows);
        }
        let mut results = [F::identity(); PARTS];
        let shared = Shared::new(&mut results);
        // Whole rows a part, or pieces of the only row.
        let (units, unit) = if rows == 1 { (length, 1) } else { (rows, length) };
        let per_part = (PIECE / unit).max(units.div_ceil(PARTS)).max(1);
        parallel(units.div_ceil(per_part), &|part| {
            let first = part * per_part;
            let count = per_part.min(units - first);
            let value = if rows == 1 {
                run::fold_run::<T, F>(self.data, (at + first as isize * step) as usize, step, count)
            } else {
                self.rows::<F>(at, first, count)
            };
            // SAFETY: one element a part.
            unsafe { shared.part(part, 1)[0] = value };
        });
        let mut cascade = Cascade::<T, F>::new();
        results[..units.div_ceil(per_part)]
            .iter()
            .for_each(|&value| cascade.push(value));
        cascade.finish()
    }
}

#[cfg(test)]
mod tests;
