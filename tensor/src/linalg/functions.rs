//! Determinants, functions and products of matrices.

use super::Tensor;
use crate::element::{Float, Numeric};
use crate::error::Result;
use crate::ops::{linalg, products};

/// The determinant, `[.., N, N] -> [..]`. It has a gradient for singular matrices too.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// assert_eq!(linalg::det(&tensor![[2., 1.], [1., 3.]].into_dynamic())?.to_vec()?, [5.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square.
pub fn det<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::determinant::det(a.value()).map(Tensor::of)
}

/// The sign of the determinant (-1, 0 or 1), which has no gradient, and the logarithm of its magnitude, `[.., N, N] -> [..], [..]`.
///
/// Neither overflows where the determinant would.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (sign, log) = linalg::slogdet(&tensor![[0., 1.], [1., 0.]].into_dynamic())?;
/// assert_eq!((sign.to_vec()?, log.to_vec()?), (vec![-1.], vec![0.]));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square.
pub fn slogdet<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>)> {
    let (sign, log) = linalg::determinant::slogdet(a.value())?;
    Ok((Tensor::of(sign), Tensor::of(log)))
}

/// The logarithm of the determinant, NaN where that is negative, `[.., N, N] -> [..]`. PyTorch's `torch.logdet`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let x = linalg::logdet(&tensor![[[2., 0.], [0., 0.5]], [[0., 1.], [1., 0.]]].into_dynamic())?;
/// tensor::testing::assert_close(&x, &tensor![0., f32::NAN]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square.
pub fn logdet<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::determinant::logdet(a.value()).map(Tensor::of)
}

/// `1 + A + A^2 / 2 + A^3 / 6 + ..`, `[.., N, N] -> [.., N, N]`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let x = linalg::matrix_exp(&tensor![[0., 1.], [0., 0.]].into_dynamic())?;
/// assert_eq!(x, tensor![[1., 1.], [0., 1.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square.
pub fn matrix_exp<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::exponential::matrix_exp(a.value()).map(Tensor::of)
}

/// `A^n`, the power of a matrix: `[.., N, N] -> [.., N, N]`; of its inverse where `n` is negative.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[1., 1.], [0., 1.]].into_dynamic();
/// assert_eq!(linalg::matrix_power(&a, 5)?, tensor![[1., 5.], [0., 1.]].into_dynamic());
/// assert_eq!(linalg::matrix_power(&a, -1)?, tensor![[1., -1.], [0., 1.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, or `n` is negative and one is singular.
pub fn matrix_power<T: Float>(a: &Tensor<T>, n: i64) -> Result<Tensor<T>> {
    linalg::exponential::matrix_power(a.value(), n).map(Tensor::of)
}

/// The product of two or more matrices, in the order that takes the fewest multiplications. The first may be a row and the last a column,
/// `[N]`. PyTorch's `multi_dot` and `chain_matmul`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[1., 2.], [3., 4.]].into_dynamic();
/// let x = linalg::multi_dot(&[&tensor![1., 1.].into_dynamic(), &a, &a])?;
/// assert_eq!(x.to_vec()?, [22., 32.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are fewer than two, or the sizes do not fit.
pub fn multi_dot<T: Numeric>(factors: &[&Tensor<T>]) -> Result<Tensor<T>> {
    let values: Vec<_> = factors.iter().map(|factor| factor.value()).collect();
    products::matrix::multi_dot(&values).map(Tensor::of)
}
