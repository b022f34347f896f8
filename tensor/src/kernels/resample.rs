//! Other sizes for the last axes of planes that lie one after the other: every new element is a weighted sum of near ones.

use super::Real;
use crate::threads::{Shared, parallel_pieces};

pub use tensor_ops::primitive::Interpolation;

/// What is computed in: as PyTorch, in the precision of the elements, so that places that lie on an edge fall to the same side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits.
    Single,
    /// 64 bits.
    Double,
}

impl Precision {
    fn round(self, x: f64) -> f64 {
        match self {
            Self::Single => f64::from(x as f32),
            Self::Double => x,
        }
    }
}

/// One axis: its size before and after, and how far apart new elements are, counted in old ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The old size.
    pub input: usize,
    /// The new one.
    pub output: usize,
    step: f64,
    nearest_step: f32,
    align: bool,
    precision: Precision,
}

impl Axis {
    /// An axis that is not there.
    pub const ONE: Self = Self {
        input: 1,
        output: 1,
        step: 1.0,
        nearest_step: 1.0,
        align: false,
        precision: Precision::Double,
    };

    /// An axis that grows by a factor, or from one size to another.
    pub fn new(input: usize, output: usize, factor: Option<f64>, align: bool, precision: Precision) -> Self {
        let step = match factor {
            _ if align && output > 1 => (input.max(1) - 1) as f64 / (output - 1) as f64,
            _ if align => 0.0,
            Some(factor) => factor.recip(),
            None => input as f64 / output as f64,
        };
        let nearest_step = match factor {
            Some(factor) => factor.recip() as f32,
            None => input as f32 / output as f32,
        };
        Self {
            input,
            output,
            step: precision.round(step),
            nearest_step,
            align,
            precision,
        }
    }

    /// Where the middle of a new element lies, counted from the middle of the first old one.
    fn place(&self, index: usize) -> f64 {
        let round = |x| self.precision.round(x);
        if self.align {
            round(self.step * index as f64)
        } else {
            round(round(self.step * round(index as f64 + 0.5)) - 0.5)
        }
    }

    /// The old element before a new one, which may be the one before the first, and how far behind that it is, from 0 to 1.
    pub fn neighbour(&self, index: usize, least: f64) -> (isize, f64) {
        let place = self.place(index).max(least);
        let before = place.floor().min((self.input - 1) as f64);
        (before as isize, self.precision.round(place - before).clamp(0.0, 1.0))
    }

    /// The nearest index that there is.
    pub fn inside(&self, index: isize) -> usize {
        index.clamp(0, self.input as isize - 1) as usize
    }

    /// The element that is taken for a new one by the nearest, in single precision as PyTorch has it.
    pub fn nearest(&self, index: usize, exact: bool) -> usize {
        let (input, output, step) = (self.input, self.output, self.nearest_step);
        let source = match exact {
            false if input == output => index,
            false if output == 2 * input => index / 2,
            false => (index as f32 * step).floor() as usize,
            true => ((index as f32 + 0.5) * step).floor() as usize,
        };
        source.min(input - 1)
    }

    /// What a new element is made of.
    fn taps<T: Real>(&self, how: Interpolation, index: usize) -> Taps<T> {
        let mut taps = Taps {
            places: [0; 4],
            weights: [T::ONE; 4],
            count: 1,
        };
        match how {
            Interpolation::Nearest => taps.places[0] = self.nearest(index, false),
            _ if self.input == self.output && !matches!(how, Interpolation::Cubic { .. }) => taps.places[0] = index,
            Interpolation::Linear { .. } => {
                let (before, t) = self.neighbour(index, 0.0);
                taps.count = 2;
                for (tap, weight) in [1.0 - t, t].into_iter().enumerate() {
                    taps.places[tap] = self.inside(before + tap as isize);
                    taps.weights[tap] = T::from_f64(weight);
                }
            }
            Interpolation::Cubic { .. } => {
                let (before, t) = self.neighbour(index, f64::NEG_INFINITY);
                taps.count = 4;
                for (tap, weight) in cubic(t).into_iter().enumerate() {
                    taps.places[tap] = self.inside(before + tap as isize - 1);
                    taps.weights[tap] = T::from_f64(weight);
                }
            }
        }
        taps
    }
}

/// The weights of four neighbours of a place that is `t` behind the second, by the cubic of Keys with the constant -0.75.
pub fn cubic(t: f64) -> [f64; 4] {
    const A: f64 = -0.75;
    let near = |x: f64| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = |x: f64| ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A;
    [far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)]
}

/// The elements of an axis that a new one is made of.
struct Taps<T> {
    places: [usize; 4],
    weights: [T; 4],
    count: usize,
}

impl<T: Real> Taps<T> {
    fn each(&self) -> impl Iterator<Item = (usize, T)> + '_ {
        self.places[..self.count].iter().copied().zip(self.weights)
    }
}

/// Calls `each` for every new element of a plane: where it lies, and for every old one in it where that lies and its weight.
fn elements<T: Real>(axes: &[Axis; 3], how: Interpolation, mut each: impl FnMut(usize, usize, T)) {
    let [depth, height, width] = axes;
    for d in 0..depth.output {
        let depths = depth.taps::<T>(how, d);
        for h in 0..height.output {
            let heights = height.taps::<T>(how, h);
            for w in 0..width.output {
                let (widths, to) = (width.taps::<T>(how, w), (d * height.output + h) * width.output + w);
                for (d, weight) in depths.each() {
                    for (h, of_h) in heights.each() {
                        for (w, of_w) in widths.each() {
                            each(to, (d * height.input + h) * width.input + w, weight * of_h * of_w);
                        }
                    }
                }
            }
        }
    }
}

/// The elements of a plane before, and after.
fn sizes(axes: &[Axis; 3]) -> [usize; 2] {
    [|axis: &Axis| axis.input, |axis: &Axis| axis.output].map(|size| axes.iter().map(size).product())
}

/// Planes a task.
fn planes_per_task(plane: usize) -> usize {
    ((1 << 12) / plane.max(1)).max(1)
}

/// The new elements; zeros where there are no old ones.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn forward<T: Real>(planes: usize, axes: &[Axis; 3], how: Interpolation, x: &[T], out: &mut [T]) {
    let [input, output] = sizes(axes);
    assert_eq!((x.len(), out.len()), (planes * input, planes * output));
    let out = Shared::new(out);
    parallel_pieces(planes, planes_per_task(output), |first, count| {
        for plane in first..first + count {
            let x = &x[plane * input..][..input];
            // SAFETY: planes are disjoint.
            let out = unsafe { out.part(plane * output, output) };
            out.fill(T::ZERO);
            if input > 0 {
                elements(axes, how, |to, from, weight: T| out[to] += weight * x[from]);
            }
        }
    });
}

/// The gradient by `x`.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn gradient<T: Real>(planes: usize, axes: &[Axis; 3], how: Interpolation, d_out: &[T], d_x: &mut [T]) {
    let [input, output] = sizes(axes);
    assert_eq!((d_x.len(), d_out.len()), (planes * input, planes * output));
    let d_x = Shared::new(d_x);
    parallel_pieces(planes, planes_per_task(output), |first, count| {
        for plane in first..first + count {
            let d_out = &d_out[plane * output..][..output];
            // SAFETY: planes are disjoint.
            let d_x = unsafe { d_x.part(plane * input, input) };
            d_x.fill(T::ZERO);
            if input > 0 {
                elements(axes, how, |to, from, weight: T| d_x[from] += weight * d_out[to]);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::strided::tests::Dice;

    const EACH: [Interpolation; 5] = [
        Interpolation::Nearest,
        Interpolation::Linear { align: false },
        Interpolation::Linear { align: true },
        Interpolation::Cubic { align: false },
        Interpolation::Cubic { align: true },
    ];

    fn axis(how: Interpolation, input: usize, output: usize) -> Axis {
        let align = matches!(
            how,
            Interpolation::Linear { align: true } | Interpolation::Cubic { align: true }
        );
        Axis::new(input, output, None, align, Precision::Double)
    }

    /// PyTorch's `interpolate` of `[1, 2, 4]` to five elements; of the cubic along the one axis of two that has more than an element.
    #[test]
    fn rows_are_those_of_pytorch() {
        let expected = [
            [1.0, 1.0, 2.0, 2.0, 4.0],
            [1.0, 1.4, 2.0, 3.2, 4.0],
            [1.0, 1.5, 2.0, 3.0, 4.0],
            [0.904, 1.244, 2.0, 3.296, 4.192],
            [1.0, 1.3125, 2.0, 3.09375, 4.0],
        ];
        for (how, expected) in EACH.into_iter().zip(expected) {
            let mut out = [0.0; 5];
            forward(
                1,
                &[Axis::ONE, Axis::ONE, axis(how, 3, 5)],
                how,
                &[1.0, 2.0, 4.0],
                &mut out,
            );
            let near = out
                .iter()
                .zip(expected)
                .all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-12);
            assert!(near, "{how:?}: {out:?}");
        }
    }

    #[test]
    fn weights_add_up_to_one() {
        for how in EACH {
            for [input, output] in [[1, 4], [3, 7], [7, 3], [4, 4], [5, 1]] {
                let axes = [axis(how, 2, 3), axis(how, input, output), axis(how, 3, 2)];
                let [input, output] = sizes(&axes);
                let mut out = vec![9.0; 2 * output];
                forward(2, &axes, how, &vec![1.0; 2 * input], &mut out);
                assert!(out.iter().all(|y: &f64| (y - 1.0).abs() < 1e-12), "{how:?}: {out:?}");
            }
        }
    }

    #[test]
    fn the_gradient_is_the_adjoint() {
        let mut dice = Dice::new(5);
        for how in EACH {
            for [height, width] in [[[3, 5], [4, 2]], [[1, 3], [2, 2]], [[0, 0], [2, 4]]] {
                let axes = [
                    Axis::ONE,
                    axis(how, height[0], height[1]),
                    axis(how, width[0], width[1]),
                ];
                let [input, output] = sizes(&axes);
                let (x, d) = (dice.numbers(3 * input), dice.numbers(3 * output));
                let (mut out, mut d_x) = (vec![9.0; d.len()], vec![9.0; x.len()]);
                forward(3, &axes, how, &x, &mut out);
                gradient(3, &axes, how, &d, &mut d_x);
                let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                assert!((dot(&out, &d) - dot(&x, &d_x)).abs() < 1e-12, "{how:?}");
            }
        }
    }
}
