//! [`Primitive`]: every operation over blocks of several axes, with all of its attributes. A family has a file, in which each of its
//! facts is: name, shape rule, parameters, what backward reads, cost.

mod conv;
mod norm;
mod pool;
mod windows;

pub use conv::Conv;
pub use norm::{BatchNorm, GroupNorm, RmsNorm};
pub use pool::{Adaptive, Pool, Takes};
pub use windows::{Places, Rounding, Windows};

use crate::{Misfit, Poly, Shape};

/// All words that `Debug` writes of a [`Primitive`], which is how one is spelled in the program that is generated.
#[doc(hidden)]
pub mod written {
    pub use super::Primitive::*;
    pub use super::Takes::*;
    pub use super::{Adaptive, BatchNorm, Conv, GroupNorm, Pool, RmsNorm, Windows};
}

/// An operation over blocks of several axes. The set is closed, and a value of it is a constant of the program that is generated:
/// whoever runs operations matches each of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Primitive {
    /// A convolution: `x, weight[, bias] -> out`.
    Conv(Conv),
    /// Pooling with windows of one size: `x -> out`.
    Pool(Pool),
    /// Pooling to a size: `x -> out`.
    AdaptivePool(Adaptive),
    /// Normalisation by channel: `x[, weight, bias], running mean, running variance, count -> out[, statistics]`.
    BatchNorm(BatchNorm),
    /// Normalisation by sample: `x[, weight, bias] -> out[, statistics]`.
    GroupNorm(GroupNorm),
    /// Normalisation of rows by their root mean square: `x[, weight] -> out[, scale]`.
    RmsNorm(RmsNorm),
}

/// What a primitive makes of its operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The shape, batch first.
    pub shape: Shape,
    /// How its sizes come about, where that is arithmetic: `(26 + 2*0 - 3)/1 + 1 = 24`.
    pub steps: Vec<String>,
}

impl Made {
    fn plain(shape: Shape) -> Self {
        Made {
            shape,
            steps: Vec::new(),
        }
    }
}

/// What the backward of a primitive reads beside the gradient and what forward kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// All inputs.
    pub inputs: bool,
    /// The output.
    pub output: bool,
    /// All parameters.
    pub parameters: bool,
}

/// Which axis of the input a layer is made for, where it has parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Features {
    /// The one behind the batch.
    Channels,
    /// The last.
    Last,
}

impl Features {
    /// The axis of a shape.
    pub fn axis(self, x: &Shape) -> usize {
        match self {
            Self::Channels => 1,
            Self::Last => x.axes().len() - 1,
        }
    }

    /// Its size.
    fn of(self, x: &Shape) -> Poly {
        x.axes().get(self.axis(x)).cloned().unwrap_or_default()
    }
}

impl Primitive {
    /// The name in the language: `conv2d`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Conv(conv) => conv.name(),
            Self::Pool(pool) => pool.name(),
            Self::AdaptivePool(pool) => pool.name(),
            Self::BatchNorm(norm) => norm.name(),
            Self::GroupNorm(norm) => norm.name(),
            Self::RmsNorm(_) => "rms_norm",
        }
    }

    /// One of each name, with some attributes.
    pub fn each() -> Vec<Self> {
        let mean = Takes::Mean { with_padding: true };
        let windows = |rank: usize| Windows::of(&[1; 3][..rank]);
        let mut all = Vec::new();
        all.extend((1..=3).map(|rank| {
            Self::Conv(Conv {
                windows: windows(rank),
                groups: 1,
                bias: true,
            })
        }));
        let (eps, affine) = (1e-5, true);
        all.extend((1..=3).map(|rank| {
            let momentum = 0.1;
            Self::BatchNorm(BatchNorm {
                rank,
                eps,
                momentum,
                affine,
            })
        }));
        all.extend((0..=3).map(|rank| {
            let groups = usize::from(rank == 0);
            Self::GroupNorm(GroupNorm {
                groups,
                rank,
                eps,
                affine,
            })
        }));
        all.push(Self::RmsNorm(RmsNorm { eps, affine }));
        for takes in [Takes::Max, mean] {
            all.extend((1..=3).map(|rank| {
                let (windows, ceil) = (windows(rank), false);
                Self::Pool(Pool { takes, windows, ceil })
            }));
            all.extend((1..=3).map(|rank| {
                let sizes = [1; 3];
                Self::AdaptivePool(Adaptive { takes, rank, sizes })
            }));
        }
        all
    }

    /// As one writes it, with these sizes in front: `conv2d(3, 64, 7, stride = 2)`.
    pub fn text(&self, sizes: &[String]) -> String {
        let options = match self {
            Self::Conv(conv) => conv.text(),
            Self::Pool(pool) => pool.text(),
            Self::AdaptivePool(pool) => pool.text(),
            Self::BatchNorm(norm) => norm.text(),
            Self::GroupNorm(norm) => norm.text(),
            Self::RmsNorm(norm) => norm.text(),
        };
        // The groups of a normalisation stand in front of its channels.
        let groups = match self {
            Self::GroupNorm(norm) if norm.rank == 0 => Some(norm.groups.to_string()),
            _ => None,
        };
        let all: Vec<String> = groups.into_iter().chain(sizes.iter().cloned()).chain(options).collect();
        match all.is_empty() {
            true => self.name().to_owned(),
            false => format!("{}({})", self.name(), all.join(", ")),
        }
    }

    /// The number of axes behind the channels that it goes over.
    pub fn rank(&self) -> usize {
        match self {
            Self::Conv(conv) => conv.windows.rank,
            Self::Pool(pool) => pool.windows.rank,
            Self::AdaptivePool(pool) => pool.rank,
            Self::BatchNorm(norm) => norm.rank,
            Self::GroupNorm(norm) => norm.rank,
            Self::RmsNorm(_) => 0,
        }
    }

    /// Whether an input has the axes that it goes over.
    pub fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => channels(x, self.rank()).map(drop),
            Self::BatchNorm(norm) => norm.check_axes(x),
            Self::GroupNorm(norm) => norm.check_axes(x),
            Self::RmsNorm(_) => Ok(()),
        }
    }

    /// The number of values it takes.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => 1,
            Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_) => 1,
        }
    }

    /// The names of its parameters.
    pub fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::Conv(conv) => conv.parameters(),
            Self::Pool(_) | Self::AdaptivePool(_) => &[],
            Self::BatchNorm(norm) => norm.parameters(),
            Self::GroupNorm(norm) => norm.parameters(),
            Self::RmsNorm(norm) => norm.parameters(),
        }
    }

    /// The shapes of its parameters, where it is to make `makes` features.
    pub fn parameter_shapes(&self, inputs: &[&Shape], makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        match (self, inputs, makes) {
            (Self::Conv(conv), [x, ..], Some(outputs)) => conv.parameter_shapes(x, outputs),
            (Self::Conv(_), ..) => Err(self.operands(inputs.len())),
            (Self::Pool(_) | Self::AdaptivePool(_), ..) => Ok(Vec::new()),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), [x, ..], _) => {
                let size = self.features().of(x);
                if let Self::GroupNorm(norm) = self {
                    norm.check_groups(&size)?;
                }
                Ok(vec![Shape::new([size]); self.parameters().len()])
            }
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), ..) => Err(self.operands(inputs.len())),
        }
    }

    /// The names of its buffers, which a forward in training replaces.
    pub fn buffers(&self) -> &'static [&'static str] {
        match self {
            Self::BatchNorm(_) => &["running_mean", "running_var", "num_batches_tracked"],
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) | Self::GroupNorm(_) | Self::RmsNorm(_) => &[],
        }
    }

    /// The shapes of its buffers.
    pub fn buffer_shapes(&self, inputs: &[&Shape]) -> Vec<Shape> {
        match (self, inputs) {
            (Self::BatchNorm(_), [x, ..]) => {
                let statistics = Shape::new([self.features().of(x)]);
                vec![statistics.clone(), statistics, Shape::new([])]
            }
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) | Self::BatchNorm(_), _) => Vec::new(),
            (Self::GroupNorm(_) | Self::RmsNorm(_), _) => Vec::new(),
        }
    }

    /// The names and shapes of what a forward in training keeps for backward beside its result.
    pub fn kept(&self, inputs: &[&Shape]) -> Vec<(&'static str, Shape)> {
        let statistics = |rows| vec![("statistics", Shape::new([rows, Poly::number(2)]))];
        match (self, inputs) {
            (Self::BatchNorm(_), [x, ..]) => statistics(self.features().of(x)),
            (Self::GroupNorm(norm), [x, ..]) => statistics(norm.rows(x)),
            (Self::RmsNorm(_), [x, ..]) => vec![("scale", Shape::new([x.rows(), Poly::number(1)]))],
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), _) => Vec::new(),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), _) => Vec::new(),
        }
    }

    /// How many values those are.
    pub fn kept_count(&self) -> usize {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => 0,
            Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_) => 1,
        }
    }

    /// What its backward reads.
    pub fn needs(&self) -> Needs {
        match self {
            Self::Conv(conv) => conv.needs(),
            Self::Pool(pool) => pool.needs(),
            Self::AdaptivePool(pool) => pool.needs(),
            Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_) => norm::NEEDS,
        }
    }

    /// The axis that the size in front of its arguments is of.
    pub fn features(&self) -> Features {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => Features::Channels,
            Self::BatchNorm(_) | Self::GroupNorm(_) => Features::Channels,
            Self::RmsNorm(_) => Features::Last,
        }
    }

    /// What it makes of inputs and parameters.
    pub fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        match (self, inputs, parameters) {
            (Self::Conv(conv), [x, ..], [weight, ..]) => conv.made(x, weight),
            (Self::Pool(pool), [x, ..], _) => pool.made(x),
            (Self::AdaptivePool(pool), [x, ..], _) => pool.made(x),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), [x, ..], _) => Ok(Made::plain((*x).clone())),
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), ..) => Err(self.operands(inputs.len())),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), ..) => Err(self.operands(inputs.len())),
        }
    }

    /// Floating-point operations of one forward.
    pub fn flops(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Poly {
        match (self, inputs, parameters) {
            (Self::Conv(conv), [x, ..], [weight, ..]) => conv.flops(x, weight),
            (Self::Pool(pool), [x, ..], _) => pool.flops(x),
            (Self::AdaptivePool(_), [x, ..], _) => x.elements(),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), [x, ..], _) => {
                &Poly::number(8) * &x.elements()
            }
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), ..) => Poly::number(0),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), ..) => Poly::number(0),
        }
    }

    /// The sizes in the type of the part that holds its parameters: `Conv2d<In, Out, Height, Width>`.
    pub fn type_sizes(&self, x: &Shape, parameters: &[Shape]) -> Vec<Poly> {
        match (self, parameters) {
            (Self::Conv(conv), [weight, ..]) => conv.type_sizes(weight),
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), _) => Vec::new(),
            (Self::BatchNorm(_) | Self::GroupNorm(_) | Self::RmsNorm(_), _) => vec![self.features().of(x)],
        }
    }

    /// Whether the last type of that part, a parameter, is left out: `()`.
    pub fn lacks(&self) -> bool {
        match self {
            Self::Conv(conv) => !conv.bias,
            Self::Pool(_) | Self::AdaptivePool(_) => false,
            Self::BatchNorm(norm) => !norm.affine,
            Self::GroupNorm(norm) => !norm.affine,
            Self::RmsNorm(norm) => !norm.affine,
        }
    }

    fn operands(&self, found: usize) -> Misfit {
        let expected = self.inputs() + self.parameters().len();
        Misfit::Operands { expected, found }
    }
}

/// The channels of `[batch, channels, ..]` with so many axes behind.
fn channels(x: &Shape, rank: usize) -> Result<&Poly, Misfit> {
    if x.axes().len() == rank + 2 {
        return Ok(&x.axes()[1]);
    }
    let needs = [
        "[batch, channels, length]",
        "[batch, channels, height, width]",
        "[batch, channels, depth, height, width]",
    ];
    Err(Misfit::Axes {
        needs: needs[rank - 1],
        found: x.clone(),
    })
}
