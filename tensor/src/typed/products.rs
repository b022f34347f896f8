//! Products of tensors that are no products of matrices.

use super::{agree, known};
use crate::element::Numeric;
use crate::shape::{Ranked, ReduceAxis, SameSize, Size, digits};
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
