//! Reductions.

use crate::conformance::any::{each, float};
use crate::conformance::{Any, Call, Outcome, Refusal};

/// Calls an operator of this family.
pub fn call(call: &Call) -> Outcome {
    match call.name() {
        "sum" | "mean" | "prod" | "amax" | "amin" => over_axes(call),
        _ => Err(Refusal::Unknown),
    }
}

/// Over the axes that the call names: one, several, or all.
fn over_axes(call: &Call) -> Outcome {
    let input = call.tensor(0, "input")?;
    let axes = call.axes_opt(1, "dim")?.unwrap_or_default();
    let keep = call.bool_or(2, "keepdim", false)?;
    let rank = input.rank() as isize;
    if axes.is_empty() || rank == 0 {
        return over_all(call, &input);
    }
    let mut out = input.clone();
    for &axis in &axes {
        let along = |out: &Any| match call.name() {
            "sum" => each!(|out| out.sum_keep(axis)),
            "mean" => float!(|out| out.mean_keep(axis)),
            "prod" => each!(|out| out.prod_keep(axis)),
            "amax" => float!(|out| out.max_keep(axis)),
            _ => float!(|out| out.min_keep(axis)),
        };
        out = along(&out)?.into_tensor()?;
    }
    let gone = |axis: usize| axes.iter().any(|gone| gone.rem_euclid(rank) as usize == axis);
    let kept = (0..input.rank()).filter(|&axis| keep || !gone(axis));
    let sizes: Vec<usize> = kept.map(|axis| out.sizes()[axis]).collect();
    each!(|out| out.reshape(&sizes))
}

fn over_all(call: &Call, input: &Any) -> Outcome {
    let sizes = vec![
        1;
        if call.bool_or(2, "keepdim", false)? {
            input.rank()
        } else {
            0
        }
    ];
    let out = match call.name() {
        "sum" => each!(|input| input.sum()),
        "mean" => float!(|input| input.mean()),
        "prod" => each!(|input| input.prod()),
        "amax" => float!(|input| input.max()),
        _ => float!(|input| input.min()),
    };
    let out = out?.into_tensor()?;
    each!(|out| out.reshape(&sizes))
}
