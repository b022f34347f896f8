//! The losses as operations. The gradient is computed with the value, while both are at hand.

use smallvec::smallvec;
use tensor_ops::{Binary, Reduce};

use crate::device::{Backend, Matrix, reading};
use crate::error::Result;
use crate::kernels::indexed::Scatter;
use crate::ops::gather::scatter;
use crate::ops::{binary, reduce, softmax};
use crate::tape::{Gradients, Rule, Step, Value, record, recording};

/// The mean over rows of `-log_softmax(logits)[label]`.
pub(crate) fn cross_entropy(logits: &Value, labels: &Value) -> Value {
    let labels = labels.contiguous();
    let rule = Rule::Plain(cross_entropy_backward);
    loss(
        "cross_entropy",
        logits,
        &labels,
        rule,
        |backend, logits, out, d_logits| backend.cross_entropy(logits, labels.row(), out, d_logits),
    )
}

/// The mean of `(x - y)^2`.
pub(crate) fn mse(x: &Value, y: &Value) -> Value {
    if y.track.is_tracked() {
        // The target has a gradient of its own: the general way.
        let difference = binary::binary(Binary::Sub, x, y, x.sizes());
        let squares = binary::binary(Binary::Mul, &difference, &difference, x.sizes());
        return reduce::reduce_all(Reduce::Mean, &squares);
    }
    let y = y.contiguous();
    loss("mse_loss", x, &y, Rule::Plain(mse_backward), |backend, x, out, d_x| {
        backend.mse(x, y.matrix(), out, d_x);
        Ok(())
    })
}

fn loss(
    name: &'static str,
    x: &Value,
    target: &Value,
    rule: Rule,
    run: impl FnOnce(&dyn Backend, Matrix<'_>, Matrix<'_>, Option<Matrix<'_>>) -> Result<()>,
) -> Value {
    let input = &*x.contiguous();
    let out = match Value::output(name, &[input, target], x.dtype(), &[]) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    let wanted = recording() && x.track.is_tracked();
    let d_x = wanted.then(|| Value::empty(x.device(), x.dtype(), x.sizes()));
    let room = d_x.as_ref().map_or(Ok(()), |d_x| d_x.buffer.check());
    let outcome = room.and_then(|()| {
        let _reading = reading([&input.buffer, &target.buffer]);
        run(
            out.device().backend(),
            input.matrix(),
            out.matrix(),
            d_x.as_ref().map(Value::matrix),
        )
    });
    match outcome {
        Ok(()) => record(
            name,
            out,
            [x],
            || rule,
            |_| [x.clone(), target.detach()].into_iter().chain(d_x).collect(),
        ),
        Err(error) => Value {
            track: x.track.clone(),
            ..Value::poisoned(x.device(), x.dtype(), &[], error)
        },
    }
}

fn cross_entropy_backward(step: Step<'_>) -> Gradients {
    backward(step, |x, labels, d| {
        // (softmax(x) - [the label's class]) d / rows
        let last = x.layout.rank() - 1;
        let (zeros, ones) = (x.zeros_like().detach(), x.constant(1.0));
        let index = labels.unsqueeze(last);
        let ones = ones.expand("cross_entropy", index.sizes())?;
        let wanted = scatter(Scatter::Set, &zeros, last, &index, &ones)?;
        softmax::softmax(x)
            .sub(&wanted)?
            .mul(d)
            .map(|sum| sum.scale(1.0 / labels.len() as f64))
    })
}

fn mse_backward(step: Step<'_>) -> Gradients {
    backward(step, |x, y, d| {
        // 2 (x - y) d / n
        Ok(x.sub(y)?.mul(d)?.scale(2.0 / x.len() as f64))
    })
}

/// The gradient that came with the value; while recording, the same in operations, so that it can be differentiated itself.
fn backward(step: Step<'_>, written_out: impl FnOnce(&Value, &Value, &Value) -> Result<Value>) -> Gradients {
    let (x, target, d_x) = (&step.saved[0], &step.saved[1], &step.saved[2]);
    if recording() {
        let d_x = written_out(x, target, step.gradient);
        let failed = |error| Value::poisoned(x.device(), x.dtype(), x.sizes(), error);
        return smallvec![Some(d_x.unwrap_or_else(failed))];
    }
    smallvec![Some(binary::binary(Binary::Mul, d_x, step.gradient, d_x.sizes()))]
}
