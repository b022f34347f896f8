//! Normalisation of each sample by itself: layer, group, root mean square, and local response.

use smallvec::{SmallVec, smallvec};
use tensor_ops::Primitive;
use tensor_ops::primitive::{GroupNorm, RmsNorm};

use crate::element::{Differentiable, Element, Numeric};
use crate::error::{Error, Result};
use crate::functional::linear::dense;
use crate::functional::means;
use crate::kernels::windows::Along;
use crate::layout::{self, Axes, describe};
use crate::ops;
use crate::ops::border::zeros_around;
use crate::ops::cast::{to_float, wide};
use crate::ops::primitive::Call;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Rows `[rows, n]` with mean 0 and variance 1.
pub(crate) fn standard(x: &Value, weight: Option<&Value>, bias: Option<&Value>, eps: f64) -> Result<Value> {
    let n = [x.sizes()[1]];
    let or = |given: Option<&Value>, number: f64| {
        given.map_or_else(
            || Value::filled(x.device(), x.dtype(), number, &n),
            |given| dense(&given.reshape(&n)),
        )
    };
    let (weight, bias) = (or(weight, 1.0), or(bias, 0.0));
    if x.len() == 0 {
        return x.mul(&weight)?.add(&bias);
    }
    Ok(ops::layer_norm::layer_norm(x, &weight, &bias, eps))
}

/// That the last axes of an input have the sizes that are normalised over, and weight and bias too; gives the number of elements of all
/// other axes and of these.
fn rows(name: &'static str, x: &Value, shape: &[usize], others: [Option<&Value>; 2]) -> Result<[usize; 2]> {
    if shape.is_empty() {
        return Err(Error::shape(
            name,
            "one axis or more to normalise over",
            describe(shape),
        ));
    }
    if !x.sizes().ends_with(shape) {
        return Err(Error::shape(
            name,
            format!("an input whose last sizes are {}", describe(shape)),
            describe(x.sizes()),
        ));
    }
    for other in others.into_iter().flatten() {
        x.same_device(name, other)?;
        if other.sizes() != shape {
            return Err(Error::shape(
                name,
                format!("weight and bias of {}", describe(shape)),
                describe(other.sizes()),
            ));
        }
    }
    let lead = &x.sizes()[..x.layout.rank() - shape.len()];
    Ok([layout::len(lead), layout::len(shape)])
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias`, with mean and (biased) variance over the last axes, which have the sizes
/// `normalized_shape`, as `weight` and `bias` have.
///
/// # Errors
/// Where the sizes do not fit.
///
/// ```
/// use tensor::functional::layer_norm;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 10., 30.], &[2, 2])?;
/// assert_eq!(layer_norm(&x, &[2], None, None, 0.0)?.to_vec()?, [-1., 1., -1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn layer_norm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    normalized_shape: &[usize],
    weight: Option<&Tensor<Dynamic, T>>,
    bias: Option<&Tensor<Dynamic, T>>,
    eps: f64,
) -> Result<Tensor<Dynamic, T>> {
    let (x, weight, bias) = (x.value(), weight.map(Tensor::value), bias.map(Tensor::value));
    let sizes = rows("layer_norm", x, normalized_shape, [weight, bias])?;
    let (weight, bias) = (weight.map(wide), bias.map(wide));
    let out = standard(&wide(x).reshape(&sizes), weight.as_ref(), bias.as_ref(), eps)?;
    Ok(Tensor::of(out.reshape(x.sizes()).cast(T::DTYPE)))
}

/// `x / sqrt(mean(x^2) + eps) * weight`, with the mean over the last axes, which have the sizes `normalized_shape`, as `weight` has.
/// Without an `eps` it is the distance from 1 to the next number.
///
/// # Errors
/// Where the sizes do not fit.
///
/// ```
/// use tensor::functional::rms_norm;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![3., -3.], &[2])?;
/// assert_eq!(rms_norm(&x, &[2], None, Some(0.0))?.to_vec()?, [1., -1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn rms_norm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    normalized_shape: &[usize],
    weight: Option<&Tensor<Dynamic, T>>,
    eps: Option<f64>,
) -> Result<Tensor<Dynamic, T>> {
    let (x, weight) = (x.value(), weight.map(Tensor::value));
    let sizes = rows("rms_norm", x, normalized_shape, [weight, None])?;
    let eps = eps.unwrap_or_else(|| T::DTYPE.or_epsilon(0.0));
    let rows = wide(x).reshape(&sizes);
    let weight = weight.map(|weight| wide(weight).reshape(&sizes[1..]));
    let affine = weight.is_some();
    let parameters: SmallVec<[&Value; 1]> = weight.iter().collect();
    let call = Call::new(
        "rms_norm",
        Primitive::RmsNorm(RmsNorm { eps, affine }),
        &rows,
        &parameters,
        &sizes,
    );
    let out = match eps == 0.0 {
        // Models take 0 for the distance from 1 to the next number.
        true => by_square(&rows, weight.as_ref(), eps),
        false => call.run(move |given| by_square(&given[0], given.get(1), eps)),
    };
    Ok(Tensor::of(out?.reshape(x.sizes()).cast(T::DTYPE)))
}

/// `x / sqrt(mean(x^2) + eps) * weight` along the last axis, in operations.
pub(crate) fn by_square(x: &Value, weight: Option<&Value>, eps: f64) -> Result<Value> {
    let axis = [x.layout.rank() - 1];
    let out = x.mul(&x.square().mean(&axis, true).affine(1.0, eps).pow(-0.5))?;
    weight.map_or(Ok(out.clone()), |weight| out.mul(weight))
}

/// That what is given is a number for each channel of `[batch, channels, ..]`.
pub(super) fn check_channels(name: &'static str, x: &Value, given: &Value) -> Result<()> {
    x.same_device(name, given)?;
    match given.sizes() == &x.sizes()[1..2] {
        true => Ok(()),
        false => Err(Error::shape(
            name,
            format!("a number for each of {} channels", x.sizes()[1]),
            describe(given.sizes()),
        )),
    }
}

/// A weight or bias `[channels]` as it meets `[batch, channels, ..]`.
pub(crate) fn by_channel(name: &'static str, x: &Value, given: &Value) -> Result<Value> {
    check_channels(name, x, given)?;
    let mut sizes: Axes<usize> = x.sizes().iter().map(|_| 1).collect();
    sizes[1] = x.sizes()[1];
    Ok(wide(given).reshape(&sizes))
}

/// `x weight + bias`, by channel.
pub(crate) fn scaled(name: &'static str, x: Value, weight: Option<&Value>, bias: Option<&Value>) -> Result<Value> {
    let x = match weight {
        Some(weight) => x.mul(&by_channel(name, &x, weight)?)?,
        None => x,
    };
    match bias {
        Some(bias) => x.add(&by_channel(name, &x, bias)?),
        None => Ok(x),
    }
}

/// `[batch, channels, ..]` with all axes behind the channels as one.
pub(super) fn planes(x: &Value) -> [usize; 3] {
    let sizes = x.sizes();
    [sizes[0], sizes[1], layout::len(&sizes[2..])]
}

/// Weight and bias as a kernel takes them, where there are both.
pub(super) fn affine(weight: Option<&Value>, bias: Option<&Value>) -> SmallVec<[Value; 2]> {
    let both = weight.zip(bias);
    both.map_or(SmallVec::new(), |(weight, bias)| smallvec![wide(weight), wide(bias)])
}

/// `x` normalised over each sample's channels of one of `groups` groups, in operations.
pub(crate) fn by_groups(x: &Value, groups: usize, eps: f64) -> Result<Value> {
    let (images, each) = (x.sizes()[0], layout::len(&x.sizes()[1..]));
    let rows = x.reshape(&[images * groups, each / groups]);
    Ok(standard(&rows, None, None, eps)?.reshape(x.sizes()))
}

/// The same by the kernel that models have, where there is one; times weight, plus bias.
pub(super) fn in_groups(
    name: &'static str,
    x: &Value,
    groups: usize,
    [weight, bias]: [Option<&Value>; 2],
    eps: f64,
) -> Result<Value> {
    let given = [weight, bias].into_iter().flatten();
    given.clone().try_for_each(|given| check_channels(name, x, given))?;
    let (images, parameters) = (x.reshape(&planes(x)), affine(weight, bias));
    let (rank, affine) = (0, !parameters.is_empty());
    let norm = GroupNorm {
        groups,
        rank,
        eps,
        affine,
    };
    let parameters: SmallVec<[&Value; 2]> = parameters.iter().collect();
    let call = Call::new(name, Primitive::GroupNorm(norm), &images, &parameters, images.sizes());
    let out = call.run(move |given| {
        let out = by_groups(&given[0], groups, eps)?;
        scaled(name, out, given.get(1), given.get(2))
    });
    let out = out?.reshape(x.sizes());
    if affine {
        Ok(out)
    } else {
        scaled(name, out, weight, bias)
    }
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias` for `x` of `[batch, channels, ..]`, with mean and (biased) variance over each
/// sample's channels of one of `groups` groups, and weight and bias of `[channels]`.
///
/// # Errors
/// Where the channels do not fall into so many groups, a group has no elements, or weight and bias do not fit.
///
/// ```
/// use tensor::functional::group_norm;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 3., 10., 30.], &[1, 4])?;
/// assert_eq!(group_norm(&x, 2, None, None, 0.0)?.to_vec()?, [-1., 1., -1., 1.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn group_norm<T: Differentiable>(
    x: &Tensor<Dynamic, T>,
    groups: usize,
    weight: Option<&Tensor<Dynamic, T>>,
    bias: Option<&Tensor<Dynamic, T>>,
    eps: f64,
) -> Result<Tensor<Dynamic, T>> {
    let name = "group_norm";
    let (x, weight, bias) = (x.value(), weight.map(Tensor::value), bias.map(Tensor::value));
    if x.layout.rank() < 2 || x.sizes()[1..].contains(&0) {
        return Err(Error::shape(
            name,
            "an input of batch, channels and more, in which only the batch may be empty",
            describe(x.sizes()),
        ));
    }
    if groups == 0 || !x.sizes()[1].is_multiple_of(groups) {
        return Err(Error::shape(
            name,
            format!("channels that fall into {groups} groups"),
            describe(x.sizes()),
        ));
    }
    let out = in_groups(name, &wide(x), groups, [weight, bias], eps)?;
    Ok(Tensor::of(out.cast(T::DTYPE)))
}

/// The options of [`local_response_norm`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalResponseNorm {
    /// 0.0001.
    pub alpha: f64,
    /// 0.75.
    pub beta: f64,
    /// 1.
    pub k: f64,
}

impl Default for LocalResponseNorm {
    fn default() -> Self {
        Self {
            alpha: 1e-4,
            beta: 0.75,
            k: 1.0,
        }
    }
}

/// `x / (k + alpha mean(x^2))^beta` for `x` of `[batch, channels, ..]`, with the mean over `size` channels around each, zeros beyond the
/// ends. Krizhevsky, Sutskever, Hinton, *ImageNet Classification*, 2012.
///
/// # Errors
/// Where the input has fewer than three axes, or `size` is 0.
///
/// ```
/// use tensor::functional::{LocalResponseNorm, local_response_norm};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1.], &[1, 1, 1])?;
/// let options = LocalResponseNorm { alpha: 1.0, beta: 1.0, k: 1.0 };
/// assert_eq!(local_response_norm(&x, 1, options)?.to_vec()?, [0.5]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn local_response_norm<T: Numeric>(
    x: &Tensor<Dynamic, T>,
    size: usize,
    options: LocalResponseNorm,
) -> Result<Tensor<Dynamic, T::Float>> {
    let name = "local_response_norm";
    let x = x.value();
    if x.layout.rank() < 3 {
        return Err(Error::shape(
            name,
            "an input of three axes or more",
            describe(x.sizes()),
        ));
    }
    if size == 0 || size > isize::MAX as usize / 2 {
        return Err(Error::argument("size", "a number of channels", size));
    }
    let wide = wide(x);
    let channels = x.sizes()[1];
    let padded = zeros_around(&wide.mul(&wide)?, 1, size / 2, (size - 1) / 2);
    let along = Along {
        input: padded.sizes()[1],
        output: channels,
        size,
        ..Along::ONE
    };
    let mean = match x.len() {
        0 => wide.clone(),
        _ => means(&padded, 1, &[along], true, None)?,
    };
    let scale = to_float(&mean).affine(options.alpha, options.k).pow(options.beta);
    let out = to_float(&wide).div(&scale)?;
    Ok(Tensor::of(out.cast(<T::Float as Element>::DTYPE)))
}
