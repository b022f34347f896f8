//! Borders around the last axes of planes that lie one after the other.

use super::Real;
use crate::threads::{Shared, parallel_pieces};

pub use tensor_ops::primitive::Border;

/// An axis, and how many elements are added at either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The elements there are.
    pub input: usize,
    /// So many before.
    pub before: usize,
    /// So many behind.
    pub after: usize,
}

impl Side {
    /// An axis that is not there.
    pub const ONE: Self = Self {
        input: 1,
        before: 0,
        after: 0,
    };

    fn output(&self) -> usize {
        self.before + self.input + self.after
    }

    /// Where an element of the result comes from.
    fn source(&self, border: Border, index: usize) -> Option<usize> {
        if (self.before..self.before + self.input).contains(&index) {
            return Some(index - self.before);
        }
        let (place, size) = (index as isize - self.before as isize, self.input as isize);
        let source = match border {
            _ if size == 0 => return None,
            Border::Constant(_) => return None,
            Border::Replicate => place.clamp(0, size - 1),
            Border::Circular => place.rem_euclid(size),
            Border::Reflect if size == 1 => 0,
            Border::Reflect => {
                let place = place.rem_euclid(2 * size - 2);
                place.min(2 * size - 2 - place)
            }
        };
        Some(source as usize)
    }
}

/// The elements of `planes` blocks of these axes.
fn count(planes: usize, axes: &[Side; 3], size: impl Fn(&Side) -> usize) -> usize {
    planes * axes.iter().map(size).product::<usize>()
}

/// Calls `row` for each row of a plane of the result: where it begins there, and where the row that it comes from begins.
fn rows([depth, height, width]: &[Side; 3], border: Border, mut row: impl FnMut(usize, Option<usize>)) {
    for d in 0..depth.output() {
        let from_d = depth.source(border, d);
        for h in 0..height.output() {
            let from = from_d.zip(height.source(border, h));
            let from = from.map(|(d, h)| (d * height.input + h) * width.input);
            row((d * height.output() + h) * width.output(), from);
        }
    }
}

/// Planes a task.
fn planes_per_task(plane: usize) -> usize {
    ((1 << 14) / plane.max(1)).max(1)
}

/// `out` is `x` with a border.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn forward<T: Real>(planes: usize, axes: &[Side; 3], border: Border, x: &[T], out: &mut [T]) {
    let (input, output) = (count(1, axes, |side| side.input), count(1, axes, Side::output));
    assert_eq!((x.len(), out.len()), (planes * input, planes * output));
    let number = match border {
        Border::Constant(number) => T::from_f64(number),
        Border::Reflect | Border::Replicate | Border::Circular => T::ZERO,
    };
    let (width, out) = (axes[2], Shared::new(out));
    parallel_pieces(planes, planes_per_task(output), |first, count| {
        for plane in first..first + count {
            let x = &x[plane * input..][..input];
            // SAFETY: planes are disjoint.
            let out = unsafe { out.part(plane * output, output) };
            rows(axes, border, |to, from| {
                let out = &mut out[to..to + width.output()];
                let Some(from) = from else {
                    return out.fill(number);
                };
                let row = &x[from..from + width.input];
                out[width.before..][..width.input].copy_from_slice(row);
                for index in (0..width.before).chain(width.before + width.input..width.output()) {
                    out[index] = width.source(border, index).map_or(number, |source| row[source]);
                }
            });
        }
    });
}

/// The gradient by `x`: what an element came to is summed, in the order of the result.
///
/// # Panics
/// If lengths do not fit the sizes.
pub fn gradient<T: Real>(planes: usize, axes: &[Side; 3], border: Border, d_out: &[T], d_x: &mut [T]) {
    let (input, output) = (count(1, axes, |side| side.input), count(1, axes, Side::output));
    assert_eq!((d_x.len(), d_out.len()), (planes * input, planes * output));
    let (width, d_x) = (axes[2], Shared::new(d_x));
    parallel_pieces(planes, planes_per_task(output), |first, count| {
        for plane in first..first + count {
            let d_out = &d_out[plane * output..][..output];
            // SAFETY: planes are disjoint.
            let d_x = unsafe { d_x.part(plane * input, input) };
            d_x.fill(T::ZERO);
            rows(axes, border, |to, from| {
                let Some(from) = from else {
                    return;
                };
                let row = &mut d_x[from..from + width.input];
                for (index, &d) in d_out[to..to + width.output()].iter().enumerate() {
                    if let Some(source) = width.source(border, index) {
                        row[source] += d;
                    }
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::strided::tests::Dice;

    const EACH: [Border; 4] = [
        Border::Constant(-1.5),
        Border::Reflect,
        Border::Replicate,
        Border::Circular,
    ];

    fn side(input: usize, before: usize, after: usize) -> Side {
        Side { input, before, after }
    }

    #[test]
    fn a_row_gets_what_the_border_is_made_of() {
        let x = [1.0, 2.0, 3.0];
        let expected = [
            [-1.5, -1.5, 1.0, 2.0, 3.0, -1.5],
            [3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
            [1.0, 1.0, 1.0, 2.0, 3.0, 3.0],
            [2.0, 3.0, 1.0, 2.0, 3.0, 1.0],
        ];
        for (border, expected) in EACH.into_iter().zip(expected) {
            let mut out = [0.0; 6];
            forward(1, &[Side::ONE, Side::ONE, side(3, 2, 1)], border, &x, &mut out);
            assert_eq!(out, expected, "{border:?}");
        }
    }

    #[test]
    fn axes_come_one_after_the_other() {
        let axes = [side(2, 1, 0), side(3, 0, 2), side(2, 1, 1)];
        let x = Dice::new(1).numbers(2 * 12);
        for border in EACH {
            // An axis at a time, from the last one on.
            let mut expected = x.clone();
            for (axis, around) in axes.iter().enumerate().rev() {
                let behind: usize = axes[axis + 1..].iter().map(Side::output).product();
                let before: usize = 2 * axes[..axis].iter().map(|side| side.input).product::<usize>();
                let mut out = vec![0.0; before * around.output() * behind];
                for row in 0..before {
                    for index in 0..around.output() {
                        for place in 0..behind {
                            let source = around.source(border, index);
                            let from = source.map(|source| (row * around.input + source) * behind + place);
                            let to = (row * around.output() + index) * behind + place;
                            out[to] = from.map_or(-1.5, |from| expected[from]);
                        }
                    }
                }
                expected = out;
            }
            let mut out = vec![0.0; expected.len()];
            forward(2, &axes, border, &x, &mut out);
            assert_eq!(out, expected, "{border:?}");
        }
    }

    #[test]
    fn the_gradient_is_the_adjoint() {
        for axes in [
            [side(2, 1, 0), side(3, 0, 2), side(2, 1, 1)],
            [side(1, 0, 0), side(1, 0, 0), side(0, 2, 1)],
        ] {
            let (input, output) = (count(3, &axes, |side| side.input), count(3, &axes, Side::output));
            let mut dice = Dice::new(2);
            let (x, d) = (dice.numbers(input), dice.numbers(output));
            for border in [
                Border::Constant(0.0),
                Border::Reflect,
                Border::Replicate,
                Border::Circular,
            ] {
                let (mut out, mut d_x) = (vec![9.0; output], vec![9.0; input]);
                forward(3, &axes, border, &x, &mut out);
                gradient(3, &axes, border, &d, &mut d_x);
                let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
                assert!((dot(&out, &d) - dot(&x, &d_x)).abs() < 1e-12, "{border:?}");
            }
        }
    }
}
