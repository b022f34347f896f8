//! Convolutions: `y[n, o, p] = b[o] + sum over c, k of x[n, c, p stride + k dilation - before] w[o, c, k]`.

use super::windows::{Rounding, Windows};
use super::{Made, Needs, channels};
use crate::{Misfit, Poly, Shape};

/// A convolution, or with [`super::Primitive::ConvTranspose`] its transpose, over one to three axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// How the kernel goes.
    pub windows: Windows,
    /// Outputs of a group see the inputs of that group alone.
    pub groups: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

impl Conv {
    pub(super) fn name(&self) -> &'static str {
        ["conv1d", "conv2d", "conv3d"][self.windows.rank - 1]
    }

    pub(super) fn text(&self) -> Vec<String> {
        let mut text = self.windows.text([1; 3]);
        if self.groups != 1 {
            text.push(format!("groups = {}", self.groups));
        }
        if !self.bias {
            text.push("bias = false".to_owned());
        }
        text
    }

    pub(super) fn needs(&self) -> Needs {
        Needs {
            inputs: true,
            output: false,
            parameters: true,
        }
    }

    pub(super) fn parameters(&self) -> &'static [&'static str] {
        if self.bias { &["weight", "bias"] } else { &["weight"] }
    }

    /// `[outputs, inputs / groups, kernel..]`, and `[outputs]`.
    pub(super) fn parameter_shapes(&self, x: &Shape, outputs: &Poly) -> Result<Vec<Shape>, Misfit> {
        let inputs = channels(x, self.windows.rank)?;
        let kernel = self.windows.size[..self.windows.rank].iter();
        let axes = [outputs.clone(), self.grouped(inputs, "input")?];
        self.grouped(outputs, "output")?;
        let weight = Shape::new(axes.into_iter().chain(kernel.map(|&size| Poly::number(size as u64))));
        let bias = self.bias.then(|| Shape::new([outputs.clone()]));
        Ok([weight].into_iter().chain(bias).collect())
    }

    fn grouped(&self, channels: &Poly, which: &'static str) -> Result<Poly, Misfit> {
        channels.divided(self.groups as u64).ok_or_else(|| Misfit::Groups {
            which,
            channels: channels.clone(),
            groups: self.groups as u64,
        })
    }

    pub(super) fn made(&self, x: &Shape, weight: &Shape) -> Result<Made, Misfit> {
        channels(x, self.windows.rank)?;
        let outputs = weight.axes().first().cloned().unwrap_or_default();
        over_windows(&self.windows, x, outputs, Rounding::Down)
    }

    pub(super) fn flops(&self, x: &Shape, weight: &Shape) -> Poly {
        let Ok(made) = self.made(x, weight) else {
            return Poly::number(0);
        };
        let inputs = weight.axes().get(1).cloned().unwrap_or_default();
        let each = &(&Poly::number(2 * self.windows.taps()) * &inputs) + &Poly::number(u64::from(self.bias));
        &made.shape.elements() * &each
    }

    pub(super) fn type_sizes(&self, weight: &Shape) -> Vec<Poly> {
        let mut sizes = weight.axes().to_vec();
        // In front what it takes, as it is called.
        sizes.swap(0, 1);
        sizes
    }
}

/// The shape with other channels and, behind them, the places of the windows.
pub(super) fn over_windows(windows: &Windows, x: &Shape, channels: Poly, rounding: Rounding) -> Result<Made, Misfit> {
    let mut axes = vec![x.axes()[0].clone(), channels];
    let mut steps: Vec<String> = Vec::new();
    for axis in 0..windows.rank {
        let places = windows.places(axis, &x.axes()[axis + 2], rounding)?;
        axes.push(places.count);
        if !steps.contains(&places.steps) {
            steps.push(places.steps);
        }
    }
    Ok(Made {
        shape: Shape::new(axes),
        steps,
    })
}
