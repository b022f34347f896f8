//! Tensors whose numbers follow from their places, with sizes from the type.

use super::known;
use crate::element::{Element, Numeric};
use crate::error::Result;
use crate::shape::{Dim, Dynamic, Ranked, ReduceAxis, StaticDim, StaticShape};
use crate::tensors::{Number, Tensor, counted};

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// `start, start + step, ..`, as many as there are: PyTorch's `arange` with a number in place of an end.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![3], i64>::counting(5, -2), tensor![5, 3, 1]);
    /// ```
    pub fn counting(start: impl Into<Number>, step: impl Into<Number>) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(counted(start.into(), step.into(), S::LEN))
    }

    /// Numbers from `start` to `end`, both with them, at equal distances: PyTorch's `linspace`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![5]>::spaced(-1, 1), tensor![-1., -0.5, 0., 0.5, 1.]);
    /// ```
    pub fn spaced(start: impl Into<Number>, end: impl Into<Number>) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(Tensor::linspace(start, end, S::LEN))
    }

    /// Numbers from `base^start` to `base^end`, both with them, at equal ratios: PyTorch's `logspace`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![3]>::log_spaced(0, 2, 10.), tensor![1., 10., 100.]);
    /// ```
    pub fn log_spaced(start: impl Into<Number>, end: impl Into<Number>, base: f64) -> Self
    where
        S: StaticShape + ReduceAxis<0, Output = ()>,
    {
        known(Tensor::logspace(start, end, S::LEN, base))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// What a function makes of the sizes of this shape: windows, frequencies, random numbers.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::{fft, random};
    /// let frequencies = Tensor::<dims![4]>::with_sizes(|sizes| fft::fftfreq(sizes[0], 0.25))?;
    /// assert_eq!(frequencies, tensor![0., 1., -2., -1.]);
    /// let dice = Tensor::<dims![2, 3], i64>::with_sizes(|sizes| random::randint(1, 7, sizes))?;
    /// assert!(dice.to_vec()?.iter().all(|number| (1..7).contains(number)));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the function, and where it makes other sizes.
    pub fn with_sizes(make: impl FnOnce(&[usize]) -> Result<Tensor<Dynamic, T>>) -> Result<Self>
    where
        S: StaticShape,
    {
        make(S::SIZES)?.try_into_shape()
    }

    /// A matrix with 1 on its diagonal: PyTorch's `eye`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(Tensor::<dims![2, 3]>::identity(), tensor![[1., 0., 0.], [0., 1., 0.]]);
    /// ```
    pub fn identity() -> Self
    where
        S: StaticShape + ReduceAxis<0, Output: ReduceAxis<0, Output = ()>>,
    {
        known(Tensor::eye(S::SIZES[0], S::SIZES[1]))
    }
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The powers of a vector as columns, `[n]` to `[n, columns]`: the highest first, unless `increasing`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![2., 3.].vander::<dim![3]>(false), tensor![[4., 2., 1.], [9., 3., 1.]]);
    /// ```
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn vander<Columns: StaticDim>(&self, increasing: bool) -> Tensor<(<S as ReduceAxis<0>>::Axis, Columns), T>
    where
        S: ReduceAxis<0, Output = ()>,
    {
        known(self.dynamic().vander(Columns::SIZE, increasing))
    }
}

impl<M: Dim, N: Dim, T: Element> Tensor<(M, N), T> {
    /// The sum of the elements on the diagonal of a matrix. Of whole numbers and truth values it has 64 bits.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[1., 2., 3.], [4., 5., 6.]].trace().item()?, 6.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn trace(&self) -> Tensor<(), T::Sum> {
        match self.dynamic().trace() {
            Ok(sum) => sum,
            Err(error) => panic!("{error}"),
        }
    }
}
