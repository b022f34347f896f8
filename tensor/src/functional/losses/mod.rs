//! Losses: how far predictions are from what was wanted. All are written in recorded operations, so they have gradients of every
//! order, save [`ctc_loss`], which has those of the first.
//!
//! Floats of 16 bits are computed with as `f32`, and the loss is rounded once.

mod binary;
mod classes;
mod ctc;
mod distances;
mod divergence;
mod likelihood;
mod margins;
mod regression;

use std::str::FromStr;

use tensor_ops::Reduce;

pub use binary::{
    LogitsOptions, binary_cross_entropy, binary_cross_entropy_with_logits, multilabel_soft_margin_loss,
    soft_margin_loss,
};
pub use classes::{ClassOptions, Classes, NllOptions, cross_entropy, linear_cross_entropy, nll_loss};
pub use ctc::{CtcOptions, ctc_loss};
pub use distances::{
    TripletDistanceOptions, TripletOptions, cosine_embedding_loss, triplet_margin_loss,
    triplet_margin_with_distance_loss,
};
pub use divergence::{KlReduction, kl_div};
pub use likelihood::{GaussianOptions, PoissonOptions, gaussian_nll_loss, poisson_nll_loss};
pub use margins::{
    MultiMarginOptions, hinge_embedding_loss, margin_ranking_loss, multi_margin_loss, multilabel_margin_loss,
};
pub use regression::{huber_loss, l1_loss, mse_loss, smooth_l1_loss};

use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::ops::{cast, clamp, reduce};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What becomes of the losses of the elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// They stay as they are.
    None,
    /// Their mean; that of none is NaN.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

impl FromStr for Reduction {
    type Err = Error;

    /// By PyTorch's words: `none`, `mean`, `sum`.
    ///
    /// # Errors
    /// Where it is another word.
    fn from_str(word: &str) -> Result<Self> {
        match word {
            "none" => Ok(Self::None),
            "mean" => Ok(Self::Mean),
            "sum" => Ok(Self::Sum),
            other => Err(Error::argument(
                "reduction",
                "`none`, `mean` or `sum`",
                format!("`{other}`"),
            )),
        }
    }
}

impl Reduction {
    fn of(self, losses: &Value) -> Value {
        match self {
            Self::None => losses.clone(),
            Self::Mean => reduce::reduce_all(Reduce::Mean, losses),
            Self::Sum => losses.total(),
        }
    }
}

/// What losses are computed in: floats as they are, those of 16 bits and what are none as `f32`.
fn wide<T: Element>(x: &Tensor<Dynamic, T>) -> Value {
    let dtype = T::DTYPE.float();
    cast::cast(x.value(), if dtype.is_half() { DType::F32 } else { dtype })
}

/// A loss in the element type that it is to have.
fn narrow<T: Element>(loss: &Value) -> Tensor<Dynamic, T::Float> {
    Tensor::of(cast::cast(loss, T::DTYPE.float()))
}

/// That a target, or whatever else, has the sizes of the input.
fn same_sizes(operation: &'static str, what: &str, input: &Value, other: &Value) -> Result<()> {
    if input.sizes() == other.sizes() {
        return Ok(());
    }
    Err(Error::shape(
        operation,
        format!("{what} of {}, as the input", describe(input.sizes())),
        describe(other.sizes()),
    ))
}

/// Weights stretched to the losses that they are for.
fn weighted(operation: &'static str, losses: Value, weight: Option<&Value>) -> Result<Value> {
    match weight {
        Some(weight) => losses.mul(&weight.expand(operation, losses.sizes())?),
        None => Ok(losses),
    }
}

/// `max(x, 0)`; the gradient at 0 is 0.
fn positive(x: &Value) -> Value {
    clamp::between(x, Some(0.0), None)
}

/// What was looked up by class: where there is no such class, the error names the loss.
fn of_class(operation: &'static str, found: Result<Value>) -> Result<Value> {
    found.map_err(|error| match error {
        Error::OutOfRange { index, size, .. } => Error::OutOfRange {
            operation,
            what: "class",
            index,
            size,
        },
        other => other,
    })
}
