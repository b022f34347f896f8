//! Normalisation: `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with the (biased) variance; what the mean is over is what differs.

use super::family::Family;
use super::{Features, Made, Needs};
use crate::{Misfit, Poly, Shape};

/// By channel: over the batch and all axes behind the channels, or by what earlier batches had. Ioffe, Szegedy, *Batch Normalization*, 2015.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNorm {
    /// The axes behind the channels; where it is 1 there may be none.
    pub rank: usize,
    /// Added to the variance.
    pub eps: f64,
    /// How much of a batch's statistics goes into the running ones.
    pub momentum: f64,
    /// Whether there are weight and bias.
    pub affine: bool,
}

/// By sample: over the channels of a group and all axes behind. Wu, He, *Group Normalization*, 2018; with a group for each channel Ulyanov,
/// Vedaldi, Lempitsky, *Instance Normalization*, 2016.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupNorm {
    /// Into how many groups the channels fall; each is one where it is 0.
    pub groups: usize,
    /// The axes behind the channels; any number where it is 0.
    pub rank: usize,
    /// Added to the variance.
    pub eps: f64,
    /// Whether there are weight and bias.
    pub affine: bool,
}

/// By row: `y = x / sqrt(mean of x^2 + eps) * weight` over the last axis. Zhang, Sennrich, *Root Mean Square Layer Normalization*, 2019.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsNorm {
    /// Added to the mean; the distance from 1 to the next number where it is 0.
    pub eps: f64,
    /// Whether there is a weight.
    pub affine: bool,
}

/// What backward reads of them all.
const NEEDS: Needs = Needs {
    inputs: true,
    output: false,
    parameters: true,
};

const AFFINE: &[&str] = &["weight", "bias"];

/// Axes behind the channels, for messages.
const AXES: [&str; 3] = [
    "[batch, channels, length]",
    "[batch, channels, height, width]",
    "[batch, channels, depth, height, width]",
];

fn expect(x: &Shape, fits: bool, needs: &'static str) -> Result<(), Misfit> {
    if fits {
        return Ok(());
    }
    let found = x.clone();
    Err(Misfit::Axes { needs, found })
}

impl Family for BatchNorm {
    fn name(&self) -> &'static str {
        ["batch_norm1d", "batch_norm2d", "batch_norm3d"][self.rank - 1]
    }

    fn options(&self) -> Vec<String> {
        let mut text = options(self.eps, 1e-5, self.affine, true);
        if self.momentum != 0.1 {
            text.push(format!("momentum = {:?}", self.momentum));
        }
        text
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        let axes = x.axes().len();
        match self.rank {
            1 => expect(
                x,
                axes == 2 || axes == 3,
                "[batch, channels] or [batch, channels, length]",
            ),
            rank => expect(x, axes == rank + 2, AXES[rank - 1]),
        }
    }

    fn parameters(&self) -> &'static [&'static str] {
        if self.affine { AFFINE } else { &[] }
    }

    fn parameter_shapes(&self, x: &Shape, _: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        Ok(by_feature(self, x))
    }

    fn buffers(&self) -> &'static [&'static str] {
        &["running_mean", "running_var", "num_batches_tracked"]
    }

    fn buffer_shapes(&self, x: &Shape) -> Vec<Shape> {
        let statistics = Shape::new([self.features().of(x)]);
        vec![statistics.clone(), statistics, Shape::new([])]
    }

    fn keeps(&self) -> bool {
        true
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        let shape = Shape::new([self.features().of(x), Poly::number(2)]);
        Some(("statistics", shape))
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        cost(made)
    }

    fn type_sizes(&self, x: &Shape, _: &[Shape]) -> Vec<Poly> {
        vec![self.features().of(x)]
    }

    fn lacks(&self) -> bool {
        !self.affine
    }
}

impl Family for GroupNorm {
    fn name(&self) -> &'static str {
        match self.rank {
            0 => "group_norm",
            rank => ["instance_norm1d", "instance_norm2d", "instance_norm3d"][rank - 1],
        }
    }

    fn in_front(&self) -> Option<String> {
        (self.rank == 0).then(|| self.groups.to_string())
    }

    fn options(&self) -> Vec<String> {
        options(self.eps, 1e-5, self.affine, self.rank == 0)
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        let axes = x.axes().len();
        match self.rank {
            0 => expect(x, axes >= 2, "[batch, channels, ..]"),
            rank => expect(x, axes == rank + 2, AXES[rank - 1]),
        }
    }

    fn parameters(&self) -> &'static [&'static str] {
        if self.affine { AFFINE } else { &[] }
    }

    fn parameter_shapes(&self, x: &Shape, _: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        let (channels, groups) = (self.features().of(x), self.groups as u64);
        if groups != 0 && channels.divided(groups).is_none() {
            return Err(Misfit::Groups {
                which: "input",
                channels,
                groups,
            });
        }
        Ok(by_feature(self, x))
    }

    fn keeps(&self) -> bool {
        true
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        let groups = match self.groups {
            0 => self.features().of(x),
            groups => Poly::number(groups as u64),
        };
        Some(("statistics", Shape::new([&x.axes()[0] * &groups, Poly::number(2)])))
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        cost(made)
    }

    fn type_sizes(&self, x: &Shape, _: &[Shape]) -> Vec<Poly> {
        vec![self.features().of(x)]
    }

    fn lacks(&self) -> bool {
        !self.affine
    }
}

impl Family for RmsNorm {
    fn name(&self) -> &'static str {
        "rms_norm"
    }

    fn options(&self) -> Vec<String> {
        options(self.eps, 0.0, self.affine, true)
    }

    fn features(&self) -> Features {
        Features::Last
    }

    fn parameters(&self) -> &'static [&'static str] {
        if self.affine { &["weight"] } else { &[] }
    }

    fn parameter_shapes(&self, x: &Shape, _: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        Ok(by_feature(self, x))
    }

    fn keeps(&self) -> bool {
        true
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        Some(("scale", Shape::new([x.rows(), Poly::number(1)])))
    }

    fn needs(&self) -> Needs {
        NEEDS
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        cost(made)
    }

    fn type_sizes(&self, x: &Shape, _: &[Shape]) -> Vec<Poly> {
        vec![self.features().of(x)]
    }

    fn lacks(&self) -> bool {
        !self.affine
    }
}

/// A number for each feature, of each parameter.
fn by_feature(family: &dyn Family, x: &Shape) -> Vec<Shape> {
    vec![Shape::new([family.features().of(x)]); family.parameters().len()]
}

/// As many operations as a layer norm.
fn cost(made: &Shape) -> Poly {
    &Poly::number(8) * &made.elements()
}

fn options(eps: f64, usual: f64, affine: bool, usually: bool) -> Vec<String> {
    let mut text = Vec::new();
    if eps != usual {
        text.push(format!("eps = {eps:?}"));
    }
    if affine != usually {
        text.push(format!("affine = {affine}"));
    }
    text
}
