//! Matrices and vectors.

use super::{agree, named, named_pair};
use crate::element::{Float, Numeric};
use crate::error::Result;
use crate::linalg::{self, Triangle};
use crate::ops::matmul::matmul;
use crate::shape::{Dim, One, Ranked, RowsFor, SameSize, Shape, Solves, Square};
use crate::tensors::Tensor;

/// The product of two operands whose inner sizes a rule has compared.
#[track_caller]
fn product<S: Shape, A: Shape, B: Shape, T: Numeric>(
    name: &'static str,
    left: &Tensor<A, T>,
    right: &Tensor<B, T>,
) -> Tensor<S, T> {
    agree(name, A::AXES, left.sizes(), B::AXES, right.sizes());
    match matmul(left.value(), right.value()) {
        Ok(out) => Tensor::of(out),
        Err(error) => panic!("{error}"),
    }
}

impl<M: Dim, K: Dim, T: Numeric> Tensor<(M, K), T> {
    /// The product of two matrices, `[m, k] [k, n]` to `[m, n]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let a = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(a.mm(&a), tensor![[7., 10.], [15., 22.]]);
    /// ```
    #[track_caller]
    pub fn mm<J, N: Dim>(&self, other: &Tensor<(J, N), T>) -> Tensor<(M, N), T>
    where
        J: RowsFor<K>,
    {
        product("mm", self, other)
    }

    /// The product of a matrix and a vector, `[m, k] [k]` to `[m]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].mv(&tensor![1., 10.]), tensor![21., 43.]);
    /// ```
    #[track_caller]
    pub fn mv<J>(&self, other: &Tensor<(J,), T>) -> Tensor<(M,), T>
    where
        J: RowsFor<K>,
    {
        product("mv", self, other)
    }
}

impl<B: Dim, M: Dim, K: Dim, T: Numeric> Tensor<(B, M, K), T> {
    /// The products of two batches of matrices, `[b, m, k] [b, k, n]` to `[b, m, n]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let rows = tensor![[[1., 2.]], [[3., 4.]]];
    /// assert_eq!(rows.bmm(&tensor![[[1.], [10.]], [[2.], [20.]]]), tensor![[[21.]], [[86.]]]);
    /// ```
    #[track_caller]
    pub fn bmm<C, J, N: Dim>(&self, other: &Tensor<(C, J, N), T>) -> Tensor<(B, M, N), T>
    where
        C: SameSize<B>,
        J: RowsFor<K>,
    {
        product("bmm", self, other)
    }
}

impl<K: Dim, T: Numeric> Tensor<(K,), T> {
    /// The sum of the products of two vectors. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].dot(&tensor![3., 4.]).item()?, 11.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn dot<J>(&self, other: &Tensor<(J,), T>) -> Tensor<(), T>
    where
        J: RowsFor<K>,
    {
        product("dot", self, other)
    }

    /// The products of each element of one vector with each of another: `[m]`, `[n]` to `[m, n]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].outer(&tensor![3., 4., 5.]), tensor![[3., 4., 5.], [6., 8., 10.]]);
    /// ```
    #[track_caller]
    pub fn outer<N: Dim>(&self, other: &Tensor<(N,), T>) -> Tensor<(K, N), T> {
        let column: Tensor<(K, One), T> = Tensor::of(self.value().unsqueeze(1));
        let row: Tensor<(One, N), T> = Tensor::of(other.value().unsqueeze(0));
        product("outer", &column, &row)
    }
}

/// Of each of the matrices `[.., n, n]`.
impl<S: Ranked, T: Float> Tensor<S, T> {
    /// The inverse, as [`linalg::inv`](crate::linalg::inv).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[2., 0.], [0., 4.]].inv()?, tensor![[0.5, 0.], [0., 0.25]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a matrix is singular.
    pub fn inv(&self) -> Result<Self>
    where
        S: Square,
    {
        named(linalg::inv(&self.dynamic()))
    }

    /// The determinant, as [`linalg::det`](crate::linalg::det).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[2., 1.], [1., 3.]]].det()?, tensor![5.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn det<To: Shape>(&self) -> Result<Tensor<To, T>>
    where
        S: Square<Batch = To>,
    {
        named(linalg::det(&self.dynamic()))
    }

    /// The sign of the determinant and the logarithm of its size, as [`linalg::slogdet`](crate::linalg::slogdet).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (sign, log) = tensor![[0., 1.], [1., 0.]].slogdet()?;
    /// assert_eq!((sign.item()?, log.item()?), (-1., 0.));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[allow(clippy::type_complexity, reason = "two numbers a matrix")]
    pub fn slogdet<To: Shape>(&self) -> Result<(Tensor<To, T>, Tensor<To, T>)>
    where
        S: Square<Batch = To>,
    {
        named_pair(linalg::slogdet(&self.dynamic()))
    }

    /// The logarithm of the determinant, as [`linalg::logdet`](crate::linalg::logdet).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// tensor::testing::assert_close(&tensor![[[2., 0.], [0., 3.]]].logdet()?, &tensor![6f32.ln()]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn logdet<To: Shape>(&self) -> Result<Tensor<To, T>>
    where
        S: Square<Batch = To>,
    {
        named(linalg::logdet(&self.dynamic()))
    }

    /// The triangle whose product with its transpose is the matrix, as [`linalg::cholesky`](crate::linalg::cholesky).
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let a = tensor![[4., 2.], [2., 5.]];
    /// assert_eq!(a.cholesky(Triangle::Lower)?, tensor![[2., 0.], [1., 2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a matrix is not positive definite.
    pub fn cholesky(&self, triangle: Triangle) -> Result<Self>
    where
        S: Square,
    {
        named(linalg::cholesky(&self.dynamic(), triangle))
    }

    /// The matrices `[.., n, k]` that these make the given ones of, as [`linalg::solve`](crate::linalg::solve). Panics where two values of
    /// one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[4., 2.], [2., 5.]].solve(&tensor![[8.], [12.]])?;
    /// tensor::testing::assert_close(&x, &tensor![[1.], [2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a matrix is singular.
    #[track_caller]
    pub fn solve<R>(&self, sides: &Tensor<R, T>) -> Result<Tensor<R, T>>
    where
        R: Ranked + Solves<S>,
    {
        agree("solve", S::AXES, self.sizes(), R::AXES, sides.sizes());
        named(linalg::solve(&self.dynamic(), &sides.dynamic()))
    }

    /// The exponential of the matrix, as [`linalg::matrix_exp`](crate::linalg::matrix_exp).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[0., 1.], [0., 0.]].matrix_exp()?, tensor![[1., 1.], [0., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn matrix_exp(&self) -> Result<Self>
    where
        S: Square,
    {
        named(linalg::matrix_exp(&self.dynamic()))
    }

    /// The matrix to a power, as [`linalg::matrix_power`](crate::linalg::matrix_power).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 1.], [0., 1.]].matrix_power(5)?, tensor![[1., 5.], [0., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the power is negative and a matrix singular.
    pub fn matrix_power(&self, n: i64) -> Result<Self>
    where
        S: Square,
    {
        named(linalg::matrix_power(&self.dynamic(), n))
    }

    /// The eigenvalues `[.., n]` of symmetric matrices, in rising order, and their vectors in columns, as
    /// [`linalg::eigh`](crate::linalg::eigh).
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let (w, v) = tensor![[2., 0.], [0., 1.]].eigh(Triangle::Lower)?;
    /// assert_eq!((w, v.abs()), (tensor![1., 2.], tensor![[0., 1.], [1., 0.]]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[allow(clippy::type_complexity, reason = "values and vectors")]
    pub fn eigh<To: Shape>(&self, triangle: Triangle) -> Result<(Tensor<To, T>, Self)>
    where
        S: Square<Vectors = To>,
    {
        named_pair(linalg::eigh(&self.dynamic(), triangle))
    }

    /// The eigenvalues `[.., n]` of symmetric matrices, in rising order, as [`linalg::eigvalsh`](crate::linalg::eigvalsh).
    ///
    /// ```
    /// use tensor::linalg::Triangle;
    /// use tensor::prelude::*;
    /// let w = tensor![[2., 1.], [1., 2.]].eigvalsh(Triangle::Lower)?;
    /// tensor::testing::assert_close(&w, &tensor![1., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn eigvalsh<To: Shape>(&self, triangle: Triangle) -> Result<Tensor<To, T>>
    where
        S: Square<Vectors = To>,
    {
        named(linalg::eigvalsh(&self.dynamic(), triangle))
    }
}
