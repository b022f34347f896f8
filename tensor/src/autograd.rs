//! Differentiation beyond `backward`: gradients of chosen tensors, second order, modes.

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::shape::{Dynamic, Shape};
use crate::tape::{Tour, Track, Value};
use crate::tensors::Tensor;

pub use crate::tape::{detect_anomaly, enable_grad, no_grad};

/// How [`grad_with`] goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Keeps what the operations saved, so that another backward can follow.
    pub retain_graph: bool,
    /// Records the gradients' own computation, so that they can be differentiated; it retains the graph as well.
    pub create_graph: bool,
}

/// The gradients of `sum(outputs * gradients)` in each of the inputs, and nowhere else: no leaf's or parameter's own gradient changes.
/// `None` for an input on which no output depends.
///
/// # Errors
/// Where there is nothing to differentiate, numbers or sizes of outputs and gradients differ, the computation was gone through
/// already, or a parameter was changed since.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::autograd::{Options, grad_with};
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]).requires_grad();
/// let y = x.pow(3.);
/// let once = Options { create_graph: true, ..Options::default() };
/// let first = grad_with(&[&y], &[&x], &[&y.ones_like()], once)?;
/// let slope = first[0].as_ref().expect("y depends on x");
/// let second = grad_with(&[slope], &[&x], &[&slope.ones_like()], Options::default())?;
/// assert_eq!(second[0], Some(Tensor::from(vec![6., 12.])));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn grad_with<S: Shape, R: Shape, T: Differentiable>(
    outputs: &[&Tensor<S, T>],
    inputs: &[&Tensor<R, T>],
    gradients: &[&Tensor<S, T>],
    options: Options,
) -> Result<Vec<Option<Tensor<R, T>>>> {
    if outputs.len() != gradients.len() {
        let found = format!("{} gradients", gradients.len());
        return Err(Error::shape(
            "grad",
            format!("a gradient for each of {} outputs", outputs.len()),
            found,
        ));
    }
    let mut roots: Vec<(&Value, Value)> = Vec::with_capacity(outputs.len());
    for (output, gradient) in outputs.iter().zip(gradients) {
        let (output, gradient) = (output.value(), gradient.value());
        if output.sizes() != gradient.sizes() {
            let expected = format!("a gradient of {}", output.layout.describe());
            return Err(Error::shape("grad", expected, gradient.layout.describe()));
        }
        output.buffer.check()?;
        gradient.buffer.check()?;
        output.same_device("grad", gradient)?;
        let gradient = if options.create_graph {
            gradient.clone()
        } else {
            gradient.detach()
        };
        roots.push((output, gradient));
    }
    let targets: Vec<&Track> = inputs.iter().map(|input| &input.value().track).collect();
    let tour = Tour {
        retain: options.retain_graph,
        create: options.create_graph,
    };
    let found = tour.gradients(&roots, &targets)?;
    Ok(found.into_iter().map(|gradient| gradient.map(Tensor::of)).collect())
}

/// The gradient of a dynamic tensor in others: [`grad_with`] and a gradient of ones, as PyTorch's `torch.autograd.grad` of a sum.
///
/// # Errors
/// As [`grad_with`].
pub fn grad<S: Shape, T: Differentiable>(
    output: &Tensor<S, T>,
    inputs: &[&Tensor<Dynamic, T>],
) -> Result<Vec<Option<Tensor<Dynamic, T>>>> {
    grad_with(&[output], inputs, &[&output.ones_like()], Options::default())
}
