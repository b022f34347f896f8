//! Pooling.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, Each};
use crate::nn::dynamic::{Layer, members};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

/// The name of a layer over `N` axes.
const fn named<const N: usize>(names: [&'static str; 3]) -> &'static str {
    match N {
        1 => names[0],
        2 => names[1],
        _ => names[2],
    }
}

/// The largest element of each window over `N` axes: `[batch, channels, ..]`, or without the batch, where each further size becomes
/// `(size + 2 padding - dilation (kernel - 1) - 1) / stride + 1`, rounded down. See [`MaxPool1d`], [`MaxPool2d`], [`MaxPool3d`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool<const N: usize> {
    /// The sizes of a window.
    pub kernel_size: [usize; N],
    /// Stride (the window's sizes where there is none), padding, dilation, and whether sizes are rounded up.
    pub options: functional::MaxPool<N>,
}

members!([const N: usize] MaxPool<N> {});

/// [`MaxPool`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::MaxPool1d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 2., 0.], &[1, 1, 4])?;
/// assert_eq!(MaxPool1d::new(2).forward(&x)?.to_vec()?, [3., 2.]);
/// assert_eq!(MaxPool1d::new(2).forward_with_indices(&x)?.1.to_vec()?, [1, 2]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type MaxPool1d = MaxPool<1>;
/// [`MaxPool`] over `[batch, channels, height, width]`.
///
/// ```
/// use tensor::dynamic::MaxPool2d;
/// use tensor::functional::MaxPool;
/// use tensor::prelude::*;
/// let layer = MaxPool2d::with(3, MaxPool { stride: Some([2, 2]), padding: [1, 1], ..Default::default() });
/// assert_eq!(layer.forward(&Tensor::<Dynamic>::zeros_of(&[1, 2, 7, 8])?)?.sizes(), [1, 2, 4, 4]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type MaxPool2d = MaxPool<2>;
/// [`MaxPool`] over `[batch, channels, depth, height, width]`.
pub type MaxPool3d = MaxPool<3>;

impl<const N: usize> MaxPool<N> {
    const NAME: &'static str = named::<N>(["max_pool1d", "max_pool2d", "max_pool3d"]);

    /// A layer whose windows lie side by side.
    pub fn new(kernel_size: impl Into<Each<N>>) -> Self {
        Self::with(kernel_size, functional::MaxPool::default())
    }

    /// The same with options.
    pub fn with(kernel_size: impl Into<Each<N>>, options: functional::MaxPool<N>) -> Self {
        let Each(kernel_size) = kernel_size.into();
        Self { kernel_size, options }
    }

    /// The largest elements, and their places in the further axes as one. PyTorch's `return_indices=True`.
    ///
    /// # Errors
    /// Where the sizes do not fit.
    pub fn forward_with_indices<T: Float>(
        &self,
        x: &Tensor<Dynamic, T>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, i64>)> {
        let [values, places] =
            functional::max_pool_with_indices(Self::NAME, x.value(), self.kernel_size, self.options)?;
        Ok((Tensor::of(values), Tensor::of(places)))
    }
}

impl<const N: usize, T: Float> Layer<T> for MaxPool<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::max_pool(Self::NAME, x.value(), self.kernel_size, self.options).map(Tensor::of)
    }
}

/// The mean of each window over `N` axes: `[batch, channels, ..]`, or without the batch, where each further size becomes
/// `(size + 2 padding - kernel) / stride + 1`, rounded down. See [`AvgPool1d`], [`AvgPool2d`], [`AvgPool3d`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvgPool<const N: usize> {
    /// The sizes of a window.
    pub kernel_size: [usize; N],
    /// Stride (the window's sizes where there is none), padding, whether that counts, whether sizes are rounded up, another divisor.
    pub options: functional::AvgPool<N>,
}

members!([const N: usize] AvgPool<N> {});

/// [`AvgPool`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::AvgPool1d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 2., 0.], &[1, 1, 4])?;
/// assert_eq!(AvgPool1d::new(2).forward(&x)?.to_vec()?, [2., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type AvgPool1d = AvgPool<1>;
/// [`AvgPool`] over `[batch, channels, height, width]`.
pub type AvgPool2d = AvgPool<2>;
/// [`AvgPool`] over `[batch, channels, depth, height, width]`.
pub type AvgPool3d = AvgPool<3>;

impl<const N: usize> AvgPool<N> {
    const NAME: &'static str = named::<N>(["avg_pool1d", "avg_pool2d", "avg_pool3d"]);

    /// A layer whose windows lie side by side.
    pub fn new(kernel_size: impl Into<Each<N>>) -> Self {
        Self::with(kernel_size, functional::AvgPool::default())
    }

    /// The same with options.
    ///
    /// ```
    /// use tensor::dynamic::AvgPool1d;
    /// use tensor::functional::AvgPool;
    /// use tensor::prelude::*;
    /// let layer = AvgPool1d::with(2, AvgPool { stride: Some([1]), ..Default::default() });
    /// assert_eq!(layer.forward(&tensor![[[1., 3., 5.]]].into_dynamic())?.to_vec()?, [2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn with(kernel_size: impl Into<Each<N>>, options: functional::AvgPool<N>) -> Self {
        let Each(kernel_size) = kernel_size.into();
        Self { kernel_size, options }
    }
}

impl<const N: usize, T: Float> Layer<T> for AvgPool<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::avg_pool(Self::NAME, x.value(), self.kernel_size, self.options).map(Tensor::of)
    }
}

/// `(sum of x^p)^(1/p)` of each window over `N` axes: `[batch, channels, ..]`, or without the batch. Zeros stand for what a negative sum
/// has no root of, as in PyTorch. See [`LpPool1d`], [`LpPool2d`], [`LpPool3d`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LpPool<const N: usize> {
    /// The power; not 0.
    pub norm_type: f64,
    /// The sizes of a window.
    pub kernel_size: [usize; N],
    /// How far windows are apart; the size of the window where it is `None`.
    pub stride: Option<[usize; N]>,
    /// Whether a last window that begins inside may end outside.
    pub ceil_mode: bool,
}

members!([const N: usize] LpPool<N> {});

/// [`LpPool`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::LpPool1d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![3., 4., 0., 2.], &[1, 1, 4])?;
/// assert_eq!(LpPool1d::new(2., 2).forward(&x)?.to_vec()?, [5., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type LpPool1d = LpPool<1>;
/// [`LpPool`] over `[batch, channels, height, width]`.
pub type LpPool2d = LpPool<2>;
/// [`LpPool`] over `[batch, channels, depth, height, width]`.
pub type LpPool3d = LpPool<3>;

impl<const N: usize> LpPool<N> {
    /// A layer whose windows lie side by side.
    pub fn new(norm_type: f64, kernel_size: impl Into<Each<N>>) -> Self {
        let Each(kernel_size) = kernel_size.into();
        Self {
            norm_type,
            kernel_size,
            stride: None,
            ceil_mode: false,
        }
    }
}

impl<const N: usize, T: Float> Layer<T> for LpPool<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let name = named::<N>(["lp_pool1d", "lp_pool2d", "lp_pool3d"]);
        let x = x.value();
        functional::lp_pool(name, x, self.norm_type, self.kernel_size, self.stride, self.ceil_mode).map(Tensor::of)
    }
}

/// The sizes that an adaptive pooling gives: one for each of `N` axes, or one for all of them. `None` keeps that of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputSize<const N: usize>(pub [Option<usize>; N]);

impl<const N: usize> From<usize> for OutputSize<N> {
    fn from(size: usize) -> Self {
        Self([Some(size); N])
    }
}

impl<const N: usize> From<[usize; N]> for OutputSize<N> {
    fn from(sizes: [usize; N]) -> Self {
        Self(sizes.map(Some))
    }
}

impl<const N: usize> From<[Option<usize>; N]> for OutputSize<N> {
    fn from(sizes: [Option<usize>; N]) -> Self {
        Self(sizes)
    }
}

/// The mean of each of so many windows over `N` axes that the sizes are these, whatever those of the input: window `i` of `n` goes from
/// `i size / n`, rounded down, to `(i + 1) size / n`, rounded up. See [`AdaptiveAvgPool1d`], [`AdaptiveAvgPool2d`], [`AdaptiveAvgPool3d`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptiveAvgPool<const N: usize> {
    /// The sizes of the result; `None` keeps that of the input.
    pub output_size: [Option<usize>; N],
}

members!([const N: usize] AdaptiveAvgPool<N> {});

/// [`AdaptiveAvgPool`] over `[batch, channels, length]`.
pub type AdaptiveAvgPool1d = AdaptiveAvgPool<1>;
/// [`AdaptiveAvgPool`] over `[batch, channels, height, width]`.
///
/// ```
/// use tensor::dynamic::AdaptiveAvgPool2d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::zeros_of(&[1, 3, 7, 9])?;
/// assert_eq!(AdaptiveAvgPool2d::new(1).forward(&x)?.sizes(), [1, 3, 1, 1]);
/// assert_eq!(AdaptiveAvgPool2d::new([None, Some(4)]).forward(&x)?.sizes(), [1, 3, 7, 4]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type AdaptiveAvgPool2d = AdaptiveAvgPool<2>;
/// [`AdaptiveAvgPool`] over `[batch, channels, depth, height, width]`.
pub type AdaptiveAvgPool3d = AdaptiveAvgPool<3>;

impl<const N: usize> AdaptiveAvgPool<N> {
    /// A layer that gives these sizes.
    pub fn new(output_size: impl Into<OutputSize<N>>) -> Self {
        let OutputSize(output_size) = output_size.into();
        Self { output_size }
    }
}

impl<const N: usize, T: Float> Layer<T> for AdaptiveAvgPool<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        let name = named::<N>(["adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d"]);
        functional::adaptive_avg_pool(name, x.value(), &self.output_size).map(Tensor::of)
    }
}

/// The largest element of each of so many windows over `N` axes that the sizes are these, with windows as those of [`AdaptiveAvgPool`]. See
/// [`AdaptiveMaxPool1d`], [`AdaptiveMaxPool2d`], [`AdaptiveMaxPool3d`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptiveMaxPool<const N: usize> {
    /// The sizes of the result; `None` keeps that of the input.
    pub output_size: [Option<usize>; N],
}

members!([const N: usize] AdaptiveMaxPool<N> {});

/// [`AdaptiveMaxPool`] over `[batch, channels, length]`.
///
/// ```
/// use tensor::dynamic::AdaptiveMaxPool1d;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 2., 0.], &[1, 1, 4])?;
/// assert_eq!(AdaptiveMaxPool1d::new(1).forward(&x)?.to_vec()?, [3.]);
/// assert_eq!(AdaptiveMaxPool1d::new(2).forward_with_indices(&x)?.1.to_vec()?, [1, 2]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub type AdaptiveMaxPool1d = AdaptiveMaxPool<1>;
/// [`AdaptiveMaxPool`] over `[batch, channels, height, width]`.
pub type AdaptiveMaxPool2d = AdaptiveMaxPool<2>;
/// [`AdaptiveMaxPool`] over `[batch, channels, depth, height, width]`.
pub type AdaptiveMaxPool3d = AdaptiveMaxPool<3>;

impl<const N: usize> AdaptiveMaxPool<N> {
    const NAME: &'static str = named::<N>(["adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d"]);

    /// A layer that gives these sizes.
    pub fn new(output_size: impl Into<OutputSize<N>>) -> Self {
        let OutputSize(output_size) = output_size.into();
        Self { output_size }
    }

    /// The largest elements, and their places in the further axes as one. PyTorch's `return_indices=True`.
    ///
    /// # Errors
    /// Where the sizes do not fit.
    pub fn forward_with_indices<T: Float>(
        &self,
        x: &Tensor<Dynamic, T>,
    ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, i64>)> {
        let [values, places] = functional::adaptive_max_pool_with_indices(Self::NAME, x.value(), &self.output_size)?;
        Ok((Tensor::of(values), Tensor::of(places)))
    }
}

impl<const N: usize, T: Float> Layer<T> for AdaptiveMaxPool<N> {
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        functional::adaptive_max_pool(Self::NAME, x.value(), &self.output_size).map(Tensor::of)
    }
}
