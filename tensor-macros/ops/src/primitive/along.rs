//! [`Along`]: what becomes of an axis; [`Noise`]: what comes from nothing; [`InTraining`]: what evaluation leaves as it is.

use std::fmt;

use super::family::Family;
use super::{Made, Needs};
use crate::{Misfit, Poly, Reduce, Shape};

/// One number for all that lie along an axis.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Along {
    /// Which number. A product is not among them.
    pub op: Reduce,
    /// Along which axis, the batch being 0.
    pub axis: usize,
    /// Whether the axis stays, with a size of 1.
    pub keep: bool,
}

/// Normal numbers of mean 0 and variance 1, or uniform ones from -1/2 to 1/2, as many as the input has elements: the `layer`-th stream of the pass.
/// Zeros in evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// Which stream of random numbers.
    pub layer: u32,
    /// Whether they are uniform.
    pub uniform: bool,
}

/// `scale x + shift` in training, `x` in evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InTraining {
    /// The factor.
    pub scale: f64,
    /// What is added.
    pub shift: f64,
}

/// With the name of the reduction's type, whose words others have as well.
impl fmt::Debug for Along {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Along { op, axis, keep } = self;
        write!(f, "Along {{ op: Reduce::{op:?}, axis: {axis}, keep: {keep} }}")
    }
}

impl Family for Along {
    fn name(&self) -> &'static str {
        match self.op {
            Reduce::Sum => "sum_along",
            Reduce::Mean => "mean_along",
            Reduce::Max => "max_along",
            Reduce::Min => "min_along",
            Reduce::Prod => "prod_along",
        }
    }

    fn options(&self) -> Vec<String> {
        let keep = self.keep.then(|| "keep = true".to_owned());
        [format!("axis = {}", self.axis)].into_iter().chain(keep).collect()
    }

    fn needs(&self) -> Needs {
        let looks = matches!(self.op, Reduce::Max | Reduce::Min);
        Needs {
            inputs: looks,
            output: looks,
            parameters: false,
        }
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        let mut axes = inputs[0].axes().to_vec();
        if self.keep {
            axes[self.axis] = Poly::number(1);
        } else if axes.len() > 2 {
            axes.remove(self.axis);
        } else {
            return Err(Misfit::Bare);
        }
        Ok(Made::plain(Shape::new(axes)))
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], _: &Shape) -> Poly {
        inputs[0].elements()
    }
}

impl Family for Noise {
    fn name(&self) -> &'static str {
        if self.uniform { "uniform_like" } else { "randn_like" }
    }

    /// Nothing depends on its input.
    fn gradients(&self) -> usize {
        0
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }
}

impl Family for InTraining {
    fn name(&self) -> &'static str {
        "in_training"
    }

    fn options(&self) -> Vec<String> {
        vec![format!("{:?}", self.scale), format!("{:?}", self.shift)]
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], _: &Shape) -> Poly {
        &Poly::number(2) * &inputs[0].elements()
    }
}
