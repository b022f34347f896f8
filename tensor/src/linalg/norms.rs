//! Norms.

use super::{Order, Tensor};
use crate::element::{Differentiable, Float};
use crate::error::Result;
use crate::ops::linalg::norms;

/// `(sum |x|^p)^(1/p)` over some axes, all where none are given; infinity for the largest magnitude, 0 for how many elements are not zero. The
/// gradient at zero is 0.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let x = tensor![[3., 4.], [0., 1.]].into_dynamic();
/// assert_eq!(linalg::vector_norm(&x, 2., Some(&[1]), false)?.to_vec()?, [5., 1.]);
/// assert_eq!(linalg::vector_norm(&x, f64::INFINITY, None, false)?.to_vec()?, [4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there is no such axis, or nothing to take the largest of.
pub fn vector_norm<T: Differentiable>(x: &Tensor<T>, p: f64, axes: Option<&[isize]>, keep: bool) -> Result<Tensor<T>> {
    norms::vector_norm("vector_norm", x.value(), p, axes, keep).map(Tensor::of)
}

/// A norm of matrices over two axes, mostly `[-2, -1]`: `[.., M, N] -> [..]`.
///
/// ```
/// use tensor::linalg::{self, Order};
/// use tensor::prelude::*;
/// let x = tensor![[1., -2.], [3., 4.]].into_dynamic();
/// assert_eq!(linalg::matrix_norm(&x, Order::P(1.), [-2, -1], false)?.to_vec()?, [6.]);
/// assert_eq!(linalg::matrix_norm(&x, Order::P(f64::INFINITY), [-2, -1], true)?.to_vec()?, [7.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no such axes, or no such norm.
pub fn matrix_norm<T: Float>(x: &Tensor<T>, order: Order, axes: [isize; 2], keep: bool) -> Result<Tensor<T>> {
    norms::matrix_norm("matrix_norm", x.value(), order, axes, keep).map(Tensor::of)
}

/// The norm of a vector, over one axis, or of matrices, over two. Without an order that of the elements in a row; without axes that of a
/// tensor of one or two axes.
///
/// ```
/// use tensor::linalg::{self, Order};
/// use tensor::prelude::*;
/// let x = tensor![[3., 0.], [0., -4.]].into_dynamic();
/// assert_eq!(linalg::norm(&x, None, None, false)?.to_vec()?, [5.]);
/// assert_eq!(linalg::norm(&x, Some(Order::Nuclear), None, false)?.to_vec()?, [7.]);
/// assert_eq!(linalg::norm(&x, Some(1.0.into()), Some(&[-1]), false)?.to_vec()?, [3., 4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no such axes, or no such norm.
pub fn norm<T: Float>(x: &Tensor<T>, order: Option<Order>, axes: Option<&[isize]>, keep: bool) -> Result<Tensor<T>> {
    norms::norm(x.value(), order, axes, keep).map(Tensor::of)
}

/// The condition number `|A| |A^-1|`, `[.., M, N] -> [..]`, infinite for a singular matrix; without an order the ratio of the largest to the
/// smallest singular value.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[4., 0.], [0., 2.]].into_dynamic();
/// assert_eq!(linalg::cond(&a, None)?.to_vec()?, [2.]);
/// assert_eq!(linalg::cond(&a, Some(linalg::Order::Frobenius))?.to_vec()?, [2.5]);
/// let singular = tensor![[1., 1.], [1., 1.]].into_dynamic();
/// assert_eq!(linalg::cond(&singular, Some(1.0.into()))?.to_vec()?, [f32::INFINITY]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices, no such norm, or, but for the orders 2 and -2, matrices are not square.
pub fn cond<T: Float>(x: &Tensor<T>, order: Option<Order>) -> Result<Tensor<T>> {
    norms::cond(x.value(), order).map(Tensor::of)
}
