//! [`Primitive`]: every operation over blocks of several axes, with all of its attributes. A family has a file, in which each of its
//! facts is: name, shape rule, parameters, what backward reads, cost.

mod activation;
mod along;
mod attention;
mod border;
mod channels;
mod conv;
pub mod count;
mod embedding;
mod facts;
mod family;
mod moves;
mod norm;
mod pool;
mod recurrent;
mod resample;
mod windows;

pub use activation::Activation;
pub use along::{Along, InTraining, Noise};
pub use attention::Attention;
pub use border::{Border, Pad};
pub use channels::{Ones, Prelu};
pub use conv::{Conv, ConvTranspose};
pub use embedding::Rows;
pub use facts::{Features, Made, Needs};
pub use moves::{Cat, Permute, PixelShuffle, Select, Slice};
pub use norm::{BatchNorm, GroupNorm, RmsNorm};
pub use pool::{Adaptive, Pool, Takes};
pub use recurrent::{Cell, Recurrent};
pub use resample::{Interpolation, Upsample};
pub use windows::{Places, Rounding, Windows};

use crate::{Misfit, Poly, Reduce, Shape};
use family::Family;

/// All words that `Debug` writes of a [`Primitive`], which is how one is spelled in the program that is generated.
#[doc(hidden)]
pub mod written {
    pub use core::option::Option::*;

    pub use super::Activation::*;
    pub use super::Border::*;
    pub use super::Cell::*;
    pub use super::Interpolation::*;
    pub use super::Primitive::*;
    pub use super::Takes::*;
    pub use super::{
        Adaptive, Along, Attention, BatchNorm, Cat, Conv, ConvTranspose, GroupNorm, InTraining, Noise, Ones, Pad,
        Permute, PixelShuffle, Pool, Prelu, Recurrent, RmsNorm, Rows, Select, Slice, Upsample, Windows,
    };
    pub use crate::Reduce;
}

/// An operation over blocks of several axes. The set is closed, and a value of it is a constant of the program that is generated:
/// whoever runs operations matches each of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Primitive {
    /// A convolution: `x, weight[, bias] -> out`.
    Conv(Conv),
    /// A transposed convolution: `x, weight[, bias] -> out`.
    ConvTranspose(ConvTranspose),
    /// Rows of a table: `whole numbers, weight -> out`.
    Embedding(Rows),
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
    /// An activation that no chain of elementwise operations has: `x -> out`.
    Activate(Activation),
    /// Axes in another order: `x -> out`.
    Permute(Permute),
    /// Channels that become places: `x -> out`.
    PixelShuffle(PixelShuffle),
    /// Other sizes: `x -> out`.
    Upsample(Upsample),
    /// A border: `x -> out`.
    Pad(Pad),
    /// One behind the other: `x, y, .. -> out`.
    Cat(Cat),
    /// Some places along an axis: `x -> out`.
    Slice(Slice),
    /// One place along an axis, which goes: `x -> out`.
    Select(Select),
    /// What every element of a sequence makes of all others: `queries, keys and values side by side[, mask] -> out[, scales]`, or
    /// `queries, keys, values[, mask] -> out[, scales]`.
    Attention(Attention),
    /// Another slope below 0: `x, weight -> out`.
    Prelu(Prelu),
    /// 1 for each channel: `x -> out`.
    Ones(Ones),
    /// One number for all along an axis: `x -> out`.
    Along(Along),
    /// Random numbers, as many as there are elements: `x -> out`.
    Noise(Noise),
    /// `scale x + shift` in training alone: `x -> out`.
    InTraining(InTraining),
    /// Each channel times a number: `x, mask -> out`.
    Mask,
    /// The steps of a recurrent layer: `gates[, state[, cell]], weight[, bias] -> states[, what a step keeps]`.
    Recurrent(Recurrent),
}

impl Primitive {
    /// Where its facts are.
    fn family(&self) -> &dyn Family {
        match self {
            Self::Conv(conv) => conv,
            Self::ConvTranspose(conv) => conv,
            Self::Pool(pool) => pool,
            Self::AdaptivePool(pool) => pool,
            Self::BatchNorm(norm) => norm,
            Self::GroupNorm(norm) => norm,
            Self::RmsNorm(norm) => norm,
            Self::Activate(activation) => activation,
            Self::Permute(permute) => permute,
            Self::PixelShuffle(shuffle) => shuffle,
            Self::Upsample(upsample) => upsample,
            Self::Pad(pad) => pad,
            Self::Cat(cat) => cat,
            Self::Slice(slice) => slice,
            Self::Select(select) => select,
            Self::Attention(attention) => attention,
            Self::Recurrent(recurrent) => recurrent,
            Self::Prelu(prelu) => prelu,
            Self::Embedding(embedding) => embedding,
            Self::Along(along) => along,
            Self::Noise(noise) => noise,
            Self::InTraining(affine) => affine,
            Self::Ones(ones) => ones,
            Self::Mask => &channels::Mask,
        }
    }

    /// The name in the language: `conv2d`.
    pub fn name(&self) -> &'static str {
        self.family().name()
    }

    /// As one writes it, with these sizes: `conv2d(3, 64, 7, stride = 2)`.
    pub fn text(&self, sizes: &[String]) -> String {
        let family = self.family();
        let all: Vec<String> = family
            .in_front()
            .into_iter()
            .chain(sizes.iter().cloned())
            .chain(family.options())
            .collect();
        match all.is_empty() {
            true => self.name().to_owned(),
            false => format!("{}({})", self.name(), all.join(", ")),
        }
    }

    /// The number of axes behind the channels that it goes over.
    pub fn rank(&self) -> usize {
        self.family().rank()
    }

    /// Whether an input has the axes that it goes over.
    pub fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        self.family().check_axes(x)
    }

    /// The number of values it takes.
    pub fn inputs(&self) -> usize {
        self.family().inputs()
    }

    /// Of how many of them, from the first on, there are gradients.
    pub fn gradients(&self) -> usize {
        self.family().gradients()
    }

    /// Whether what it makes depends on nothing that has a gradient.
    pub fn teaches_nothing(&self) -> bool {
        self.gradients() == 0 && self.parameters().is_empty()
    }

    /// The names of its parameters.
    pub fn parameters(&self) -> &'static [&'static str] {
        self.family().parameters()
    }

    /// The shapes of its parameters, where it is to make `makes` features.
    pub fn parameter_shapes(&self, inputs: &[&Shape], makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        match inputs {
            [x, ..] => self.family().parameter_shapes(x, makes),
            [] => Err(self.operands(0)),
        }
    }

    /// The names of its buffers, which a forward in training replaces.
    pub fn buffers(&self) -> &'static [&'static str] {
        self.family().buffers()
    }

    /// The shapes of its buffers.
    pub fn buffer_shapes(&self, inputs: &[&Shape]) -> Vec<Shape> {
        inputs.first().map_or(Vec::new(), |x| self.family().buffer_shapes(x))
    }

    /// The names and shapes of what a forward in training keeps for backward beside its result.
    pub fn kept(&self, inputs: &[&Shape]) -> Vec<(&'static str, Shape)> {
        inputs.first().and_then(|x| self.family().kept(x)).into_iter().collect()
    }

    /// How many values those are.
    pub fn kept_count(&self) -> usize {
        usize::from(self.family().keeps())
    }

    /// What its backward reads.
    pub fn needs(&self) -> Needs {
        self.family().needs()
    }

    /// The axis that the size in front of its arguments is of.
    pub fn features(&self) -> Features {
        self.family().features()
    }

    /// What it makes of inputs and parameters.
    pub fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        match inputs.len() == self.inputs() && parameters.len() >= self.parameters().len() {
            true => self.family().made(inputs, parameters),
            false => Err(self.operands(inputs.len() + parameters.len())),
        }
    }

    /// Sizes that fall into so many parts each, as its attributes say: the width of attention into heads.
    pub fn shared(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Vec<(Poly, usize)> {
        self.family().shared(inputs, parameters)
    }

    /// Floating-point operations of one forward.
    pub fn flops(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Poly {
        let made = self.made(inputs, parameters);
        made.map_or(Poly::number(0), |made| {
            self.family().flops(inputs, parameters, &made.shape)
        })
    }

    /// The sizes in the type of the part that holds its parameters: `Conv2d<In, Out, Height, Width>`.
    pub fn type_sizes(&self, x: &Shape, parameters: &[Shape]) -> Vec<Poly> {
        self.family().type_sizes(x, parameters)
    }

    /// The numbers behind the element type of that part, as they are written.
    pub fn type_options(&self) -> Vec<String> {
        self.family().type_options()
    }

    /// How many of its inputs have a gradient, the first ones.
    pub fn taught(&self) -> usize {
        match self {
            Self::Ones(_) | Self::Noise(_) => 0,
            Self::Mask => 1,
            _ => self.inputs(),
        }
    }

    /// Whether the last type of that part, a parameter, is left out: `()`.
    pub fn lacks(&self) -> bool {
        self.family().lacks()
    }

    fn operands(&self, found: usize) -> Misfit {
        let expected = self.inputs() + self.parameters().len();
        Misfit::Operands { expected, found }
    }

    /// One of each name, with some attributes.
    pub fn each() -> Vec<Self> {
        let mean = Takes::Mean { with_padding: true };
        let windows = |rank: usize| Windows::of(&[1; 3][..rank]);
        let (eps, affine, groups, bias, sizes) = (1e-5, true, 1, true, [1; 3]);
        let mut all: Vec<Self> = Activation::EACH.map(Self::Activate).into();
        for rank in 1..=3 {
            let (windows, ceil, momentum) = (windows(rank), false, 0.1);
            let conv = Conv { windows, groups, bias };
            all.push(Self::Conv(conv));
            all.push(Self::ConvTranspose(ConvTranspose { conv, more: [0; 3] }));
            all.push(Self::BatchNorm(BatchNorm {
                rank,
                eps,
                momentum,
                affine,
                tracked: true,
            }));
            for takes in [Takes::Max, mean] {
                all.push(Self::Pool(Pool { takes, windows, ceil }));
                all.push(Self::AdaptivePool(Adaptive { takes, rank, sizes }));
            }
        }
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
        let axes = [0, 1, 2, 3, 4, 5];
        all.push(Self::Permute(Permute { rank: 1, axes }));
        all.push(Self::PixelShuffle(PixelShuffle { factor: 1 }));
        let (numbers, given, scales, how) = ([1; 3], 1, true, Interpolation::Nearest);
        all.push(Self::Upsample(Upsample {
            numbers,
            given,
            scales,
            how,
            rank: 0,
        }));
        let (before, after) = ([0; 3], [0; 3]);
        for rank in 1..=3 {
            all.extend(Border::EACH.map(|border| {
                Self::Pad(Pad {
                    rank,
                    before,
                    after,
                    border,
                })
            }));
        }
        let (weights, init, rank) = (1, 0.25, 1);
        all.extend([
            Self::Prelu(Prelu { weights, init }),
            Self::Embedding(Rows { padding: None }),
            Self::Ones(Ones { rank }),
            Self::Mask,
        ]);
        all.push(Self::Cat(Cat { axis: 1, count: 1 }));
        let (axis, start, len) = (1, 0, 1);
        all.push(Self::Slice(Slice { axis, start, len }));
        let keep = false;
        all.extend(
            [Reduce::Sum, Reduce::Mean, Reduce::Max, Reduce::Min].map(|op| Self::Along(Along { op, axis, keep })),
        );
        let (scale, shift) = (1.0, 0.0);
        all.push(Self::InTraining(InTraining { scale, shift }));
        let (layer, uniform) = (0, false);
        all.push(Self::Noise(Noise { layer, uniform }));
        let (place, back) = (0, false);
        all.push(Self::Select(Select { axis, place, back }));
        let (heads, causal, apart, masked) = (1, false, false, false);
        all.push(Self::Attention(Attention {
            heads,
            causal,
            apart,
            masked,
        }));
        let (reverse, bias, starts, cells) = (false, true, false, false);
        all.extend(Cell::ALL.map(|cell| {
            Self::Recurrent(Recurrent {
                cell,
                reverse,
                bias,
                starts,
                cells,
            })
        }));
        all
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
