//! Normalisation: `y = (x - mean) / sqrt(variance + eps) * weight + bias`, with the (biased) variance; what the mean is over is what differs.

use super::Needs;
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
pub(super) const NEEDS: Needs = Needs {
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

impl BatchNorm {
    pub(super) fn name(&self) -> &'static str {
        ["batch_norm1d", "batch_norm2d", "batch_norm3d"][self.rank - 1]
    }

    pub(super) fn text(&self) -> Vec<String> {
        let mut text = options(self.eps, 1e-5, self.affine, true);
        if self.momentum != 0.1 {
            text.push(format!("momentum = {:?}", self.momentum));
        }
        text
    }

    pub(super) fn parameters(&self) -> &'static [&'static str] {
        if self.affine { AFFINE } else { &[] }
    }

    pub(super) fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
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
}

impl GroupNorm {
    pub(super) fn name(&self) -> &'static str {
        match self.rank {
            0 => "group_norm",
            rank => ["instance_norm1d", "instance_norm2d", "instance_norm3d"][rank - 1],
        }
    }

    pub(super) fn text(&self) -> Vec<String> {
        options(self.eps, 1e-5, self.affine, self.rank == 0)
    }

    pub(super) fn parameters(&self) -> &'static [&'static str] {
        if self.affine { AFFINE } else { &[] }
    }

    pub(super) fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        let axes = x.axes().len();
        match self.rank {
            0 => expect(x, axes >= 2, "[batch, channels, ..]"),
            rank => expect(x, axes == rank + 2, AXES[rank - 1]),
        }
    }

    /// The statistics of a sample.
    pub(super) fn rows(&self, x: &Shape) -> Poly {
        let groups = match self.groups {
            0 => x.axes().get(1).cloned().unwrap_or_default(),
            groups => Poly::number(groups as u64),
        };
        &x.axes()[0] * &groups
    }

    pub(super) fn check_groups(&self, channels: &Poly) -> Result<(), Misfit> {
        let groups = self.groups as u64;
        match groups == 0 || channels.divided(groups).is_some() {
            true => Ok(()),
            false => Err(Misfit::Groups {
                which: "input",
                channels: channels.clone(),
                groups,
            }),
        }
    }
}

impl RmsNorm {
    pub(super) fn text(&self) -> Vec<String> {
        options(self.eps, 0.0, self.affine, true)
    }

    pub(super) fn parameters(&self) -> &'static [&'static str] {
        if self.affine { &["weight"] } else { &[] }
    }
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
