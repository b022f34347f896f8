//! Least squares, pseudoinverses, ranks.

use super::{Driver, Tensor};
use crate::element::Float;
use crate::error::Result;
use crate::ops::linalg::lstsq as ops;
use crate::ops::linalg::pinv::{self as inverses, Tolerance};

/// What counts as zero among singular values: those up to the larger of `atol` and `rtol` times the largest one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cutoff {
    /// 0 where it is not given.
    pub atol: Option<f64>,
    /// Where neither is given, `max(M, N)` times the distance from 1 to the next number; where `atol` is, 0.
    pub rtol: Option<f64>,
}

impl Cutoff {
    fn tolerance(self) -> Tolerance {
        Tolerance {
            atol: self.atol,
            rtol: self.rtol,
        }
    }
}

/// The pseudoinverse `A^+`, `[.., M, N] -> [.., N, M]`: the inverse of what can be inverted.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [0., 0.], [0., 0.]].into_dynamic();
/// assert_eq!(linalg::pinv(&a)?, tensor![[0.5, 0., 0.], [0., 0., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices, or they hold what is not finite.
pub fn pinv<T: Float>(a: &Tensor<T>) -> Result<Tensor<T>> {
    pinv_with(a, Cutoff::default())
}

/// [`pinv`] with a tolerance.
///
/// ```
/// use tensor::linalg::{self, Cutoff};
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [0., 0.01]].into_dynamic();
/// let cutoff = Cutoff { rtol: Some(0.1), ..Cutoff::default() };
/// assert_eq!(linalg::pinv_with(&a, cutoff)?, tensor![[0.5, 0.], [0., 0.]].into_dynamic());
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`pinv`]; and where the tolerance is negative.
pub fn pinv_with<T: Float>(a: &Tensor<T>, cutoff: Cutoff) -> Result<Tensor<T>> {
    inverses::pinv(a.value(), cutoff.tolerance()).map(Tensor::of)
}

/// How many singular values are not zero, `[.., M, N] -> [..]`.
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// assert_eq!(linalg::matrix_rank(&tensor![[1., 2.], [2., 4.]].into_dynamic())?.to_vec()?, [1]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where there are no matrices, or they hold what is not finite.
pub fn matrix_rank<T: Float>(a: &Tensor<T>) -> Result<Tensor<i64>> {
    matrix_rank_with(a, Cutoff::default())
}

/// [`matrix_rank`] with a tolerance.
///
/// ```
/// use tensor::linalg::{self, Cutoff};
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [0., 0.01]].into_dynamic();
/// let cutoff = Cutoff { atol: Some(0.1), ..Cutoff::default() };
/// assert_eq!(linalg::matrix_rank_with(&a, cutoff)?.to_vec()?, [1]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`matrix_rank`]; and where the tolerance is negative.
pub fn matrix_rank_with<T: Float>(a: &Tensor<T>, cutoff: Cutoff) -> Result<Tensor<i64>> {
    inverses::matrix_rank(a.value(), cutoff.tolerance()).map(Tensor::of)
}

/// What [`lstsq`] finds; what it was not asked for is empty, `[0]`.
#[derive(Clone, Debug)]
pub struct Lstsq<T: Float> {
    /// `X`, `[.., N, K]`.
    pub solution: Tensor<T>,
    /// The squares of the norms of the columns of `A X - B`, `[.., K]`; where `M` is larger than `N`, all matrices are of full rank and the
    /// driver is not [`Driver::Gelsy`].
    pub residuals: Tensor<T>,
    /// The rank of each matrix, `[..]`; not by [`Driver::Gels`].
    pub rank: Tensor<i64>,
    /// The singular values, `[.., min(M, N)]`, by [`Driver::Gelsd`] and [`Driver::Gelss`]. They have no gradient.
    pub singular_values: Tensor<T>,
}

/// `X` of the least norm among those for which `A X - B` has the least norm: `[.., M, N] [.., M, K] -> [.., N, K]`. Leading axes broadcast; `B`
/// may be a vector, or a batch of vectors, as in [`solve`](super::solve).
///
/// ```
/// use tensor::linalg;
/// use tensor::prelude::*;
/// let a = tensor![[1., 0.], [1., 0.], [0., 2.]].into_dynamic();
/// let x = linalg::lstsq(&a, &tensor![1., 3., 2.].into_dynamic())?.solution;
/// let expected = tensor![2., 1.].into_dynamic();
/// assert!(x.to_vec()?.iter().zip(expected.to_vec()?).all(|(x, y)| (x - y).abs() < 1e-6));
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Where the sizes do not fit, or the matrices hold what is not finite.
pub fn lstsq<T: Float>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Lstsq<T>> {
    lstsq_with(a, b, None, Driver::default())
}

/// [`lstsq`] by a driver, with singular values up to `rcond` times the largest one taken for zero.
///
/// ```
/// use tensor::linalg::{self, Driver};
/// use tensor::prelude::*;
/// let a = tensor![[2., 0.], [0., 0.01]].into_dynamic();
/// let found = linalg::lstsq_with(&a, &tensor![[4.], [1.]].into_dynamic(), Some(0.1), Driver::Gelsd)?;
/// tensor::testing::assert_close(&found.solution, &tensor![[2.], [0.]]);
/// assert_eq!(found.rank.to_vec()?, [1]);
/// assert_eq!(found.singular_values.to_vec()?, [2., 0.01]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// Those of [`lstsq`]; by [`Driver::Gels`] also where a matrix is seen to be not of full rank.
pub fn lstsq_with<T: Float>(a: &Tensor<T>, b: &Tensor<T>, rcond: Option<f64>, driver: Driver) -> Result<Lstsq<T>> {
    let [solution, residuals, rank, singular_values] = ops::lstsq(a.value(), b.value(), rcond, driver)?;
    Ok(Lstsq {
        solution: Tensor::of(solution),
        residuals: Tensor::of(residuals),
        rank: Tensor::of(rank),
        singular_values: Tensor::of(singular_values),
    })
}
