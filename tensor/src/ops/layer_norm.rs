//! Layer normalisation along the last axis.

use smallvec::smallvec;

use crate::device::{Gradient, LayerNormBackward, reading};
use crate::layout;
use crate::tape::{Gradients, Rule, Step, Value, record};

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
        out,
        [x, weight, bias],
        || Rule::Plain(backward),
        |_| smallvec![input.detach(), weight.detach(), stats.clone()],
    )
}

fn backward(step: Step<'_>) -> Gradients {
    let (x, weight, stats) = (&step.saved[0], &step.saved[1], &step.saved[2]);
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
    }
}
