//! Where the frequency 0 is.

use crate::element::Element;
use crate::fft;
use crate::shape::{Ranked, ReduceAxes};
use crate::tensors::Tensor;
use crate::typed::known;

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// The frequency 0 in the middle: the axes `Which`, [`Axes<0, -1>`](crate::shape::Axes), turned by half their length, as
    /// [`fft::fftshift`](crate::fft::fftshift).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![0., 1., -2., -1.].fftshift::<Axes<0>>(), tensor![-2., -1., 0., 1.]);
    /// ```
    pub fn fftshift<Which>(&self) -> Self
    where
        S: ReduceAxes<Which>,
    {
        known(fft::fftshift(&self.dynamic(), Some(S::WHICH.axes())))
    }

    /// The inverse of [`Tensor::fftshift`], as [`fft::ifftshift`](crate::fft::ifftshift).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![-1., 0., 1.].ifftshift::<Axes<0>>(), tensor![0., 1., -1.]);
    /// ```
    pub fn ifftshift<Which>(&self) -> Self
    where
        S: ReduceAxes<Which>,
    {
        known(fft::ifftshift(&self.dynamic(), Some(S::WHICH.axes())))
    }
}
