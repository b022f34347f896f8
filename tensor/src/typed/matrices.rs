//! Matrices and vectors.

use super::agree;
use crate::element::Numeric;
use crate::ops::matmul::matmul;
use crate::shape::{Dim, RowsFor, SameSize, Shape};
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

/// ```
/// use tensor::prelude::*;
/// let (a, x) = (tensor![[1., 2.], [3., 4.]], tensor![1., 10.]);
/// assert_eq!(a.mv(&x), tensor![21., 43.]);
/// assert_eq!(a.mm(&a), tensor![[7., 10.], [15., 22.]]);
/// ```
impl<M: Dim, K: Dim, T: Numeric> Tensor<(M, K), T> {
    /// The product of two matrices, `[m, k] [k, n]` to `[m, n]`. Panics where two values of one named size differ.
    #[track_caller]
    pub fn mm<J, N: Dim>(&self, other: &Tensor<(J, N), T>) -> Tensor<(M, N), T>
    where
        J: RowsFor<K>,
    {
        product("mm", self, other)
    }

    /// The product of a matrix and a vector, `[m, k] [k]` to `[m]`. Panics where two values of one named size differ.
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
    #[track_caller]
    pub fn bmm<C, J, N: Dim>(&self, other: &Tensor<(C, J, N), T>) -> Tensor<(B, M, N), T>
    where
        C: SameSize<B>,
        J: RowsFor<K>,
    {
        product("bmm", self, other)
    }
}

/// ```
/// use tensor::prelude::*;
/// let x = tensor![1., 2.];
/// assert_eq!(x.dot(&tensor![3., 4.]).item()?, 11.);
/// assert_eq!(x.outer(&tensor![3., 4., 5.]), tensor![[3., 4., 5.], [6., 8., 10.]]);
/// # Ok::<(), tensor::Error>(())
/// ```
impl<K: Dim, T: Numeric> Tensor<(K,), T> {
    /// The sum of the products of two vectors. Panics where two values of one named size differ.
    #[track_caller]
    pub fn dot<J>(&self, other: &Tensor<(J,), T>) -> Tensor<(), T>
    where
        J: RowsFor<K>,
    {
        product("dot", self, other)
    }

    /// The products of each element of one vector with each of another: `[m]`, `[n]` to `[m, n]`.
    #[track_caller]
    pub fn outer<N: Dim>(&self, other: &Tensor<(N,), T>) -> Tensor<(K, N), T> {
        let column: Tensor<(K, crate::shape::One), T> = Tensor::of(self.value().unsqueeze(1));
        let row: Tensor<(crate::shape::One, N), T> = Tensor::of(other.value().unsqueeze(0));
        product("outer", &column, &row)
    }
}
