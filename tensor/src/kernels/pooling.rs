//! Pooling over three axes (those that are missing have size 1): the largest element or the mean of each window, and their gradients.
//!
//! Planes are cut among threads; within a plane windows come in their order.

use crate::kernels::Real;
use crate::kernels::pool::Window;
use crate::kernels::windows::Along;
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

    fn input(&self) -> usize {
        match self {
            Self::Windows(along) => along.input,
            Self::Adaptive { input, .. } => *input,
        }
    }

    fn output(&self) -> usize {
        match self {
            Self::Windows(along) => along.output,
            Self::Adaptive { output, .. } => *output,
        }
    }

    fn window(&self, place: usize) -> Window {
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

    /// What a mean along this axis is divided by.
    fn count(&self, place: usize, with_zeros: bool) -> usize {
        match self {
            Self::Windows(along) if with_zeros => along.with_zeros(place),
            Self::Windows(_) | Self::Adaptive { .. } => self.window(place).count,
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
    fn planes<T: Real>(&self, written: &mut [T], size: usize, plane: impl Fn(usize, &mut [T]) + Sync) {
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

    /// Calls `window` with each window of a plane: its number, what it sees along each axis, and where it is.
    fn windows(&self, mut window: impl FnMut(usize, [Window; 3], [usize; 3])) {
        let mut number = 0;
        for z in 0..self.axes[0].output() {
            let depth = self.axes[0].window(z);
            for y in 0..self.axes[1].output() {
                let height = self.axes[1].window(y);
                for x in 0..self.axes[2].output() {
                    window(number, [depth, height, self.axes[2].window(x)], [z, y, x]);
                    number += 1;
                }
            }
        }
    }

    /// Calls `element` with the place of each element of a window.
    fn elements(&self, [depth, height, width]: [Window; 3], mut element: impl FnMut(usize)) {
        let (rows, columns) = (self.axes[1].input(), self.axes[2].input());
        for z in 0..depth.count {
            for y in 0..height.count {
                let line = ((depth.first + z * depth.step) * rows + height.first + y * height.step) * columns;
                for x in 0..width.count {
                    element(line + width.first + x * width.step);
                }
            }
        }
    }

    /// Where the largest element of a window is, the first of several; NaN is larger than all, and the last of several NaN is taken.
    fn largest<T: Real>(&self, x: &[T], window: [Window; 3]) -> Option<usize> {
        let mut best: Option<(usize, T)> = None;
        self.elements(window, |place| {
            let number = x[place];
            let takes = match best {
                None => true,
                #[allow(clippy::eq_op, reason = "NaN alone differs from itself")]
                Some((_, largest)) => number > largest || number != number,
            };
            if takes {
                best = Some((place, number));
            }
        });
        best.map(|(place, _)| place)
    }

    fn divisor<T: Real>(&self, places: [usize; 3], with_zeros: bool) -> T {
        let counts = self
            .axes
            .iter()
            .zip(places)
            .map(|(axis, place)| axis.count(place, with_zeros));
        T::from_usize(counts.product())
    }
}

/// The largest element of each window of each plane.
///
/// # Panics
/// If a slice has another number of planes.
pub fn max<T: Real>(pooling: &Pooling, x: &[T], out: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(out, output, |plane, out| {
        let x = &x[plane * input..][..input];
        pooling.windows(|number, window, _| {
            out[number] = pooling.largest(x, window).map_or(T::NEG_INFINITY, |place| x[place]);
        });
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
        d_x.fill(T::ZERO);
        pooling.windows(|number, window, _| {
            if let Some(place) = pooling.largest(x, window) {
                d_x[place] += d[number];
            }
        });
    });
}

/// The mean of each window of each plane; zeros around count if `with_zeros`.
///
/// # Panics
/// If a slice has another number of planes.
pub fn mean<T: Real>(pooling: &Pooling, with_zeros: bool, x: &[T], out: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(out, output, |plane, out| {
        let x = &x[plane * input..][..input];
        pooling.windows(|number, window, places| {
            let mut sum = T::ZERO;
            pooling.elements(window, |place| sum += x[place]);
            out[number] = sum / pooling.divisor(places, with_zeros);
        });
    });
}

/// Its gradient: each window sends the same share to all it has seen.
///
/// # Panics
/// If a slice has another number of planes.
pub fn mean_gradient<T: Real>(pooling: &Pooling, with_zeros: bool, d: &[T], d_x: &mut [T]) {
    let (input, output) = (pooling.input(), pooling.output());
    pooling.planes(d_x, input, |plane, d_x| {
        let d = &d[plane * output..][..output];
        d_x.fill(T::ZERO);
        pooling.windows(|number, window, places| {
            let share = d[number] / pooling.divisor(places, with_zeros);
            pooling.elements(window, |place| d_x[place] += share);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(input: usize, size: usize, stride: usize, zeros: usize, output: usize) -> Pooling {
        let along = Along {
            input,
            output,
            size,
            stride,
            before: zeros,
            after: zeros,
            dilation: 1,
        };
        Pooling {
            axes: [Axis::ONE, Axis::ONE, Axis::Windows(along)],
        }
    }

    /// By the definition: every element of every window.
    fn naive(pooling: &Pooling, x: &[f64], mut each: impl FnMut(usize, &[usize])) {
        let Axis::Windows(along) = pooling.axes[2] else {
            panic!("a window")
        };
        for plane in 0..x.len() / along.input {
            for place in 0..along.output {
                let seen = (0..along.size).filter_map(|tap| along.at(place, tap));
                let seen: Vec<usize> = seen.map(|at| plane * along.input + at).collect();
                each(plane * along.output + place, &seen);
            }
        }
    }

    #[test]
    fn each_is_what_it_is_defined_as() {
        let x: Vec<f64> = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3].map(f64::from).into();
        for pooling in [
            line(5, 2, 2, 0, 2),
            line(5, 3, 1, 1, 5),
            line(5, 2, 2, 0, 3),
            line(5, 5, 1, 0, 1),
        ] {
            let count = pooling.output() * 2;
            let d: Vec<f64> = (1..=count).map(|number| number as f64).collect();
            let (mut found, mut back) = (vec![0.0; count], vec![f64::NAN; 10]);
            max(&pooling, &x, &mut found);
            max_gradient(&pooling, &x, &d, &mut back);
            let mut expected = [0.0; 10];
            naive(&pooling, &x, |place, seen| {
                let largest = seen
                    .iter()
                    .copied()
                    .reduce(|best, at| if x[at] > x[best] { at } else { best })
                    .unwrap();
                assert_eq!(found[place], x[largest]);
                expected[largest] += d[place];
            });
            assert_eq!(back, expected);

            for with_zeros in [false, true] {
                mean(&pooling, with_zeros, &x, &mut found);
                mean_gradient(&pooling, with_zeros, &d, &mut back);
                let Axis::Windows(along) = pooling.axes[2] else {
                    panic!("a window")
                };
                let mut expected = [0.0; 10];
                naive(&pooling, &x, |place, seen| {
                    let whole = along.with_zeros(place % along.output);
                    let count = if with_zeros { whole } else { seen.len() } as f64;
                    assert_eq!(found[place], seen.iter().map(|&at| x[at]).sum::<f64>() / count);
                    seen.iter().for_each(|&at| expected[at] += d[place] / count);
                });
                assert_eq!(back, expected);
            }
        }
    }

    #[test]
    fn adaptive_windows_overlap_where_they_must() {
        let pooling = Pooling {
            axes: [Axis::ONE, Axis::ONE, Axis::Adaptive { input: 5, output: 3 }],
        };
        let mut out = [0.0; 3];
        mean(&pooling, true, &[1.0, 2.0, 3.0, 4.0, 5.0], &mut out);
        assert_eq!(out, [1.5, 3.0, 4.5]);
        let mut back = [0.0; 5];
        mean_gradient(&pooling, true, &[2.0, 3.0, 4.0], &mut back);
        assert_eq!(back, [1.0, 2.0, 1.0, 3.0, 2.0]);
    }

    #[test]
    fn nan_is_larger_than_all() {
        let pooling = line(4, 2, 2, 0, 2);
        let mut out = [0.0; 2];
        max(&pooling, &[f64::NAN, 7.0, 1.0, 1.0], &mut out);
        assert!(out[0].is_nan() && out[1] == 1.0);
        let mut back = [0.0; 4];
        max_gradient(&pooling, &[f64::NAN, 7.0, 1.0, 1.0], &[1.0, 1.0], &mut back);
        assert_eq!(back, [1.0, 0.0, 1.0, 0.0]);
    }
}
