//! The gradient of a recurrent layer, in one pass backwards.

use smallvec::smallvec;

use super::plan::{BIAS, CELL, INPUT, KEPT, PROJECTION, Plan, RAW, STATE, STATES, WEIGHT};
use super::room;
use crate::device::{Backend, CellBackward, Matrix, View, reading};
use crate::error::{Error, Result};
use crate::kernels::cells::Cell;
use crate::layout::Layout;
use crate::tape::{Gradients, Saved, Step, Value};

/// The gradients, step by step from the last one.
pub(super) fn backward(plan: Plan, step: Step<'_>) -> Result<Gradients> {
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
