//! The divergence of distributions.

use tensor_ops::{Compare, Pair};

use super::{Reduction, narrow, wide};
use crate::element::Differentiable;
use crate::error::Result;
use crate::layout::broadcast;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What becomes of the divergences of the elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KlReduction {
    /// They stay as they are.
    None,
    /// The mean over all elements, as PyTorch's default has it; the divergence is [`KlReduction::BatchMean`].
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// Their sum, divided by the size of the first axis. PyTorch's `batchmean`.
    BatchMean,
}

impl From<Reduction> for KlReduction {
    fn from(reduction: Reduction) -> Self {
        match reduction {
            Reduction::None => Self::None,
            Reduction::Mean => Self::Mean,
            Reduction::Sum => Self::Sum,
        }
    }
}

fn divergence(input: &Value, target: &Value, log_target: bool) -> Result<Value> {
    broadcast("kl_div", input.sizes(), target.sizes())?;
    if log_target {
        return target.exp().mul(&target.sub(input)?);
    }
    // Where the target is 0 there is nothing, in the gradient neither.
    let nothing = target.compare_to(Compare::Eq, 0.0);
    let some = nothing.select(&target.constant(1.0), target)?;
    let entropy = nothing.select(&target.constant(0.0), &some.pair(Pair::Xlogy, &some)?)?;
    entropy.sub(&target.mul(input)?)
}

/// `target (log(target) - input)`, 0 where the target is 0, reduced; with `log_target`, `exp(target) (target - input)`. Input, and with
/// `log_target` the target, are logarithms of probabilities; the sizes broadcast.
///
/// # Errors
/// Where sizes do not broadcast.
///
/// ```
/// use tensor::functional::{KlReduction, kl_div};
/// use tensor::prelude::*;
/// let (x, target) = (Tensor::from(vec![-1., -1.]), Tensor::from(vec![0., 1.]));
/// assert_eq!(kl_div(&x, &target, false, KlReduction::Sum)?.to_vec()?, [1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn kl_div<T: Differentiable>(
    input: &Tensor<Dynamic, T>,
    target: &Tensor<Dynamic, T>,
    log_target: bool,
    reduction: impl Into<KlReduction>,
) -> Result<Tensor<Dynamic, T>> {
    let losses = divergence(&wide(input), &wide(target), log_target)?;
    let loss = match reduction.into() {
        KlReduction::None => Reduction::None.of(&losses),
        KlReduction::Mean => Reduction::Mean.of(&losses),
        KlReduction::Sum => Reduction::Sum.of(&losses),
        KlReduction::BatchMean => {
            let batch = input.sizes().first().copied().unwrap_or(1);
            Reduction::Sum.of(&losses).scale(1.0 / batch as f64)
        }
    };
    Ok(narrow::<T>(&loss))
}
