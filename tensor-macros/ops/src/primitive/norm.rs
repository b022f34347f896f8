//! Normalisation: `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with the (biased) variance; what the mean is over is what differs.

use super::family::Family;
use super::{Features, Needs, channels, count};
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
    /// Whether there are running statistics, which serve in evaluation; else those of the batch always do.
    pub tracked: bool,
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

/// What norms differ in; all else is the same.
trait Norm {
    fn name(&self) -> &'static str;

    /// What is added, and what usually is.
    fn eps(&self) -> [f64; 2];

    /// Whether there are parameters, and whether there usually are.
    fn affine(&self) -> [bool; 2];

    /// What they are called.
    fn learned(&self) -> &'static [&'static str] {
        &["weight", "bias"]
    }

    /// Options of its own.
    fn more(&self) -> Option<String> {
        None
    }

    fn in_front(&self) -> Option<String> {
        None
    }

    fn rank(&self) -> usize {
        0
    }

    fn features(&self) -> Features {
        Features::Channels
    }

    fn check_axes(&self, _x: &Shape) -> Result<(), Misfit> {
        Ok(())
    }

    /// Into how many groups the channels must fall.
    fn groups(&self) -> Option<usize> {
        None
    }

    fn buffers(&self) -> &'static [&'static str] {
        &[]
    }

    /// What a forward keeps for backward.
    fn kept(&self, x: &Shape) -> (&'static str, Shape);
}

/// Mean and scale of so many rows.
fn statistics(rows: Poly) -> (&'static str, Shape) {
    ("statistics", Shape::new([rows, Poly::number(2)]))
}

impl Norm for BatchNorm {
    fn name(&self) -> &'static str {
        ["batch_norm1d", "batch_norm2d", "batch_norm3d"][self.rank - 1]
    }

    fn eps(&self) -> [f64; 2] {
        [self.eps, 1e-5]
    }

    fn affine(&self) -> [bool; 2] {
        [self.affine, true]
    }

    fn more(&self) -> Option<String> {
        let momentum = (self.momentum != 0.1).then(|| format!("momentum = {:?}", self.momentum));
        let untracked = (!self.tracked).then(|| "track_running_stats = false".to_owned());
        let all: Vec<String> = momentum.into_iter().chain(untracked).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match self.rank {
            1 if !(2..=3).contains(&x.axes().len()) => Err(Misfit::Axes {
                needs: "[batch, channels] or [batch, channels, length]",
                found: x.clone(),
            }),
            1 => Ok(()),
            rank => channels(x, rank).map(drop),
        }
    }

    fn buffers(&self) -> &'static [&'static str] {
        match self.tracked {
            true => &["running_mean", "running_var", "num_batches_tracked"],
            false => &[],
        }
    }

    fn kept(&self, x: &Shape) -> (&'static str, Shape) {
        statistics(Features::Channels.of(x))
    }
}

impl Norm for GroupNorm {
    fn name(&self) -> &'static str {
        match self.rank {
            0 => "group_norm",
            rank => ["instance_norm1d", "instance_norm2d", "instance_norm3d"][rank - 1],
        }
    }

    fn eps(&self) -> [f64; 2] {
        [self.eps, 1e-5]
    }

    fn affine(&self) -> [bool; 2] {
        [self.affine, self.rank == 0]
    }

    fn in_front(&self) -> Option<String> {
        (self.rank == 0).then(|| count::size(self.groups).to_string())
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match self.rank {
            0 if x.axes().len() < 2 => Err(Misfit::Axes {
                needs: "[batch, channels, ..]",
                found: x.clone(),
            }),
            0 => Ok(()),
            rank => channels(x, rank).map(drop),
        }
    }

    fn groups(&self) -> Option<usize> {
        (self.groups != 0).then_some(self.groups)
    }

    fn kept(&self, x: &Shape) -> (&'static str, Shape) {
        let groups = self.groups().map_or_else(|| Features::Channels.of(x), count::size);
        statistics(&x.axes()[0] * &groups)
    }
}

impl Norm for RmsNorm {
    fn name(&self) -> &'static str {
        "rms_norm"
    }

    fn eps(&self) -> [f64; 2] {
        [self.eps, 0.0]
    }

    fn affine(&self) -> [bool; 2] {
        [self.affine, true]
    }

    fn learned(&self) -> &'static [&'static str] {
        &["weight"]
    }

    fn features(&self) -> Features {
        Features::Last
    }

    fn kept(&self, x: &Shape) -> (&'static str, Shape) {
        ("scale", Shape::new([x.rows(), Poly::number(1)]))
    }
}

impl<N: Norm> Family for N {
    fn name(&self) -> &'static str {
        Norm::name(self)
    }

    fn in_front(&self) -> Option<String> {
        Norm::in_front(self)
    }

    fn options(&self) -> Vec<String> {
        let ([eps, usual], [affine, usually]) = (self.eps(), self.affine());
        let eps = (eps != usual).then(|| format!("eps = {eps:?}"));
        let affine = (affine != usually).then(|| format!("affine = {affine}"));
        [eps, affine, self.more()].into_iter().flatten().collect()
    }

    fn rank(&self) -> usize {
        Norm::rank(self)
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        Norm::check_axes(self, x)
    }

    fn features(&self) -> Features {
        Norm::features(self)
    }

    fn parameters(&self) -> &'static [&'static str] {
        let [affine, _] = self.affine();
        if affine { self.learned() } else { &[] }
    }

    /// A number for each feature, of each parameter.
    fn parameter_shapes(&self, x: &Shape, _: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        let features = Norm::features(self).of(x);
        match self.groups() {
            Some(groups) if count::each(&features, groups).is_none() => Err(Misfit::Groups {
                which: "input",
                channels: features,
                groups: groups as u64,
            }),
            _ => Ok(vec![Shape::new([features]); self.parameters().len()]),
        }
    }

    fn shared(&self, inputs: &[&Shape], _: &[&Shape]) -> Vec<(Poly, usize)> {
        let features = Norm::features(self).of(inputs[0]);
        self.groups().map(|groups| (features, groups)).into_iter().collect()
    }

    fn buffers(&self) -> &'static [&'static str] {
        Norm::buffers(self)
    }

    /// Two numbers for each feature, and how many batches they are of.
    fn buffer_shapes(&self, x: &Shape) -> Vec<Shape> {
        let statistics = Shape::new([Norm::features(self).of(x)]);
        let mut shapes = vec![statistics.clone(), statistics, Shape::new([])];
        shapes.truncate(Norm::buffers(self).len());
        shapes
    }

    fn keeps(&self) -> bool {
        true
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        Some(Norm::kept(self, x))
    }

    fn needs(&self) -> Needs {
        Needs::INPUTS_AND_PARAMETERS
    }

    /// As many operations as a layer norm.
    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        &Poly::number(8) * &made.elements()
    }

    fn type_sizes(&self, x: &Shape, _: &[Shape]) -> Vec<Poly> {
        vec![Norm::features(self).of(x)]
    }

    fn lacks(&self) -> bool {
        !self.affine()[0]
    }
}
