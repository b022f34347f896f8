//! [`Family`]: the facts of a primitive. What most of them share stands here once.

use super::{Features, Made, Needs};
use crate::{Misfit, Poly, Shape};

/// The facts of a primitive; of several inputs, `x` is the first.
pub(super) trait Family {
    /// The name in the language.
    fn name(&self) -> &'static str;

    /// What is written in front of the sizes.
    fn in_front(&self) -> Option<String> {
        None
    }

    /// What is written behind the sizes, without what is as always.
    fn options(&self) -> Vec<String> {
        Vec::new()
    }

    /// The axes behind the channels that it goes over.
    fn rank(&self) -> usize {
        0
    }

    /// Whether an input has the axes that it goes over.
    fn check_axes(&self, _x: &Shape) -> Result<(), Misfit> {
        Ok(())
    }

    /// The number of values it takes.
    fn inputs(&self) -> usize {
        1
    }

    /// Of how many of them, from the first on, there are gradients.
    fn gradients(&self) -> usize {
        self.inputs()
    }

    /// The axis that it is made for.
    fn features(&self) -> Features {
        Features::Channels
    }

    /// The names of its parameters.
    fn parameters(&self) -> &'static [&'static str] {
        &[]
    }

    /// Their shapes.
    fn parameter_shapes(&self, _x: &Shape, _makes: Option<&Poly>) -> Result<Vec<Shape>, Misfit> {
        Ok(Vec::new())
    }

    /// The names of its buffers.
    fn buffers(&self) -> &'static [&'static str] {
        &[]
    }

    /// Their shapes.
    fn buffer_shapes(&self, _x: &Shape) -> Vec<Shape> {
        Vec::new()
    }

    /// Whether a forward in training keeps something for backward.
    fn keeps(&self) -> bool {
        false
    }

    /// Its name and its shape.
    fn kept(&self, _x: &Shape) -> Option<(&'static str, Shape)> {
        None
    }

    /// What its backward reads.
    fn needs(&self) -> Needs {
        Needs::NOTHING
    }

    /// What it makes: as much as it takes.
    fn made(&self, inputs: &[&Shape], _parameters: &[&Shape]) -> Result<Made, Misfit> {
        Ok(Made::plain(inputs[0].clone()))
    }

    /// Sizes that fall into so many parts each.
    fn shared(&self, _inputs: &[&Shape], _parameters: &[&Shape]) -> Vec<(Poly, usize)> {
        Vec::new()
    }

    /// What it costs to make that.
    fn flops(&self, _inputs: &[&Shape], _parameters: &[&Shape], _made: &Shape) -> Poly {
        Poly::number(0)
    }

    /// The sizes in the type of its part.
    fn type_sizes(&self, _x: &Shape, _parameters: &[Shape]) -> Vec<Poly> {
        Vec::new()
    }

    /// Numbers behind the element type of its part, as they are written.
    fn type_options(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether the last type of its part is left out.
    fn lacks(&self) -> bool {
        false
    }
}
