//! Pooling by the largest element, and its way back.

use tensor_ops::Primitive;
use tensor_ops::primitive::Takes;

use crate::device::typed::{float, integer};
use crate::element::{Kind, Numeric};
use crate::error::{Error, Result};
use crate::functional::pool::{Windows, adaptive, adaptive_axes, made};
use crate::functional::{Each, images};
use crate::kernels::indexed::Scatter;
use crate::kernels::pooling::{Axis, Pooling, places};
use crate::layout::{self, Axes, describe, room};
use crate::ops::cast;
use crate::ops::gather::{gather, scatter};
use crate::ops::host::on_processor;
use crate::ops::primitive::Call;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The options of a pooling by the largest element over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool<const N: usize> {
    /// How far windows are apart; the size of the window where it is `None`.
    pub stride: Option<[usize; N]>,
    /// How far the first windows begin before the input: at most half of a window. 0.
    pub padding: [usize; N],
    /// How far the elements of a window are apart. 1.
    pub dilation: [usize; N],
    /// Whether a last window that begins inside may end outside. No.
    pub ceil_mode: bool,
}

impl<const N: usize> Default for MaxPool<N> {
    fn default() -> Self {
        Self {
            stride: None,
            padding: [0; N],
            dilation: [1; N],
            ceil_mode: false,
        }
    }
}

/// That each window sees an element.
fn check_seen(name: &'static str, x: &Value, axes: &[Axis]) -> Result<()> {
    let lead = x.layout.rank() - axes.len();
    let sees_nothing = |axis: &Axis| (0..axis.output()).any(|place| axis.window(place).count == 0);
    match axes.iter().position(sees_nothing) {
        None => Ok(()),
        Some(axis) => Err(Error::shape(
            name,
            format!(
                "an input in which each window sees an element along axis {}",
                lead + axis
            ),
            describe(x.sizes()),
        )),
    }
}

/// Values and places of the largest elements of windows over the last axes.
pub(crate) fn maxima_over(name: &'static str, x: &Value, axes: &[Axis]) -> Result<[Value; 2]> {
    on_processor(name, &[x])?;
    check_seen(name, x, axes)?;
    let lead = x.layout.rank() - axes.len();
    let whole = made(x, lead, axes);
    let (planes, plane) = (layout::len(&whole[..lead]), layout::len(&x.sizes()[lead..]));
    let positions = layout::len(&whole[lead..]);
    // Three axes, those that are missing of size 1.
    let missing = 3 - axes.len();
    let pooling = Pooling {
        axes: std::array::from_fn(|axis| axis.checked_sub(missing).map_or(Axis::ONE, |axis| axes[axis])),
    };
    let wide = cast::wide(&x.detach());
    let mut at = vec![0; planes * positions];
    if x.dtype().kind() == Kind::Float {
        float!(wide, T => places::<T>(&pooling, &wide.to_vec()?, &mut at));
    } else {
        integer!(wide, T => places::<T>(&pooling, &wide.to_vec()?, &mut at));
    }
    let index = Value::from_slice(x.device(), &[planes, positions], &at);
    let values = gather(&x.reshape(&[planes, plane]), 1, &index)?;
    Ok([values.reshape(&whole), index.reshape(&whole)])
}

/// The values alone, by the kernel that models have where there is one.
fn largest(name: &'static str, x: &Value, pool: Primitive, axes: Axes<Axis>) -> Result<Value> {
    check_seen(name, x, &axes)?;
    let (wide, sizes) = (cast::wide(x), made(x, 2, &axes));
    let call = Call::new(name, pool, &wide, &[], &sizes);
    let out = call.run(move |x| maxima_over(name, &x[0], &axes).map(|[values, _]| values))?;
    Ok(cast::cast(&out, x.dtype()))
}

/// What is made of a batch: of `x` itself, or of `x` as one image.
fn batchwise<const M: usize>(
    name: &'static str,
    x: &Value,
    rank: usize,
    made: impl FnOnce(&Value) -> Result<[Value; M]>,
) -> Result<[Value; M]> {
    let (x, batched) = images(name, x, rank)?;
    let out = made(&x)?;
    Ok(out.map(|out| if batched { out } else { out.squeeze(0) }))
}

/// The windows of some options, and their axes.
fn windows<const N: usize>(
    name: &'static str,
    x: &Value,
    kernel: [usize; N],
    options: MaxPool<N>,
) -> Result<(Primitive, Axes<Axis>)> {
    let windows = Windows {
        kernel: &kernel,
        stride: &options.stride.unwrap_or(kernel),
        padding: &options.padding,
        dilation: &options.dilation,
        ceil: options.ceil_mode,
    };
    let axes = windows.over(name, x, 2)?.into_iter().map(Axis::Windows).collect();
    Ok((windows.pool(Takes::Max), axes))
}

pub(crate) fn max_pool<const N: usize>(
    name: &'static str,
    x: &Value,
    kernel: [usize; N],
    options: MaxPool<N>,
) -> Result<Value> {
    let [values] = batchwise(name, x, N, |x| {
        let (pool, axes) = windows(name, x, kernel, options)?;
        Ok([largest(name, x, pool, axes)?])
    })?;
    Ok(values)
}

pub(crate) fn max_pool_with_indices<const N: usize>(
    name: &'static str,
    x: &Value,
    kernel: [usize; N],
    options: MaxPool<N>,
) -> Result<[Value; 2]> {
    batchwise(name, x, N, |x| {
        maxima_over(name, x, &windows(name, x, kernel, options)?.1)
    })
}

pub(crate) fn adaptive_max_pool(name: &'static str, x: &Value, output: &[Option<usize>]) -> Result<Value> {
    let [values] = batchwise(name, x, output.len(), |x| {
        let axes = adaptive_axes(name, x, 2, output)?;
        let pool = adaptive(Takes::Max, &made(x, 2, &axes)[2..]);
        Ok([largest(name, x, pool, axes)?])
    })?;
    Ok(values)
}

pub(crate) fn adaptive_max_pool_with_indices(
    name: &'static str,
    x: &Value,
    output: &[Option<usize>],
) -> Result<[Value; 2]> {
    batchwise(name, x, output.len(), |x| {
        maxima_over(name, x, &adaptive_axes(name, x, 2, output)?)
    })
}

fn max_unpool(name: &'static str, x: &Value, index: &Value, output: &[usize]) -> Result<Value> {
    let (x, batched) = images(name, x, output.len())?;
    let (index, _) = images(name, index, output.len())?;
    if x.sizes() != index.sizes() {
        return Err(Error::shape(
            name,
            format!("indices of {}, as the input has", describe(x.sizes())),
            describe(index.sizes()),
        ));
    }
    let whole: Axes<usize> = x.sizes()[..2].iter().chain(output).copied().collect();
    room(name, &whole)?;
    let planes = layout::len(&whole[..2]);
    let plane = layout::len(output);
    let each = layout::len(&x.sizes()[2..]);
    let zeros = Value::filled(x.device(), x.dtype(), 0.0, &[planes, plane]);
    let flat = |x: &Value| x.reshape(&[planes, each]);
    let out = scatter(Scatter::Set, &zeros, 1, &flat(&index), &flat(&x))?.reshape(&whole);
    Ok(if batched { out } else { out.squeeze(0) })
}

macro_rules! max_pools {
    // Behind the axes, as the examples have them: the sizes of the input, its last axes, the window, the sizes of the output.
    ($($N:literal $axes:literal $sizes:literal $last:literal $window:literal $outputs:literal $plain:ident $indices:ident $adaptive:ident $adaptive_indices:ident $unpool:ident;)*) => {
        $(
            #[doc = concat!("The largest element of each window of `[batch, channels, ", $axes, "]` or, without a batch, `[channels, ", $axes, "]`; NaN wins.")]
            ///
            /// Each size of the result is `(size + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1`. Of several that are the
            /// largest the first gets the gradient.
            ///
            /// # Errors
            /// Where the windows are larger than the input, a window sees nothing of it, the padding is more than half of a window, or
            /// an option is 0 that must not be.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::{MaxPool, ", stringify!($plain), "};")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 9., 5.], &", $sizes, ")?;")]
            #[doc = concat!("assert_eq!(", stringify!($plain), "(&x, ", $window, ", MaxPool::default())?.to_vec()?, [3., 9.]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $plain<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                kernel_size: impl Into<Each<$N>>,
                options: MaxPool<$N>,
            ) -> Result<Tensor<Dynamic, T>> {
                max_pool(stringify!($plain), x.value(), kernel_size.into().0, options).map(Tensor::of)
            }

            #[doc = concat!("[`", stringify!($plain), "`], and where the elements were: indices into the axes `[", $axes, "]` as one. PyTorch's `return_indices`.")]
            ///
            /// # Errors
            #[doc = concat!("As [`", stringify!($plain), "`].")]
            ///
            /// ```
            #[doc = concat!("use tensor::functional::{MaxPool, ", stringify!($indices), "};")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 9., 5.], &", $sizes, ")?;")]
            #[doc = concat!("let (values, indices) = ", stringify!($indices), "(&x, ", $window, ", MaxPool::default())?;")]
            /// assert_eq!((values.to_vec()?, indices.to_vec()?), (vec![3., 9.], vec![1, 2]));
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $indices<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                kernel_size: impl Into<Each<$N>>,
                options: MaxPool<$N>,
            ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, i64>)> {
                let kernel = kernel_size.into().0;
                let [values, indices] = max_pool_with_indices(stringify!($plain), x.value(), kernel, options)?;
                Ok((Tensor::of(values), Tensor::of(indices)))
            }

            #[doc = concat!("The largest element of each of so many windows over `[", $axes, "]` that the result has the given sizes; `None` keeps that of the input.")]
            ///
            /// Window `i` goes from `i size / output`, rounded down, to `(i + 1) size / output`, rounded up.
            ///
            /// # Errors
            /// Where an axis but that of the batch has no elements, or the input has too few or too many axes.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::", stringify!($adaptive), ";")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 9., 5.], &", $sizes, ")?;")]
            #[doc = concat!("assert_eq!(", stringify!($adaptive), "(&x, ", $outputs, ")?.to_vec()?, [3., 9.]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $adaptive<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                output_size: [Option<usize>; $N],
            ) -> Result<Tensor<Dynamic, T>> {
                adaptive_max_pool(stringify!($adaptive), x.value(), &output_size).map(Tensor::of)
            }

            #[doc = concat!("[`", stringify!($adaptive), "`], and where the elements were.")]
            ///
            /// # Errors
            #[doc = concat!("As [`", stringify!($adaptive), "`].")]
            ///
            /// ```
            #[doc = concat!("use tensor::functional::", stringify!($adaptive_indices), ";")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 9., 5.], &", $sizes, ")?;")]
            #[doc = concat!("let (values, indices) = ", stringify!($adaptive_indices), "(&x, ", $outputs, ")?;")]
            /// assert_eq!((values.to_vec()?, indices.to_vec()?), (vec![3., 9.], vec![1, 2]));
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $adaptive_indices<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                output_size: [Option<usize>; $N],
            ) -> Result<(Tensor<Dynamic, T>, Tensor<Dynamic, i64>)> {
                let [values, indices] = adaptive_max_pool_with_indices(stringify!($adaptive), x.value(), &output_size)?;
                Ok((Tensor::of(values), Tensor::of(indices)))
            }

            #[doc = concat!("Zeros of the given sizes `[", $axes, "]` with each element of `x` where it was, by the indices of [`", stringify!($indices), "`].")]
            ///
            /// # Errors
            /// Where `indices` has not the sizes of `x`, or one of them is outside.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::{MaxPool, ", stringify!($indices), ", ", stringify!($unpool), "};")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 9., 5.], &", $sizes, ")?;")]
            #[doc = concat!("let (values, indices) = ", stringify!($indices), "(&x, ", $window, ", MaxPool::default())?;")]
            #[doc = concat!("assert_eq!(", stringify!($unpool), "(&values, &indices, ", $last, ")?.to_vec()?, [0., 3., 9., 0.]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $unpool<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                indices: &Tensor<Dynamic, i64>,
                output_size: [usize; $N],
            ) -> Result<Tensor<Dynamic, T>> {
                max_unpool(stringify!($unpool), x.value(), indices.value(), &output_size).map(Tensor::of)
            }
        )*
    };
}

max_pools! {
    1 "length" "[1, 1, 4]" "[4]" "[2]" "[Some(2)]"
        max_pool1d max_pool1d_with_indices adaptive_max_pool1d adaptive_max_pool1d_with_indices max_unpool1d;
    2 "height, width" "[1, 1, 1, 4]" "[1, 4]" "[1, 2]" "[None, Some(2)]"
        max_pool2d max_pool2d_with_indices adaptive_max_pool2d adaptive_max_pool2d_with_indices max_unpool2d;
    3 "depth, height, width" "[1, 1, 1, 1, 4]" "[1, 1, 4]" "[1, 1, 2]" "[None, None, Some(2)]"
        max_pool3d max_pool3d_with_indices adaptive_max_pool3d adaptive_max_pool3d_with_indices max_unpool3d;
}
