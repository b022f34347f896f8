//! Pooling over three axes (those that are missing have size 1): the largest element or the mean of each window, and their gradients.
//!
//! Planes are cut among threads. A row of windows is taken at a time, for one element of the windows: what they see is a row of neighbours, or
//! of elements a stride apart.

use crate::kernels::Real;
use crate::kernels::scratch::{Plain, with_slice};
use crate::kernels::simd::tiered;
use crate::kernels::windows::{Along, Window};
use crate::threads::{Shared, parallel_pieces};

/// The windows along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Of one size.
    Windows(Along),
    /// As many as there are outputs: from `i input / output`, rounded down, to `(i + 1) input / output`, rounded up.
    Adaptive {
        /// The size of the axis.
        input: usize,
        /// The number of windows.
        output: usize,
    },
}

impl Axis {
    /// An axis of one element with one window.
    pub const ONE: Self = Self::Windows(Along::ONE);

    /// The size of the axis.
    pub fn input(&self) -> usize {
        match self {
            Self::Windows(along) => along.input,
            Self::Adaptive { input, .. } => *input,
        }
    }

    /// The number of windows.
    pub fn output(&self) -> usize {
        match self {
            Self::Windows(along) => along.output,
            Self::Adaptive { output, .. } => *output,
        }
    }

    /// What a window sees.
    pub fn window(&self, place: usize) -> Window {
        match *self {
            Self::Windows(along) => along.window(place),
            Self::Adaptive { input, output } => {
                let first = place * input / output;
                Window {
                    first,
                    count: ((place + 1) * input).div_ceil(output) - first,
                    step: 1,
                }
            }
        }
    }

    /// Calls `run` with what neighbouring windows see side by side or a step apart: for each element of the windows, or backwards, in which
    /// the last element comes first; and where windows differ in size, for each by itself.
    #[inline(always)]
    fn runs(&self, backwards: bool, mut run: impl FnMut(Run)) {
        match self {
            Self::Windows(along) => {
                for tap in 0..along.size {
                    let (places, first) = along.seen(if backwards { along.size - 1 - tap } else { tap });
                    if !places.is_empty() {
                        run(Run {
                            place: places.start,
                            count: places.len(),
                            first,
                            step: along.stride,
                        });
                    }
                }
            }
            Self::Adaptive { output, .. } => {
                for place in 0..*output {
                    for first in self.window(place).places() {
                        run(Run {
                            place,
                            count: 1,
                            first,
                            step: 1,
                        });
                    }
                }
            }
        }
    }

    /// What a mean along this axis is divided by.
    fn count(&self, place: usize, with_zeros: bool) -> usize {
        match self {
            Self::Windows(along) if with_zeros => along.with_zeros(place),
            Self::Windows(_) | Self::Adaptive { .. } => self.window(place).count,
        }
    }
}

/// Windows from `place` on that see elements `step` apart from `first` on.
#[derive(Clone, Copy)]
struct Run {
    place: usize,
    count: usize,
    first: usize,
    step: usize,
}

impl Run {
    /// Its windows of a row, and its elements of a row.
    #[inline(always)]
    fn of<'a, T>(&self, windows: &'a mut [T], row: &'a [T]) -> (&'a mut [T], &'a [T]) {
        let elements = &row[self.first..][..(self.count - 1) * self.step + 1];
        (&mut windows[self.place..][..self.count], elements)
    }

    /// Calls `each` with each window and its element.
    #[inline(always)]
    fn pairs<T: Copy>(&self, windows: &mut [T], elements: &[T], each: impl Fn(&mut T, T)) {
        match self.step {
            1 => windows
                .iter_mut()
                .zip(elements)
                .for_each(|(window, &x)| each(window, x)),
            2 => {
                // The last one has no neighbour.
                let (pairs, last) = (elements.chunks_exact(2), windows.len() - 1);
                windows
                    .iter_mut()
                    .zip(pairs)
                    .for_each(|(window, pair)| each(window, pair[0]));
                each(&mut windows[last], elements[2 * last]);
            }
            step => windows
                .iter_mut()
                .zip(elements.iter().step_by(step))
                .for_each(|(window, &x)| each(window, x)),
        }
    }
}

/// So many elements a task.
const TASK: usize = 1 << 14;

/// The windows of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pooling {
    /// Axis by axis.
    pub axes: [Axis; 3],
}

impl Pooling {
    fn input(&self) -> usize {
        self.axes.iter().map(Axis::input).product()
    }

    fn output(&self) -> usize {
        self.axes.iter().map(Axis::output).product()
    }

    /// Calls `plane` with each of as many planes as `written` has of `size`, and its part of that.
    fn planes<T: Send>(&self, written: &mut [T], size: usize, plane: impl Fn(usize, &mut [T]) + Sync) {
        if size == 0 {
            return;
        }
        let planes = written.len() / size;
        let piece = TASK.div_ceil(self.input().max(self.output()).max(1));
        let shared = Shared::new(written);
        parallel_pieces(planes, piece, |first, count| {
            for index in first..first + count {
                // SAFETY: each task has planes of its own.
                plane(index, unsafe { shared.part(index * size, size) });
            }
        });
    }

    /// Calls `line` with each row of windows, and each row of elements that these see: the plane and the row of the windows, and where the
    /// elements begin.
    fn lines(&self, mut line: impl FnMut([usize; 2], usize)) {
        let [depth, height, width] = &self.axes;
        for plane in 0..depth.output() {
            for row in 0..height.output() {
                let (z, y) = (depth.window(plane), height.window(row));
                for z in z.places() {
                    for y in y.places() {
                        line([plane, row], (z * height.input() + y) * width.input());
                    }
                }
            }
        }
    }

    /// Divides each row by what the means of its windows are divided by.
    fn divide_all<T: Real>(&self, with_zeros: bool, sums: &mut [T]) {
        let (rows, windows) = (self.axes[1].output(), self.row());
        for (line, sums) in sums.chunks_exact_mut(windows.max(1)).enumerate() {
            self.divide([line / rows, line % rows], with_zeros, sums);
        }
    }

    /// The windows of a row.
    fn row(&self) -> usize {
        self.axes[2].output()
    }

    /// Divides a row by what the means of its windows are divided by.
    fn divide<T: Real>(&self, [plane, row]: [usize; 2], with_zeros: bool, sums: &mut [T]) {
        let [depth, height, width] = &self.axes;
        let lead = depth.count(plane, with_zeros) * height.count(row, with_zeros);
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum = *sum / T::from_usize(lead * width.count(place, with_zeros));
        }
    }
}

/// The largest element of each window of each plane, the first of several; NaN is larger than all.
///
/// # Panics
/// If a slice has another number of planes.
pub fn max<T: Real>(pooling: &Pooling, x: &[T], out: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(out, output, |plane, out| {
        largest(pooling, &x[plane * input..][..input], out)
    });
}

/// Its gradient: each window sends its own to where its largest element is.
///
/// # Panics
/// If a slice has another number of planes.
pub fn max_gradient<T: Real>(pooling: &Pooling, x: &[T], d: &[T], d_x: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(d_x, input, |plane, d_x| {
        let (x, d) = (&x[plane * input..][..input], &d[plane * output..][..output]);
        with_slice::<T, _>(output, |best| {
            with_slice::<i64, _>(output, |at| {
                search(pooling, x, best, at);
                d_x.fill(T::ZERO);
                for (&at, &d) in at.iter().zip(d) {
                    if at != NOWHERE {
                        d_x[at as usize] += d;
                    }
                }
            });
        });
    });
}

/// Where in its plane the largest element of each window is, as [`max`] has it; -1 where a window sees nothing.
///
/// # Panics
/// If a slice has another number of planes.
pub fn places<T: Plain + PartialOrd + Sync>(pooling: &Pooling, x: &[T], at: &mut [i64]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(at, output, |plane, at| {
        with_slice::<T, _>(output, |best| seek(pooling, &x[plane * input..][..input], best, at));
    });
}

/// The mean of each window of each plane; zeros around count if `with_zeros`.
///
/// # Panics
/// If a slice has another number of planes.
pub fn mean<T: Real>(pooling: &Pooling, with_zeros: bool, x: &[T], out: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(out, output, |plane, out| {
        sums(pooling, &x[plane * input..][..input], out);
        pooling.divide_all(with_zeros, out);
    });
}

/// Its gradient: each window sends the same share to all it has seen.
///
/// # Panics
/// If a slice has another number of planes.
pub fn mean_gradient<T: Real>(pooling: &Pooling, with_zeros: bool, d: &[T], d_x: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(d_x, input, |plane, d_x| {
        with_slice::<T, _>(output, |shares| {
            shares.copy_from_slice(&d[plane * output..][..output]);
            pooling.divide_all(with_zeros, shares);
            d_x.fill(T::ZERO);
            send(pooling, shares, d_x);
        });
    });
}

/// Where a window that sees nothing has its largest element.
const NOWHERE: i64 = -1;

/// Whether `number`, which comes later, takes the place of the largest so far.
#[inline(always)]
#[allow(clippy::eq_op, reason = "NaN alone differs from itself")]
fn takes<T: Copy + PartialOrd>(number: T, largest: T) -> bool {
    number > largest || number != number
}

tiered! {
    fn largest<S, T>(pooling: &Pooling, x: &[T], out: &mut [T]) {
        out.fill(T::NEG_INFINITY);
        let windows = pooling.row();
        pooling.lines(|[plane, row], from| {
            let out = &mut out[(plane * pooling.axes[1].output() + row) * windows..][..windows];
            pooling.axes[2].runs(false, |run| {
                let (out, x) = run.of(out, &x[from..]);
                run.pairs(out, x, |out, x| if takes(x, *out) { *out = x });
            });
        });
    }
}

/// The places of the largest elements in the plane, and these.
#[inline(always)]
fn seek<T: Copy + PartialOrd>(pooling: &Pooling, x: &[T], best: &mut [T], at: &mut [i64]) {
    at.fill(NOWHERE);
    let windows = pooling.row();
    pooling.lines(|[plane, row], from| {
        let first = (plane * pooling.axes[1].output() + row) * windows;
        pooling.axes[2].runs(false, |run| {
            let seen = first + run.place..first + run.place + run.count;
            let (best, at) = (&mut best[seen.clone()], &mut at[seen]);
            let start = from + run.first;
            for (i, (best, at)) in best.iter_mut().zip(at).enumerate() {
                let place = start + i * run.step;
                let number = x[place];
                // The first one is taken even if it is minus infinity.
                if *at == NOWHERE || takes(number, *best) {
                    (*best, *at) = (number, place as i64);
                }
            }
        });
    });
}

tiered! {
    fn search<S, T>(pooling: &Pooling, x: &[T], best: &mut [T], at: &mut [i64]) {
        seek(pooling, x, best, at);
    }
}

tiered! {
    fn sums<S, T>(pooling: &Pooling, x: &[T], out: &mut [T]) {
        out.fill(T::ZERO);
        let windows = pooling.row();
        pooling.lines(|[plane, row], from| {
            let out = &mut out[(plane * pooling.axes[1].output() + row) * windows..][..windows];
            pooling.axes[2].runs(false, |run| {
                let (out, x) = run.of(out, &x[from..]);
                run.pairs(out, x, |out, x| *out += x);
            });
        });
    }
}

tiered! {
    fn send<S, T>(pooling: &Pooling, shares: &[T], d_x: &mut [T]) {
        let windows = pooling.row();
        pooling.lines(|[plane, row], from| {
            let shares = &shares[(plane * pooling.axes[1].output() + row) * windows..][..windows];
            // The last elements of windows first, so that an element hears from its windows in their order.
            pooling.axes[2].runs(true, |run| {
                let (shares, d_x) = (&shares[run.place..][..run.count], &mut d_x[from + run.first..]);
                match run.step {
                    1 => d_x.iter_mut().zip(shares).for_each(|(d_x, &share)| *d_x += share),
                    step => d_x.iter_mut().step_by(step).zip(shares).for_each(|(d_x, &share)| *d_x += share),
                }
            });
        });
    }
}

#[cfg(test)]
mod tests;
