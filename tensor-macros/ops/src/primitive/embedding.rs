//! [`Rows`]: rows of a table.

use super::family::Family;
use super::{Made, Needs};
use crate::{Misfit, Shape};

/// The rows of `[num, features]` that whole numbers name: `[batch, ..]` to `[batch, .., features]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The row that learns nothing.
    pub padding: Option<usize>,
}

impl Family for Rows {
    fn name(&self) -> &'static str {
        "embedding"
    }

    fn parameters(&self) -> &'static [&'static str] {
        &["weight"]
    }

    /// Whole numbers have none.
    fn gradients(&self) -> usize {
        0
    }

    fn needs(&self) -> Needs {
        Needs::INPUTS
    }

    fn made(&self, inputs: &[&Shape], parameters: &[&Shape]) -> Result<Made, Misfit> {
        let axes = inputs[0].axes().iter().cloned();
        Ok(Made::plain(Shape::new(axes.chain([parameters[0].features()]))))
    }
}
