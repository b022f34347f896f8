//! Gradients of chosen tensors, of any order.

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::shape::{Dynamic, Shape};
use crate::tape::{self, Tour, Track, Value};
use crate::tensors::Tensor;

/// How [`grad_with`] goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Keeps what the operations saved, so that another backward can follow.
    pub retain_graph: bool,
    /// Records the gradients' own computation, so that they can be differentiated; it retains the graph as well.
    pub create_graph: bool,
}

impl Options {
    fn tour(self) -> Tour {
        Tour {
            retain: self.retain_graph,
            create: self.create_graph,
        }
    }
}

/// Where a reverse pass begins: each output with the gradient that is given for it.
fn roots<'a, S: Shape, T: Differentiable>(
    outputs: &[&'a Tensor<S, T>],
    gradients: &[&Tensor<S, T>],
    options: Options,
) -> Result<Vec<(&'a Value, Value)>> {
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
    Ok(roots)
}

/// Adds to every leaf and parameter behind the outputs the gradient of `sum(outputs * gradients)`: `backward` with options.
///
/// # Errors
/// As [`grad_with`].
///
/// ```
/// use tensor::prelude::*;
/// use tensor::autograd::{Options, backward};
/// let x = tensor![1., 2.].requires_grad();
/// let y = x.pow(2.).sum();
/// let twice = Options { retain_graph: true, ..Options::default() };
/// backward(&[&y], &[&y.ones_like()], twice)?;
/// y.backward();
/// assert_eq!(x.grad(), Some(tensor![4., 8.]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn backward<S: Shape, T: Differentiable>(
    outputs: &[&Tensor<S, T>],
    gradients: &[&Tensor<S, T>],
    options: Options,
) -> Result<()> {
    tape::backward(&roots(outputs, gradients, options)?, options.tour())
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
    let roots = roots(outputs, gradients, options)?;
    let targets: Vec<&Track> = inputs.iter().map(|input| &input.value().track).collect();
    let found = options.tour().gradients(&roots, &targets)?;
    Ok(found.into_iter().map(|gradient| gradient.map(Tensor::of)).collect())
}

/// The gradient of a dynamic tensor in others: [`grad_with`] and a gradient of ones, as PyTorch's `torch.autograd.grad` of a sum.
///
/// ```
/// use tensor::autograd::grad;
/// use tensor::prelude::*;
/// let x = tensor![1., 2.].into_dynamic().requires_grad();
/// let other = tensor![0.].into_dynamic().requires_grad();
/// let gradients = grad(&x.pow(3.), &[&x, &other])?;
/// assert_eq!(gradients, [Some(tensor![3., 12.].into_dynamic()), None]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// As [`grad_with`].
pub fn grad<S: Shape, T: Differentiable>(
    output: &Tensor<S, T>,
    inputs: &[&Tensor<Dynamic, T>],
) -> Result<Vec<Option<Tensor<Dynamic, T>>>> {
    grad_with(&[output], inputs, &[&output.ones_like()], Options::default())
}
