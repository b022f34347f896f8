//! Several tensors as one.

use super::{agree, known};
use crate::element::Element;
use crate::shape::{ArrayLen, Cat, Dynamic, InsertAxis, PadAxis, Ranked, ReduceAxis, StaticDim};
use crate::tensors::Tensor;

/// Two tensors that can be put one behind the other: `(&x, &y).cat::<1>()`.
///
/// A method of pairs, and not of [`Tensor`], where [`Tensor::cat`] takes any number of dynamic ones.
///
/// ```
/// use tensor::prelude::*;
/// let (a, b) = (tensor![[1., 2.], [3., 4.]], tensor![[5.], [6.]]);
/// assert_eq!((&a, &b).cat::<1>(), tensor![[1., 2., 5.], [3., 4., 6.]]);
/// ```
pub trait CatTensors {
    /// The shape of the first.
    type Left;
    /// The shape of the second.
    type Right;
    /// Their elements.
    type Element: Element;

    /// One behind the other along an axis, whose sizes add up. The other axes are the same. Panics where two values of one named size
    /// differ.
    #[track_caller]
    fn cat<const AXIS: isize>(self) -> Tensor<<Self::Left as Cat<AXIS, Self::Right>>::Output, Self::Element>
    where
        Self::Left: Cat<AXIS, Self::Right>;
}

impl<S: Ranked, R: Ranked, T: Element> CatTensors for (&Tensor<S, T>, &Tensor<R, T>) {
    type Left = S;
    type Right = R;
    type Element = T;

    fn cat<const AXIS: isize>(self) -> Tensor<<S as Cat<AXIS, R>>::Output, T>
    where
        S: Cat<AXIS, R>,
    {
        agree("cat", S::AXES, self.0.sizes(), R::AXES, self.1.sizes());
        known(Tensor::<Dynamic, T>::cat(&[&self.0.dynamic(), &self.1.dynamic()], AXIS))
    }
}

/// Tensors of one shape that can be laid on one another: `[&x, &y].stack::<0>()`.
///
/// A method of arrays, and not of [`Tensor`], where [`Tensor::stack`] takes any number of dynamic ones.
///
/// ```
/// use tensor::prelude::*;
/// let x = tensor![1., 2.];
/// assert_eq!([&x, &x].stack::<1>(), tensor![[1., 1.], [2., 2.]]);
/// ```
pub trait StackTensors {
    /// Their shape.
    type Shape;
    /// How many there are.
    type Count: StaticDim;
    /// Their elements.
    type Element: Element;

    /// All along a new axis. Panics where two values of one named size differ.
    #[track_caller]
    fn stack<const AXIS: isize>(self) -> Tensor<<Self::Shape as InsertAxis<AXIS>>::Output<Self::Count>, Self::Element>
    where
        Self::Shape: InsertAxis<AXIS>;
}

impl<S: Ranked, T: Element, const N: usize> StackTensors for [&Tensor<S, T>; N]
where
    [(); N]: ArrayLen,
{
    type Shape = S;
    type Count = <[(); N] as ArrayLen>::Size;
    type Element = T;

    fn stack<const AXIS: isize>(self) -> Tensor<<S as InsertAxis<AXIS>>::Output<Self::Count>, T>
    where
        S: InsertAxis<AXIS>,
    {
        for other in &self[1..] {
            agree("stack", S::AXES, self[0].sizes(), S::AXES, other.sizes());
        }
        let tensors = self.map(Tensor::dynamic);
        known(Tensor::<Dynamic, T>::stack(&tensors.each_ref(), AXIS))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// With `Before` and `After` elements of a value around an axis: `x.pad_axis::<-1, dim![2], dim![2]>(0.)`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].pad_axis::<0, dim![1], dim![2]>(7.), tensor![7., 1., 2., 7., 7.]);
    /// ```
    pub fn pad_axis<const AXIS: isize, Before: StaticDim, After: StaticDim>(
        &self,
        value: T,
    ) -> Tensor<<S as PadAxis<AXIS, Before, After>>::Output, T>
    where
        S: PadAxis<AXIS, Before, After> + ReduceAxis<AXIS>,
    {
        let axis = <S as ReduceAxis<AXIS>>::INDEX;
        let end = |size| {
            let mut sizes = self.sizes().to_vec();
            sizes[axis] = size;
            Tensor::full_of(value, &sizes).and_then(|end: Tensor<Dynamic, T>| end.to(self.device()))
        };
        let joined = end(Before::SIZE)
            .and_then(|before| Tensor::<Dynamic, T>::cat(&[&before, &self.dynamic(), &end(After::SIZE)?], AXIS));
        known(joined)
    }
}
