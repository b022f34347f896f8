//! Factorizations.

use super::{Tensor, Triangle};
use crate::element::Float;
use crate::error::Result;
use crate::ops::linalg;

/// `L` of `A = L L^T`, `[.., N, N] -> [.., N, N]`, for symmetric positive definite `A`; only the lower triangle is read, or the upper one,
/// which gives `U = L^T` of `A = U^T U`.
///
/// The gradient is that of symmetric matrices, spread over both triangles.
///
/// ```
/// use tensor::linalg::{self, Triangle};
/// use tensor::prelude::*;
/// let a = tensor![[4., 2.], [2., 5.]].into_dynamic();
/// let l = linalg::cholesky(&a, Triangle::Lower)?;
/// assert_eq!(l, tensor![[2., 0.], [1., 2.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, or one is not positive definite.
pub fn cholesky<T: Float>(a: &Tensor<T>, triangle: Triangle) -> Result<Tensor<T>> {
    linalg::cholesky::cholesky(a.value(), triangle == Triangle::Upper).map(Tensor::of)
}

/// `Q` and `R` of `A = Q R`: `[.., M, N] -> [.., M, K], [.., K, N]` with `K = min(M, N)`, the columns of `Q` orthonormal, `R` upper triangular.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[3.], [4.]].into_dynamic();
/// let (q, r) = linalg::qr(&a)?;
/// assert_eq!(r, tensor![[-5.]].into_dynamic());
/// assert_eq!(q, tensor![[-0.6], [-0.8]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices.
pub fn qr<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>)> {
    let (q, r) = linalg::qr::qr(a.value(), false)?;
    Ok((Tensor::of(q), Tensor::of(r)))
}

/// [`qr`] with a square `Q`: `[.., M, N] -> [.., M, M], [.., M, N]`. PyTorch's mode `complete`.
///
/// Where `M` is larger than `N` there is no gradient: asking for it is an error.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (q, r) = linalg::qr_complete(&tensor![[3.], [4.]].into_dynamic())?;
/// tensor::testing::assert_close(&q, &tensor![[-0.6, -0.8], [-0.8, 0.6]]);
/// assert_eq!(r, tensor![[-5.], [0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices.
pub fn qr_complete<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>)> {
    let (q, r) = linalg::qr::qr(a.value(), true)?;
    Ok((Tensor::of(q), Tensor::of(r)))
}

/// `R` of [`qr`] alone, which has no gradient. PyTorch's mode `r`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let r = linalg::qr_r(&tensor![[3., 1.], [4., 2.]].into_dynamic())?;
/// tensor::testing::assert_close(&r, &tensor![[-5., -2.2], [0., 0.4]]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices.
pub fn qr_r<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::qr::qr_r(a.value()).map(Tensor::of)
}

/// The first `N` columns of the product of reflections `1 - tau[i] v_i v_i^T`, where `v_i` is what column `i` of `a` has below the diagonal, 1
/// on it and 0 above: `[.., M, N] [.., K] -> [.., M, N]`. What LAPACK's `geqrf` leaves of `Q`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[5., 5.], [1., 5.]].into_dynamic(); // `v_0` is [1, 1], `v_1` is [0, 1].
/// let q = linalg::householder_product(&a, &tensor![1., 2.].into_dynamic())?;
/// assert_eq!(q, tensor![[0., 1.], [-1., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where `a` has more columns than rows, or `tau` more numbers than `a` columns or other leading axes.
pub fn householder_product<T: Float>(a: &Tensor<T>, tau: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::qr::householder_product(a.value(), tau.value()).map(Tensor::of)
}

/// Eigenvalues and eigenvectors of symmetric matrices, `A = V diag(w) V^T`: `[.., N, N] -> [.., N], [.., N, N]`. The values ascend; the
/// vectors are columns, unique but for their signs. Only one triangle is read.
///
/// A gradient that comes through the vectors needs values that differ.
///
/// ```
/// use tensor::linalg::{self, Triangle};
/// use tensor::prelude::*;
/// let (w, v) = linalg::eigh(&tensor![[2., 0.], [0., 1.]].into_dynamic(), Triangle::Lower)?;
/// assert_eq!(w.to_vec()?, [1., 2.]);
/// assert_eq!(v.abs(), tensor![[0., 1.], [1., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the matrices are not square, or hold what is not finite.
pub fn eigh<T: Float>(a: &Tensor<T>, triangle: Triangle) -> Result<(Tensor<T>, Tensor<T>)> {
    let (w, v) = linalg::eigh::eigh("eigh", a.value(), triangle)?;
    Ok((Tensor::of(w), Tensor::of(v)))
}

/// The eigenvalues of symmetric matrices, ascending: `[.., N, N] -> [.., N]`.
///
/// ```
/// use tensor::linalg::{self, Triangle};
/// use tensor::prelude::*;
/// let w = linalg::eigvalsh(&tensor![[2., 1.], [1., 2.]].into_dynamic(), Triangle::Lower)?;
/// tensor::testing::assert_close(&w, &tensor![1., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`eigh`].
pub fn eigvalsh<T: Float>(a: &Tensor<T>, triangle: Triangle) -> Result<Tensor<T>> {
    let (w, _) = linalg::eigh::eigh("eigvalsh", a.value(), triangle)?;
    Ok(Tensor::of(w))
}

/// Singular values with their vectors, `A = U diag(s) V^T`: `[.., M, N] -> [.., M, K], [.., K], [.., K, N]` with `K = min(M, N)`. The values
/// descend; the vectors are unique but for their signs. PyTorch's `svd` with `full_matrices` of false.
///
/// A gradient that comes through the vectors needs values that differ, and that are not 0 where `M` and `N` differ.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (u, s, vt) = linalg::svd(&tensor![[0., 3.], [-2., 0.]].into_dynamic())?;
/// assert_eq!(s.to_vec()?, [3., 2.]);
/// assert_eq!((u.sizes(), vt.sizes()), (&[2, 2][..], &[2, 2][..]));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices, or they hold what is not finite.
pub fn svd<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>, Tensor<T>)> {
    let [u, s, vt] = linalg::svd::decompose("svd", a.value(), false)?;
    Ok((Tensor::of(u), Tensor::of(s), Tensor::of(vt)))
}

/// [`svd`] with square `U`, `[.., M, M]`, and `V^T`, `[.., N, N]`. PyTorch's `svd`.
///
/// The vectors that [`svd`] does not have get no gradient.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (u, s, vt) = linalg::svd_full(&tensor![[3.], [4.]].into_dynamic())?;
/// assert_eq!((u.sizes(), vt.sizes()), (&[2, 2][..], &[1, 1][..]));
/// assert_eq!(s.to_vec()?, [5.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`svd`].
pub fn svd_full<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>, Tensor<T>)> {
    let [u, s, vt] = linalg::svd::decompose("svd", a.value(), true)?;
    Ok((Tensor::of(u), Tensor::of(s), Tensor::of(vt)))
}

/// The singular values, descending: `[.., M, N] -> [.., min(M, N)]`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let s = linalg::svdvals(&tensor![[3., 0.], [0., -4.], [0., 0.]].into_dynamic())?;
/// assert_eq!(s.to_vec()?, [4., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`svd`].
pub fn svdvals<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    linalg::svd::svdvals("svdvals", a.value()).map(Tensor::of)
}

/// `L` (below the diagonal, on which it is 1) and `U` of `A = P L U` in one matrix, `[.., M, N]`, and the pivots, `[.., min(M, N)]`: row `i`
/// was exchanged with row `pivots[i]`, counted from 1. Singular matrices have factors too.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (factors, pivots) = linalg::lu_factor(&tensor![[1., 2.], [2., 2.]].into_dynamic())?;
/// assert_eq!(factors, tensor![[2., 2.], [0.5, 1.]].into_dynamic());
/// assert_eq!(pivots.to_vec()?, [2, 2]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices.
pub fn lu_factor<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<i32>)> {
    let (factors, pivots) = linalg::lu::lu_factor(a.value())?;
    Ok((Tensor::of(factors), Tensor::of(pivots)))
}

/// `P`, `L` and `U` of `A = P L U`: `[.., M, N] -> [.., M, M], [.., M, K], [.., K, N]` with `K = min(M, N)`. `P` exchanges rows and has no
/// gradient.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let (p, l, u) = linalg::lu(&tensor![[1., 2.], [2., 2.]].into_dynamic())?;
/// assert_eq!(p, tensor![[0., 1.], [1., 0.]].into_dynamic());
/// assert_eq!(l, tensor![[1., 0.], [0.5, 1.]].into_dynamic());
/// assert_eq!(u, tensor![[2., 2.], [0., 1.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices.
pub fn lu<T: Float>(a: &Tensor<T>) -> Result<(Tensor<T>, Tensor<T>, Tensor<T>)> {
    let (p, l, u) = linalg::lu::lu(a.value())?;
    Ok((Tensor::of(p), Tensor::of(l), Tensor::of(u)))
}
