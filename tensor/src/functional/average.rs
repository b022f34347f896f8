//! Pooling by means.

use tensor_ops::Compare;
use tensor_ops::primitive::Takes;

use crate::element::{DType, Differentiable, Kind, Numeric};
use crate::error::{Error, Result};
use crate::functional::pool::{Windows, adaptive, adaptive_axes, made};
use crate::functional::{Each, MaxPool, images, max_pool};
use crate::kernels::pooling::Axis;
use crate::kernels::windows::{Along, Window};
use crate::layout::Axes;
use crate::ops::border::zeros_around;
use crate::ops::cast::wide;
use crate::ops::elements::floats;
use crate::ops::gather::index_select;
use crate::ops::primitive::Call;
use crate::ops::view::{Look, look};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The options of a pooling by means over `N` axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvgPool<const N: usize> {
    /// How far windows are apart; the size of the window where it is `None`.
    pub stride: Option<[usize; N]>,
    /// How many zeros stand on both sides of each axis: at most half of a window. 0.
    pub padding: [usize; N],
    /// Whether a last window that begins inside may end outside. No.
    pub ceil_mode: bool,
    /// Whether these zeros count in the mean. Yes.
    pub count_include_pad: bool,
    /// What sums are divided by, in place of the number of elements.
    pub divisor_override: Option<i64>,
}

impl<const N: usize> Default for AvgPool<N> {
    fn default() -> Self {
        Self {
            stride: None,
            padding: [0; N],
            ceil_mode: false,
            count_include_pad: true,
            divisor_override: None,
        }
    }
}

/// From so many elements on, a window is summed as an axis; below that, one element of all windows after the other.
const LONG: usize = 32;

/// The sums of windows along one axis.
fn sums(x: &Value, axis: usize, along: &Along) -> Result<Value> {
    // What the last window has behind the padding, and what no window sees.
    let end = (along.output - 1) * along.stride + along.size;
    let inside = along.input.min(end - along.before);
    let x = x.slice(axis, 0, inside, 1);
    let padded = zeros_around(&x, axis, along.before, end - along.before - inside);
    if along.size >= LONG {
        let windows = Look::Windows {
            axis,
            size: along.size,
            step: along.stride,
            dilation: 1,
        };
        return Ok(look(&padded, windows).sum(&[x.layout.rank()], false));
    }
    let each = |index| padded.slice(axis, index, along.output, along.stride);
    (1..along.size).try_fold(each(0), |sum, index| sum.add(&each(index)))
}

/// The sums of windows over the axes from `lead` on, divided by what each has.
pub(crate) fn means(x: &Value, lead: usize, axes: &[Along], with_padding: bool, divisor: Option<i64>) -> Result<Value> {
    let mut out = x.clone();
    // From the last to the first, as rows are read.
    for (index, axis) in axes.iter().enumerate().rev() {
        out = sums(&out, lead + index, axis)?;
    }
    let counts = |axis: &Along| -> Vec<usize> {
        let count = |place| match with_padding {
            true => axis.with_zeros(place),
            false => axis.window(place).count,
        };
        (0..axis.output).map(count).collect()
    };
    let divisors = match divisor {
        Some(divisor) => vec![divisor as f64],
        None => axes.iter().fold(vec![1.0], |outer: Vec<f64>, axis| {
            let counts = counts(axis);
            let rows = outer.iter();
            rows.flat_map(|outer| counts.iter().map(move |&count| outer * count as f64))
                .collect()
        }),
    };
    let float = match x.dtype().kind() {
        Kind::Float => x.dtype(),
        Kind::Integer | Kind::Bool => DType::F64,
    };
    let sizes: Axes<usize> = match divisor {
        Some(_) => Axes::new(),
        None => {
            let behind = x.layout.rank() - lead - axes.len();
            let outputs = axes.iter().map(|axis| axis.output);
            outputs.chain((0..behind).map(|_| 1)).collect()
        }
    };
    let divisors = Value::from_slice(x.device(), &sizes, &divisors).cast(float);
    // Means of whole numbers lose their fraction.
    Ok(out.cast(float).div(&divisors)?.cast(x.dtype()))
}

pub(crate) fn avg_pool<const N: usize>(
    name: &'static str,
    x: &Value,
    kernel: [usize; N],
    options: AvgPool<N>,
) -> Result<Value> {
    let (x, batched) = images(name, x, N)?;
    if options.divisor_override == Some(0) {
        return Err(Error::argument("divisor_override", "a number other than 0", 0));
    }
    let windows = Windows {
        kernel: &kernel,
        stride: &options.stride.unwrap_or(kernel),
        padding: &options.padding,
        dilation: &[1; N],
        ceil: options.ceil_mode,
    };
    let axes = windows.over(name, &x, 2)?;
    let (with_padding, divisor) = (options.count_include_pad, options.divisor_override);
    let out = match divisor {
        Some(_) => means(&wide(&x), 2, &axes, with_padding, divisor)?,
        None => {
            let pool = windows.pool(Takes::Mean { with_padding });
            let sizes = made(
                &x,
                2,
                &axes.iter().map(|&along| Axis::Windows(along)).collect::<Axes<Axis>>(),
            );
            let wide = wide(&x);
            Call::new(name, pool, &wide, &[], &sizes).run(move |x| means(&x[0], 2, &axes, with_padding, None))?
        }
    };
    let out = out.cast(x.dtype());
    Ok(if batched { out } else { out.squeeze(0) })
}

/// The means of so many windows along one axis that there are `output`.
fn adaptive_means(x: &Value, axis: usize, output: usize) -> Result<Value> {
    let input = x.sizes()[axis];
    let mut sizes: Axes<usize> = x.sizes().into();
    if output > 0 && input.is_multiple_of(output) {
        sizes[axis] = output;
        sizes.insert(axis + 1, input / output);
        return Ok(x.reshape(&sizes).mean(&[axis + 1], false));
    }
    let along = Axis::Adaptive { input, output };
    let windows: Vec<Window> = (0..output).map(|place| along.window(place)).collect();
    let longest = windows.iter().map(|window| window.count).max().unwrap_or(1);
    let (mut places, mut inside, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for window in &windows {
        for index in 0..longest {
            places.push((window.first + index.min(window.count - 1)) as i64);
            inside.push(index < window.count);
        }
        counts.push(window.count as f64);
    }
    let behind = x.layout.rank() - axis - 1;
    let along = |lead: &[usize]| -> Axes<usize> { lead.iter().copied().chain((0..behind).map(|_| 1)).collect() };
    let places = Value::from_slice(x.device(), &[places.len()], &places);
    let inside = Value::from_slice(x.device(), &along(&[output, longest]), &inside);
    let counts = Value::from_slice(x.device(), &along(&[output]), &counts).cast(x.dtype());
    sizes[axis] = output;
    sizes.insert(axis + 1, longest);
    let seen = index_select(x, axis, &places)?.reshape(&sizes);
    seen.or_where_not(&inside, 0.0)?.sum(&[axis + 1], false).div(&counts)
}

/// The means of windows over the last axes, axis by axis.
pub(crate) fn means_over(x: &Value, lead: usize, axes: &[Axis]) -> Result<Value> {
    let mut axes = axes.iter().enumerate().rev();
    axes.try_fold(x.clone(), |out, (axis, along)| {
        adaptive_means(&out, lead + axis, along.output())
    })
}

/// The mean over each of so many windows along the last axes that they have the given sizes.
pub(crate) fn adaptive_avg_pool(name: &'static str, x: &Value, output: &[Option<usize>]) -> Result<Value> {
    floats(name, x)?;
    let (x, batched) = images(name, x, output.len())?;
    let axes = adaptive_axes(name, &x, 2, output)?;
    let sizes = made(&x, 2, &axes);
    let pool = adaptive(Takes::Mean { with_padding: false }, &sizes[2..]);
    let wide = wide(&x);
    let out = Call::new(name, pool, &wide, &[], &sizes).run(move |x| means_over(&x[0], 2, &axes))?;
    let out = out.cast(x.dtype());
    Ok(if batched { out } else { out.squeeze(0) })
}

pub(crate) fn lp_pool<const N: usize>(
    name: &'static str,
    x: &Value,
    p: f64,
    kernel: [usize; N],
    stride: Option<[usize; N]>,
    ceil_mode: bool,
) -> Result<Value> {
    if p == 0.0 || p.is_nan() {
        return Err(Error::argument("norm_type", "a number other than 0", p));
    }
    let options = AvgPool {
        stride,
        ceil_mode,
        ..AvgPool::default()
    };
    let count: usize = kernel.iter().product();
    if p.is_infinite() {
        let stride = stride.unwrap_or(kernel);
        let options = MaxPool {
            stride: Some(stride),
            ceil_mode,
            ..MaxPool::default()
        };
        // The smallest one is the largest of the opposites.
        let side = |x: &Value| if p > 0.0 { x.clone() } else { x.neg() };
        let largest = max_pool(name, &side(&x.abs()), kernel, options)?;
        return Ok(side(&largest));
    }
    let mean = avg_pool(name, &wide(x).pow(p), kernel, options)?;
    // The root at 0 has no finite slope: there the gradient is 0. Roots of what is below 0 are as `pow` has them.
    let nothing = mean.compare_to(Compare::Eq, 0.0);
    let root = nothing
        .select(&mean.constant(1.0), &mean)?
        .scale(count as f64)
        .pow(p.recip());
    Ok(nothing.select(&mean.constant(0.0), &root)?.cast(x.dtype()))
}

macro_rules! avg_pools {
    // Behind the axes, as the examples have them: the sizes of the input, the window, the sizes of the output.
    ($($N:literal $axes:literal $sizes:literal $window:literal $outputs:literal $plain:ident $adaptive:ident $lp:ident;)*) => {
        $(
            #[doc = concat!("The mean of each window of `[batch, channels, ", $axes, "]` or, without a batch, `[channels, ", $axes, "]`. That of whole numbers loses its fraction.")]
            ///
            /// Each size of the result is `(size + 2 padding - kernel_size) / stride + 1`.
            ///
            /// # Errors
            /// Where the windows are larger than the input, the padding is more than half of a window, or an option is 0 that must not
            /// be.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::{AvgPool, ", stringify!($plain), "};")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 5., 9.], &", $sizes, ")?;")]
            #[doc = concat!("assert_eq!(", stringify!($plain), "(&x, ", $window, ", AvgPool::default())?.to_vec()?, [2., 7.]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $plain<T: Numeric>(
                x: &Tensor<Dynamic, T>,
                kernel_size: impl Into<Each<$N>>,
                options: AvgPool<$N>,
            ) -> Result<Tensor<Dynamic, T>> {
                avg_pool(stringify!($plain), x.value(), kernel_size.into().0, options).map(Tensor::of)
            }

            #[doc = concat!("The mean of each of so many windows over `[", $axes, "]` that the result has the given sizes; `None` keeps that of the input.")]
            ///
            /// Window `i` goes from `i size / output`, rounded down, to `(i + 1) size / output`, rounded up.
            ///
            /// # Errors
            /// Where an axis but that of the batch has no elements, or the input has too few or too many axes.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::", stringify!($adaptive), ";")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 5., 9.], &", $sizes, ")?;")]
            #[doc = concat!("assert_eq!(", stringify!($adaptive), "(&x, ", $outputs, ")?.to_vec()?, [2., 7.]);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $adaptive<T: Differentiable>(
                x: &Tensor<Dynamic, T>,
                output_size: [Option<usize>; $N],
            ) -> Result<Tensor<Dynamic, T>> {
                adaptive_avg_pool(stringify!($adaptive), x.value(), &output_size).map(Tensor::of)
            }

            #[doc = concat!("`(sum of x^p)^(1 / p)` over each window of `[", $axes, "]`, with `norm_type` as `p`; of an infinite `p` the largest or smallest `|x|`. The root of a negative sum is as [`Tensor::pow`] has it.")]
            ///
            /// # Errors
            /// As the pooling by means; and where `norm_type` is 0.
            ///
            /// ```
            #[doc = concat!("use tensor::functional::", stringify!($lp), ";")]
            /// use tensor::prelude::*;
            #[doc = concat!("let x = Tensor::<Dynamic>::from_vec(vec![3., 4., 6., 8.], &", $sizes, ")?;")]
            #[doc = concat!("let y = ", stringify!($lp), "(&x, 2., ", $window, ", None, false)?;")]
            /// tensor::testing::assert_close(&y.flatten(0, -1)?, &tensor![5., 10.]);
            /// # Ok::<(), tensor::Error>(())
            /// ```
            pub fn $lp<T: Differentiable>(
                x: &Tensor<Dynamic, T>,
                norm_type: f64,
                kernel_size: impl Into<Each<$N>>,
                stride: Option<[usize; $N]>,
                ceil_mode: bool,
            ) -> Result<Tensor<Dynamic, T>> {
                let kernel = kernel_size.into().0;
                lp_pool(stringify!($lp), x.value(), norm_type, kernel, stride, ceil_mode).map(Tensor::of)
            }
        )*
    };
}

avg_pools! {
    1 "length" "[1, 1, 4]" "[2]" "[Some(2)]" avg_pool1d adaptive_avg_pool1d lp_pool1d;
    2 "height, width" "[1, 1, 1, 4]" "[1, 2]" "[None, Some(2)]" avg_pool2d adaptive_avg_pool2d lp_pool2d;
    3 "depth, height, width" "[1, 1, 1, 1, 4]" "[1, 1, 2]" "[None, None, Some(2)]" avg_pool3d adaptive_avg_pool3d lp_pool3d;
}
