//! Convolution over three axes (those that are missing have size 1), and the two operations that its gradients are.
//!
//! `y[n, o, p] = b[o] + sum over c, k of x[n, c, p stride + k dilation - before] w[o, c, k]`, where `o` and `c` are of one group. A row of the
//! last axis is taken at a time, for one element of the kernel: that is an addition of a multiple of a row to a row. Planes are cut among
//! threads; no sum is.

use crate::kernels::Real;
use crate::kernels::windows::Along;
use crate::threads::{Shared, parallel_pieces};

/// The sizes of a convolution: `x: [images, groups * inputs, input..]`, `w: [groups * outputs, inputs, kernel..]`, `y: [images, groups *
/// outputs, output..]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// The samples.
    pub images: usize,
    /// The groups that channels fall into.
    pub groups: usize,
    /// Input channels of a group.
    pub inputs: usize,
    /// Output channels of a group.
    pub outputs: usize,
    /// How the kernel goes.
    pub axes: [Along; 3],
}

/// So many products a task.
const TASK: usize = 1 << 16;

impl Geometry {
    fn taps(&self) -> usize {
        self.axes.iter().map(|axis| axis.size).product()
    }

    fn input(&self) -> usize {
        self.axes.iter().map(|axis| axis.input).product()
    }

    fn output(&self) -> usize {
        self.axes.iter().map(|axis| axis.output).product()
    }

    /// How many planes of so many products a task takes.
    fn piece(&self, channels: usize) -> usize {
        TASK.div_ceil((channels * self.taps() * self.output()).max(1))
    }

    fn check(&self, x: usize, w: usize, y: usize) {
        let (inputs, outputs) = (self.groups * self.inputs, self.groups * self.outputs);
        assert_eq!(x, self.images * inputs * self.input(), "an input of another size");
        assert_eq!(w, outputs * self.inputs * self.taps(), "a weight of another size");
        assert_eq!(y, self.images * outputs * self.output(), "an output of another size");
    }

    /// Calls `row` for each element of the kernel and each row of the output at which it sees a row of the input: with the element's
    /// number, where the output's row begins in its plane, where the input's, and how many elements are seen from which on.
    fn rows(&self, mut row: impl FnMut(usize, usize, usize, Span)) {
        let [depth, height, width] = &self.axes;
        for kz in 0..depth.size {
            let (planes, mut z) = depth.seen(kz);
            for plane in planes {
                for ky in 0..height.size {
                    let (lines, mut y) = height.seen(ky);
                    for line in lines {
                        for kx in 0..width.size {
                            let (places, first) = width.seen(kx);
                            let tap = (kz * height.size + ky) * width.size + kx;
                            let out = (plane * height.output + line) * width.output;
                            let input = (z * height.input + y) * width.input;
                            let span = Span {
                                first: places.start,
                                count: places.len(),
                                step: width.stride,
                            };
                            row(tap, out + span.first, input + first, span);
                        }
                        y += height.stride;
                    }
                }
                z += depth.stride;
            }
        }
    }
}

/// Elements of a row of the output, and the step between those of the input that they see.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    count: usize,
    step: usize,
}

/// `y = conv(x, w) + b`.
///
/// # Panics
/// If a slice has another size.
pub fn forward<T: Real>(geometry: &Geometry, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]) {
    geometry.check(x.len(), w.len(), y.len());
    let (input, output, taps) = (geometry.input(), geometry.output(), geometry.taps());
    let channels = geometry.groups * geometry.outputs;
    let shared = Shared::new(y);
    parallel_pieces(
        geometry.images * channels,
        geometry.piece(geometry.inputs),
        |first, count| {
            for plane in first..first + count {
                let (image, o) = (plane / channels, plane % channels);
                // SAFETY: each task has planes of its own.
                let y = unsafe { shared.part(plane * output, output) };
                y.fill(bias.map_or(T::ZERO, |bias| bias[o]));
                let group = o / geometry.outputs;
                for c in 0..geometry.inputs {
                    let x = &x[((image * geometry.groups + group) * geometry.inputs + c) * input..][..input];
                    let w = &w[(o * geometry.inputs + c) * taps..][..taps];
                    geometry.rows(|tap, out, from, span| {
                        add_multiple(w[tap], &x[from..], span.step, &mut y[out..][..span.count], 1)
                    });
                }
            }
        },
    );
}

/// `d_x`, from `d = d_y`: what every element of the output sends back to those it has seen. It is the transposed convolution, too.
///
/// # Panics
/// If a slice has another size.
pub fn input_gradient<T: Real>(geometry: &Geometry, d: &[T], w: &[T], d_x: &mut [T]) {
    geometry.check(d_x.len(), w.len(), d.len());
    let (input, output, taps) = (geometry.input(), geometry.output(), geometry.taps());
    let channels = geometry.groups * geometry.inputs;
    let shared = Shared::new(d_x);
    parallel_pieces(
        geometry.images * channels,
        geometry.piece(geometry.outputs),
        |first, count| {
            for plane in first..first + count {
                let (image, c) = (plane / channels, plane % channels);
                // SAFETY: each task has planes of its own.
                let d_x = unsafe { shared.part(plane * input, input) };
                d_x.fill(T::ZERO);
                let (group, c) = (c / geometry.inputs, c % geometry.inputs);
                for o in group * geometry.outputs..(group + 1) * geometry.outputs {
                    let d = &d[(image * geometry.groups * geometry.outputs + o) * output..][..output];
                    let w = &w[(o * geometry.inputs + c) * taps..][..taps];
                    geometry.rows(|tap, out, to, span| {
                        let seen = &mut d_x[to..];
                        add_multiple(w[tap], &d[out..][..span.count], 1, seen, span.step);
                    });
                }
            }
        },
    );
}

/// `d_w (+)= ..`, from `d = d_y`.
///
/// # Panics
/// If a slice has another size.
pub fn weight_gradient<T: Real>(geometry: &Geometry, d: &[T], x: &[T], d_w: &mut [T], accumulate: bool) {
    geometry.check(x.len(), d_w.len(), d.len());
    let (input, output, taps) = (geometry.input(), geometry.output(), geometry.taps());
    let channels = geometry.groups * geometry.outputs;
    let shared = Shared::new(d_w);
    parallel_pieces(
        channels * geometry.inputs,
        geometry.piece(geometry.images),
        |first, count| {
            for pair in first..first + count {
                let (o, c) = (pair / geometry.inputs, pair % geometry.inputs);
                // SAFETY: each task has pairs of its own.
                let d_w = unsafe { shared.part(pair * taps, taps) };
                if !accumulate {
                    d_w.fill(T::ZERO);
                }
                let group = o / geometry.outputs;
                for image in 0..geometry.images {
                    let d = &d[(image * channels + o) * output..][..output];
                    let x = &x[((image * geometry.groups + group) * geometry.inputs + c) * input..][..input];
                    geometry.rows(|tap, out, from, span| {
                        d_w[tap] += dot(&d[out..][..span.count], &x[from..], span.step);
                    });
                }
            }
        },
    );
}

/// `y += b`, a number for each channel of `[images, channels, positions]`.
pub fn add_bias<T: Real>(images: usize, bias: &[T], y: &mut [T]) {
    let planes = images * bias.len();
    if y.is_empty() || planes == 0 {
        return;
    }
    let positions = y.len() / planes;
    for (plane, y) in y.chunks_exact_mut(positions).enumerate() {
        let bias = bias[plane % bias.len()];
        y.iter_mut().for_each(|y| *y += bias);
    }
}

/// `d_b (+)=` the sum of each channel of `d = d_y`, which is `[images, channels, positions]`.
///
/// # Panics
/// If a slice has another size.
pub fn bias_gradient<T: Real>(images: usize, channels: usize, d: &[T], d_b: &mut [T], accumulate: bool) {
    assert_eq!(d_b.len(), channels, "a bias of another size");
    let positions = d.len() / (images * channels).max(1);
    for (channel, d_b) in d_b.iter_mut().enumerate() {
        let planes = (0..images).map(|image| &d[(image * channels + channel) * positions..][..positions]);
        let sum = planes.fold(T::ZERO, |sum, plane| {
            sum + plane.iter().fold(T::ZERO, |sum, &d| sum + d)
        });
        *d_b = if accumulate { *d_b + sum } else { sum };
    }
}

/// `y += factor x` over as many elements as there are of the one with a step of 1.
fn add_multiple<T: Real>(factor: T, x: &[T], x_step: usize, y: &mut [T], y_step: usize) {
    match (x_step, y_step) {
        (1, 1) => y.iter_mut().zip(x).for_each(|(y, &x)| *y += factor * x),
        (1, _) => y.iter_mut().step_by(y_step).zip(x).for_each(|(y, &x)| *y += factor * x),
        _ => y
            .iter_mut()
            .zip(x.iter().step_by(x_step))
            .for_each(|(y, &x)| *y += factor * x),
    }
}

fn dot<T: Real>(d: &[T], x: &[T], step: usize) -> T {
    if step != 1 {
        return d
            .iter()
            .zip(x.iter().step_by(step))
            .fold(T::ZERO, |sum, (&d, &x)| sum + d * x);
    }
    // Eight sums, which the compiler keeps in one register.
    let mut sums = [T::ZERO; 8];
    let x = &x[..d.len()];
    let (d_eights, x_eights) = (d.chunks_exact(8), x.chunks_exact(8));
    let rest = d_eights.remainder().iter().zip(x_eights.remainder());
    let rest = rest.fold(T::ZERO, |sum, (&d, &x)| sum + d * x);
    for (d, x) in d_eights.zip(x_eights) {
        for lane in 0..8 {
            sums[lane] += d[lane] * x[lane];
        }
    }
    sums.iter().fold(rest, |sum, &lane| sum + lane)
}

#[cfg(test)]
mod tests;
