//! Lengths of vectors, and what is made of them.

use tensor_ops::{Compare, Reduce};

use crate::element::{Differentiable, Element, Numeric};
use crate::error::{Error, Result};
use crate::layout::{self, Axes};
use crate::ops::cast::{to_float, wide};
use crate::ops::reduce::reduce;
use crate::ops::reduction::norm::norm_along;
use crate::shape::Dynamic;
use crate::tape::no_grad;
use crate::tensors::Tensor;

/// An axis of a tensor, marked; one without axes has none to sum over, and is taken as it is.
fn one_axis(name: &'static str, axis: isize, rank: usize) -> Result<Axes<bool>> {
    if rank == 0 && matches!(axis, 0 | -1) {
        return Ok(Axes::new());
    }
    let axis = layout::axis(name, axis, rank)?;
    Ok((0..rank).map(|each| each == axis).collect())
}

/// The options of [`normalize`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalize {
    /// The exponent of the norm. 2.
    pub p: f64,
    /// The axis along which it is taken. 1.
    pub axis: isize,
    /// The least that is divided by. 1e-12.
    pub eps: f64,
}

impl Default for Normalize {
    fn default() -> Self {
        Self {
            p: 2.0,
            axis: 1,
            eps: 1e-12,
        }
    }
}

/// `x / max(norm(x), eps)`, with the norm `(sum of |x|^p)^(1 / p)` along an axis.
///
/// # Errors
/// Where there is no such axis.
///
/// ```
/// use tensor::functional::{Normalize, normalize};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![3., 4.], &[1, 2])?;
/// assert_eq!(normalize(&x, Normalize::default())?.to_vec()?, [0.6, 0.8]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn normalize<T: Differentiable>(x: &Tensor<Dynamic, T>, options: Normalize) -> Result<Tensor<Dynamic, T>> {
    let x = wide(x.value());
    let axis = one_axis("normalize", options.axis, x.layout.rank())?;
    let length = norm_along("normalize", &x, options.p, &axis, true)?;
    let small = length.compare_to(Compare::Lt, options.eps);
    let least = small.select(&length.constant(options.eps), &length)?;
    Ok(Tensor::of(x.div(&least)?.cast(T::DTYPE)))
}

/// `sum(a b) / (max(norm(a), eps) max(norm(b), eps))` along an axis, which goes; `a` and `b` broadcast. PyTorch's defaults are axis 1 and
/// 1e-8.
///
/// # Errors
/// Where the sizes do not broadcast, or there is no such axis.
///
/// ```
/// use tensor::functional::cosine_similarity;
/// use tensor::prelude::*;
/// let a = Tensor::<Dynamic>::from_vec(vec![3., 4.], &[2])?;
/// let b = Tensor::<Dynamic>::from_vec(vec![0., 2.], &[2])?;
/// assert_eq!(cosine_similarity(&a, &b, 0, 1e-8)?.item()?, 0.8);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn cosine_similarity<T: Differentiable>(
    a: &Tensor<Dynamic, T>,
    b: &Tensor<Dynamic, T>,
    axis: isize,
    eps: f64,
) -> Result<Tensor<Dynamic, T>> {
    let name = "cosine_similarity";
    let sizes = layout::broadcast(name, a.sizes(), b.sizes())?;
    let axis = one_axis(name, axis, sizes.len())?;
    // What is cut off at `eps` still has the gradient of the length, as in PyTorch.
    let scaled = |x: &Tensor<Dynamic, T>| {
        let x = wide(x.value()).expand(name, &sizes)?;
        let length = norm_along(name, &x, 2.0, &axis, true)?;
        let lift = no_grad(|| {
            let length = length.detach();
            let small = length.compare_to(Compare::Lt, eps);
            small.select(&length.neg().affine(1.0, eps), &length.constant(0.0))
        })?;
        x.div(&length.add(&lift)?)
    };
    let out = reduce(Reduce::Sum, &scaled(a)?.mul(&scaled(b)?)?, &axis, false);
    Ok(Tensor::of(out.cast(T::DTYPE)))
}

/// The options of [`pairwise_distance`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairwiseDistance {
    /// The exponent of the norm. 2.
    pub p: f64,
    /// What is added to each difference. 1e-6.
    pub eps: f64,
    /// Whether the last axis stays with size 1. No.
    pub keepdim: bool,
}

impl Default for PairwiseDistance {
    fn default() -> Self {
        Self {
            p: 2.0,
            eps: 1e-6,
            keepdim: false,
        }
    }
}

/// `norm(a - b + eps)` along the last axis; `a` and `b` broadcast.
///
/// # Errors
/// Where the sizes do not broadcast, or there is no axis.
///
/// ```
/// use tensor::functional::{PairwiseDistance, pairwise_distance};
/// use tensor::prelude::*;
/// let a = Tensor::<Dynamic>::from_vec(vec![1., 2.], &[2])?;
/// let b = Tensor::<Dynamic>::from_vec(vec![4., 6.], &[2])?;
/// let exact = PairwiseDistance { eps: 0.0, ..Default::default() };
/// assert_eq!(pairwise_distance(&a, &b, exact)?.item()?, 5.0);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn pairwise_distance<T: Numeric>(
    a: &Tensor<Dynamic, T>,
    b: &Tensor<Dynamic, T>,
    options: PairwiseDistance,
) -> Result<Tensor<Dynamic, T::Float>> {
    let name = "pairwise_distance";
    let sizes = layout::broadcast(name, a.sizes(), b.sizes())?;
    if sizes.is_empty() {
        return Err(Error::shape(name, "inputs of one axis or more", "[]"));
    }
    let last = one_axis(name, -1, sizes.len())?;
    let apart = to_float(&wide(a.value()).sub(&wide(b.value()))?).affine(1.0, options.eps);
    let out = norm_along(name, &apart, options.p, &last, options.keepdim)?;
    Ok(Tensor::of(out.cast(<T::Float as Element>::DTYPE)))
}
