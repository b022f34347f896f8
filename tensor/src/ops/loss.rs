//! The losses as operations. The gradient is computed with the value, while both are at hand.

use smallvec::smallvec;
use tensor_ops::Binary;

use crate::device::{Backend, Matrix, reading};
use crate::error::Result;
use crate::ops::binary;
use crate::tape::{Gradients, Rule, Step, Value, record, recording};

/// The mean over rows of `-log_softmax(logits)[label]`.
pub(crate) fn cross_entropy(logits: &Value, labels: &Value) -> Value {
    let labels = labels.contiguous();
    loss("cross_entropy", logits, &labels, |backend, logits, out, d_logits| {
        backend.cross_entropy(logits, labels.row(), out, d_logits)
    })
}

/// The mean of `(x - y)^2`.
pub(crate) fn mse(x: &Value, y: &Value) -> Value {
    if y.track.is_tracked() {
        // The target has a gradient of its own: the general way.
        let difference = binary::binary(Binary::Sub, x, y, x.sizes());
        return binary::mean(&binary::binary(Binary::Mul, &difference, &difference, x.sizes()));
    }
    let y = y.contiguous();
    loss("mse_loss", x, &y, |backend, x, out, d_x| {
        backend.mse(x, y.matrix(), out, d_x);
        Ok(())
    })
}

fn loss(
    name: &'static str,
    x: &Value,
    target: &Value,
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
        Ok(()) => record(name, out, [x], || Rule::Plain(backward), |_| d_x.into_iter().collect()),
        Err(error) => Value {
            track: x.track.clone(),
            ..Value::poisoned(x.device(), x.dtype(), &[], error)
        },
    }
}

fn backward(step: Step<'_>) -> Gradients {
    let (d_x, gradient) = (&step.saved[0], step.gradient);
    smallvec![Some(binary::binary(Binary::Mul, d_x, gradient, d_x.sizes()))]
}
