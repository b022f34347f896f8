//! Parts of a tensor: views.

use super::known;
use crate::element::{Differentiable, Element};
use crate::shape::{
    ArrayLen, DividedBy, One, Ranked, ReduceAxis, SameSize, Shape, Size, Square, StaticDim, Within, Zero, digits,
};
use crate::tensors::Tensor;

/// The size 2.
type Two = Size<digits::_2>;
type Part<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;
type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// `Len` indices of an axis from `Start` on.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 3., 4.].narrow::<0, dim![1], dim![2]>(), tensor![2., 3.]);
    /// ```
    pub fn narrow<const AXIS: isize, Start: StaticDim, Len: StaticDim>(&self) -> Tensor<Part<S, AXIS, Len>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Start, Len>,
    {
        known(self.dynamic().narrow(AXIS, Start::SIZE as isize, Len::SIZE))
    }

    /// One index of an axis, which goes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].select::<-1, dim![1]>(), tensor![2., 4.]);
    /// ```
    pub fn select<const AXIS: isize, Index: StaticDim>(&self) -> Tensor<<S as ReduceAxis<AXIS>>::Output, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Index, One>,
    {
        known(self.dynamic().select(AXIS, Index::SIZE as isize))
    }

    /// The first `Left` indices of an axis, and the rest.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (left, right) = tensor![1., 2., 3.].split::<0, dim![1]>();
    /// assert_eq!((left, right), (tensor![1.], tensor![2., 3.]));
    /// ```
    #[allow(clippy::type_complexity, reason = "two shapes, each worked out")]
    pub fn split<const AXIS: isize, Left: StaticDim>(
        &self,
    ) -> (
        Tensor<Part<S, AXIS, Left>, T>,
        Tensor<Part<S, AXIS, <AxisOf<S, AXIS> as Within<Zero, Left>>::Rest>, T>,
    )
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, Left>,
    {
        let rest = <<AxisOf<S, AXIS> as Within<Zero, Left>>::Rest as StaticDim>::SIZE;
        let whole = self.dynamic();
        (
            known(whole.narrow(AXIS, 0, Left::SIZE)),
            known(whole.narrow(AXIS, Left::SIZE as isize, rest)),
        )
    }

    /// `N` equal parts along an axis, up to 32.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let [first, second] = tensor![1., 2., 3., 4.].chunk::<0, 2>();
    /// assert_eq!((first, second), (tensor![1., 2.], tensor![3., 4.]));
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn chunk<const AXIS: isize, const N: usize>(
        &self,
    ) -> [Tensor<Part<S, AXIS, <AxisOf<S, AXIS> as DividedBy<<[(); N] as ArrayLen>::Size>>::Output>, T>; N]
    where
        S: ReduceAxis<AXIS>,
        [(); N]: ArrayLen,
        AxisOf<S, AXIS>: DividedBy<<[(); N] as ArrayLen>::Size>,
    {
        let whole = self.dynamic();
        let size = <AxisOf<S, AXIS> as StaticDim>::SIZE / N;
        std::array::from_fn(|part| known(whole.narrow(AXIS, (part * size) as isize, size)))
    }

    /// The indices of an axis, which goes: as many as it has, up to 32.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let [upper, lower] = tensor![[1., 2.], [3., 4.]].unbind::<0, 2>();
    /// assert_eq!((upper, lower), (tensor![1., 2.], tensor![3., 4.]));
    /// ```
    pub fn unbind<const AXIS: isize, const N: usize>(&self) -> [Tensor<<S as ReduceAxis<AXIS>>::Output, T>; N]
    where
        S: ReduceAxis<AXIS>,
        [(); N]: ArrayLen,
        <[(); N] as ArrayLen>::Size: SameSize<AxisOf<S, AXIS>>,
    {
        let whole = self.dynamic();
        std::array::from_fn(|index| known(whole.select(AXIS, index as isize)))
    }

    /// The differences of neighbours along an axis, which is one shorter: `x[i + 1] - x[i]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 4., 9.].diff::<0>(), tensor![3., 5.]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn diff<const AXIS: isize>(&self) -> Tensor<Part<S, AXIS, <AxisOf<S, AXIS> as Within<Zero, One>>::Rest>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Within<Zero, One>,
    {
        known(self.dynamic().diff(1, AXIS))
    }

    /// The diagonal of the square matrices on the last two axes, as a last axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].diagonal(), tensor![1., 4.]);
    /// ```
    pub fn diagonal<To: Shape>(&self) -> Tensor<To, T>
    where
        S: Square<Vectors = To>,
    {
        known(self.dynamic().diagonal(0, -2, -1))
    }

    /// What is not above the diagonal `offset` of the matrices on the last two axes; 0 elsewhere.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].tril(0), tensor![[1., 0.], [3., 4.]]);
    /// ```
    pub fn tril(&self, offset: isize) -> Self
    where
        S: ReduceAxis<-2>,
    {
        known(self.dynamic().tril(offset))
    }

    /// What is not below the diagonal `offset` of the matrices on the last two axes; 0 elsewhere.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].triu(1), tensor![[0., 2.], [0., 0.]]);
    /// ```
    pub fn triu(&self, offset: isize) -> Self
    where
        S: ReduceAxis<-2>,
    {
        known(self.dynamic().triu(offset))
    }
}

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// The first half along an axis times the sigmoid of the second: `[.., 2 n, ..]` to `[.., n, ..]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 4., 0., 0.].glu::<0>(), tensor![1., 2.]);
    /// ```
    pub fn glu<const AXIS: isize>(&self) -> Tensor<Part<S, AXIS, <AxisOf<S, AXIS> as DividedBy<Two>>::Output>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: DividedBy<Two>,
    {
        known(self.dynamic().glu(AXIS))
    }
}
