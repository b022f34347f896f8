//! Convolutions: `y[n, o, p] = b[o] + sum over c, k of x[n, c, p stride + k dilation - before] w[o, c, k]`.

use super::family::Family;
use super::windows::{Rounding, Windows};
use super::{Features, Made, Needs, channels, count};
use crate::{Misfit, Poly, Shape};

/// A convolution over one to three axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// How the kernel goes.
    pub windows: Windows,
    /// Outputs of a group see the inputs of that group alone.
    pub groups: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

/// What [`Conv`] would have made this of: its adjoint in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTranspose {
    /// The convolution.
    pub conv: Conv,
    /// So many more elements at the end of each axis, which tell apart the inputs that a convolution makes as large.
    pub more: [usize; 3],
}

const NEEDS: Needs = Needs {
    inputs: true,
    output: false,
    parameters: true,
};

impl Conv {
    /// Options behind the sizes, without the bias.
    fn written(&self) -> Vec<String> {
        let mut text = self.windows.text([1; 3]);
        if self.groups != 1 {
            text.push(format!("groups = {}", count::size(self.groups)));
        }
        if !self.bias {
            text.push("bias = false".to_owned());
        }
        text
    }

    fn grouped(&self, channels: &Poly, which: &'static str) -> Result<Poly, Misfit> {
        count::each(channels, self.groups).ok_or_else(|| Misfit::Groups {
            which,
            channels: channels.clone(),
            groups: self.groups as u64,
        })
    }

    /// `[first, second / groups, kernel..]`, and `[outputs]`.
    fn shapes(&self, first: &Poly, second: Poly, outputs: &Poly) -> Vec<Shape> {
        let kernel = self.windows.size[..self.windows.rank].iter();
        let kernel = kernel.map(|&size| Poly::number(size as u64));
        let weight = Shape::new([first.clone(), second].into_iter().chain(kernel));
        let bias = self.bias.then(|| Shape::new([outputs.clone()]));
        [weight].into_iter().chain(bias).collect()
    }

    /// Products and the additions of the bias, where each of `places` takes part in as many products as `weight` has behind its first axis.
    fn cost(&self, places: &Shape, weight: &Shape, made: &Shape) -> Poly {
        let inputs = weight.axes().get(1).cloned().unwrap_or_default();
        let products = &(&Poly::number(2 * self.windows.taps()) * &inputs) * &places.elements();
        let bias = if self.bias { made.elements() } else { Poly::number(0) };
        &products + &bias
    }
}

fn parameters(bias: bool) -> &'static [&'static str] {
    if bias { &["weight", "bias"] } else { &["weight"] }
}

impl Family for Conv {
    fn name(&self) -> &'static str {
        ["conv1d", "conv2d", "conv3d"][self.windows.rank - 1]
    }

    fn options(&self) -> Vec<String> {
        self.written()
    }

    fn rank(&self) -> usize {
        self.windows.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, self.windows.rank).map(drop)
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn parameters(&self) -> &'static [&'static str] {
        parameters(self.bias)
    }

    /// `[outputs, inputs / groups, kernel..]`, and `[outputs]`.
    fn parameter_shapes(&self, x: &Shape, makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        let (inputs, outputs) = (channels(x, self.windows.rank)?, makes.cloned().unwrap_or_default());
        let inputs = self.grouped(inputs, "input")?;
        self.grouped(&outputs, "output")?;
        Ok(self.shapes(&outputs, inputs, &outputs))
    }

    fn shared(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Vec<(Poly, usize)> {
        let outputs = parameters[0].axes().first().cloned().unwrap_or_default();
        vec![(Features::Channels.of(inputs[0]), self.groups), (outputs, self.groups)]
    }

    fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        channels(inputs[0], self.windows.rank)?;
        let outputs = parameters[0].axes().first().cloned().unwrap_or_default();
        over_windows(&self.windows, inputs[0], outputs, Rounding::Down)
    }

    fn flops(&self, _: &[&Shape], parameters: &[&Shape], made: &Shape) -> Poly {
        self.cost(made, parameters[0], made)
    }

    fn type_sizes(&self, _: &Shape, parameters: &[Shape]) -> Vec<Poly> {
        let mut sizes = parameters[0].axes().to_vec();
        // In front what it takes, as it is called.
        sizes.swap(0, 1);
        sizes
    }

    fn lacks(&self) -> bool {
        !self.bias
    }
}

impl Family for ConvTranspose {
    fn name(&self) -> &'static str {
        ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"][self.conv.windows.rank - 1]
    }

    fn options(&self) -> Vec<String> {
        let mut text = self.conv.written();
        if self.more != [0; 3] {
            let more = Windows::of(&self.more[..self.conv.windows.rank]).text([1; 3]).remove(0);
            text.push(format!("output_padding = {more}"));
        }
        text
    }

    fn rank(&self) -> usize {
        self.conv.windows.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        channels(x, self.conv.windows.rank).map(drop)
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn parameters(&self) -> &'static [&'static str] {
        parameters(self.conv.bias)
    }

    /// `[inputs, outputs / groups, kernel..]`, and `[outputs]`.
    fn parameter_shapes(&self, x: &Shape, makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        let (inputs, outputs) = (channels(x, self.conv.windows.rank)?, makes.cloned().unwrap_or_default());
        self.conv.grouped(inputs, "input")?;
        let each = self.conv.grouped(&outputs, "output")?;
        Ok(self.conv.shapes(inputs, each, &outputs))
    }

    fn shared(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Vec<(Poly, usize)> {
        let each = parameters[0].axes().get(1).cloned().unwrap_or_default();
        let outputs = &each * &count::size(self.conv.groups);
        let channels = [Features::Channels.of(inputs[0]), outputs];
        channels
            .into_iter()
            .map(|channels| (channels, self.conv.groups))
            .collect()
    }

    /// `(size - 1) stride - before - after + span + more`.
    fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        let (x, windows) = (inputs[0], &self.conv.windows);
        channels(x, windows.rank)?;
        let each = parameters[0].axes().get(1).cloned().unwrap_or_default();
        let outputs = &each * &count::size(self.conv.groups);
        let (mut axes, mut steps) = (vec![x.axes()[0].clone(), outputs], Vec::new());
        for axis in 0..windows.rank {
            let (size, stride) = (&x.axes()[axis + 2], windows.stride[axis] as u64);
            let (zeros, more) = (windows.before[axis] + windows.after[axis], self.more[axis]);
            let kernel = match windows.dilation[axis] {
                1 => windows.size[axis].to_string(),
                dilation => format!("{dilation}*({} - 1) + 1", windows.size[axis]),
            };
            let step = format!("({size} - 1)*{stride} - {zeros} + {kernel} + {more}");
            let (variable, number) = size.parted();
            let rest =
                number as i64 * stride as i64 - stride as i64 - zeros as i64 + windows.span(axis) as i64 + more as i64;
            let least = i64::from(variable.as_number().is_some());
            let Some(rest) = u64::try_from(rest).ok().filter(|_| rest >= least) else {
                let steps = format!("{step} = {rest}");
                return Err(match variable.as_number() {
                    Some(_) => Misfit::Nothing { steps },
                    None => Misfit::Nameless {
                        size: size.clone(),
                        steps: step,
                    },
                });
            };
            let out = &(&variable * &Poly::number(stride)) + &Poly::number(rest);
            let step = format!("{step} = {out}");
            if !steps.contains(&step) {
                steps.push(step);
            }
            axes.push(out);
        }
        Ok(Made {
            shape: Shape::new(axes),
            steps,
        })
    }

    fn flops(&self, inputs: &[&Shape], parameters: &[&Shape], made: &Shape) -> Poly {
        self.conv.cost(inputs[0], parameters[0], made)
    }

    /// With all outputs behind those of the weight, for the bias.
    fn type_sizes(&self, _: &Shape, parameters: &[Shape]) -> Vec<Poly> {
        let mut sizes = parameters[0].axes().to_vec();
        sizes.push(&sizes[1] * &count::size(self.conv.groups));
        sizes
    }

    fn lacks(&self) -> bool {
        !self.conv.bias
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
