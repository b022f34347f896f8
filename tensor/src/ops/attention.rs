//! Attention of as many queries as keys, by the kernels of models.

use smallvec::smallvec;
use tensor_ops::Primitive;
use tensor_ops::primitive::Attention;

use crate::device::{Operation, PrimitiveBackward, PrimitiveForward, Saved, reading};
use crate::element::Kind;
use crate::error::Result;
use crate::ops::join::cat;
use crate::ops::softmax::softmax;
use crate::tape::{Gradients, Rule, Step, Value, record, recording};

/// `softmax(q k^T / sqrt(size)) v` of queries, keys and values of `[images, seq, size]`, if the device has it: where `causal`, an element of the
/// sequence sees those before it and itself.
pub(crate) fn attention(name: &'static str, [q, k, v]: [&Value; 3], causal: bool) -> Result<Option<Value>> {
    let primitive = Primitive::Attention(Attention { heads: 1, causal });
    let is_float = q.dtype().kind() == Kind::Float;
    let backend = q.device().backend();
    if !is_float || q.len() == 0 || !backend.supports(Operation::Primitive(primitive), q.dtype()) {
        return Ok(None);
    }
    // They lie side by side.
    let x = &cat(name, &[q, k, v], 2)?;
    let input = &*x.contiguous();
    let rows = q.sizes()[0] * q.sizes()[1];
    let made = Value::output(name, &[input], x.dtype(), q.sizes())
        .and_then(|out| Ok((Value::output(name, &[&out], x.dtype(), &[rows, 1])?, out)));
    let (kept, out) = match made {
        Ok(made) => made,
        Err(poisoned) => {
            let layout = q.layout.clone();
            return Ok(Some(Value { layout, ..poisoned }));
        }
    };
    {
        let _reading = reading([&input.buffer]);
        backend.primitive(PrimitiveForward {
            primitive: &primitive,
            inputs: &[input.block()],
            parameters: &[],
            buffers: &[],
            updated: &[],
            training: true,
            out: out.block(),
            kept: &[kept.block()],
        });
    }
    let rule = move || Rule::own(move |step| backward(&primitive, causal, step));
    let saved = |out: &Value| smallvec![input.as_input(x), out.as_own(), kept.clone()];
    Ok(Some(record(name, out, [x], rule, saved)))
}

fn backward(primitive: &Primitive, causal: bool, step: Step<'_>) -> Result<Gradients> {
    let (x, out, kept) = (&step.saved[0], &step.saved[1], &step.saved[2]);
    if recording() {
        return Ok(smallvec![Some(in_operations(x, step.gradient, causal)?)]);
    }
    let d = &*step.gradient.contiguous();
    let d_x = match Value::output("attention", &[d, x, out, kept], d.dtype(), x.sizes()) {
        Ok(d_x) => d_x,
        Err(poisoned) => return Ok(smallvec![Some(poisoned)]),
    };
    let _reading = reading([&x.buffer, &d.buffer]);
    d.device().backend().primitive_backward(PrimitiveBackward {
        primitive,
        saved: Saved {
            inputs: &[x.block()],
            out: Some(out.block()),
            kept: &[kept.block()],
            parameters: &[],
        },
        training: true,
        d_out: d.block(),
        d_inputs: &[Some(d_x.block())],
        d_parameters: &[],
    });
    Ok(smallvec![Some(d_x)])
}

/// The gradient in operations, which has gradients itself. With weights `p`: `d_v = p^T d`, of the scores `d_s = p (d v^T - sum(p d v^T))`,
/// `d_q = d_s k / sqrt(size)` and `d_k = d_s^T q / sqrt(size)`.
fn in_operations(x: &Value, d: &Value, causal: bool) -> Result<Value> {
    let (seq, size) = (x.sizes()[1], x.sizes()[2] / 3);
    let [q, k, v] = [0, 1, 2].map(|part| x.slice(2, part * size, size, 1));
    let scale = (size as f64).sqrt().recip();
    let mut scores = q.scale(scale).matmul(&k.transpose(1, 2))?;
    if causal {
        let allowed: Vec<bool> = (0..seq * seq).map(|place| place % seq <= place / seq).collect();
        let allowed = Value::from_slice(x.device(), &[seq, seq], &allowed);
        scores = scores.or_where_not(&allowed, f64::NEG_INFINITY)?;
    }
    let p = softmax(&scores);
    let of_values = d.matmul(&v.transpose(1, 2))?;
    let whole = p.mul(&of_values)?.sum(&[2], true);
    let d_scores = p.mul(&of_values.sub(&whole)?)?.scale(scale);
    let [d_q, d_k] = [d_scores.matmul(&k)?, d_scores.transpose(1, 2).matmul(&q)?];
    let d_v = p.transpose(1, 2).matmul(d)?;
    cat("attention", &[&d_q, &d_k, &d_v], 2)
}
