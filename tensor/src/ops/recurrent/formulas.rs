//! The gradient of a recurrent layer in operations, which have gradients themselves.

use smallvec::smallvec;
use tensor_ops::{Compare, Unary};

use super::plan::{BIAS, CELL, INPUT, PROJECTION, Plan, STATE, STATES, WEIGHT};
use crate::error::Result;
use crate::kernels::cells::Cell;
use crate::ops::join::{cat, stack};
use crate::tape::{Gradients, Step, Value};

/// The gradients in operations, which have gradients themselves.
pub(super) fn in_operations(plan: Plan, step: Step<'_>) -> Result<Gradients> {
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
