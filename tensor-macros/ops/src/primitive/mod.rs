//! [`Primitive`]: every operation over blocks of several axes, with all of its attributes. A family has a file, in which each of its
//! facts is: name, shape rule, parameters, what backward reads, cost.

mod conv;
mod pool;
mod windows;

pub use conv::Conv;
pub use pool::{Adaptive, Pool, Takes};
pub use windows::{Places, Rounding, Windows};

use crate::{Misfit, Poly, Shape};

/// All words that `Debug` writes of a [`Primitive`], which is how one is spelled in the program that is generated.
#[doc(hidden)]
pub mod written {
    pub use super::Primitive::*;
    pub use super::Takes::*;
    pub use super::{Adaptive, Conv, Pool, Windows};
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

impl Primitive {
    /// The name in the language: `conv2d`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Conv(conv) => conv.name(),
            Self::Pool(pool) => pool.name(),
            Self::AdaptivePool(pool) => pool.name(),
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
        };
        let all = [sizes, &options].concat();
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
        }
    }

    /// Whether an input has the axes that it goes over.
    pub fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => channels(x, self.rank()).map(drop),
        }
    }

    /// The number of values it takes.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => 1,
        }
    }

    /// The names of its parameters.
    pub fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::Conv(conv) => conv.parameters(),
            Self::Pool(_) | Self::AdaptivePool(_) => &[],
        }
    }

    /// The shapes of its parameters, where it is to make `makes` features.
    pub fn parameter_shapes(&self, inputs: &[&Shape], makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        match (self, inputs, makes) {
            (Self::Conv(conv), [x, ..], Some(outputs)) => conv.parameter_shapes(x, outputs),
            (Self::Conv(_), ..) => Err(self.operands(inputs.len())),
            (Self::Pool(_) | Self::AdaptivePool(_), ..) => Ok(Vec::new()),
        }
    }

    /// The names and shapes of what a forward in training keeps for backward beside its result.
    pub fn kept(&self, _inputs: &[&Shape]) -> Vec<(&'static str, Shape)> {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => Vec::new(),
        }
    }

    /// How many values those are.
    pub fn kept_count(&self) -> usize {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => 0,
        }
    }

    /// What its backward reads.
    pub fn needs(&self) -> Needs {
        match self {
            Self::Conv(conv) => conv.needs(),
            Self::Pool(pool) => pool.needs(),
            Self::AdaptivePool(pool) => pool.needs(),
        }
    }

    /// The axis that the size in front of its arguments is of.
    pub fn features(&self) -> Features {
        match self {
            Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_) => Features::Channels,
        }
    }

    /// What it makes of inputs and parameters.
    pub fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        match (self, inputs, parameters) {
            (Self::Conv(conv), [x, ..], [weight, ..]) => conv.made(x, weight),
            (Self::Pool(pool), [x, ..], _) => pool.made(x),
            (Self::AdaptivePool(pool), [x, ..], _) => pool.made(x),
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), ..) => Err(self.operands(inputs.len())),
        }
    }

    /// Floating-point operations of one forward.
    pub fn flops(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Poly {
        match (self, inputs, parameters) {
            (Self::Conv(conv), [x, ..], [weight, ..]) => conv.flops(x, weight),
            (Self::Pool(pool), [x, ..], _) => pool.flops(x),
            (Self::AdaptivePool(_), [x, ..], _) => x.elements(),
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), ..) => Poly::number(0),
        }
    }

    /// The sizes in the type of the part that holds its parameters: `Conv2d<In, Out, Height, Width>`.
    pub fn type_sizes(&self, parameters: &[Shape]) -> Vec<Poly> {
        match (self, parameters) {
            (Self::Conv(conv), [weight, ..]) => conv.type_sizes(weight),
            (Self::Conv(_) | Self::Pool(_) | Self::AdaptivePool(_), _) => Vec::new(),
        }
    }

    /// Whether the last type of that part, a parameter, is left out: `()`.
    pub fn lacks(&self) -> bool {
        match self {
            Self::Conv(conv) => !conv.bias,
            Self::Pool(_) | Self::AdaptivePool(_) => false,
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
