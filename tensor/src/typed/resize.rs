//! Images in other sizes, at other places, as patches.

use super::images::each;
use super::{agree, known, named};
use crate::element::{Differentiable, Element, Numeric};
use crate::error::Result;
use crate::functional::{self, GridSample, Interpolate, Resize, Unfold};
use crate::shape::{
    DividedBy, Enlarged, Grids, Patches, PatchesOf, PixelUnshuffle, PlacesIn, Ranked, ReduceAxis, Resized, StaticDim,
    StaticShape,
};
use crate::tensors::Tensor;

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// Images in the sizes `To`, as [`functional::interpolate`](crate::functional::interpolate).
    ///
    /// ```
    /// use tensor::functional::Interpolate;
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.]]].interpolate::<dims![4]>(Interpolate::default())?;
    /// assert_eq!(x, tensor![[[1., 1., 2., 2.]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the mode is for another number of axes, or there is no element.
    pub fn interpolate<To: StaticShape>(&self, options: Interpolate) -> Result<Tensor<<S as Resized<To>>::Output, T>>
    where
        S: Resized<To>,
    {
        named(functional::interpolate(
            &self.dynamic(),
            Resize::Sizes(To::SIZES),
            options,
        ))
    }

    /// Images so many times as large, as [`functional::interpolate`](crate::functional::interpolate) by factors. PyTorch's `nn.Upsample`.
    ///
    /// ```
    /// use tensor::functional::Interpolate;
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.]]].upsample::<dims![2]>(Interpolate::default())?;
    /// assert_eq!(x, tensor![[[1., 1., 2., 2.]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the mode is for another number of axes, or there is no element.
    pub fn upsample<Factors: StaticShape>(
        &self,
        options: Interpolate,
    ) -> Result<Tensor<<S as Enlarged<Factors>>::Output, T>>
    where
        S: Enlarged<Factors>,
    {
        let factors: Vec<f64> = Factors::SIZES.iter().map(|&factor| factor as f64).collect();
        named(functional::interpolate(
            &self.dynamic(),
            Resize::Factors(&factors),
            options,
        ))
    }

    /// The places that matrices move those of images of the sizes `To` to, from -1 to 1, as
    /// [`functional::affine_grid`](crate::functional::affine_grid): `[n, 2, 3]` to `[n, h, w, 2]`, `[n, 3, 4]` to `[n, d, h, w, 3]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let grid = tensor![[[1., 0., 0.], [0., 1., 0.]]].affine_grid::<dims![1, 2]>(true);
    /// assert_eq!(grid, tensor![[[[-1., 0.], [1., 0.]]]]);
    /// ```
    pub fn affine_grid<To: StaticShape>(&self, align_corners: bool) -> Tensor<<S as Grids<To>>::Output, T>
    where
        S: Grids<To>,
    {
        known(functional::affine_grid(&self.dynamic(), To::SIZES, align_corners))
    }

    /// Images at places from -1 to 1, as [`functional::grid_sample`](crate::functional::grid_sample): `[n, c, .., ..]` at `[n, h, w, 2]` to
    /// `[n, c, h, w]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::GridSample;
    /// use tensor::prelude::*;
    /// let options = GridSample { align_corners: true, ..GridSample::default() };
    /// let y = tensor![[[[1., 3.]]]].grid_sample(&tensor![[[[0., 0.]]]], options)?;
    /// assert_eq!(y, tensor![[[[2.]]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the mode is for another number of axes, or there is no element.
    #[track_caller]
    pub fn grid_sample<R>(
        &self,
        grid: &Tensor<R, T>,
        options: GridSample,
    ) -> Result<Tensor<<R as PlacesIn<S>>::Output, T>>
    where
        R: Ranked + PlacesIn<S>,
    {
        agree("grid_sample", S::AXES, self.sizes(), R::AXES, grid.sizes());
        named(functional::grid_sample(&self.dynamic(), &grid.dynamic(), options))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// Pixels as channels: `[.., c, h r, w r]` to `[.., c r r, h, w]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2.], [3., 4.]]];
    /// assert_eq!(x.pixel_unshuffle::<dim![2]>(), tensor![[[1.]], [[2.]], [[3.]], [[4.]]]);
    /// ```
    pub fn pixel_unshuffle<Factor: StaticDim>(&self) -> Tensor<<S as PixelUnshuffle<Factor>>::Output, T>
    where
        S: PixelUnshuffle<Factor>,
    {
        known(functional::pixel_unshuffle(&self.dynamic(), Factor::SIZE))
    }

    /// The channels of each group taken in turn: `[batch, g c, ..]` as `[batch, g, c, ..]` with these two exchanged.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1.], [2.], [3.], [4.]]];
    /// assert_eq!(x.channel_shuffle::<dim![2]>(), tensor![[[1.], [3.], [2.], [4.]]]);
    /// ```
    pub fn channel_shuffle<Groups: StaticDim>(&self) -> Self
    where
        S: ReduceAxis<2> + ReduceAxis<1, Axis: DividedBy<Groups>>,
    {
        known(functional::channel_shuffle(&self.dynamic(), Groups::SIZE))
    }

    /// The patches of images, a column each, as [`functional::unfold`](crate::functional::unfold): `[.., c, h, w]` to
    /// `[.., c kh kw, patches]`. PyTorch's `nn.Unfold`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[[1., 2., 3.]]];
    /// let y = x.patches::<dims![1, 2], dims![1, 1], dims![0, 0], dims![1, 1]>();
    /// assert_eq!(y, tensor![[1., 2.], [2., 3.]]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn patches<Kernel, Stride, Padded, Dilation>(
        &self,
    ) -> Tensor<<S as Patches<Kernel, Stride, Padded, Dilation>>::Output, T>
    where
        Kernel: StaticShape,
        Stride: StaticShape,
        Padded: StaticShape,
        Dilation: StaticShape,
        S: Patches<Kernel, Stride, Padded, Dilation>,
    {
        let options = patches::<Stride, Padded, Dilation>();
        known(functional::unfold(&self.dynamic(), each::<2, Kernel>(), options))
    }
}

/// How patches lie, in dynamic terms.
fn patches<Stride: StaticShape, Padded: StaticShape, Dilation: StaticShape>() -> Unfold {
    Unfold {
        stride: each::<2, Stride>(),
        padding: each::<2, Padded>(),
        dilation: each::<2, Dilation>(),
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The images of the sizes `To` whose [`Tensor::patches`] these are, added where they overlap, as
    /// [`functional::fold`](crate::functional::fold). PyTorch's `nn.Fold`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 2.], [2., 3.]];
    /// let y = x.fold::<dims![1, 3], dims![1, 2], dims![1, 1], dims![0, 0], dims![1, 1]>();
    /// assert_eq!(y, tensor![[[1., 4., 3.]]]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn fold<To, Kernel, Stride, Padded, Dilation>(
        &self,
    ) -> Tensor<<S as PatchesOf<To, Kernel, Stride, Padded, Dilation>>::Output, T>
    where
        To: StaticShape,
        Kernel: StaticShape,
        Stride: StaticShape,
        Padded: StaticShape,
        Dilation: StaticShape,
        S: PatchesOf<To, Kernel, Stride, Padded, Dilation>,
    {
        let options = patches::<Stride, Padded, Dilation>();
        known(functional::fold(
            &self.dynamic(),
            each::<2, To>(),
            each::<2, Kernel>(),
            options,
        ))
    }
}
