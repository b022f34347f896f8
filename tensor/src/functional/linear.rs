//! Linear and bilinear maps.

use crate::element::Numeric;
use crate::error::{Error, Result};
use crate::layout::{Axes, describe};
use crate::ops;
use crate::ops::cast::wide;
use crate::ops::elements::same_elements;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The same elements without gaps, on the tape where they are.
pub(crate) fn dense(x: &Value) -> Value {
    match x.layout.is_contiguous() {
        true => x.clone(),
        false => x.copied().as_input(x),
    }
}

pub(super) fn apply(x: &Value, weight: &Value, bias: Option<&Value>) -> Result<Value> {
    let name = "linear";
    for other in [Some(weight), bias].into_iter().flatten() {
        same_elements(name, x.dtype(), other.dtype())?;
        x.same_device(name, other)?;
    }
    let last = x.sizes().last().copied();
    let fits = matches!(weight.layout.rank(), 1 | 2) && last.is_some() && weight.sizes().last().copied() == last;
    if !fits {
        return Err(Error::shape(
            name,
            format!("a weight of [out, in] or [in] for an input {}", describe(x.sizes())),
            describe(weight.sizes()),
        ));
    }
    let outputs = &weight.sizes()[..weight.layout.rank() - 1];
    if let Some(bias) = bias
        && bias.sizes() != outputs
    {
        return Err(Error::shape(
            name,
            format!("a bias of {}", describe(outputs)),
            describe(bias.sizes()),
        ));
    }
    if x.dtype().is_float() && outputs.len() == 1 && x.len() > 0 && weight.len() > 0 {
        return Ok(ops::linear::linear(x, weight, bias.map(dense).as_ref()));
    }
    let [x, weight] = [x, weight].map(wide);
    let out = match outputs {
        [] => x.matmul(&weight)?,
        _ => x.matmul(&weight.transpose(0, 1))?,
    };
    match bias {
        Some(bias) => Ok(out.add(&wide(bias))?.cast(bias.dtype())),
        None => Ok(out),
    }
}

/// `x weight^T + bias`: `x` of `[.., in]`, `weight` of `[out, in]`, `bias` of `[out]`, the result of `[.., out]`; with a weight of `[in]`
/// and a bias of `[]` it is of `[..]`.
///
/// # Errors
/// Where the sizes do not fit.
///
/// ```
/// use tensor::functional::linear;
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2.], &[2])?;
/// let weight = Tensor::<Dynamic>::from_vec(vec![1., 0., 0., 1., 1., 1.], &[3, 2])?;
/// assert_eq!(linear(&x, &weight, None)?.to_vec()?, [1., 2., 3.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn linear<T: Numeric>(
    x: &Tensor<Dynamic, T>,
    weight: &Tensor<Dynamic, T>,
    bias: Option<&Tensor<Dynamic, T>>,
) -> Result<Tensor<Dynamic, T>> {
    let out = apply(x.value(), weight.value(), bias.map(Tensor::value))?;
    Ok(Tensor::of(out.cast(T::DTYPE)))
}

fn apply_two(a: &Value, b: &Value, weight: &Value, bias: Option<&Value>) -> Result<Value> {
    let name = "bilinear";
    let (Some((&left, lead)), Some((&right, others))) = (a.sizes().split_last(), b.sizes().split_last()) else {
        return Err(Error::shape(name, "inputs of one axis or more", describe(&[])));
    };
    if lead != others {
        return Err(Error::shape(
            name,
            format!("a second input of {} but for the last axis", describe(a.sizes())),
            describe(b.sizes()),
        ));
    }
    if weight.layout.rank() != 3 || weight.sizes()[1..] != [left, right] {
        return Err(Error::shape(
            name,
            format!("a weight of [out, {left}, {right}]"),
            describe(weight.sizes()),
        ));
    }
    let outputs = weight.sizes()[0];
    if let Some(bias) = bias
        && bias.sizes() != [outputs]
    {
        return Err(Error::shape(
            name,
            format!("a bias of [{outputs}]"),
            describe(bias.sizes()),
        ));
    }
    let whole: Axes<usize> = lead.iter().copied().chain([outputs]).collect();
    let rows: usize = lead.iter().product();
    let [a, b, weight] = [a, b, weight].map(wide);
    let (a, b) = (a.reshape(&[rows, left]), b.reshape(&[rows, right, 1]));
    let weight = weight.permute(&[1, 0, 2]).reshape(&[left, outputs * right]);
    let out = a
        .matmul(&weight)?
        .reshape(&[rows, outputs, right])
        .matmul(&b)?
        .reshape(&whole);
    match bias {
        Some(bias) => out.add(&wide(bias)),
        None => Ok(out),
    }
}

/// `out[.., o] = sum over i, j of a[.., i] weight[o, i, j] b[.., j] + bias[o]`.
///
/// # Errors
/// Where the sizes do not fit.
///
/// ```
/// use tensor::functional::bilinear;
/// use tensor::prelude::*;
/// let a = Tensor::<Dynamic>::from_vec(vec![1., 2.], &[2])?;
/// let weight = Tensor::<Dynamic>::from_vec(vec![1., 0., 0., 1.], &[1, 2, 2])?;
/// assert_eq!(bilinear(&a, &a, &weight, None)?.to_vec()?, [5.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn bilinear<T: Numeric>(
    a: &Tensor<Dynamic, T>,
    b: &Tensor<Dynamic, T>,
    weight: &Tensor<Dynamic, T>,
    bias: Option<&Tensor<Dynamic, T>>,
) -> Result<Tensor<Dynamic, T>> {
    let out = apply_two(a.value(), b.value(), weight.value(), bias.map(Tensor::value))?;
    Ok(Tensor::of(out.cast(T::DTYPE)))
}
