//! Primitives in operations of the tape: what the planned form is tested against, and what second derivatives go through.

use tensor_ops::Primitive;
use tensor_ops::primitive::{Adaptive, Conv, Pool, Takes};

use crate::error::Result;
use crate::functional::{self, Windows};
use crate::layout::{self, Axes};
use crate::ops::convolution::{Geometry, Reach, convolve};
use crate::tape::Value;

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
        Primitive::Pool(pool) => pooled(name, pool, x),
        Primitive::BatchNorm(norm) => {
            let out = match buffers {
                [mean, var, ..] => by_known(name, x, mean, var, norm.eps)?,
                _ => by_batch(x, norm.eps)?,
            };
            functional::scaled(name, out, parameters.first().copied(), parameters.get(1).copied())
        }
        Primitive::GroupNorm(norm) => {
            let (images, channels) = (x.sizes()[0], x.sizes()[1]);
            let groups = if norm.groups == 0 { channels } else { norm.groups };
            let each = layout::len(&x.sizes()[1..]) / groups;
            let rows = x.reshape(&[images * groups, each]);
            let out = functional::standard(&rows, None, None, norm.eps)?.reshape(x.sizes());
            functional::scaled(name, out, parameters.first().copied(), parameters.get(1).copied())
        }
        Primitive::RmsNorm(norm) => {
            let eps = x.dtype().or_epsilon(norm.eps);
            let axis = [x.layout.rank() - 1];
            let out = x.mul(&x.square().mean(&axis, true).affine(1.0, eps).pow(-0.5))?;
            parameters.first().map_or(Ok(out.clone()), |weight| out.mul(weight))
        }
        Primitive::AdaptivePool(Adaptive { takes, rank, sizes }) => {
            let sizes: Axes<Option<usize>> = sizes[..*rank].iter().copied().map(Some).collect();
            match takes {
                Takes::Max => functional::adaptive_max_pool(name, x, &sizes).map(|[values, _]| values),
                Takes::Mean { .. } => functional::adaptive_avg_pool(name, x, &sizes),
            }
        }
    }
}

/// Normalised by the statistics of earlier batches.
fn by_known(name: &'static str, x: &Value, mean: &Value, var: &Value, eps: f64) -> Result<Value> {
    let [mean, var] = [mean, var].map(|statistic| functional::by_channel(name, x, statistic));
    x.sub(&mean?)?.mul(&var?.affine(1.0, eps).pow(-0.5))
}

/// Normalised by the statistics of this batch.
fn by_batch(x: &Value, eps: f64) -> Result<Value> {
    if x.len() == 0 {
        return Ok(x.clone());
    }
    let axes: Axes<usize> = (0..x.layout.rank()).filter(|&axis| axis != 1).collect();
    let centered = x.sub(&x.mean(&axes, true))?;
    let var = centered.square().mean(&axes, true);
    centered.mul(&var.affine(1.0, eps).pow(-0.5))
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

fn pooled(name: &'static str, pool: &Pool, x: &Value) -> Result<Value> {
    let rank = pool.windows.rank;
    let windows = Windows {
        kernel: &pool.windows.size[..rank],
        stride: &pool.windows.stride[..rank],
        padding: &pool.windows.before[..rank],
        dilation: &pool.windows.dilation[..rank],
        ceil: pool.ceil,
    };
    match pool.takes {
        Takes::Max => functional::maxima(name, x, &windows).map(|[values, _]| values),
        Takes::Mean { with_padding } => {
            let axes = windows.over(name, x, 2)?;
            functional::means(x, 2, &axes, with_padding, None)
        }
    }
}
