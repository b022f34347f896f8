//! Values one behind the other.

use tensor::prelude::*;

use crate::hold;

/// A small U: what went down is put beside what comes up.
#[model]
#[forward(|x: [2, 4, 6]| {
    let wide = relu(first(x));
    let deep = relu(second(max_pool2d(wide, 2)));
    let up = upsample(deep);
    last(cat(wide, up, x, axis = 1))
})]
pub struct Joined {
    first: conv2d!(2, 3, 3, padding = 1),
    second: conv2d!(3, 3, 3, padding = 1),
    upsample: conv_transpose2d!(3, 3, 2, stride = 2),
    last: conv2d!(8, 2, 1),
}

/// Along the last axis, one value twice.
#[model]
#[forward(|x: [3, 4]| {
    let h = tanh(fc(x));
    out(cat(h, x, h, axis = -1))
})]
pub struct Wide {
    fc: Linear<4, 5>,
    out: Linear<14, 2>,
}

/// The input alone: its gradient is all there is.
#[model]
#[forward(|x: [2, 3]| flatten(norm(cat(x, 2.0 * x, axis = 1))))]
pub struct Tall {
    norm: LayerNorm<3>,
}

/// Into two, of which each goes its way, and three, of which one is not used.
#[model]
#[forward(|x: [6, 5]| {
    let (gate, value) = split(tanh(x), 3, axis = 1);
    let (a, _, c) = split(sigmoid(gate) * fc(value), [2, 1, 2], axis = -1);
    flatten(a - c)
})]
pub struct Parted {
    fc: Linear<5, 5>,
}

hold! {
    parted Parted
    joined Joined
    wide Wide
    tall Tall
}
