//! Norms, condition numbers and ranks.

use super::{known, named};
use crate::element::{Differentiable, Float};
use crate::error::Result;
use crate::linalg::{self, Cutoff, Order};
use crate::shape::{Axes, Ranked, ReduceAxes};
use crate::tensors::Tensor;

/// The axes of matrices.
type Both = Axes<-2, -1>;
/// What is left without them.
type Batch<S> = <S as ReduceAxes<Both>>::Output;

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// The norm of order `p` of vectors, `sum(|x|^p)^(1/p)`, as [`linalg::vector_norm`](crate::linalg::vector_norm), along the axes `Which`:
    /// [`Axes<0, -1>`](crate::shape::Axes), which go, or [`KeptAxes<0, -1>`](crate::shape::KeptAxes), which stay with size 1. Panics where
    /// there must be an element and is none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 4.], [0., -2.]].vector_norm::<Axes<1>>(2.), tensor![5., 2.]);
    /// ```
    #[track_caller]
    pub fn vector_norm<Which>(&self, p: f64) -> Tensor<<S as ReduceAxes<Which>>::Output, T>
    where
        S: ReduceAxes<Which>,
    {
        known(linalg::vector_norm(&self.dynamic(), p, Some(S::WHICH.axes()), S::KEEP))
    }
}

/// Of each of the matrices `[.., m, n]`.
impl<S: Ranked, T: Float> Tensor<S, T> {
    /// The norm, as [`linalg::matrix_norm`](crate::linalg::matrix_norm): `[.., m, n]` to `[..]`.
    ///
    /// ```
    /// use tensor::linalg::Order;
    /// use tensor::prelude::*;
    /// let x = tensor![[[3., 0.], [4., 1.]]];
    /// assert_eq!(x.matrix_norm(Order::P(1.))?, tensor![7.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such norm of matrices, or of matrices without elements.
    pub fn matrix_norm(&self, order: Order) -> Result<Tensor<Batch<S>, T>>
    where
        S: ReduceAxes<Both>,
    {
        named(linalg::matrix_norm(&self.dynamic(), order, [-2, -1], false))
    }

    /// The condition number, as [`linalg::cond`](crate::linalg::cond): `[.., m, n]` to `[..]`. Without an order, that of the singular values.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[4., 0.], [0., 2.]].cond(None)?.item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the order asks for square matrices and they are not.
    pub fn cond(&self, order: Option<Order>) -> Result<Tensor<Batch<S>, T>>
    where
        S: ReduceAxes<Both>,
    {
        named(linalg::cond(&self.dynamic(), order))
    }

    /// How many singular values are not zero, as [`linalg::matrix_rank`](crate::linalg::matrix_rank): `[.., m, n]` to `[..]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [2., 4.]].matrix_rank()?.item()?, 1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the matrices hold what is not finite.
    pub fn matrix_rank(&self) -> Result<Tensor<Batch<S>, i64>>
    where
        S: ReduceAxes<Both>,
    {
        self.matrix_rank_with(Cutoff::default())
    }

    /// [`Tensor::matrix_rank`] with a tolerance.
    ///
    /// ```
    /// use tensor::linalg::Cutoff;
    /// use tensor::prelude::*;
    /// let cutoff = Cutoff { atol: Some(0.1), ..Cutoff::default() };
    /// assert_eq!(tensor![[2., 0.], [0., 0.01]].matrix_rank_with(cutoff)?.item()?, 1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tensor::matrix_rank`]; and where the tolerance is negative.
    pub fn matrix_rank_with(&self, cutoff: Cutoff) -> Result<Tensor<Batch<S>, i64>>
    where
        S: ReduceAxes<Both>,
    {
        named(linalg::matrix_rank_with(&self.dynamic(), cutoff))
    }
}
