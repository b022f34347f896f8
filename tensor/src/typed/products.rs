//! Products of tensors that are no products of matrices.

use super::{agree, known};
use crate::element::{Element, Numeric};
use crate::shape::{Kronecker, Ranked, ReduceAxis, SameSize, Size, digits};
use crate::tensors::Tensor;

/// The size 3.
type Three = Size<digits::_3>;

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The vector product along an axis, which has size 3: the right-handed product of each two vectors. PyTorch's `linalg.cross`. Panics
    /// where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, y) = (tensor![[1., 0., 0.]], tensor![[0., 2., 0.]]);
    /// assert_eq!(x.cross::<-1>(&y), tensor![[0., 0., 2.]]);
    /// ```
    #[track_caller]
    pub fn cross<const AXIS: isize>(&self, other: &Self) -> Self
    where
        S: ReduceAxis<AXIS>,
        <S as ReduceAxis<AXIS>>::Axis: SameSize<Three>,
    {
        agree("cross", S::AXES, self.sizes(), S::AXES, other.sizes());
        known(self.dynamic().cross(&other.dynamic(), AXIS))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The Kronecker product: each element of `self` times all of `other`, in its place: `[m, n] [p, q]` to `[m p, n q]`. Axes are aligned on
    /// the right. Panics where two values of one named size differ, and where the product does not fit into memory.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let out: Tensor<dims![2, 4]> = tensor![[1., 2.]].kron(&tensor![[1., 0.], [0., 1.]]);
    /// assert_eq!(out, tensor![[1., 0., 2., 0.], [0., 1., 0., 2.]]);
    /// ```
    #[track_caller]
    pub fn kron<R>(&self, other: &Tensor<R, T>) -> Tensor<<R as Kronecker<S>>::Output, T>
    where
        R: Ranked + Kronecker<S>,
    {
        agree("kron", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(self.dynamic().kron(&other.dynamic()))
    }
}
