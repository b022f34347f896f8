//! A recurrent layer in one direction: all of its steps as one operation.
//!
//! What the input gives to the gates comes in for all steps at once, from one product. A step is a product of the state before, and one pass
//! over all gates ([`Cell`]). Backwards, the gradients of the gates of all steps lie side by side, so that those of the weights are one
//! product each.

mod backward;
mod formulas;
mod plan;

use backward::backward;
use formulas::in_operations;
use plan::Plan;

use crate::device::{CellStep, Linear, Matrix, Operation, reading};
use crate::error::{Error, Result};
use crate::kernels::cells::Cell;
use crate::tape::{Rule, Saved, Value, record, recording};

/// A layer in one direction, and where it begins.
#[derive(Clone, Copy)]
pub(crate) struct Recurrence<'a> {
    pub(crate) kind: Cell,
    /// From the last step to the first.
    pub(crate) reverse: bool,
    /// The state before the first step: `[rows, outputs]`.
    pub(crate) state: &'a Value,
    /// The cell before the first step, of an LSTM: `[rows, features]`.
    pub(crate) cell: Option<&'a Value>,
    /// What the state gives to the gates: `[gates * features, outputs]`.
    pub(crate) weight: &'a Value,
    /// What is added to that, where that is not the same as if the input gave it: `[gates * features]`.
    pub(crate) bias: Option<&'a Value>,
    /// What makes the state smaller: `[outputs, features]`.
    pub(crate) projection: Option<&'a Value>,
}

/// What a layer gives.
pub(crate) struct Course {
    /// The state after each step: `[steps, rows, outputs]`.
    pub(crate) states: Value,
    /// The state after the last step: `[rows, outputs]`.
    pub(crate) last: Value,
    /// The cell after each step, of an LSTM: `[steps, rows, features]`.
    pub(crate) cells: Option<Value>,
    /// Which step is the last.
    end: usize,
}

impl Course {
    /// The cell after the last step, of an LSTM: `[rows, features]`.
    pub(crate) fn cell(&self) -> Option<Value> {
        let cells = self.cells.as_ref()?;
        Some(cells.index_axis(0, self.end))
    }
}

/// Memory for a result or for what is kept.
fn room(like: &Value, sizes: &[usize]) -> Result<Value> {
    let value = Value::empty(like.device(), like.dtype(), sizes);
    value.buffer.check()?;
    Ok(value)
}

/// All steps of a layer, from what the input gives to the gates: `[steps, rows, gates * features]`, one step or more. The caller has checked
/// sizes and element types.
pub(crate) fn recurrence(input: &Value, layer: Recurrence<'_>) -> Result<Course> {
    let none = room(input, &[0])?;
    let or_none = |x: Option<&Value>| x.map_or_else(|| none.clone(), |x| x.contiguous().into_value().as_input(x));
    let dense = |x: &Value| x.contiguous().into_value().as_input(x);
    let inputs = [
        dense(input),
        dense(layer.state),
        or_none(layer.cell),
        dense(layer.weight),
        or_none(layer.bias),
        or_none(layer.projection),
    ];
    let gates = layer.kind.gates();
    let plan = Plan {
        kind: layer.kind,
        reverse: layer.reverse,
        steps: input.sizes()[0],
        rows: input.sizes()[1],
        features: input.sizes()[2] / gates,
        outputs: layer.state.sizes()[1],
        projected: layer.projection.is_some(),
        biased: layer.bias.is_some(),
    };
    for x in &inputs {
        x.buffer.check()?;
        input.same_device(layer.kind.name(), x)?;
    }
    if !input
        .device()
        .backend()
        .supports(Operation::Cell(layer.kind), input.dtype())
    {
        return Err(Error::Unsupported {
            operation: layer.kind.name(),
            device: input.device().to_string(),
            element: input.dtype().name(),
        });
    }
    let keep = recording() && inputs.iter().any(|input| input.track.is_tracked());
    let [states, kept, raw] = forward(plan, &inputs, keep)?;
    let all = record(
        layer.kind.name(),
        states,
        inputs.each_ref(),
        || {
            Rule::own(move |step| match recording() {
                true => in_operations(plan, step),
                false => backward(plan, step),
            })
        },
        |out| {
            let saved: Saved = inputs.iter().cloned().chain([out.as_own(), kept, raw]).collect();
            saved
        },
    );
    let states = plan.states_of(&all);
    let end = plan.last();
    Ok(Course {
        last: states.index_axis(0, end),
        states,
        cells: plan.has_cell().then(|| plan.cells_of(&all)),
        end,
    })
}

/// States with cells, and, for a backward, what steps keep and the states before the projection.
fn forward(plan: Plan, inputs: &[Value; 6], keep: bool) -> Result<[Value; 3]> {
    let [input, start, first_cell, weight, bias, projection] = inputs;
    let (gates, kept_width) = (plan.gates(), plan.kind.kept() * plan.features);
    let raw_width = if plan.projected { plan.features } else { 0 };
    let states = room(input, &[plan.len()])?;
    // Where no gradient is wanted, each step writes over what the one before left.
    let place = |step: usize| if keep { step } else { 0 };
    let places = if keep { plan.steps } else { 1 };
    let kept = room(input, &[places, plan.rows, kept_width])?;
    let raw = room(input, &[places, plan.rows, raw_width])?;
    let product = room(input, &[plan.rows, gates])?;
    let _reading = reading(inputs.iter().map(|input| &input.buffer));
    let device = input.device();
    let backend = device.backend();
    for step in plan.order() {
        let before = plan.before(step);
        let state = plan.state(start, &states, before);
        let out = plan.at(&states, step, plan.outputs);
        backend.linear(linear(
            state,
            weight.matrix(),
            plan.biased.then(|| bias.row()),
            product.matrix(),
        ));
        backend.cell(CellStep {
            kind: plan.kind,
            input: plan.at(input, step, gates),
            hidden: product.matrix(),
            before: match plan.has_cell() {
                true => plan.cell(first_cell, &states, before),
                // A plain layer has no use for it, and no projection that would make its width another.
                false => state,
            },
            kept: plan.at(&kept, place(step), kept_width),
            cell: plan.has_cell().then(|| plan.cell(first_cell, &states, Some(step))),
            out: if plan.projected {
                plan.at(&raw, place(step), raw_width)
            } else {
                out
            },
        });
        if plan.projected {
            backend.linear(linear(
                plan.at(&raw, place(step), raw_width),
                projection.matrix(),
                None,
                out,
            ));
        }
    }
    Ok([states, kept, raw])
}

fn linear<'a>(x: Matrix<'a>, weight: Matrix<'a>, bias: Option<Matrix<'a>>, out: Matrix<'a>) -> Linear<'a> {
    Linear {
        x,
        weight,
        bias,
        chain: &[],
        random: None,
        pre: None,
        out,
    }
}
