//! Primitives on the tape: values by the kernels that models run on.

use smallvec::SmallVec;
use tensor_ops::{Poly, Primitive, Shape};

use crate::device::{Block, Gradient, Operation, PrimitiveBackward, PrimitiveForward, Saved, reading};
use crate::error::Result;
use crate::tape::{Contiguous, Gradients, Rule, Step, Tour, Track, Value, enable_grad, record_all, recording};

/// A primitive, and what it goes over: values of up to six axes, checked before.
pub(crate) struct Call<'a> {
    /// The operation, in errors.
    pub(crate) name: &'static str,
    pub(crate) primitive: Primitive,
    pub(crate) x: &'a Value,
    pub(crate) parameters: &'a [&'a Value],
    /// Statistics of earlier, row by row; none has a gradient.
    pub(crate) buffers: &'a [&'a Value],
    /// Where those go that replace them, where it learns.
    pub(crate) updated: &'a [&'a Value],
    /// Whether it goes by the statistics of `x` and not by those of earlier.
    pub(crate) training: bool,
    /// The sizes of the result.
    pub(crate) sizes: &'a [usize],
}

impl<'a> Call<'a> {
    /// One without statistics.
    pub(crate) fn new(
        name: &'static str,
        primitive: Primitive,
        x: &'a Value,
        parameters: &'a [&'a Value],
        sizes: &'a [usize],
    ) -> Self {
        Self {
            name,
            primitive,
            x,
            parameters,
            buffers: &[],
            updated: &[],
            training: true,
            sizes,
        }
    }

    /// Whether the device has it for these elements, and there are some.
    pub(crate) fn runs(&self) -> bool {
        let operation = Operation::Primitive(self.primitive);
        let (x, backend) = (self.x, self.x.device().backend());
        x.dtype().is_float() && x.len() > 0 && backend.supports(operation, x.dtype())
    }

    /// The result. `composed` makes the same of `x` and the parameters in operations: where the device has no kernel, and where the gradient
    /// is to have one itself.
    pub(crate) fn run(self, composed: impl Fn(&[Value]) -> Result<Value> + Send + 'static) -> Result<Value> {
        let operands: SmallVec<[&Value; 3]> = [self.x].into_iter().chain(self.parameters.iter().copied()).collect();
        if !self.runs() {
            let operands: SmallVec<[Value; 3]> = operands.into_iter().cloned().collect();
            return composed(&operands);
        }
        let rows: SmallVec<[Contiguous<'_>; 3]> = operands.iter().map(|operand| operand.contiguous()).collect();
        let rows: SmallVec<[&Value; 3]> = rows.iter().map(|operand| &**operand).collect();
        let all: SmallVec<[&Value; 8]> = [&rows[..], self.buffers, self.updated].concat().into();
        let out = match Value::output(self.name, &all, self.x.dtype(), self.sizes) {
            Ok(out) => out,
            Err(poisoned) => return Ok(poisoned),
        };
        let is_recorded = recording() && operands.iter().any(|operand| operand.track.is_tracked());
        let kept: SmallVec<[Value; 1]> = match is_recorded {
            true => self.kept(&out)?,
            false => SmallVec::new(),
        };
        {
            let blocks = |values: &[&'a Value]| -> SmallVec<[Block<'a>; 2]> {
                values.iter().map(|value| value.block()).collect()
            };
            let (buffers, updated) = (blocks(self.buffers), blocks(self.updated));
            let blocks: SmallVec<[Block<'_>; 3]> = rows.iter().map(|operand| operand.block()).collect();
            let kept: SmallVec<[Block<'_>; 1]> = kept.iter().map(Value::block).collect();
            let _reading = reading(all.iter().map(|value| &value.buffer));
            out.device().backend().primitive(PrimitiveForward {
                primitive: &self.primitive,
                inputs: &blocks[..1],
                parameters: &blocks[1..],
                buffers: &buffers,
                updated: &updated,
                training: self.training,
                out: out.block(),
                kept: &kept,
            });
        }
        let (name, primitive, training) = (self.name, self.primitive, self.training);
        let made = Made {
            primitive,
            training,
            operands: operands.len(),
        };
        let rule = || Rule::own(move |step| made.backward(&composed, step));
        let saved = |out: &Value| {
            let needs = primitive.needs();
            let operand = |(index, (own, x)): (usize, (&&Value, &&Value))| match index == 0 && !needs.inputs {
                true => nothing(x).as_input(x),
                false => own.as_input(x),
            };
            let operands = rows.iter().zip(&operands).enumerate().map(operand);
            let own = needs.output.then(|| out.as_own());
            operands.chain(kept.iter().cloned()).chain(own).collect()
        };
        Ok(record_all(name, out, &operands, rule, saved))
    }

    /// Room for what backward wants to know.
    fn kept(&self, out: &Value) -> Result<SmallVec<[Value; 1]>> {
        let sizes = self.x.sizes().iter().map(|&size| Poly::number(size as u64));
        let kept = self.primitive.kept(&[&Shape::new(sizes)]);
        let room = kept.iter().map(|(_, shape)| {
            let sizes = shape.axes().iter().map(|size| size.as_number().unwrap_or(0) as usize);
            let kept = Value::empty(out.device(), out.dtype(), &sizes.collect::<SmallVec<[usize; 2]>>());
            kept.buffer.check().map(|()| kept)
        });
        room.collect()
    }
}

/// Zeros of the sizes of `x`, which share one element: of an operand that its gradient does not depend on.
fn nothing(x: &Value) -> Value {
    let zero = Value::filled(x.device(), x.dtype(), 0.0, &[]);
    let layout = zero.stretched(x.sizes());
    Value { layout, ..zero }
}

/// What a backward knows of its forward beside what is saved.
#[derive(Clone, Copy)]
struct Made {
    primitive: Primitive,
    training: bool,
    operands: usize,
}

impl Made {
    fn backward(&self, composed: &dyn Fn(&[Value]) -> Result<Value>, step: Step<'_>) -> Result<Gradients> {
        let (operands, kept) = step.saved.split_at(self.operands);
        if recording() {
            return in_operations(composed, operands, step);
        }
        let d = &*step.gradient.contiguous();
        let needs = self.primitive.needs();
        let (out, kept) = match kept.split_last() {
            Some((out, kept)) if needs.output => (Some(out), kept),
            _ => (None, kept),
        };
        let teaches = (1..operands.len()).any(|index| step.wants(index));
        let gradient = |(index, x): (usize, &Value)| {
            let is_made = step.wants(index) || index > 0 && teaches;
            let made = is_made.then(|| Value::empty(d.device(), d.dtype(), x.sizes()));
            made.map(|made| made.buffer.check().map(|()| made)).transpose()
        };
        let gradients: Gradients = operands.iter().enumerate().map(gradient).collect::<Result<_>>()?;
        {
            let given: SmallVec<[&Value; 8]> = operands.iter().chain(kept).chain(out).chain([d]).collect();
            given.iter().try_for_each(|value| value.buffer.check())?;
            let _reading = reading(given.iter().map(|value| &value.buffer));
            let blocks: SmallVec<[Block<'_>; 3]> = operands[1..].iter().map(Value::block).collect();
            let kept: SmallVec<[Block<'_>; 1]> = kept.iter().map(Value::block).collect();
            let inputs: SmallVec<[Block<'_>; 1]> = needs.inputs.then(|| operands[0].block()).into_iter().collect();
            let learned = gradients[1..].iter().enumerate().filter_map(|(index, made)| {
                made.as_ref().map(|made| Gradient {
                    matrix: made.row(),
                    accumulate: false,
                    wanted: step.wants(index + 1),
                })
            });
            d.device().backend().primitive_backward(PrimitiveBackward {
                primitive: &self.primitive,
                saved: Saved {
                    inputs: &inputs,
                    out: out.map(Value::block),
                    kept: &kept,
                    parameters: &blocks,
                },
                training: self.training,
                d_out: d.block(),
                d_inputs: &[gradients[0].as_ref().map(Value::block)],
                d_parameters: &learned.collect::<SmallVec<[Gradient<'_>; 2]>>(),
            });
        }
        let wanted = gradients.into_iter().enumerate();
        Ok(wanted.map(|(index, made)| made.filter(|_| step.wants(index))).collect())
    }
}

/// The gradients of what `composed` makes of the operands, which have gradients themselves.
fn in_operations(
    composed: &dyn Fn(&[Value]) -> Result<Value>,
    operands: &[Value],
    step: Step<'_>,
) -> Result<Gradients> {
    // Nodes of their own, where this computation ends: what the operands came from is not gone through here.
    let begin = |(index, x): (usize, &Value)| match step.wants(index) {
        true => x.begin(),
        false => x.detach(),
    };
    let begin: SmallVec<[Value; 3]> = operands.iter().enumerate().map(begin).collect();
    let out = enable_grad(|| composed(&begin))?;
    let wanted: SmallVec<[&Track; 3]> = begin
        .iter()
        .map(|x| &x.track)
        .filter(|track| track.is_tracked())
        .collect();
    let Some(last) = wanted.last() else {
        return Ok(operands.iter().map(|_| None).collect());
    };
    let tour = Tour {
        retain: false,
        create: recording(),
    };
    let gradients = tour.gradients_since(last, &[(&out, step.gradient.clone())], &wanted)?;
    let mut gradients = gradients.into_iter();
    let each = begin.iter().map(|x| x.track.is_tracked());
    Ok(each
        .map(|is_wanted| is_wanted.then(|| gradients.next().flatten()).flatten())
        .collect())
}
