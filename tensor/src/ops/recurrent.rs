//! A recurrent layer in one direction: all of its steps as one operation.
//!
//! What the input gives to the gates comes in for all steps at once, from one product. A step is a product of the state before, and one pass
//! over all gates ([`Cell`]). Backwards, the gradients of the gates of all steps lie side by side, so that those of the weights are one
//! product each.

use smallvec::smallvec;
use tensor_ops::{Compare, Unary};

use crate::device::{Backend, CellBackward, CellStep, Linear, Matrix, Operation, View, reading};
use crate::error::{Error, Result};
use crate::kernels::cells::Cell;
use crate::layout::Layout;
use crate::ops::join::{cat, stack};
use crate::tape::{Gradients, Rule, Saved, Step, Value, record, recording};

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
    /// The cell after the last step, of an LSTM: `[rows, features]`.
    pub(crate) cell: Option<Value>,
}

/// Sizes, and where things lie: states of all steps, then cells of all steps.
#[derive(Clone, Copy)]
struct Plan {
    kind: Cell,
    reverse: bool,
    steps: usize,
    rows: usize,
    features: usize,
    outputs: usize,
    projected: bool,
    biased: bool,
}

// What a backward keeps, by its place; the first six are the inputs.
const INPUT: usize = 0;
const STATE: usize = 1;
const CELL: usize = 2;
const WEIGHT: usize = 3;
const BIAS: usize = 4;
const PROJECTION: usize = 5;
const STATES: usize = 6;
const KEPT: usize = 7;
const RAW: usize = 8;

impl Plan {
    fn gates(self) -> usize {
        self.kind.gates() * self.features
    }

    fn has_cell(self) -> bool {
        self.kind == Cell::Lstm
    }

    /// Where the cells begin.
    fn cells(self) -> usize {
        self.steps * self.rows * self.outputs
    }

    /// All states and cells.
    fn len(self) -> usize {
        let cells = if self.has_cell() { self.features } else { 0 };
        self.steps * self.rows * (self.outputs + cells)
    }

    /// The step before a step.
    fn before(self, step: usize) -> Option<usize> {
        if self.reverse {
            Some(step + 1).filter(|&step| step < self.steps)
        } else {
            step.checked_sub(1)
        }
    }

    /// The steps in order.
    fn order(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.steps).map(move |step| if self.reverse { self.steps - 1 - step } else { step })
    }

    /// The step that comes last.
    fn last(self) -> usize {
        if self.reverse { 0 } else { self.steps - 1 }
    }

    /// The rows of a step.
    fn at(self, x: &Value, step: usize, width: usize) -> Matrix<'_> {
        Matrix::new(&x.buffer, x.offset + step * self.rows * width, self.rows, width)
    }

    /// The state after a step, or before the first.
    fn state<'a>(self, start: &'a Value, states: &'a Value, step: Option<usize>) -> Matrix<'a> {
        match step {
            Some(step) => self.at(states, step, self.outputs),
            None => start.matrix(),
        }
    }

    /// The cell after a step, or before the first.
    fn cell<'a>(self, start: &'a Value, states: &'a Value, step: Option<usize>) -> Matrix<'a> {
        match step {
            Some(step) => Matrix::new(
                &states.buffer,
                states.offset + self.cells() + step * self.rows * self.features,
                self.rows,
                self.features,
            ),
            None => start.matrix(),
        }
    }

    /// The states of all steps, seen in what holds the cells too.
    fn states_of(self, all: &Value) -> Value {
        let sizes = [self.steps, self.rows, self.outputs];
        if !self.has_cell() {
            return all.reshape(&sizes);
        }
        all.slice(0, 0, self.cells(), 1).reshape(&sizes)
    }

    /// The cells of all steps.
    fn cells_of(self, all: &Value) -> Value {
        let sizes = [self.steps, self.rows, self.features];
        all.slice(0, self.cells(), sizes.iter().product(), 1).reshape(&sizes)
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
    let [states, kept, raw] = forward(plan, &inputs)?;
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
    let last = states.index_axis(0, plan.last());
    let cell = plan.has_cell().then(|| plan.cells_of(&all).index_axis(0, plan.last()));
    Ok(Course { states, last, cell })
}

/// States with cells, what steps keep, and states before the projection.
fn forward(plan: Plan, inputs: &[Value; 6]) -> Result<[Value; 3]> {
    let [input, start, first_cell, weight, bias, projection] = inputs;
    let (gates, kept_width) = (plan.gates(), plan.kind.kept() * plan.features);
    let raw_width = if plan.projected { plan.features } else { 0 };
    let states = room(input, &[plan.len()])?;
    let kept = room(input, &[plan.steps, plan.rows, kept_width])?;
    let raw = room(input, &[plan.steps, plan.rows, raw_width])?;
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
            kept: plan.at(&kept, step, kept_width),
            cell: plan.has_cell().then(|| plan.cell(first_cell, &states, Some(step))),
            out: if plan.projected {
                plan.at(&raw, step, raw_width)
            } else {
                out
            },
        });
        if plan.projected {
            backend.linear(linear(plan.at(&raw, step, raw_width), projection.matrix(), None, out));
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

/// The gradients, step by step from the last one.
fn backward(plan: Plan, step: Step<'_>) -> Result<Gradients> {
    let saved = step.saved;
    let (gates, kept_width) = (plan.gates(), plan.kind.kept() * plan.features);
    let d = &*step.gradient.contiguous();
    d.buffer.check()?;
    let d_input = room(d, &[plan.steps, plan.rows, gates])?;
    // Only in a GRU is that of what the state gives another.
    let d_hidden = match plan.kind {
        Cell::Gru => room(d, &[plan.steps, plan.rows, gates])?,
        _ => d_input.clone(),
    };
    let (projected, smaller) = (plan.projected, usize::from(plan.projected));
    let totals = room(d, &[smaller * plan.steps, plan.rows, plan.outputs])?;
    let d_raw = room(d, &[smaller * plan.rows, plan.features])?;
    // What goes on to the step before: of two places the one that is not being read.
    let d_states = room(d, &[2, plan.rows, plan.outputs])?;
    let d_cells = room(d, &[2 * usize::from(plan.has_cell()), plan.rows, plan.features])?;
    let mut place = 0;
    let _reading = reading(saved.iter().map(|saved| &saved.buffer));
    let device = d.device();
    let backend = device.backend();
    let (states, weight) = (&saved[STATES], saved[WEIGHT].matrix());
    for (count, at) in plan.order().rev().enumerate() {
        let before = plan.before(at);
        let next = (count > 0).then(|| plan.at(&d_states, place, plan.outputs));
        let next_cell = (count > 0 && plan.has_cell()).then(|| plan.at(&d_cells, place, plan.features));
        place = 1 - place;
        let d_before = plan.at(&d_states, place, plan.outputs);
        let mut d_out = plan.at(d, at, plan.outputs);
        if projected {
            let total = plan.at(&totals, at, plan.outputs);
            sum(backend, d_out, next, total);
            backend.gemm(total, saved[PROJECTION].matrix(), d_raw.matrix(), false);
            d_out = d_raw.matrix();
        }
        let of_cell = |step| plan.cell(&saved[CELL], states, step);
        let of_state = |step| plan.state(&saved[STATE], states, step);
        backend.cell_backward(CellBackward {
            kind: plan.kind,
            kept: plan.at(&saved[KEPT], at, kept_width),
            before: if plan.has_cell() {
                of_cell(before)
            } else {
                of_state(before)
            },
            after: if plan.has_cell() {
                of_cell(Some(at))
            } else {
                of_state(Some(at))
            },
            d_out,
            d_next: next.filter(|_| !projected),
            d_cell: plan.has_cell().then(|| plan.cell(d, d, Some(at))),
            d_next_cell: next_cell,
            d_input: plan.at(&d_input, at, gates),
            d_hidden: (plan.kind == Cell::Gru).then(|| plan.at(&d_hidden, at, gates)),
            d_before: match plan.kind {
                Cell::Lstm => Some(plan.at(&d_cells, place, plan.features)),
                Cell::Gru => Some(d_before),
                Cell::Tanh | Cell::Relu => None,
            },
        });
        backend.gemm(plan.at(&d_hidden, at, gates), weight, d_before, plan.kind == Cell::Gru);
    }
    let d_weight = step
        .wants(WEIGHT)
        .then(|| weight_gradient(plan, backend, &d_hidden, saved))
        .transpose()?;
    let d_bias = step.wants(BIAS).then(|| {
        let out = room(d, saved[BIAS].sizes())?;
        backend.sum_rows(d_hidden.matrix(), out.row(), false);
        Ok::<_, Error>(out)
    });
    let d_projection = step.wants(PROJECTION).then(|| {
        let out = room(d, saved[PROJECTION].sizes())?;
        backend.gemm(totals.matrix().transposed(), saved[RAW].matrix(), out.matrix(), false);
        Ok::<_, Error>(out)
    });
    Ok(smallvec![
        step.wants(INPUT).then_some(d_input),
        step.wants(STATE).then(|| d_states.index_axis(0, place)),
        step.wants(CELL).then(|| d_cells.index_axis(0, place)),
        d_weight,
        d_bias.transpose()?,
        d_projection.transpose()?,
    ])
}

/// `out = d + more`.
fn sum<'a>(backend: &dyn Backend, d: Matrix<'a>, more: Option<Matrix<'a>>, out: Matrix<'a>) {
    let layout = Layout::contiguous(&[d.rows, d.cols]);
    let view = |x: Matrix<'a>| View {
        buffer: x.buffer,
        offset: x.offset,
        layout: &layout,
    };
    match more {
        Some(more) => backend.add(d, more, out),
        None => backend.copy(view(d), view(out)),
    }
}

/// The gradient of the weight: gradients of the gates, turned, times the states before; the first step has another state than those after.
fn weight_gradient(plan: Plan, backend: &dyn Backend, d_hidden: &Value, saved: &Saved) -> Result<Value> {
    let (out, gates) = (room(d_hidden, saved[WEIGHT].sizes())?, plan.gates());
    let first = plan.steps - 1 - plan.last();
    let d_first = plan.at(d_hidden, first, gates);
    backend.gemm(d_first.transposed(), saved[STATE].matrix(), out.matrix(), false);
    let rows = (plan.steps - 1) * plan.rows;
    if rows > 0 {
        let (later, earlier) = if plan.reverse { (0, 1) } else { (1, 0) };
        let d_later = Matrix {
            rows,
            ..plan.at(d_hidden, later, gates)
        };
        let before = Matrix {
            rows,
            ..plan.at(&saved[STATES], earlier, plan.outputs)
        };
        backend.gemm(d_later.transposed(), before, out.matrix(), true);
    }
    Ok(out)
}

/// The gradients in operations, which have gradients themselves.
fn in_operations(plan: Plan, step: Step<'_>) -> Result<Gradients> {
    let (saved, d) = (step.saved, step.gradient);
    let (features, weight) = (plan.features, &saved[WEIGHT]);
    let rows = |x: &Value| x.reshape(&[plan.steps * plan.rows, x.sizes()[2]]);
    let states = plan.states_of(&saved[STATES]);
    let before = all_before(plan, &saved[STATE], &states)?;
    let mut hidden = rows(&before).matmul(&weight.transpose(0, 1))?;
    if plan.biased {
        hidden = hidden.add(&saved[BIAS])?;
    }
    let hidden = hidden.reshape(&[plan.steps, plan.rows, plan.gates()]);
    let part = |x: &Value, gate: usize| x.slice(2, gate * features, features, 1);
    let gates = saved[INPUT].add(&hidden)?;
    // The states before the projection.
    let mut raw = states.clone();
    let (mut d_inputs, mut d_hiddens) = (vec![None; plan.steps], vec![None; plan.steps]);
    let mut totals = vec![None; plan.steps];
    let (mut d_state, mut d_cell): (Option<Value>, Option<Value>) = (None, None);
    let functions: Vec<Value> = match plan.kind {
        Cell::Tanh | Cell::Relu => vec![],
        Cell::Lstm => {
            let [i, f, o] = [0, 1, 3].map(|gate| part(&gates, gate).unary(Unary::Sigmoid));
            let bent = plan.cells_of(&saved[STATES]).unary(Unary::Tanh);
            raw = o.mul(&bent)?;
            let cells = all_before(plan, &saved[CELL], &plan.cells_of(&saved[STATES]))?;
            vec![i, f, part(&gates, 2).unary(Unary::Tanh), o, bent, cells]
        }
        Cell::Gru => {
            let [r, z] = [0, 1].map(|gate| part(&gates, gate).unary(Unary::Sigmoid));
            let given = part(&hidden, 2);
            let n = part(&saved[INPUT], 2).add(&r.mul(&given)?)?.unary(Unary::Tanh);
            vec![r, z, n, given]
        }
    };
    let d_states = plan.states_of(d);
    let slope = |gate: &Value| -> Result<Value> { gate.mul(&gate.affine(-1.0, 1.0)) };
    for at in plan.order().rev() {
        let here = |x: &Value| x.index_axis(0, at);
        let mut d_out = match &d_state {
            Some(d) => here(&d_states).add(d)?,
            None => here(&d_states),
        };
        if plan.projected {
            let d_raw = d_out.matmul(&saved[PROJECTION])?;
            totals[at] = Some(std::mem::replace(&mut d_out, d_raw));
        }
        let mut direct = None;
        let (d_input, d_hidden) = match plan.kind {
            Cell::Tanh => {
                let d = d_out.mul(&here(&states).square().affine(-1.0, 1.0))?;
                (d.clone(), d)
            }
            Cell::Relu => {
                let on = here(&states).compare_to(Compare::Gt, 0.0);
                let d = d_out.or_where_not(&on, 0.0)?;
                (d.clone(), d)
            }
            Cell::Lstm => {
                let [i, f, g, o, bent, cell] = [0, 1, 2, 3, 4, 5].map(|which| here(&functions[which]));
                let mut d_c = here(&plan.cells_of(d));
                if let Some(more) = &d_cell {
                    d_c = d_c.add(more)?;
                }
                d_c = d_c.add(&d_out.mul(&o)?.mul(&bent.square().affine(-1.0, 1.0))?)?;
                let parts = [
                    d_c.mul(&g)?.mul(&slope(&i)?)?,
                    d_c.mul(&cell)?.mul(&slope(&f)?)?,
                    d_c.mul(&i)?.mul(&g.square().affine(-1.0, 1.0))?,
                    d_out.mul(&bent)?.mul(&slope(&o)?)?,
                ];
                d_cell = Some(d_c.mul(&f)?);
                let d = cat("lstm", &parts.each_ref(), 1)?;
                (d.clone(), d)
            }
            Cell::Gru => {
                let [r, z, n, given] = [0, 1, 2, 3].map(|which| here(&functions[which]));
                let d_n = d_out.mul(&z.affine(-1.0, 1.0))?.mul(&n.square().affine(-1.0, 1.0))?;
                let d_r = d_n.mul(&given)?.mul(&slope(&r)?)?;
                let d_z = d_out.mul(&here(&before).sub(&n)?)?.mul(&slope(&z)?)?;
                direct = Some(d_out.mul(&z)?);
                let given = d_n.mul(&r)?;
                (
                    cat("gru", &[&d_r, &d_z, &d_n], 1)?,
                    cat("gru", &[&d_r, &d_z, &given], 1)?,
                )
            }
        };
        let through = d_hidden.matmul(weight)?;
        d_state = Some(match direct {
            Some(direct) => through.add(&direct)?,
            None => through,
        });
        (d_inputs[at], d_hiddens[at]) = (Some(d_input), Some(d_hidden));
    }
    let all = |parts: &[Option<Value>]| stack(&parts.iter().flatten().collect::<Vec<_>>(), 0);
    let d_hidden = rows(&all(&d_hiddens)?);
    let d_projection = match plan.projected {
        true => Some(rows(&all(&totals)?).transpose(0, 1).matmul(&rows(&raw))?),
        false => None,
    };
    Ok(smallvec![
        Some(all(&d_inputs)?),
        d_state,
        d_cell,
        Some(d_hidden.transpose(0, 1).matmul(&rows(&before))?),
        plan.biased.then(|| d_hidden.sum(&[0], false)),
        d_projection,
    ])
}

/// What was before each step: the start, and then what was after the step before.
fn all_before(plan: Plan, start: &Value, after: &Value) -> Result<Value> {
    let (start, rest) = (start.unsqueeze(0), plan.steps - 1);
    match plan.reverse {
        true => cat("cat", &[&after.slice(0, 1, rest, 1), &start], 0),
        false => cat("cat", &[&start, &after.slice(0, 0, rest, 1)], 0),
    }
}
