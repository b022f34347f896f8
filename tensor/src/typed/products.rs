//! Products of tensors that are no products of matrices.

use super::{agree, known};
use crate::element::{Element, Numeric};
use crate::shape::{
    Broadcast, BroadcastWith, Contracts, ContractsAxes, Inner, Kronecker, Ranked, ReduceAxes, ReduceAxis, SameSize,
    Size, digits,
};
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

    /// The sums of products over the last `COUNT` axes of `self` and the first of `other`: `[a.., k..] [k.., b..]` to `[a.., b..]`. Panics
    /// where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.tensordot::<1, _>(&x), x.mm(&x));
    /// assert_eq!(x.tensordot::<2, _>(&x).item()?, 30.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    pub fn tensordot<const COUNT: usize, R>(
        &self,
        other: &Tensor<R, T>,
    ) -> Tensor<<R as Contracts<S, COUNT>>::Output, T>
    where
        R: Ranked + Contracts<S, COUNT>,
    {
        agree("tensordot", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(self.dynamic().tensordot(&other.dynamic(), COUNT))
    }

    /// The sums of products over some axes of `self` and as many of `other`: what is left of `self`, and behind it of `other`.
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.tensordot_axes::<Axes<0>, Axes<1>, _>(&x), tensor![[7., 15.], [10., 22.]]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn tensordot_axes<Which, WhichOther, R>(
        &self,
        other: &Tensor<R, T>,
    ) -> Tensor<<R as ContractsAxes<S, Which, WhichOther>>::Output, T>
    where
        S: ReduceAxes<Which>,
        R: Ranked + ReduceAxes<WhichOther> + ContractsAxes<S, Which, WhichOther>,
    {
        const {
            let (axes, others) = (<S as ReduceAxes<Which>>::WHICH, <R as ReduceAxes<WhichOther>>::WHICH);
            assert!(
                axes.count() == others.count(),
                "`tensordot` sums over as many axes of one as of the other"
            );
        }
        agree("tensordot", S::AXES, self.sizes(), R::AXES, other.sizes());
        let (axes, others) = (<S as ReduceAxes<Which>>::WHICH, <R as ReduceAxes<WhichOther>>::WHICH);
        known(
            self.dynamic()
                .tensordot_axes(&other.dynamic(), axes.axes(), others.axes()),
        )
    }

    /// The sums of products over the last axes of both: `[a.., k] [b.., k]` to `[a.., b..]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].inner(&tensor![10., 1.]), tensor![12., 34.]);
    /// ```
    #[track_caller]
    pub fn inner<R>(&self, other: &Tensor<R, T>) -> Tensor<<R as Inner<S>>::Output, T>
    where
        R: Ranked + Inner<S>,
    {
        agree("inner", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(self.dynamic().inner(&other.dynamic()))
    }

    /// The sums of products along an axis of both, broadcast. PyTorch's `linalg.vecdot`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.vecdot::<-1, _>(&x), tensor![5., 25.]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn vecdot<const AXIS: isize, R>(
        &self,
        other: &Tensor<R, T>,
    ) -> Tensor<<Broadcast<S, R> as ReduceAxis<AXIS>>::Output, T>
    where
        R: Ranked,
        S: BroadcastWith<R>,
        Broadcast<S, R>: ReduceAxis<AXIS>,
    {
        agree("vecdot", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(self.dynamic().vecdot(&other.dynamic(), AXIS))
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
