//! A number for each channel.

use super::family::Family;
use super::{Made, Needs};
use crate::{Misfit, Poly, Shape};

/// `x` where positive, `weight x` elsewhere, with one weight or one for each channel. He et al., *Delving Deep into Rectifiers*, 2015.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prelu {
    /// How many weights.
    pub weights: usize,
    /// What they start as.
    pub init: f64,
}

/// 1 for each channel of each sample: `[batch, channels, ..]` to `[batch, channels]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ones {
    /// How many axes lie behind the channels.
    pub rank: usize,
}

/// Every channel of each sample times a number that no gradient goes to: `[batch, channels, ..]` and `[batch, channels]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask;

impl Family for Prelu {
    fn name(&self) -> &'static str {
        "prelu"
    }

    fn options(&self) -> Vec<String> {
        let mut text = Vec::new();
        if self.weights != 1 {
            text.push(self.weights.to_string());
        }
        if self.init != 0.25 {
            text.push(format!("init = {:?}", self.init));
        }
        text
    }

    fn parameters(&self) -> &'static [&'static str] {
        &["weight"]
    }

    fn parameter_shapes(&self, x: &Shape, _: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        let weights = Poly::number(self.weights as u64);
        let channels = x.axes().get(1).cloned().unwrap_or_default();
        match self.weights == 1 || channels == weights {
            true => Ok(vec![Shape::new([weights])]),
            false => Err(Misfit::PerChannel {
                parameters: self.weights as u64,
                channels,
            }),
        }
    }

    fn needs(&self) -> Needs {
        Needs::INPUTS_AND_PARAMETERS
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        made.elements()
    }

    fn type_sizes(&self, _: &Shape, _: &[Shape]) -> Vec<Poly> {
        vec![Poly::number(self.weights as u64)]
    }

    fn type_options(&self) -> Vec<String> {
        let bits = (self.init != 0.25).then(|| self.init.to_bits().to_string());
        bits.into_iter().collect()
    }
}

impl Family for Ones {
    fn name(&self) -> &'static str {
        "ones"
    }

    fn rank(&self) -> usize {
        self.rank
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        super::channels(x, self.rank).map(drop)
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        self.check_axes(inputs[0])?;
        Ok(Made::plain(Shape::new(inputs[0].axes()[..2].to_vec())))
    }
}

impl Family for Mask {
    fn name(&self) -> &'static str {
        "mask"
    }

    fn inputs(&self) -> usize {
        2
    }

    fn needs(&self) -> Needs {
        Needs::INPUTS
    }

    fn flops(&self, _: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        made.elements()
    }
}
