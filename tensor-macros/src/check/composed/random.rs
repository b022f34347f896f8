//! Layers that draw in training.

use super::Steps;
use tensor_ops::primitive::{Activation, InTraining, Noise, Ones};
use tensor_ops::{Binary, Misfit, Primitive, Unary};

impl Steps {
    /// A number for each channel, most of them the same, is dropped like any other.
    pub(super) fn dropout_of_channels(&mut self, p: f64, rank: usize) -> Result<usize, Misfit> {
        let made = self.channels_dropped(p, rank, 0)?;
        self.all.iter_mut().for_each(|step| step.trains = true);
        Ok(made)
    }

    fn channels_dropped(&mut self, p: f64, rank: usize, x: usize) -> Result<usize, Misfit> {
        let ones = self.primitive(Primitive::Ones(Ones { rank }), &[x], &[])?;
        let mask = self.dropout(p, ones);
        self.primitive(Primitive::Mask, &[x, mask], &[])
    }

    /// `a x + b`, or `a end + b` where dropped, with the `a` and `b` that keep a mean of 0 and a variance of 1: above `end` all is a dropout.
    pub(super) fn alpha_dropout(&mut self, p: f64, channels: bool) -> Result<usize, Misfit> {
        let rank = self.shape(0).axes().len().checked_sub(2);
        let Some(rank) = rank.filter(|rank| !channels || *rank > 0) else {
            return Err(self.without_channels());
        };
        if p == 0.0 {
            return Ok(0);
        }
        let end = -Activation::SELU_SCALE * Activation::SELU_ALPHA;
        let a = ((1.0 - p) * (1.0 + p * end * end)).powf(-0.5);
        let b = -a * p * end;
        let (scale, shift) = (1.0, -end);
        let x = self.primitive(Primitive::InTraining(InTraining { scale, shift }), &[0], &[])?;
        let x = match channels {
            true => self.channels_dropped(p, rank, x)?,
            false => self.dropout(p, x),
        };
        let (scale, shift) = (a * (1.0 - p), a * end + b);
        let made = self.primitive(Primitive::InTraining(InTraining { scale, shift }), &[x], &[])?;
        self.all.iter_mut().for_each(|step| step.trains = true);
        Ok(made)
    }

    /// With the slope in the middle; in training a number around 0 for each element below 0 is added to it.
    pub(super) fn rrelu(&mut self, lower: f64, upper: f64) -> Result<usize, Misfit> {
        let slope = (lower + upper) / 2.0;
        let known = self.unary(Unary::LeakyRelu { slope }, 0);
        if lower == upper {
            return Ok(known);
        }
        let before = self.all.len();
        let below = self.unary(Unary::Neg, 0);
        let below = self.unary(Unary::Relu, below);
        let (layer, uniform) = (0, true);
        let drawn = self.primitive(Primitive::Noise(Noise { layer, uniform }), &[0], &[])?;
        let (scale, shift) = (upper - lower, 0.0);
        let drawn = self.unary(Unary::Affine { scale, shift }, drawn);
        let more = self.binary(Binary::Mul, below, drawn);
        let made = self.binary(Binary::Sub, known, more);
        self.all[before..].iter_mut().for_each(|step| step.trains = true);
        Ok(made)
    }
}
