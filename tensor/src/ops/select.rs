//! One of two elements, by a truth value.

use smallvec::smallvec;

use crate::device::{View, reading};
use crate::layout::Layout;
use crate::tape::{Gradients, Rule, Step, Value, record};

/// `condition ? a : b`, all stretched to `sizes`. `a` and `b` are of one element type.
pub(crate) fn select(condition: &Value, a: &Value, b: &Value, sizes: &[usize]) -> Value {
    let out = match Value::output("where", &[a, b, condition], a.dtype(), sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let stretch = |x: &Value| {
            x.layout
                .broadcast_to(sizes)
                .unwrap_or_else(|| Layout::contiguous(sizes))
        };
        let layouts = [condition, a, b].map(stretch);
        let _reading = reading([&condition.buffer, &a.buffer, &b.buffer]);
        let place = |x: usize| View {
            layout: &layouts[x],
            ..[condition, a, b][x].view()
        };
        out.device().backend().select(place(0), place(1), place(2), out.view());
    }
    let saved = |_: &Value| smallvec![condition.detach(), a.sizes_only(), b.sizes_only()];
    record("where", out, [a, b], || Rule::Plain(backward), saved)
}

fn backward(step: Step<'_>) -> Gradients {
    let (condition, d) = (&step.saved[0], step.gradient);
    let zero = d.constant(0.0);
    let d_a = step
        .wants(0)
        .then(|| select(condition, d, &zero, d.sizes()).sum_to(step.saved[1].sizes()));
    let d_b = step
        .wants(1)
        .then(|| select(condition, &zero, d, d.sizes()).sum_to(step.saved[2].sizes()));
    smallvec![d_a, d_b]
}
