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
