//! Primitives in operations of the tape: what the planned form is tested against, and what second derivatives go through.

use tensor_ops::Primitive;
use tensor_ops::primitive::{Adaptive, Conv, Pool, Takes};

use crate::error::Result;
use crate::functional::{self, Windows};
use crate::layout::Axes;
use crate::ops::convolution::{Geometry, Reach, convolve};
use crate::tape::Value;

/// The result, or a tensor that carries the error.
pub(super) fn or_poisoned(x: &Value, out: Result<Value>) -> Value {
    out.unwrap_or_else(|error| Value::poisoned(x.device(), x.dtype(), x.sizes(), error))
}

/// A primitive of values with sizes that it was compiled for.
pub(super) fn in_operations(primitive: &Primitive, inputs: &[&Value], parameters: &[&Value]) -> Result<Value> {
    let (name, x) = (primitive.name(), inputs[0]);
    match primitive {
        Primitive::Conv(conv) => {
            let out = convolve(x, parameters[0], &geometry(name, conv, x, parameters[0]))?;
            by_channel(out, parameters.get(1).copied())
        }
        Primitive::Pool(pool) => pooled(name, pool, x),
        Primitive::AdaptivePool(Adaptive { takes, rank, sizes }) => {
            let sizes: Axes<Option<usize>> = sizes[..*rank].iter().copied().map(Some).collect();
            match takes {
                Takes::Max => functional::adaptive_max_pool(name, x, &sizes).map(|[values, _]| values),
                Takes::Mean { .. } => functional::adaptive_avg_pool(name, x, &sizes),
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
