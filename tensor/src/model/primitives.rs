//! Primitives in operations of the tape: what the planned form is tested against, and what second derivatives go through.

use tensor_ops::Primitive;
use tensor_ops::primitive::{
    Activation, Adaptive, Attention, Border, Cell, Conv, ConvTranspose, Interpolation, Pad, Pool, Recurrent, Takes,
    Upsample,
};

use crate::element::{DType, Element, Float};
use crate::error::{Error, Result};
use crate::functional::{self, Interpolate, Resize, Windows};
use crate::kernels::pooling::Axis;
use crate::layout::Axes;
use crate::ops;
use crate::ops::attention::{Which, attend};
use crate::ops::convolution::{Geometry, Reach, convolve, spread};
use crate::ops::recurrent::{Recurrence, recurrence};
use crate::ops::{join, split};
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The result, or a tensor that carries the error.
pub(super) fn or_poisoned(x: &Value, out: Result<Value>) -> Value {
    out.unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), x.sizes(), error))
}

/// A primitive of values with sizes that it was compiled for.
///
/// A normalisation by batches takes the statistics of this one where it is given no buffers.
pub(super) fn in_operations(
    primitive: &Primitive,
    inputs: &[&Value],
    parameters: &[&Value],
    buffers: &[&Value],
) -> Result<Value> {
    let (name, x) = (primitive.name(), inputs[0]);
    match primitive {
        Primitive::Conv(conv) => {
            let out = convolve(x, parameters[0], &geometry(name, conv, x, parameters[0]))?;
            by_channel(out, parameters.get(1).copied())
        }
        Primitive::ConvTranspose(ConvTranspose { conv, more }) => {
            let geometry = transposed(name, conv, more, x, parameters[0]);
            by_channel(spread(x, parameters[0], &geometry)?, parameters.get(1).copied())
        }
        Primitive::Pool(pool) => pooled(name, pool, x),
        Primitive::Activate(activation) => match x.dtype() {
            DType::F64 => activated::<f64>(activation, Tensor::of(x.clone())),
            _ => activated::<f32>(activation, Tensor::of(x.clone())),
        },
        Primitive::Permute(permute) => Ok(x.permute(&permute.axes[..permute.rank])),
        Primitive::PixelShuffle(shuffle) => {
            let (r, sizes) = (shuffle.factor, x.sizes());
            let [n, c, h, w] = [sizes[0], sizes[1] / (r * r), sizes[2], sizes[3]];
            let parts = x.reshape(&[n, c, r, r, h, w]).permute(&[0, 1, 4, 2, 5, 3]);
            Ok(parts.reshape(&[n, c, h * r, w * r]))
        }
        Primitive::Upsample(upsample) => resampled(upsample, x),
        Primitive::Pad(pad) => match x.dtype() {
            DType::F64 => bordered::<f64>(pad, x),
            _ => bordered::<f32>(pad, x),
        },
        Primitive::Embedding(embedding) => {
            let options = functional::Embedding {
                padding_idx: embedding.padding.map(|row| row as i64),
                ..Default::default()
            };
            functional::rows(parameters[0], x, options)
        }
        Primitive::Prelu(_) => match x.dtype() {
            DType::F64 => bent::<f64>(x, parameters[0]),
            _ => bent::<f32>(x, parameters[0]),
        },
        Primitive::Ones(_) => Ok(Value::filled(x.device(), x.dtype(), 1.0, &x.sizes()[..2])),
        Primitive::InTraining(affine) => Ok(x.affine(affine.scale, affine.shift)),
        Primitive::Noise(_) => unreachable!("model/noise.rs draws it"),
        Primitive::Along(along) => Ok(x.reduce(along.op, &[along.axis], along.keep)),
        Primitive::Mask => {
            let mut sizes: Axes<usize> = inputs[1].sizes().into();
            sizes.resize(x.layout.rank(), 1);
            x.mul(&inputs[1].reshape(&sizes))
        }
        Primitive::Slice(slice) => split::narrow(x, slice.axis as isize, slice.start as isize, slice.len),
        Primitive::Select(select) => match select.on(x.sizes()[select.axis]) {
            Some(place) => Ok(x.index_axis(select.axis, place)),
            None => Err(Error::OutOfRange {
                operation: "select",
                what: "index",
                index: select.index(),
                size: format!("an axis of {}", x.sizes()[select.axis]),
            }),
        },
        Primitive::Cat(cat) => join::cat(name, inputs, cat.axis as isize),
        Primitive::Attention(attention) => attended(attention, inputs),
        Primitive::Recurrent(recurrent) => stepped(recurrent, inputs, parameters),
        Primitive::BatchNorm(norm) => {
            let out = match buffers {
                [mean, var, ..] => functional::by_known(name, x, mean, var, norm.eps)?,
                _ => functional::by_batch(x, norm.eps)?,
            };
            functional::scaled(name, out, parameters.first().copied(), parameters.get(1).copied())
        }
        Primitive::GroupNorm(norm) => {
            let groups = if norm.groups == 0 { x.sizes()[1] } else { norm.groups };
            let out = functional::by_groups(x, groups, norm.eps)?;
            functional::scaled(name, out, parameters.first().copied(), parameters.get(1).copied())
        }
        Primitive::RmsNorm(norm) => {
            functional::by_square(x, parameters.first().copied(), x.dtype().or_epsilon(norm.eps))
        }
        Primitive::AdaptivePool(Adaptive { takes, rank, sizes }) => {
            let sizes: Axes<Option<usize>> = sizes[..*rank].iter().copied().map(Some).collect();
            let axes = functional::adaptive_axes(name, x, 2, &sizes)?;
            match takes {
                Takes::Max => functional::maxima_over(name, x, &axes).map(|[values, _]| values),
                Takes::Mean { .. } => functional::means_over(x, 2, &axes),
            }
        }
    }
}

/// `x` plus a number for each channel.
fn by_channel(x: Value, bias: Option<&Value>) -> Result<Value> {
    let Some(bias) = bias else {
        return Ok(x);
    };
    let mut sizes: Axes<usize> = x.sizes().iter().map(|_| 1).collect();
    sizes[1] = bias.len();
    x.add(&bias.reshape(&sizes))
}

fn geometry(name: &'static str, conv: &Conv, x: &Value, weight: &Value) -> Geometry {
    let windows = &conv.windows;
    let axes = (0..windows.rank).map(|axis| {
        let (input, padding) = (x.sizes()[axis + 2], windows.before[axis] + windows.after[axis]);
        Reach {
            input,
            kernel: windows.size[axis],
            stride: windows.stride[axis],
            dilation: windows.dilation[axis],
            before: windows.before[axis],
            after: windows.after[axis],
            output: (input + padding - windows.span(axis) as usize) / windows.stride[axis] + 1,
        }
    });
    Geometry {
        name,
        groups: conv.groups,
        channels: x.sizes()[1],
        outputs: weight.sizes()[0],
        axes: axes.collect(),
    }
}

/// The convolution whose adjoint in its input a transposed one is.
fn transposed(name: &'static str, conv: &Conv, more: &[usize; 3], x: &Value, weight: &Value) -> Geometry {
    let windows = &conv.windows;
    let axes = (0..windows.rank).map(|axis| {
        let (output, padding) = (x.sizes()[axis + 2], windows.before[axis] + windows.after[axis]);
        Reach {
            input: (output - 1) * windows.stride[axis] + windows.span(axis) as usize + more[axis] - padding,
            kernel: windows.size[axis],
            stride: windows.stride[axis],
            dilation: windows.dilation[axis],
            before: windows.before[axis],
            after: windows.after[axis],
            output,
        }
    });
    Geometry {
        name,
        groups: conv.groups,
        channels: weight.sizes()[1] * conv.groups,
        outputs: x.sizes()[1],
        axes: axes.collect(),
    }
}

fn activated<T: Float>(activation: &Activation, x: Tensor<Dynamic, T>) -> Result<Value> {
    let number = <T as Element>::from_f64;
    let out = match *activation {
        Activation::Hardtanh { low, high } => x.hardtanh(number(low), number(high))?,
        Activation::Hardsigmoid => x.hardsigmoid(),
        Activation::Hardswish => x.hardswish(),
        Activation::Selu => x.selu(),
        Activation::Celu { alpha } => x.celu(alpha)?,
        Activation::Mish => x.mish(),
        Activation::Softsign => return Ok(x.softsign().value().clone()),
        Activation::Tanhshrink => return Ok(x.tanhshrink().value().clone()),
        Activation::Softshrink { lambda } => x.softshrink(lambda)?,
        Activation::Hardshrink { lambda } => x.hardshrink(lambda),
        Activation::LogSigmoid => return Ok(x.logsigmoid().value().clone()),
        Activation::Threshold { threshold, value } => x.threshold(number(threshold), number(value)),
    };
    Ok(out.value().clone())
}

fn resampled(upsample: &Upsample, x: &Value) -> Result<Value> {
    let numbers: Axes<usize> = (2..x.layout.rank()).map(|axis| upsample.number(axis - 2)).collect();
    let factors: Axes<f64> = numbers.iter().map(|&number| number as f64).collect();
    let to = match upsample.scales {
        true => Resize::Factors(&factors),
        false => Resize::Sizes(&numbers),
    };
    let (mode, align_corners) = match upsample.how {
        Interpolation::Nearest => (functional::Interpolation::Nearest, false),
        Interpolation::Linear { align } => (functional::Interpolation::Linear, align),
        Interpolation::Cubic { align } => (functional::Interpolation::Cubic, align),
    };
    let options = Interpolate {
        mode,
        align_corners,
        ..Default::default()
    };
    functional::resized(x, to, options)
}

fn bordered<T: Float>(pad: &Pad, x: &Value) -> Result<Value> {
    let sides = (0..pad.rank).rev().flat_map(|axis| [pad.before[axis], pad.after[axis]]);
    let sides: Axes<isize> = sides.map(|side| side as isize).collect();
    let with = match pad.border {
        Border::Constant(number) => ops::pad::Pad::Constant(<T as Element>::from_f64(number)),
        Border::Reflect => ops::pad::Pad::Reflect,
        Border::Replicate => ops::pad::Pad::Replicate,
        Border::Circular => ops::pad::Pad::Circular,
    };
    Ok(Tensor::<Dynamic, T>::of(x.clone()).pad(&sides, with)?.value().clone())
}

fn bent<T: Float>(x: &Value, weight: &Value) -> Result<Value> {
    let [x, weight] = [x, weight].map(|value| Tensor::<Dynamic, T>::of(value.clone()));
    Ok(x.prelu(&weight)?.value().clone())
}

fn attended(attention: &Attention, inputs: &[&Value]) -> Result<Value> {
    let heads = attention.heads;
    let split = |x: &Value, of: usize| {
        let sizes = x.sizes();
        let parts = x.reshape(&[sizes[0], sizes[1], of, heads, sizes[2] / (of * heads)]);
        parts.permute(&[2, 0, 3, 1, 4])
    };
    let parts = match attention.apart {
        true => [0, 1, 2].map(|part| split(inputs[part], 1).squeeze(0)),
        false => {
            let all = split(inputs[0], 3);
            [0, 1, 2].map(|part| all.slice(0, part, 1, 1).squeeze(0))
        }
    };
    let mask = inputs.get(if attention.apart { 3 } else { 1 });
    let which = mask.map_or_else(Which::default, |mask| {
        let sizes = mask.sizes();
        let queries = if sizes.len() == 3 { sizes[1] } else { 1 };
        Which::of_mask(&mask.reshape(&[sizes[0], 1, queries, sizes[sizes.len() - 1]]))
    });
    let out = attend("attention", parts.each_ref(), &which, attention.causal)?;
    let sizes = out.sizes();
    let joined = [sizes[0], sizes[2], heads * sizes[3]];
    Ok(out.permute(&[0, 2, 1, 3]).reshape(&joined))
}

/// `[batch, seq, gates hidden]` to `[batch, seq, hidden]`, or with the cells `[batch, seq, 2, hidden]`.
fn stepped(recurrent: &Recurrent, inputs: &[&Value], parameters: &[&Value]) -> Result<Value> {
    let x = inputs[0];
    let (batch, hidden) = (x.sizes()[0], parameters[0].sizes()[1]);
    if x.sizes()[1] == 0 {
        let states = split::narrow(x, 2, 0, hidden * recurrent.made_beside())?;
        return Ok(match recurrent.cells {
            true => states.reshape(&[batch, 0, 2, hidden]),
            false => states,
        });
    }
    let zeros = Value::filled(x.device(), x.dtype(), 0.0, &[batch, hidden]);
    let start = |place: usize| inputs.get(place).copied().unwrap_or(&zeros);
    let layer = Recurrence {
        kind: recurrent.cell,
        reverse: recurrent.reverse,
        state: start(1),
        cell: (recurrent.cell == Cell::Lstm).then(|| start(2)),
        weight: parameters[0],
        bias: parameters.get(1).copied(),
        projection: None,
    };
    let course = recurrence(&x.permute(&[1, 0, 2]), layer)?;
    let states = course.states.permute(&[1, 0, 2]);
    match course.cells.filter(|_| recurrent.cells) {
        Some(cells) => join::stack(&[&states, &cells.permute(&[1, 0, 2])], 2),
        None => Ok(states),
    }
}

fn pooled(name: &'static str, pool: &Pool, x: &Value) -> Result<Value> {
    let rank = pool.windows.rank;
    let windows = Windows {
        kernel: &pool.windows.size[..rank],
        stride: &pool.windows.stride[..rank],
        padding: &pool.windows.before[..rank],
        dilation: &pool.windows.dilation[..rank],
        ceil: pool.ceil,
    };
    let axes = windows.over(name, x, 2)?;
    match pool.takes {
        Takes::Max => {
            let axes: Axes<Axis> = axes.into_iter().map(Axis::Windows).collect();
            functional::maxima_over(name, x, &axes).map(|[values, _]| values)
        }
        Takes::Mean { with_padding } => functional::means(x, 2, &axes, with_padding, None),
    }
}

#[cfg(test)]
mod tests;
