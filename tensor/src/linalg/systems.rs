//! Systems of equations, and inverses.

use super::{Tensor, Triangle};
use crate::element::Float;
use crate::error::{Error, Result};
use crate::layout::{Axes, describe, len};
use crate::ops::linalg::{self, triangular};

/// `A^-1`, `[.., N, N] -> [.., N, N]`. PyTorch's `inv` and `inverse`.
///
/// Where it is to be multiplied with something, [`solve`] is faster and more precise.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [0., 4.]].into_dynamic();
/// assert_eq!(linalg::inv(&a)?, tensor![[0.5, 0.], [0., 0.25]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, or one is singular.
pub fn inv<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::solve::inverse("inv", a.value()).map(Tensor::of)
}

/// `X` of `A X = B`: `[.., N, N] [.., N, K] -> [.., N, K]`. Leading axes broadcast.
///
/// `B` may be a vector, `[N]`, or, where it has the sizes of `A` but for the last one, a batch of vectors, `[.., N]`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let x = linalg::solve(&tensor![[2., 1.], [1., 3.]].into_dynamic(), &tensor![4., 7.].into_dynamic())?;
/// tensor::testing::assert_close(&x, &tensor![1., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, the sizes do not fit, or a matrix is singular.
pub fn solve<T: Float>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::solve::solve(a.value(), b.value(), true).map(Tensor::of)
}

/// `X` of `X A = B`: `[.., N, N] [.., K, N] -> [.., K, N]`. PyTorch's `solve` with `left` of false.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let x = linalg::solve_right(&tensor![[1., 1.], [0., 2.]].into_dynamic(), &tensor![[1., 5.]].into_dynamic())?;
/// assert_eq!(x, tensor![[1., 2.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`solve`]; and where `B` is a vector.
pub fn solve_right<T: Float>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::solve::solve(a.value(), b.value(), false).map(Tensor::of)
}

/// Which system [`solve_triangular`] solves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triangular {
    /// The triangle that `A` is; the other one is not read.
    pub triangle: Triangle,
    /// `A X = B`, else `X A = B`.
    pub left: bool,
    /// The diagonal is 1, and is not read. PyTorch's `unitriangular`.
    pub unit: bool,
}

impl Default for Triangular {
    fn default() -> Self {
        Self {
            triangle: Triangle::Lower,
            left: true,
            unit: false,
        }
    }
}

/// `X` of `A X = B`, or of `X A = B`, for triangular `A`: `[.., N, N] [.., N, K] -> [.., N, K]`. Leading axes broadcast. A zero on the diagonal
/// gives infinities or NaN.
///
/// ```
/// use tensor::linalg::{self, Triangular};
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [1., 1.]].into_dynamic();
/// let b = tensor![[2.], [3.]].into_dynamic();
/// let x = linalg::solve_triangular(&a, &b, Triangular::default())?;
/// assert_eq!(x, tensor![[1.], [2.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, or the sizes do not fit.
pub fn solve_triangular<T: Float>(a: &Tensor<T>, b: &Tensor<T>, system: Triangular) -> Result<Tensor<T>> {
    let system = triangular::Triangle {
        upper: system.triangle == Triangle::Upper,
        left: system.left,
        unit: system.unit,
    };
    triangular::solve_triangular(a.value(), b.value(), system).map(Tensor::of)
}

/// `X` of `A X = B` where `L`, or `U`, is the factor of `A` that [`cholesky`](super::cholesky) gives. PyTorch's `torch.cholesky_solve`.
///
/// ```
/// use tensor::linalg::{self, Triangle};
/// use tensor::prelude::*;
/// let l = tensor![[2., 0.], [1., 2.]].into_dynamic();
/// let x = linalg::cholesky_solve(&tensor![[6.], [7.]].into_dynamic(), &l, Triangle::Lower)?;
/// assert_eq!(x, tensor![[1.], [1.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the factor is not square, or the sizes do not fit.
pub fn cholesky_solve<T: Float>(b: &Tensor<T>, factor: &Tensor<T>, triangle: Triangle) -> Result<Tensor<T>> {
    linalg::cholesky::cholesky_solve(b.value(), factor.value(), triangle == Triangle::Upper).map(Tensor::of)
}

/// `A^-1` from the factor of `A` that [`cholesky`](super::cholesky) gives. PyTorch's `torch.cholesky_inverse`.
///
/// ```
/// use tensor::linalg::{self, Triangle};
/// use tensor::prelude::*;
/// let inverse = linalg::cholesky_inverse(&tensor![[2., 0.], [1., 2.]].into_dynamic(), Triangle::Lower)?;
/// assert_eq!(inverse, tensor![[0.3125, -0.125], [-0.125, 0.25]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the factor is not square.
pub fn cholesky_inverse<T: Float>(factor: &Tensor<T>, triangle: Triangle) -> Result<Tensor<T>> {
    linalg::cholesky::cholesky_inverse(factor.value(), triangle == Triangle::Upper).map(Tensor::of)
}

/// `X` of `A X = B`, or of `A^T X = B` where `transposed`, from what [`lu_factor`](super::lu_factor) gives of square `A`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (factors, pivots) = linalg::lu_factor(&tensor![[1., 2.], [2., 2.]].into_dynamic())?;
/// let b = tensor![[5.], [6.]].into_dynamic();
/// assert_eq!(linalg::lu_solve(&factors, &pivots, &b, false)?, tensor![[1.], [2.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the factors are not square, the sizes do not fit, or the pivots are none.
pub fn lu_solve<T: Float>(
    factors: &Tensor<T>,
    pivots: &Tensor<i32>,
    b: &Tensor<T>,
    transposed: bool,
) -> Result<Tensor<T>> {
    linalg::lu::lu_solve(factors.value(), pivots.value(), b.value(), transposed).map(Tensor::of)
}

/// The inverse of a tensor as a map from its last axes to its first `first` ones: its sizes are those last axes, then those first ones.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[[2., 0.]], [[0., 4.]]].into_dynamic();
/// assert_eq!(linalg::tensorinv(&a, 1)?, tensor![[[0.5, 0.], [0., 0.25]]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the products of both differ, there are not as many axes, or the map is singular.
pub fn tensorinv<T: Float>(a: &Tensor<T>, first: usize) -> Result<Tensor<T>> {
    let sizes = a.sizes();
    if first == 0 || first > sizes.len() || len(&sizes[..first]) != len(&sizes[first..]) {
        let expected = format!("a product of the first {first} sizes that is that of the others");
        return Err(Error::shape("tensorinv", expected, describe(sizes)));
    }
    let n = len(&sizes[..first]);
    let out: Axes<usize> = sizes[first..].iter().chain(&sizes[..first]).copied().collect();
    let inverse = linalg::solve::inverse("tensorinv", &a.value().reshape(&[n, n]))?;
    Ok(Tensor::of(inverse.reshape(&out)))
}

/// `X` of `tensordot(A, X, rank of X) = B`: the first axes of `A` are those of `B`, the others those of `X`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[[2., 0.]], [[0., 4.]]].into_dynamic();
/// assert_eq!(linalg::tensorsolve(&a, &tensor![2., 8.].into_dynamic())?, tensor![[1., 2.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the first axes of `A` are not those of `B`, the products of both kinds differ, or the map is singular.
pub fn tensorsolve<T: Float>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let (sizes, right) = (a.sizes(), b.sizes());
    if !sizes.starts_with(right) || len(&sizes[right.len()..]) != len(right) {
        let expected = format!("{} and as many elements behind that", describe(right));
        return Err(Error::shape("tensorsolve", expected, describe(sizes)));
    }
    let n = len(right);
    let x = linalg::solve::solve(&a.value().reshape(&[n, n]), &b.value().reshape(&[n]), true)?;
    Ok(Tensor::of(x.reshape(&sizes[right.len()..])))
}
