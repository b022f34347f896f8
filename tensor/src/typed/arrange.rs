//! The same elements arranged anew: under other names of shapes, turned, cut into windows, on diagonals.

use super::{agree, known, named};
use crate::element::Element;
use crate::error::Result;
use crate::ops::pad::Pad;
use crate::shape::{
    AtLeast, Axes, Bordered, Count, Diagonal, Elements, Embeds, InsertAxis, Kept, MultiplyDim, One, ProductOf, Ranked,
    ReduceAxes, ReduceAxis, Repeat, Reshape, SameShape, Shape, StaticDim, StaticShape, SwapIn, Transpose, Windows,
    Zero, resolve,
};
use crate::tensors::Tensor;

type AxisOf<S, const AXIS: isize> = <S as ReduceAxis<AXIS>>::Axis;
type With<S, const AXIS: isize, Size> = <S as ReduceAxis<AXIS>>::With<Size>;

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// [`Tensor::reshape`] without a copy. Panics where a named size of `To` is not in `S`, or has another value there.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(x.view::<dims![4]>()?, tensor![1., 2., 3., 4.]);
    /// assert!(x.t().view::<dims![4]>().is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the strides ask for a copy.
    #[track_caller]
    pub fn view<To: Shape>(&self) -> Result<Tensor<<S as Reshape<To>>::Output, T>>
    where
        S: Reshape<To>,
    {
        match resolve(S::AXES, self.sizes(), To::AXES) {
            Some(sizes) => named(self.dynamic().view(&sizes[..])),
            None => panic!("{}", super::undetermined("view", To::describe(), self.sizes())),
        }
    }

    /// [`Tensor::view`] with the shape of another tensor. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].view_as(&tensor![0i64, 0])?, tensor![1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the strides ask for a copy.
    #[track_caller]
    pub fn view_as<To: Ranked, U: Element>(
        &self,
        other: &Tensor<To, U>,
    ) -> Result<Tensor<<S as Reshape<To>>::Output, T>>
    where
        S: Reshape<To>,
    {
        agree("view_as", S::AXES, self.sizes(), To::AXES, other.sizes());
        named(self.dynamic().view(other.sizes()))
    }

    /// [`Tensor::reshape`] with the shape of another tensor. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].reshape_as(&tensor![0i64, 0]), tensor![1., 2.]);
    /// ```
    #[track_caller]
    pub fn reshape_as<To: Ranked, U: Element>(&self, other: &Tensor<To, U>) -> Tensor<<S as Reshape<To>>::Output, T>
    where
        S: Reshape<To>,
    {
        agree("reshape_as", S::AXES, self.sizes(), To::AXES, other.sizes());
        known(self.dynamic().reshape_as(other))
    }

    /// All elements along one axis, row by row.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].ravel(), tensor![1., 2., 3., 4.]);
    /// ```
    pub fn ravel(&self) -> Tensor<(Elements<S>,), T>
    where
        S: Count,
    {
        known(Ok(self.dynamic().ravel()))
    }

    /// A look at the elements in memory from `offset` on, at these distances along each axis.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3.].as_strided::<dims![2, 2]>(&[1, 1], 0)?;
    /// assert_eq!(x, tensor![[1., 2.], [2., 3.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there are not as many strides as axes, or an element lies outside.
    pub fn as_strided<To: StaticShape>(&self, strides: &[usize], offset: usize) -> Result<Tensor<To, T>> {
        named(self.dynamic().as_strided(To::SIZES, strides, offset))
    }

    /// Without some axes, [`Axes<0, -1>`](crate::shape::Axes), which are of size 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[[1.], [2.]]].squeeze_axes::<Axes<0, -1>>(), tensor![1., 2.]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn squeeze_axes<Which: Kept>(&self) -> Tensor<<S as ReduceAxes<Which>>::Output, T>
    where
        S: ReduceAxes<Which> + ReduceAxes<Which::Kept, Output: SameShape<S>>,
    {
        known(self.dynamic().squeeze_axes(<S as ReduceAxes<Which>>::WHICH.axes()))
    }

    /// With one axis or more: a scalar as `[1]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::scalar(3.).atleast_1d(), tensor![3.]);
    /// ```
    pub fn atleast_1d(&self) -> Tensor<<S as AtLeast>::One, T>
    where
        S: AtLeast,
    {
        known(Ok(self.dynamic().atleast_1d()))
    }

    /// With two axes or more, new ones in front: `[n]` to `[1, n]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 4.].atleast_2d(), tensor![[3., 4.]]);
    /// ```
    pub fn atleast_2d(&self) -> Tensor<<S as AtLeast>::Two, T>
    where
        S: AtLeast,
    {
        known(Ok(self.dynamic().atleast_2d()))
    }

    /// With three axes or more: `[n]` to `[1, n, 1]`, `[m, n]` to `[m, n, 1]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![3., 4.].atleast_3d(), tensor![[[3.], [4.]]]);
    /// ```
    pub fn atleast_3d(&self) -> Tensor<<S as AtLeast>::Three, T>
    where
        S: AtLeast,
    {
        known(Ok(self.dynamic().atleast_3d()))
    }

    /// The last two axes exchanged, a view: [`Tensor::t`] under PyTorch's other name.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].mt(), tensor![[1.], [2.]]);
    /// ```
    pub fn mt(&self) -> Tensor<<S as Transpose>::Output, T>
    where
        S: Transpose,
    {
        known(self.dynamic().mt())
    }

    /// [`Tensor::repeat`] under NumPy's name; fewer numbers than axes get ones in front there, which are written here.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].tile::<dims![2]>(), tensor![1., 2., 1., 2.]);
    /// ```
    pub fn tile<Times: StaticShape>(&self) -> Tensor<<S as Repeat<Times>>::Output, T>
    where
        S: Repeat<Times>,
    {
        known(self.dynamic().tile(Times::SIZES))
    }

    /// Each element along an axis so many times, one after the other.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2.].repeat_interleave::<0, dim![2]>(), tensor![1., 1., 2., 2.]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn repeat_interleave<const AXIS: isize, Times: StaticDim>(
        &self,
    ) -> Tensor<With<S, AXIS, ProductOf<AxisOf<S, AXIS>, Times>>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: MultiplyDim<Times>,
    {
        known(self.dynamic().repeat_interleave(Times::SIZE, Some(AXIS)))
    }

    /// The columns the other way round: axis 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].fliplr(), tensor![[2., 1.], [4., 3.]]);
    /// ```
    pub fn fliplr(&self) -> Self
    where
        S: ReduceAxis<1>,
    {
        known(self.dynamic().fliplr())
    }

    /// The rows the other way round: axis 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.], [3., 4.]].flipud(), tensor![[3., 4.], [1., 2.]]);
    /// ```
    pub fn flipud(&self) -> Self
    where
        S: ReduceAxis<0>,
    {
        known(self.dynamic().flipud())
    }

    /// A quarter turn from axis `A` towards axis `B`, which change places: PyTorch's with `k` of 1.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].rot90::<0, 1>(), tensor![[2.], [1.]]);
    /// ```
    pub fn rot90<const A: isize, const B: isize>(&self) -> Tensor<<Axes<A, B> as SwapIn<S>>::Output, T>
    where
        S: ReduceAxes<Axes<A, B>>,
        Axes<A, B>: SwapIn<S>,
    {
        known(self.dynamic().rot90(1, [A, B]))
    }

    /// Windows of `Size` along an axis, every `Step`, as a last axis; a view: `[.., n, ..]` to `[.., (n - size) / step + 1, .., size]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![1., 2., 3.].unfold::<0, dim![2], dim![1]>(), tensor![[1., 2.], [2., 3.]]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn unfold<const AXIS: isize, Size: StaticDim, Step: StaticDim>(
        &self,
    ) -> Tensor<<With<S, AXIS, <AxisOf<S, AXIS> as Windows<Size, Step>>::Output> as InsertAxis<-1>>::Output<Size>, T>
    where
        S: ReduceAxis<AXIS>,
        AxisOf<S, AXIS>: Windows<Size, Step, Zero, One>,
        With<S, AXIS, <AxisOf<S, AXIS> as Windows<Size, Step>>::Output>: InsertAxis<-1>,
    {
        known(self.dynamic().unfold(AXIS, Size::SIZE, Step::SIZE))
    }

    /// A vector on the diagonal of a matrix, `[n]` to `[n, n]`, or the diagonal of a matrix, `[m, n]` to the smaller of both. PyTorch's with
    /// an offset of 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].diag();
    /// assert_eq!(x, tensor![[1., 0.], [0., 2.]]);
    /// assert_eq!(x.diag(), tensor![1., 2.]);
    /// ```
    pub fn diag(&self) -> Tensor<<S as Diagonal>::Output, T>
    where
        S: Diagonal,
    {
        known(self.dynamic().diag(0))
    }

    /// Rows on the diagonals of matrices: `[.., n]` to `[.., n, n]`. PyTorch's with an offset of 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2.]].diag_embed(), tensor![[[1., 0.], [0., 2.]]]);
    /// ```
    pub fn diag_embed(&self) -> Tensor<<S as Embeds>::Output, T>
    where
        S: Embeds,
    {
        known(self.dynamic().diag_embed(0, -2, -1))
    }

    /// All elements on the diagonal of a matrix. PyTorch's with an offset of 0.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1.], [2.]].diagflat(), tensor![[1., 0.], [0., 2.]]);
    /// ```
    pub fn diagflat(&self) -> Tensor<(Elements<S>, Elements<S>), T>
    where
        S: Count,
    {
        known(self.dynamic().diagflat(0))
    }

    /// With a border around the last axes, so many elements `Before` and `After` each: `x.pad::<dims![1, 1], dims![2, 2]>(Pad::Reflect)`.
    /// PyTorch's `pad`, whose pairs begin with the last axis.
    ///
    /// ```
    /// use tensor::Pad;
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2., 3.]].pad::<dims![2], dims![1]>(Pad::Reflect)?;
    /// assert_eq!(x, tensor![[3., 2., 1., 2., 3., 2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is not enough to reflect or to repeat.
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn pad<Before: StaticShape, After: StaticShape>(
        &self,
        with: Pad<T>,
    ) -> Result<Tensor<<S as Bordered<Before, After>>::Output, T>>
    where
        S: Bordered<Before, After>,
    {
        let pairs = Before::SIZES.iter().zip(After::SIZES).rev();
        let pads: Vec<isize> = pairs
            .flat_map(|(&before, &after)| [before as isize, after as isize])
            .collect();
        named(self.dynamic().pad(&pads, with))
    }
}
