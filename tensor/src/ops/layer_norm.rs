//! Layer normalisation along the last axis.

use smallvec::smallvec;

use crate::device::{Gradient, LayerNormBackward, reading};
use crate::error;
use crate::layout;
use crate::tape::{Gradients, Rule, Step, Value, record, recording};

/// `(x - mean) / sqrt(variance + eps) * weight + bias` along the last axis; the variance is the biased one.
pub(crate) fn layer_norm(x: &Value, weight: &Value, bias: &Value, eps: f64) -> Value {
    let input = &*x.contiguous();
    let out = match Value::output("layer_norm", &[input, weight, bias], x.dtype(), x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    let rows = layout::len(&x.sizes()[..x.layout.rank().saturating_sub(1)]);
    let stats = match Value::output("layer_norm", &[&out], x.dtype(), &[rows, 2]) {
        Ok(stats) => stats,
        Err(poisoned) => {
            return Value {
                layout: out.layout,
                ..poisoned
            };
        }
    };
    {
        let _reading = reading([&input.buffer, &weight.buffer, &bias.buffer]);
        let backend = out.device().backend();
        backend.layer_norm(
            input.matrix(),
            weight.row(),
            bias.row(),
            eps,
            Some(stats.matrix()),
            out.matrix(),
        );
    }
    record(
        "layer_norm",
        out,
        [x, weight, bias],
        || Rule::Number(backward, eps),
        |_| smallvec![input.as_input(x), weight.clone(), stats.clone()],
    )
}

fn backward(eps: f64, step: Step<'_>) -> Gradients {
    let (x, weight, stats) = (&step.saved[0], &step.saved[1], &step.saved[2]);
    if recording() {
        return in_operations(eps, step).unwrap_or_else(|error| {
            let failed = |x: &Value| Some(Value::poisoned(x.device(), x.dtype(), x.sizes(), error.clone()));
            smallvec![failed(x), failed(weight), failed(weight)]
        });
    }
    let d = &*step.gradient.contiguous();
    let make =
        |wanted: bool, sizes: &[usize]| wanted.then(|| Value::output("layer_norm", &[d, x, weight], d.dtype(), sizes));
    let unwrap = |made: Option<Result<Value, Value>>| made.map(|made| made.unwrap_or_else(|poisoned| poisoned));
    let d_x = unwrap(make(step.wants(0), x.sizes()));
    let d_weight = unwrap(make(step.wants(1), weight.sizes()));
    let d_bias = unwrap(make(step.wants(2), weight.sizes()));
    let failed = [&d_x, &d_weight, &d_bias]
        .into_iter()
        .flatten()
        .find_map(|made| made.buffer.poison());
    if let Some(error) = failed.cloned() {
        // None of them is computed.
        for made in [&d_x, &d_weight, &d_bias].into_iter().flatten() {
            made.buffer.fail(error.clone());
        }
        return smallvec![d_x, d_weight, d_bias];
    }
    let _reading = reading([&x.buffer, &weight.buffer, &d.buffer]);
    d.device().backend().layer_norm_backward(LayerNormBackward {
        x: x.matrix(),
        weight: weight.row(),
        stats: stats.matrix(),
        d_out: d.matrix(),
        d_x: d_x.as_ref().map(Value::matrix),
        d_weight: d_weight.as_ref().map(set),
        d_bias: d_bias.as_ref().map(set),
    });
    smallvec![d_x, d_weight, d_bias]
}

/// A gradient that nothing was added to yet.
fn set(gradient: &Value) -> Gradient<'_> {
    Gradient {
        matrix: gradient.row(),
        accumulate: false,
        wanted: true,
    }
}

/// The gradients in operations, which have gradients themselves. With `n = (x - mean) / std` and `g = d weight`, that of `x` is
/// `(g - mean(g) - n mean(g n)) / std`.
fn in_operations(eps: f64, step: Step<'_>) -> error::Result<Gradients> {
    let (x, weight, d) = (&step.saved[0], &step.saved[1], step.gradient);
    let Some(last) = x.layout.rank().checked_sub(1) else {
        return Ok(smallvec![None, None, None]);
    };
    let centered = x.sub(&x.mean(&[last], true))?;
    let scale = centered.square().mean(&[last], true).affine(1.0, eps).pow(-0.5);
    let normal = centered.mul(&scale)?;
    let g = d.mul(weight)?;
    let along = normal.mul(&g.mul(&normal)?.mean(&[last], true))?;
    let d_x = g.sub(&g.mean(&[last], true))?.sub(&along)?.mul(&scale)?;
    let lead: Vec<usize> = (0..last).collect();
    let d_weight = d.mul(&normal)?.sum(&lead, false);
    Ok(smallvec![Some(d_x), Some(d_weight), Some(d.sum(&lead, false))])
}
