//! Models written as structs: `#[model] struct`, whose fields are layers, chains and other models.

use super::chain::Chain;
use super::{Net, input, list};
use crate::Chance;

/// `#[model] pub struct Net { .. }`.
pub fn structure(chance: &mut Chance, name: String, nets: &[Net]) -> (String, Net) {
    let input = input(chance);
    let mut shape = input.clone();
    let count = 1 + chance.below(5);
    let mut fields = Vec::new();
    for index in 0..count {
        match chance.below(8) {
            0 | 1 => fields.push(format!("chain{index}: net!({})", chain(chance, nets, &mut shape))),
            2 => fields.push(format!("chain{index}: net!(< {} >)", chain(chance, nets, &mut shape))),
            3 if shape.len() == 1 && nets.iter().any(takes_rows) => {
                let flat: Vec<&Net> = nets.iter().filter(|net| takes_rows(net)).collect();
                let net = *chance.one_of(&flat);
                fields.push(format!("to{index}: Linear<{}, {}>", shape[0], net.input[0]));
                fields.push(format!("inner{index}: {}", net.name));
                shape.clone_from(&net.output);
            }
            _ => fields.push(format!("part{index}: {}", layer_type(chance, &mut shape))),
        }
    }
    let fields: String = fields.iter().map(|field| format!("    pub {field},\n")).collect();
    let item = format!("#[model]\n#[input({})]\npub struct {name} {{\n{fields}}}", list(&input));
    (
        item,
        Net {
            name,
            input,
            output: shape,
        },
    )
}

fn takes_rows(net: &Net) -> bool {
    net.input.len() == 1 && net.output.len() == 1
}

fn chain(chance: &mut Chance, nets: &[Net], shape: &mut Vec<usize>) -> String {
    Chain { chance, nets, shape }.text(false, 1)
}

/// A layer as a type.
fn layer_type(chance: &mut Chance, shape: &mut Vec<usize>) -> String {
    let last = shape.last().copied().unwrap_or(1);
    match chance.below(10) {
        0..=3 => {
            let out = *chance.one_of(&[1, 3, 4, 9, 16, 20]);
            if let Some(last) = shape.last_mut() {
                *last = out;
            }
            format!("Linear<{last}, {out}>")
        }
        4 if last >= 3 => format!("LayerNorm<{last}>"),
        5 if shape.len() > 1 => {
            *shape = vec![shape.iter().product()];
            "Flatten".to_owned()
        }
        _ => {
            let plain = [
                "Relu",
                "LeakyRelu",
                "Tanh",
                "Sigmoid",
                "Gelu",
                "Silu",
                "Elu",
                "Softplus",
                "Softmax",
                "LogSoftmax",
                "Dropout",
                "Identity",
            ];
            (*chance.one_of(&plain)).to_owned()
        }
    }
}
