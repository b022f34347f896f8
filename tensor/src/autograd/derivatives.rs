//! Jacobians, Hessians and their products with vectors, of functions of one tensor.

use crate::autograd::{Options, grad_with};
use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::layout::{MOST, describe, len};
use crate::shape::Dynamic;
use crate::tape::{Value, enable_grad};
use crate::tensors::Tensor;

const ONCE: Options = Options {
    retain_graph: false,
    create_graph: false,
};
const AGAIN: Options = Options {
    retain_graph: true,
    create_graph: false,
};
const RECORDED: Options = Options {
    retain_graph: true,
    create_graph: true,
};

/// `f(x)` for an `x` that is a leaf, and that leaf.
fn evaluate<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let x = x.detach().requires_grad();
    let y = enable_grad(|| f(&x))?;
    Ok((x, y))
}

/// The gradient of one output in one input; zeros where it does not depend on it.
fn gradient<T: Differentiable>(
    y: &Tensor<Dynamic, T>,
    x: &Tensor<Dynamic, T>,
    v: &Tensor<Dynamic, T>,
    options: Options,
) -> Result<Tensor<Dynamic, T>> {
    if !y.is_tracked() {
        return Ok(x.zeros_like());
    }
    let mut found = grad_with(&[y], &[x], &[v], options)?;
    Ok(found.pop().flatten().unwrap_or_else(|| x.zeros_like()))
}

fn same_sizes<T: Differentiable>(
    operation: &'static str,
    what: &str,
    of: &Tensor<Dynamic, T>,
    v: &Tensor<Dynamic, T>,
) -> Result<()> {
    if of.sizes() == v.sizes() {
        return Ok(());
    }
    let expected = format!("a vector of {} for {what}", describe(of.sizes()));
    Err(Error::shape(operation, expected, describe(v.sizes())))
}

/// `f(x)` and the product `v^T J`: the gradient of `sum(v * f(x))`. PyTorch's `torch.autograd.functional.vjp`.
///
/// # Errors
/// What `f` returns, and where `v` has other sizes than `f(x)`.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]);
/// let (y, product) = tensor::autograd::vjp(|x| Ok(x.pow(2.)), &x, &Tensor::from(vec![1., 10.]))?;
/// assert_eq!((y, product), (Tensor::from(vec![1., 4.]), Tensor::from(vec![2., 40.])));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn vjp<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
    v: &Tensor<Dynamic, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let (x, y) = evaluate(f, x)?;
    same_sizes("vjp", "the output", &y, v)?;
    Ok((y.detach(), gradient(&y, &x, v, ONCE)?))
}

/// `f(x)` and the product `J v`: how `f(x)` changes as `x` moves along `v`. The reverse pass is linear in what it begins with; its own gradient is
/// this product. PyTorch's `torch.autograd.functional.jvp`.
///
/// # Errors
/// What `f` returns, and where `v` has other sizes than `x`.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]);
/// let (_, product) = tensor::autograd::jvp(|x| Ok(x.pow(2.)), &x, &Tensor::from(vec![1., 10.]))?;
/// assert_eq!(product, Tensor::from(vec![2., 40.]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn jvp<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
    v: &Tensor<Dynamic, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    same_sizes("jvp", "the input", x, v)?;
    let (x, y) = evaluate(f, x)?;
    let u = y.zeros_like().requires_grad();
    let product = gradient(&y, &x, &u, RECORDED)?;
    Ok((y.detach(), gradient(&product, &u, v, ONCE)?))
}

/// Every derivative of every output: sizes of `f(x)`, then sizes of `x`. PyTorch's `torch.autograd.functional.jacobian`.
///
/// # Errors
/// What `f` returns.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]);
/// let j = tensor::autograd::jacobian(|x| Ok(x.pow(2.)), &x)?;
/// assert_eq!(j, tensor![[2., 0.], [0., 4.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn jacobian<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
) -> Result<Tensor<Dynamic, T>> {
    let (x, y) = evaluate(f, x)?;
    rows(&y, &x)
}

/// The gradient of each element of `y` in `x`.
fn rows<T: Differentiable>(y: &Tensor<Dynamic, T>, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
    let sizes: Vec<usize> = y.sizes().iter().chain(x.sizes()).copied().collect();
    let mut data: Vec<T> = Vec::with_capacity(len(&sizes).min(MOST));
    for index in 0..y.len() {
        let mut unit = vec![T::from_f64(0.0); y.len()];
        unit[index] = T::from_f64(1.0);
        let unit = Tensor::of(Value::from_slice(y.device(), y.sizes(), &unit));
        data.extend(gradient(y, x, &unit, AGAIN)?.to_vec()?);
    }
    Ok(Tensor::of(Value::from_slice(x.device(), &sizes, &data)))
}

/// All second derivatives of a function that gives a single number: sizes of `x` twice. PyTorch's
/// `torch.autograd.functional.hessian`.
///
/// # Errors
/// What `f` returns, and where that is more than one number.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]);
/// let h = tensor::autograd::hessian(|x| Ok(x.pow(3.).sum().into_dynamic()), &x)?;
/// assert_eq!(h, tensor![[6., 0.], [0., 12.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn hessian<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
) -> Result<Tensor<Dynamic, T>> {
    let (x, slope) = slope("hessian", f, x)?;
    rows(&slope, &x)
}

/// The product of the Hessian with a vector, which costs two reverse passes. PyTorch's `torch.autograd.functional.hvp`; the Hessian is
/// symmetric, so that it is `vhp` too.
///
/// # Errors
/// As [`hessian`], and where `v` has other sizes than `x`.
///
/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from(vec![1., 2.]);
/// let product = tensor::autograd::hvp(|x| Ok(x.pow(3.).sum().into_dynamic()), &x, &Tensor::from(vec![1., 10.]))?;
/// assert_eq!(product, Tensor::from(vec![6., 120.]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn hvp<T: Differentiable>(
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
    v: &Tensor<Dynamic, T>,
) -> Result<Tensor<Dynamic, T>> {
    same_sizes("hvp", "the input", x, v)?;
    let (x, slope) = slope("hvp", f, x)?;
    gradient(&slope, &x, v, ONCE)
}

/// The gradient of a function that gives a single number, recorded.
fn slope<T: Differentiable>(
    operation: &'static str,
    f: impl Fn(&Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>,
    x: &Tensor<Dynamic, T>,
) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, T>)> {
    let (x, y) = evaluate(f, x)?;
    if y.len() != 1 {
        return Err(Error::shape(
            operation,
            "a function that gives a single number",
            describe(y.sizes()),
        ));
    }
    let slope = gradient(&y, &x, &y.ones_like(), RECORDED)?;
    Ok((x, slope))
}
