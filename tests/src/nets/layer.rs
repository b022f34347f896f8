//! One layer of a chain, as text.

use crate::Chance;

/// Widths of linear layers: among them 1, and more than a vector of lanes holds.
const WIDTHS: &[usize] = &[1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 17, 24, 33, 40];

/// Layers that leave the shape as it is and have no parameters.
const ACTIVATIONS: &[&str] = &[
    "relu",
    "leaky_relu",
    "leaky_relu(0.2)",
    "leaky_relu(slope = 0.3)",
    "leaky_relu(-0.25)",
    "tanh",
    "sigmoid",
    "gelu",
    "gelu(approximate = tanh)",
    "silu",
    "elu",
    "elu(0.7)",
    "elu(alpha = 1.3)",
    "softplus",
    "softplus(2.0)",
    "softplus(beta = 0.5, threshold = 15.0)",
    "softmax",
    "log_softmax",
    "dropout(0.1)",
    "dropout(p = 0.25)",
    "dropout(0.5)",
    "dropout",
    "identity",
];

/// What a layer looks like in a chain, and whether it has parameters.
#[derive(Debug)]
pub struct Layer {
    pub text: String,
    /// What a part of this kind is called.
    pub name: &'static str,
    pub has_parameters: bool,
}

/// A layer that takes `shape`, which becomes what it makes. `sized` ones say their own input size.
pub fn layer(chance: &mut Chance, shape: &mut Vec<usize>, sized: bool) -> Layer {
    let last = shape.last().copied().unwrap_or(1);
    let size = |chance: &mut Chance| {
        if sized || chance.once_in(2) {
            last.to_string()
        } else {
            "_".to_owned()
        }
    };
    match chance.below(20) {
        0..=7 => linear(chance, shape, size),
        8..=10 if last >= 3 => {
            let eps = *chance.one_of(&["", "", ", eps = 0.001", ", 1e-6"]);
            Layer {
                text: format!("layer_norm({}{eps})", size(chance)),
                name: "norm",
                has_parameters: true,
            }
        }
        _ if sized => linear(chance, shape, size),
        11 | 12 if shape.len() > 1 => {
            *shape = vec![product(shape)];
            Layer {
                text: "flatten".to_owned(),
                name: "flat",
                has_parameters: false,
            }
        }
        _ => activation(chance),
    }
}

fn linear(chance: &mut Chance, shape: &mut [usize], size: impl Fn(&mut Chance) -> String) -> Layer {
    let out = *chance.one_of(WIDTHS);
    let bias = *chance.one_of(&["", "", ", bias = false", ", bias = true"]);
    let text = format!("linear({}, {out}{bias})", size(chance));
    if let Some(last) = shape.last_mut() {
        *last = out;
    }
    Layer {
        text,
        name: "fc",
        has_parameters: true,
    }
}

/// A layer without parameters that leaves the shape as it is.
pub fn activation(chance: &mut Chance) -> Layer {
    let text = (*chance.one_of(ACTIVATIONS)).to_owned();
    Layer {
        text,
        name: "act",
        has_parameters: false,
    }
}

/// The number of elements.
pub fn product(sizes: &[usize]) -> usize {
    sizes.iter().product()
}
