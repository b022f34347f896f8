//! Memory for time: a part of a computation that is computed again in backward.

use std::sync::{Mutex, PoisonError};

use crate::autograd::{Context, Function, Options, apply, backward, grad_with};
use crate::element::Differentiable;
use crate::error::Result;
use crate::shape::Dynamic;
use crate::tape::{delivering, enable_grad, given, noting, recording};
use crate::tensors::Tensor;

struct Checkpoint<F> {
    body: F,
    /// Where the random numbers were that it drew.
    draws: Mutex<Vec<u64>>,
}

impl<T, F> Function<T> for Checkpoint<F>
where
    T: Differentiable,
    F: Fn(&[Tensor<Dynamic, T>]) -> Result<Tensor<Dynamic, T>> + Send + 'static,
{
    fn name(&self) -> &'static str {
        "checkpoint"
    }

    fn forward(&self, context: &mut Context<T>, inputs: &[Tensor<Dynamic, T>]) -> Result<Tensor<Dynamic, T>> {
        inputs.iter().for_each(|input| context.save(input));
        let (out, draws) = noting(|| (self.body)(inputs));
        *self.draws.lock().unwrap_or_else(PoisonError::into_inner) = draws;
        out
    }

    fn backward(&self, context: &Context<T>, gradient: &Tensor<Dynamic, T>) -> Result<Vec<Option<Tensor<Dynamic, T>>>> {
        let create_graph = recording();
        // Inputs of their own, where this computation ends: what they came from is not gone through here.
        let saved = context.saved().iter().enumerate();
        let own = saved.map(|(index, input)| match (context.needs_gradient(index), create_graph) {
            (false, _) => input.detach(),
            (true, true) => Tensor::of(input.value().begin()),
            (true, false) => input.detach().requires_grad(),
        });
        let inputs: Vec<Tensor<Dynamic, T>> = own.collect();
        let draws = self.draws.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let out = enable_grad(|| given(&draws, || (self.body)(&inputs)))?;
        if !out.is_tracked() {
            return Ok(vec![None; inputs.len()]);
        }
        if delivering() && !create_graph {
            // Parameters that the body has of its own get their gradients as well.
            backward(&[&out], &[gradient], Options::default())?;
            return Ok(inputs.iter().map(Tensor::grad).collect());
        }
        let options = Options {
            create_graph,
            ..Options::default()
        };
        grad_with(&[&out], &inputs.iter().collect::<Vec<_>>(), &[gradient], options)
    }
}

/// `body(inputs)`, of which only the inputs are kept: `backward` computes it again, with the same dropout masks. Gradients are those of
/// `body` itself.
///
/// `body` must compute the same each time. Parameters of models and leaves that it has of its own get their gradients from `backward`; those of
/// [`grad`](crate::autograd::grad) and of second order go to the inputs alone. PyTorch's `torch.utils.checkpoint.checkpoint`.
///
/// # Errors
/// What `body` returns.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]).requires_grad();
/// let y = tensor::autograd::checkpoint(|x| Ok(x[0].exp().sin()), &[&x])?;
/// y.sum().backward();
/// let gradient = x.exp().cos().mul(&x.exp())?;
/// assert_eq!(x.grad(), Some(gradient.detach()));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn checkpoint<T: Differentiable>(
    body: impl Fn(&[Tensor<Dynamic, T>]) -> Result<Tensor<Dynamic, T>> + Send + 'static,
    inputs: &[&Tensor<Dynamic, T>],
) -> Result<Tensor<Dynamic, T>> {
    let draws = Mutex::default();
    let mut own: Vec<Tensor<Dynamic, T>> = inputs.iter().map(|&input| input.clone()).collect();
    if !own.iter().any(Tensor::is_tracked)
        && let Some(first) = own.first_mut()
    {
        // What the body has of its own may want a gradient: there is a way back in any case.
        *first = first.detach().requires_grad();
    }
    apply(Checkpoint { body, draws }, &own.iter().collect::<Vec<_>>())
}
