//! Axes more and less, in another order, cut and joined, stretched.

use super::{agree, known, undetermined};
use crate::element::Element;
use crate::shape::{
    Axes, BroadcastTo, FlattenBetween, InsertAxis, MoveAxis, One, Permute, Ranked, ReduceAxes, ReduceAxis, Repeat,
    SameSize, Shape, StaticShape, SwapIn, Unflatten, resolve,
};
use crate::tensors::Tensor;

/// ```
/// use tensor::prelude::*;
/// let x = Tensor::<dims![2, 3, 4]>::zeros();
/// let y: Tensor<dims![4, 2, 3]> = x.permute::<Axes<2, 0, 1>>();
/// let z: Tensor<dims![1, 4, 2, 3]> = y.unsqueeze::<0>();
/// let w: Tensor<dims![4, 2, 3]> = z.squeeze::<0>();
/// let v: Tensor<dims![2, 2, 2, 3]> = w.unflatten::<0, dims![2, 2]>();
/// assert_eq!(v.swapaxes::<1, -1>().sizes(), [2, 3, 2, 2]);
/// assert_eq!(v.movedim::<-1, 0>().sizes(), [3, 2, 2, 2]);
/// assert_eq!(x.repeat::<dims![1, 2, 1]>().sizes(), [2, 6, 4]);
/// ```
impl<S: Ranked, T: Element> Tensor<S, T> {
    /// With a new axis of size 1 at `AXIS`; -1 is behind the last.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x: Tensor<dims![1, 2]> = tensor![1., 2.].unsqueeze::<0>();
    /// assert_eq!(x, tensor![[1., 2.]]);
    /// ```
    pub fn unsqueeze<const AXIS: isize>(&self) -> Tensor<<S as InsertAxis<AXIS>>::Output<One>, T>
    where
        S: InsertAxis<AXIS>,
    {
        known(self.dynamic().unsqueeze(AXIS))
    }

    /// Without an axis, which is of size 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].squeeze::<0>(), tensor![1., 2.]);
    /// ```
    #[track_caller]
    pub fn squeeze<const AXIS: isize>(&self) -> Tensor<<S as ReduceAxis<AXIS>>::Output, T>
    where
        S: ReduceAxis<AXIS>,
        <S as ReduceAxis<AXIS>>::Axis: SameSize<One>,
    {
        known(self.dynamic().squeeze_axis(AXIS))
    }

    /// The axes in another order, a view: axis `i` of the result is the `i`-th of `Order`, [`Axes<2, 0, 1>`](crate::shape::Axes).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.]], [[3., 4.]]];
    /// assert_eq!(x.permute::<Axes<1, 2, 0>>(), tensor![[[1., 3.], [2., 4.]]]);
    /// ```
    pub fn permute<Order>(&self) -> Tensor<<S as Permute<Order>>::Output, T>
    where
        S: Permute<Order>,
    {
        known(self.dynamic().permute(S::ORDER.axes()))
    }

    /// Two axes exchanged, a view. PyTorch's `transpose`, which exchanges the last two here.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].swapaxes::<0, -1>(), tensor![[1., 3.], [2., 4.]]);
    /// ```
    pub fn swapaxes<const A: isize, const B: isize>(&self) -> Tensor<<Axes<A, B> as SwapIn<S>>::Output, T>
    where
        Axes<A, B>: SwapIn<S>,
    {
        known(self.dynamic().swapaxes(A, B))
    }

    /// An axis at another place, the others in their order; a view.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[1., 2.], [3., 4.]]].movedim::<0, -1>(), tensor![[[1.], [2.]], [[3.], [4.]]]);
    /// ```
    pub fn movedim<const FROM: isize, const TO: isize>(&self) -> Tensor<<S as MoveAxis<FROM, TO>>::Output, T>
    where
        S: MoveAxis<FROM, TO>,
    {
        known(self.dynamic().movedim(&[FROM], &[TO]))
    }

    /// The axes from `START` to `END`, both with them, as one; from one to the last it is [`Tensor::flatten`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[1., 2.], [3., 4.]]].flatten_axes::<0, 1>(), tensor![[1., 2.], [3., 4.]]);
    /// ```
    pub fn flatten_axes<const START: isize, const END: isize>(
        &self,
    ) -> Tensor<<S as FlattenBetween<START, END>>::Output, T>
    where
        S: FlattenBetween<START, END>,
    {
        known(self.dynamic().flatten(START, END))
    }

    /// One axis as several: `x.unflatten::<-1, dims![8, 64]>()` of `[batch, 512]` is `[batch, 8, 64]`. Panics where a named size of `Parts`
    /// is not in `S`, or has another value there.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 3., 4.].unflatten::<0, dims![2, 2]>(), tensor![[1., 2.], [3., 4.]]);
    /// ```
    #[track_caller]
    pub fn unflatten<const AXIS: isize, Parts: Shape>(&self) -> Tensor<<S as Unflatten<AXIS, Parts>>::Output, T>
    where
        S: Unflatten<AXIS, Parts> + ReduceAxis<AXIS>,
    {
        let to = <<S as Unflatten<AXIS, Parts>>::Output as Shape>::AXES;
        match resolve(S::AXES, self.sizes(), to) {
            Some(sizes) => Tensor::of(self.value().reshape(&sizes)),
            None => panic!("{}", undetermined("unflatten", Parts::describe(), self.sizes())),
        }
    }

    /// The same elements, repeated along axes of size 1 and new ones in front; a view. Panics where a named size of `To` is not in `S`:
    /// [`Tensor::expand_as`] takes it from another tensor.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1.], [2.]].broadcast_to::<dims![2, 3]>(), tensor![[1., 1., 1.], [2., 2., 2.]]);
    /// ```
    #[track_caller]
    pub fn broadcast_to<To: Ranked>(&self) -> Tensor<<S as BroadcastTo<To>>::Output, T>
    where
        S: BroadcastTo<To>,
    {
        match stretched(S::AXES, self.sizes(), To::AXES) {
            Some(sizes) => known(self.dynamic().broadcast_to(&sizes[..])),
            None => panic!("{}", undetermined("broadcast_to", To::describe(), self.sizes())),
        }
    }

    /// [`Tensor::broadcast_to`] under PyTorch's other name.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].expand::<dims![2, 2]>(), tensor![[1., 2.], [1., 2.]]);
    /// ```
    #[track_caller]
    pub fn expand<To: Ranked>(&self) -> Tensor<<S as BroadcastTo<To>>::Output, T>
    where
        S: BroadcastTo<To>,
    {
        self.broadcast_to::<To>()
    }

    /// The same elements, repeated to the sizes of another tensor; a view. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let rows = tensor![[0i64, 0], [0, 0]];
    /// assert_eq!(tensor![1., 2.].expand_as(&rows), tensor![[1., 2.], [1., 2.]]);
    /// ```
    #[track_caller]
    pub fn expand_as<To: Ranked, U: Element>(&self, other: &Tensor<To, U>) -> Tensor<<S as BroadcastTo<To>>::Output, T>
    where
        S: BroadcastTo<To>,
    {
        agree("expand_as", S::AXES, self.sizes(), To::AXES, other.sizes());
        known(self.dynamic().broadcast_to(other.sizes()))
    }

    /// The whole repeated along each axis, so many times; more numbers than axes add axes in front.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].repeat::<dims![2, 2]>(), tensor![[1., 2., 1., 2.], [1., 2., 1., 2.]]);
    /// ```
    pub fn repeat<Times: StaticShape>(&self) -> Tensor<<S as Repeat<Times>>::Output, T>
    where
        S: Repeat<Times>,
    {
        known(self.dynamic().repeat(Times::SIZES))
    }

    /// The elements the other way round along some axes, [`Axes<0, -1>`](crate::shape::Axes).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].flip::<Axes<-1>>(), tensor![[2., 1.], [4., 3.]]);
    /// ```
    pub fn flip<Which>(&self) -> Self
    where
        S: ReduceAxes<Which>,
    {
        known(self.dynamic().flip(S::WHICH.axes()))
    }

    /// The elements moved along an axis, those that leave it at one end coming in at the other.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 3.].roll::<0>(1), tensor![3., 1., 2.]);
    /// ```
    pub fn roll<const AXIS: isize>(&self, shift: isize) -> Self
    where
        S: ReduceAxis<AXIS>,
    {
        known(self.dynamic().roll(&[shift], &[AXIS]))
    }
}

/// The sizes of `to`, whose names have the values that they have in `from`.
fn stretched(from: &[crate::shape::Axis], sizes: &[usize], to: &[crate::shape::Axis]) -> Option<Vec<usize>> {
    let mut bindings = crate::shape::Bindings::default();
    for (axis, &size) in from.iter().zip(sizes) {
        (axis.bind)(&mut bindings, size);
    }
    to.iter().map(|axis| (axis.evaluate)(&bindings)).collect()
}
