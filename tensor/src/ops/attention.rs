//! Attention of heads, by the kernels of models where the device has them.

use smallvec::{SmallVec, smallvec};
use tensor_ops::primitive::Attention;
use tensor_ops::{Compare, Primitive, Reduce};

use crate::device::{Block, Operation, PrimitiveBackward, PrimitiveForward, Saved, reading};
use crate::element::Kind;
use crate::error::Result;
use crate::layout::Layout;
use crate::ops::softmax::softmax;
use crate::tape::{Gradients, Rule, Step, Value, record_all, recording};

/// Which keys take part, as values.
#[derive(Clone, Default)]
pub(crate) struct Which {
    /// Those where it is true; otherwise all.
    pub(crate) allowed: Option<Value>,
    /// What is added to the scores.
    pub(crate) added: Option<Value>,
    /// Whether it is known that each query has a key.
    pub(crate) full: bool,
}

impl Which {
    /// Those that are allowed, with what is added.
    pub(crate) fn of(allowed: Option<Value>, added: Option<Value>) -> Self {
        Self {
            allowed,
            added,
            full: false,
        }
    }

    /// What a mask says: truth values and whole numbers which keys take part, floats what is added.
    pub(crate) fn of_mask(mask: &Value) -> Self {
        match mask.dtype().kind() {
            Kind::Float => Self::of(None, Some(mask.clone())),
            _ => Self::of(Some(mask.compare_to(Compare::Ne, 0.0)), None),
        }
    }

    /// The same in which keys are not behind the query, both counted from the first.
    fn causal(self, [queries, keys]: [usize; 2], like: &Value) -> Result<Self> {
        let row = |i: usize| (0..keys).map(move |j| j <= i);
        let before: Vec<bool> = (0..queries).flat_map(row).collect();
        let before = Value::from_slice(like.device(), &[queries, keys], &before);
        Ok(Self {
            full: self.allowed.is_none() && self.added.is_none(),
            allowed: Some(match &self.allowed {
                Some(allowed) => both(allowed, &before)?,
                None => before,
            }),
            ..self
        })
    }

    /// The softmax of scores, over what takes part; where nothing does, 0 everywhere, and no gradient.
    pub(crate) fn weights(&self, name: &'static str, scores: &Value) -> Result<Value> {
        // What is given stretches to the scores, and not they to it.
        for given in [&self.allowed, &self.added].into_iter().flatten() {
            given.expand(name, scores.sizes())?;
        }
        let mut scores = scores.clone();
        let mut allowed = self.allowed.clone();
        if let Some(numbers) = &self.added {
            scores = scores.add(numbers)?;
            let some = scores.compare_to(Compare::Ne, f64::NEG_INFINITY);
            allowed = Some(match allowed {
                Some(allowed) => both(&allowed, &some)?,
                None => some,
            });
        }
        let Some(allowed) = allowed else {
            return Ok(softmax(&scores));
        };
        let scores = scores.or_where_not(&allowed, f64::NEG_INFINITY)?;
        if self.full {
            return Ok(softmax(&scores));
        }
        let some = match allowed.layout.rank() {
            0 => allowed,
            rank => allowed.reduce(Reduce::Max, &[rank - 1], true),
        };
        softmax(&scores.or_where_not(&some, 0.0)?).or_where_not(&some, 0.0)
    }

    /// One mask for kernels; none where there is nothing to say.
    fn mask(&self) -> Result<Option<Value>> {
        Ok(match (&self.allowed, &self.added) {
            (Some(allowed), Some(added)) => Some(added.or_where_not(allowed, f64::NEG_INFINITY)?),
            (allowed, added) => allowed.as_ref().or(added.as_ref()).cloned(),
        })
    }
}

/// Where both hold, broadcast.
pub(crate) fn both(a: &Value, b: &Value) -> Result<Value> {
    a.or_where_not(b, 0.0)
}

/// `softmax(q k^T / sqrt(size) + mask) v` of queries `[batch, heads, queries, size]`, keys `[batch, heads, keys, size]` and values
/// `[batch, heads, keys, outputs]`, of one element type and on one device. What says which keys take part is `[1 or batch, 1 or heads, 1 or
/// queries, keys]`; where `causal`, they are not behind the query either. A query that sees no key gives 0.
pub(crate) fn attend(name: &'static str, parts: [&Value; 3], which: &Which, causal: bool) -> Result<Value> {
    let [q, _, v] = parts;
    let options = Attention {
        heads: q.sizes()[1],
        causal,
        apart: true,
        masked: which.allowed.is_some() || which.added.is_some(),
    };
    let primitive = Primitive::Attention(options);
    let is_plain = q.dtype().kind() == Kind::Float && parts.iter().all(|part| part.len() > 0);
    // The kernels make no gradient by what is added.
    let teaches = recording() && which.added.as_ref().is_some_and(|added| added.track.is_tracked());
    let backend = q.device().backend();
    if !is_plain || teaches || !backend.supports(Operation::Primitive(primitive), q.dtype()) {
        return in_operations(name, parts, which, causal);
    }
    let mask = which.mask()?;
    let inputs = parts.map(Value::contiguous);
    let mask = mask.as_ref().map(Value::contiguous);
    let given: SmallVec<[&Value; 4]> = inputs.iter().chain(&mask).map(|input| &**input).collect();
    let sizes = [q.sizes()[0], q.sizes()[1], q.sizes()[2], v.sizes()[3]];
    let rows = sizes[..3].iter().product();
    let made = Value::output(name, &given, q.dtype(), &sizes)
        .and_then(|out| Ok((Value::output(name, &[&out], q.dtype(), &[rows, 1])?, out)));
    let (kept, out) = match made {
        Ok(made) => made,
        Err(poisoned) => {
            let layout = Layout::contiguous(&sizes);
            return Ok(Value { layout, ..poisoned });
        }
    };
    {
        let _reading = reading(given.iter().map(|input| &input.buffer));
        let blocks: SmallVec<[Block<'_>; 4]> = given.iter().map(|input| input.block()).collect();
        backend.primitive(PrimitiveForward {
            primitive: &primitive,
            inputs: &blocks,
            parameters: &[],
            buffers: &[],
            updated: &[],
            training: true,
            out: out.block(),
            kept: &[kept.block()],
        });
    }
    let rule = move || Rule::own(move |step| backward(&options, step));
    let saved = |out: &Value| {
        let taken = inputs.iter().zip(parts).map(|(input, part)| input.as_input(part));
        let mask = mask.iter().map(|mask| mask.detach());
        taken.chain([out.as_own(), kept.clone()]).chain(mask).collect()
    };
    Ok(record_all(name, out, &parts, rule, saved))
}

fn backward(options: &Attention, step: Step<'_>) -> Result<Gradients> {
    let [q, k, v, out, kept] = [0, 1, 2, 3, 4].map(|index| &step.saved[index]);
    let mask = step.saved.get(5);
    if recording() {
        return gradients_in_operations([q, k, v], mask, step.gradient, options.causal);
    }
    let d = &*step.gradient.contiguous();
    let mut gradients = Gradients::new();
    for (index, x) in [q, k, v].into_iter().enumerate() {
        gradients.push(match step.wants(index) {
            true => match Value::output("attention", &[d, q, k, v, out, kept], d.dtype(), x.sizes()) {
                Ok(d_x) => Some(d_x),
                Err(poisoned) => {
                    return Ok(smallvec![
                        Some(poisoned.clone()),
                        Some(poisoned.clone()),
                        Some(poisoned)
                    ]);
                }
            },
            false => None,
        });
    }
    let given: SmallVec<[&Value; 4]> = [q, k, v].into_iter().chain(mask).collect();
    let _reading = reading(given.iter().chain([&d]).map(|value| &value.buffer));
    let blocks: SmallVec<[Block<'_>; 4]> = given.iter().map(|value| value.block()).collect();
    let into = [0, 1, 2].map(|index: usize| gradients[index].as_ref().map(Value::block));
    d.device().backend().primitive_backward(PrimitiveBackward {
        primitive: &Primitive::Attention(*options),
        saved: Saved {
            inputs: &blocks,
            out: Some(out.block()),
            kept: &[kept.block()],
            parameters: &[],
        },
        training: true,
        d_out: d.block(),
        d_inputs: &into,
        d_parameters: &[],
    });
    Ok(gradients)
}

/// The weights, in operations.
fn shares(name: &'static str, [q, k]: [&Value; 2], which: &Which, causal: bool) -> Result<Value> {
    let scale = (q.sizes()[3] as f64).sqrt().recip();
    let scores = q.scale(scale).matmul(&k.transpose(2, 3))?;
    match causal {
        true => which
            .clone()
            .causal([q.sizes()[2], k.sizes()[2]], q)?
            .weights(name, &scores),
        false => which.weights(name, &scores),
    }
}

fn in_operations(name: &'static str, [q, k, v]: [&Value; 3], which: &Which, causal: bool) -> Result<Value> {
    shares(name, [q, k], which, causal)?.matmul(v)
}

/// The gradients in operations, which have gradients themselves. With weights `p`: `d_v = p^T d`, of the scores `d_s = p (d v^T - sum(p d v^T))`,
/// `d_q = d_s k / sqrt(size)` and `d_k = d_s^T q / sqrt(size)`.
fn gradients_in_operations([q, k, v]: [&Value; 3], mask: Option<&Value>, d: &Value, causal: bool) -> Result<Gradients> {
    let which = mask.map(Which::of_mask).unwrap_or_default();
    let p = shares("attention", [q, k], &which, causal)?;
    let of_values = d.matmul(&v.transpose(2, 3))?;
    let whole = p.mul(&of_values)?.sum(&[3], true);
    let scale = (q.sizes()[3] as f64).sqrt().recip();
    let d_scores = p.mul(&of_values.sub(&whole)?)?.scale(scale);
    let [d_q, d_k] = [d_scores.matmul(k)?, d_scores.transpose(2, 3).matmul(q)?];
    let d_v = p.transpose(2, 3).matmul(d)?;
    Ok(smallvec![Some(d_q), Some(d_k), Some(d_v)])
}
