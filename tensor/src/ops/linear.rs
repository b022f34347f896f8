//! The linear layer as an operation: `x weight^T + bias`.

use smallvec::smallvec;

use crate::device::{Linear, Matrix, reading};
use crate::layout::Axes;
use crate::tape::{Gradients, Rule, Saved, Step, Value, record, recording};

/// `[.., in]` to `[.., out]` with a weight of `[out, in]` and a bias of `[out]`.
pub(crate) fn linear(x: &Value, weight: &Value, bias: Option<&Value>) -> Value {
    let input = &*x.contiguous();
    let own = weight;
    let weight = &*weight.contiguous();
    let mut sizes: Axes<usize> = x.sizes().into();
    if let Some(last) = sizes.last_mut() {
        *last = weight.sizes()[0];
    }
    let inputs: Axes<&Value> = [input, weight].into_iter().chain(bias).collect();
    let out = match Value::output("linear", &inputs, x.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let _reading = reading(inputs.iter().map(|input| &input.buffer));
        out.device().backend().linear(Linear {
            x: input.matrix(),
            weight: weight.matrix(),
            bias: bias.map(Value::row),
            chain: &[],
            random: None,
            pre: None,
            out: out.matrix(),
        });
    }
    let saved = |_: &Value| -> Saved { smallvec![input.as_input(x), weight.as_input(own)] };
    match bias {
        Some(bias) => record("linear", out, [x, own, bias], || Rule::Plain(backward), saved),
        None => record("linear", out, [x, own], || Rule::Plain(backward), saved),
    }
}

fn backward(step: Step<'_>) -> Gradients {
    let (x, weight) = (&step.saved[0], &step.saved[1]);
    if recording() {
        return in_operations(step);
    }
    let d = &*step.gradient.contiguous();
    let device = d.device();
    let backend = device.backend();
    let make =
        |sizes: &[usize], fill: &dyn Fn(Matrix<'_>)| match Value::output("linear", &[d, x, weight], d.dtype(), sizes) {
            Ok(out) => {
                fill(out.matrix());
                out
            }
            Err(poisoned) => poisoned,
        };
    let _reading = reading([&d.buffer, &x.buffer, &weight.buffer]);
    let d_x = step
        .wants(0)
        .then(|| make(x.sizes(), &|out| backend.gemm(d.matrix(), weight.matrix(), out, false)));
    let d_weight = step.wants(1).then(|| {
        make(weight.sizes(), &|out| {
            backend.gemm(d.matrix().transposed(), x.matrix(), out, false)
        })
    });
    let d_bias = step
        .wants(2)
        .then(|| make(&weight.sizes()[..1], &|out| backend.sum_rows(d.matrix(), out, false)));
    smallvec![d_x, d_weight, d_bias]
}

/// The gradients in operations, which have gradients themselves: `d weight`, `d^T x` and the sum of the rows of `d`.
fn in_operations(step: Step<'_>) -> Gradients {
    let (x, weight, d) = (&step.saved[0], &step.saved[1], step.gradient);
    let rows = |x: &Value| x.reshape(&[x.matrix_rows(), x.sizes()[x.layout.rank() - 1]]);
    let failed = |error| Value::poisoned(d.device(), d.dtype(), d.sizes(), error);
    let d_rows = rows(d);
    let d_x = step
        .wants(0)
        .then(|| d_rows.matmul(weight).map_or_else(failed, |d_x| d_x.reshape(x.sizes())));
    let d_weight = step
        .wants(1)
        .then(|| d_rows.transpose(0, 1).matmul(&rows(x)).unwrap_or_else(failed));
    let d_bias = step.wants(2).then(|| d_rows.sum(&[0], false));
    smallvec![d_x, d_weight, d_bias]
}
