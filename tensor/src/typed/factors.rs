//! Factors of matrices of any sizes.

use super::{named, named_pair};
use crate::element::Float;
use crate::error::Result;
use crate::linalg;
use crate::shape::{Matrices, Ranked, Shape};
use crate::tensors::Tensor;

/// Of each of the matrices `[.., m, n]`, with k the smaller of m and n.
impl<S: Ranked, T: Float> Tensor<S, T> {
    /// Orthonormal columns `[.., m, k]` and a triangle `[.., k, n]` whose product is the matrix, as [`linalg::qr`](crate::linalg::qr).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (q, r): (Tensor<dims![2, 1]>, Tensor<dims![1, 1]>) = tensor![[3.], [4.]].qr()?;
    /// assert_eq!((q, r), (tensor![[-0.6], [-0.8]], tensor![[-5.]]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[allow(clippy::type_complexity, reason = "two factors")]
    pub fn qr<Columns: Shape, Rows: Shape>(&self) -> Result<(Tensor<Columns, T>, Tensor<Rows, T>)>
    where
        S: Matrices<Columns = Columns, Rows = Rows>,
    {
        named_pair(linalg::qr(&self.dynamic()))
    }

    /// The singular values `[.., k]` in falling order with their vectors: those on the left in the columns of `[.., m, k]`, those on the right in
    /// the rows of `[.., k, n]`, as [`linalg::svd`](crate::linalg::svd). PyTorch's with `full_matrices` of false.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (u, s, vt) = tensor![[0., 3., 0.], [-2., 0., 0.]].svd()?;
    /// assert_eq!(s, tensor![3., 2.]);
    /// tensor::testing::assert_close(&u.abs(), &tensor![[1., 0.], [0., 1.]]);
    /// tensor::testing::assert_close(&vt.abs(), &tensor![[0., 1., 0.], [1., 0., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where an element is not finite.
    #[allow(clippy::type_complexity, reason = "values and two of vectors")]
    pub fn svd<Columns: Shape, Values: Shape, Rows: Shape>(
        &self,
    ) -> Result<(Tensor<Columns, T>, Tensor<Values, T>, Tensor<Rows, T>)>
    where
        S: Matrices<Columns = Columns, Values = Values, Rows = Rows>,
    {
        let (u, s, vt) = linalg::svd(&self.dynamic())?;
        Ok((named(Ok(u))?, named(Ok(s))?, named(Ok(vt))?))
    }

    /// [`Tensor::qr`] with all columns, `[.., m, m]`, and rows of zeros below the triangle, `[.., m, n]`, as
    /// [`linalg::qr_complete`](crate::linalg::qr_complete).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (q, r): (Tensor<dims![2, 2]>, Tensor<dims![2, 1]>) = tensor![[3.], [4.]].qr_complete()?;
    /// tensor::testing::assert_close(&r, &tensor![[-5.], [0.]]);
    /// tensor::testing::assert_close(&q.mm(&q.t()), &tensor![[1., 0.], [0., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn qr_complete<Left: Shape>(&self) -> Result<(Tensor<Left, T>, Self)>
    where
        S: Matrices<Left = Left>,
    {
        named_pair(linalg::qr_complete(&self.dynamic()))
    }

    /// The triangle `[.., k, n]` of [`Tensor::qr`] alone, which has no gradient, as [`linalg::qr_r`](crate::linalg::qr_r).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3.], [4.]].qr_r()?, tensor![[-5.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn qr_r<Rows: Shape>(&self) -> Result<Tensor<Rows, T>>
    where
        S: Matrices<Rows = Rows>,
    {
        named(linalg::qr_r(&self.dynamic()))
    }

    /// [`Tensor::svd`] with all vectors: those on the left in the columns of `[.., m, m]`, those on the right in the rows of `[.., n, n]`, as
    /// [`linalg::svd_full`](crate::linalg::svd_full).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (u, s, vt): (Tensor<dims![2, 2]>, _, Tensor<dims![3, 3]>) = tensor![[0., 3., 0.], [-2., 0., 0.]].svd_full()?;
    /// assert_eq!(s, tensor![3., 2.]);
    /// assert_eq!((u.abs().sizes(), vt.abs().sizes()), (&[2, 2][..], &[3, 3][..]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where an element is not finite.
    #[allow(clippy::type_complexity, reason = "values and two of vectors")]
    pub fn svd_full<Left: Shape, Values: Shape, Right: Shape>(
        &self,
    ) -> Result<(Tensor<Left, T>, Tensor<Values, T>, Tensor<Right, T>)>
    where
        S: Matrices<Left = Left, Values = Values, Right = Right>,
    {
        let (u, s, vt) = linalg::svd_full(&self.dynamic())?;
        Ok((named(Ok(u))?, named(Ok(s))?, named(Ok(vt))?))
    }

    /// A permutation `[.., m, m]`, a lower triangle `[.., m, k]` and an upper one `[.., k, n]` whose product is the matrix, as
    /// [`linalg::lu`](crate::linalg::lu).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (p, l, u) = tensor![[1., 2.], [2., 2.]].lu()?;
    /// assert_eq!(p, tensor![[0., 1.], [1., 0.]]);
    /// assert_eq!((l, u), (tensor![[1., 0.], [0.5, 1.]], tensor![[2., 2.], [0., 1.]]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[allow(clippy::type_complexity, reason = "three factors")]
    pub fn lu<Left: Shape, Columns: Shape, Rows: Shape>(
        &self,
    ) -> Result<(Tensor<Left, T>, Tensor<Columns, T>, Tensor<Rows, T>)>
    where
        S: Matrices<Left = Left, Columns = Columns, Rows = Rows>,
    {
        let (p, l, u) = linalg::lu(&self.dynamic())?;
        Ok((named(Ok(p))?, named(Ok(l))?, named(Ok(u))?))
    }

    /// Both triangles of [`Tensor::lu`] in one matrix, and the rows `[.., k]` that were exchanged, counted from 1, as
    /// [`linalg::lu_factor`](crate::linalg::lu_factor): what [`Tensor::lu_solve`] takes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (factors, pivots) = tensor![[1., 2.], [2., 2.]].lu_factor()?;
    /// assert_eq!((factors, pivots), (tensor![[2., 2.], [0.5, 1.]], tensor![2i32, 2i32]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    pub fn lu_factor<Values: Shape>(&self) -> Result<(Self, Tensor<Values, i32>)>
    where
        S: Matrices<Values = Values>,
    {
        let (factors, pivots) = linalg::lu_factor(&self.dynamic())?;
        Ok((named(Ok(factors))?, named(Ok(pivots))?))
    }

    /// The singular values `[.., k]`, in falling order, as [`linalg::svdvals`](crate::linalg::svdvals).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 0.], [0., -4.], [0., 0.]].svdvals()?, tensor![4., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where an element is not finite.
    pub fn svdvals<Values: Shape>(&self) -> Result<Tensor<Values, T>>
    where
        S: Matrices<Values = Values>,
    {
        named(linalg::svdvals(&self.dynamic()))
    }
}
