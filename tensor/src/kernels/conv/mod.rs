//! Convolution over three axes (those that are missing have size 1), and the two operations that its gradients are.
//!
//! `y[n, o, p] = b[o] + sum over c, k of x[n, c, p stride + k dilation - before] w[o, c, k]`, where `o` and `c` are of one group. From the bottom
//! up: `axis` says in which order images are copied, so that what an element of the kernel sees lies side by side; `copy` copies
//! pieces of them; `tile` multiplies, in registers; `sweep` is the convolution and its adjoint, which are one thing; `correlate` is the
//! gradient of the weights. What is cut among threads is cut by size alone.

mod axis;
mod copy;
mod correlate;
mod sweep;
mod tile;

use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::kernels::windows::Along;
use crate::threads::{Shared, parallel_pieces};

use axis::Axis;
use sweep::{Sweep, Weights};

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

/// So many numbers a task.
const TASK: usize = 1 << 15;

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

    fn check(&self, x: usize, w: usize, y: usize) {
        let (inputs, outputs) = (self.groups * self.inputs, self.groups * self.outputs);
        assert_eq!(x, self.images * inputs * self.input(), "an input of another size");
        assert_eq!(w, outputs * self.inputs * self.taps(), "a weight of another size");
        assert_eq!(y, self.images * outputs * self.output(), "an output of another size");
    }
}

/// `y = conv(x, w) + b`.
///
/// # Panics
/// If a slice has another size.
pub fn forward<T: Real>(geometry: &Geometry, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]) {
    geometry.check(x.len(), w.len(), y.len());
    assert!(bias.is_none_or(|bias| bias.len() == geometry.groups * geometry.outputs));
    let (taps, row) = (geometry.taps(), geometry.inputs * geometry.taps());
    let sweep = Sweep {
        images: geometry.images,
        groups: geometry.groups,
        channels: geometry.inputs,
        rows: geometry.outputs,
        axes: geometry.axes.each_ref().map(Axis::forward),
        sizes: geometry.axes.map(|axis| axis.size),
        x,
        weights: Weights {
            data: w,
            group: geometry.outputs * row,
            row,
            channel: taps,
        },
        bias,
    };
    sweep.run(&Shared::new(y));
}

/// `d_x`, from `d = d_y`: what every element of the output sends back to those it has seen. It is the transposed convolution, too, and has its
/// bias then: a number for each of its channels.
///
/// # Panics
/// If a slice has another size.
pub fn input_gradient<T: Real>(geometry: &Geometry, d: &[T], w: &[T], bias: Option<&[T]>, d_x: &mut [T]) {
    geometry.check(d_x.len(), w.len(), d.len());
    assert!(bias.is_none_or(|bias| bias.len() == geometry.groups * geometry.inputs));
    let (taps, row) = (geometry.taps(), geometry.inputs * geometry.taps());
    let d_x = Shared::new(d_x);
    let strides = geometry.axes.map(|axis| axis.stride);
    // Inputs that are a stride apart are seen by the same elements of the kernel.
    for residue in 0..strides.iter().product() {
        let residues = [
            residue / (strides[1] * strides[2]),
            residue / strides[2] % strides[1],
            residue % strides[2],
        ];
        let sweep = Sweep {
            images: geometry.images,
            groups: geometry.groups,
            channels: geometry.outputs,
            rows: geometry.inputs,
            axes: std::array::from_fn(|axis| Axis::backward(&geometry.axes[axis], residues[axis])),
            sizes: geometry.axes.map(|axis| axis.size),
            x: d,
            weights: Weights {
                data: w,
                group: geometry.outputs * row,
                row: taps,
                channel: row,
            },
            bias,
        };
        sweep.run(&d_x);
    }
}

/// `d_w (+)= ..`, from `d = d_y`.
///
/// # Panics
/// If a slice has another size.
pub fn weight_gradient<T: Real>(geometry: &Geometry, d: &[T], x: &[T], d_w: &mut [T], accumulate: bool) {
    geometry.check(x.len(), d_w.len(), d.len());
    correlate::run(geometry, d, x, d_w, accumulate);
}

/// `d_b (+)=` the sum of each channel of `d = d_y`, which is `[images, channels, positions]`.
///
/// # Panics
/// If a slice has another size.
pub fn bias_gradient<T: Real>(images: usize, channels: usize, d: &[T], d_b: &mut [T], accumulate: bool) {
    assert_eq!(d_b.len(), channels, "a bias of another size");
    let positions = d.len() / (images * channels).max(1);
    let shared = Shared::new(d_b);
    parallel_pieces(channels, TASK.div_ceil((images * positions).max(1)), |first, count| {
        // SAFETY: each task has channels of its own.
        let d_b = unsafe { shared.part(first, count) };
        for (channel, d_b) in (first..).zip(d_b) {
            let planes = (0..images).map(|image| &d[(image * channels + channel) * positions..][..positions]);
            let sum = planes.fold(T::ZERO, |total, plane| total + sum(plane));
            *d_b = if accumulate { *d_b + sum } else { sum };
        }
    });
}

tiered! {
    /// The sum, in thirty-two sums that lie in registers.
    fn sum<S, T>(x: &[T]) -> T {
        let mut sums = [T::ZERO; 32];
        let parts = x.chunks_exact(32);
        let rest = parts.remainder().iter().fold(T::ZERO, |sum, &x| sum + x);
        for part in parts {
            for lane in 0..32 {
                sums[lane] += part[lane];
            }
        }
        sums.iter().fold(rest, |sum, &lane| sum + lane)
    }
}

#[cfg(test)]
mod tests;
