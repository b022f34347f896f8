//! Models of random structure, as text: what `tests/generated/nets.rs` holds.
//!
//! `cargo run --package tests --bin nets` writes that file; a test compares it with [`text`].

mod chain;
mod layer;
mod structure;

use std::fmt::Write as _;

use crate::Chance;
use layer::product;

/// So many models are written.
pub const COUNT: usize = 60;
/// Where the choices begin.
const SEED: u64 = 2;

/// A model that was written.
#[derive(Debug)]
struct Net {
    name: String,
    /// The sizes of a sample.
    input: Vec<usize>,
    output: Vec<usize>,
}

/// The whole file.
pub fn text() -> String {
    let mut chance = Chance::new(SEED);
    let mut nets: Vec<Net> = Vec::new();
    let mut text = String::from(
        "//! Models of random structure. Written by `cargo run --package tests --bin nets`; do not edit.\n\nuse tensor::prelude::*;\n",
    );
    for index in 0..COUNT {
        let name = format!("Net{index:02}");
        let (item, net) = if chance.once_in(3) {
            structure::structure(&mut chance, name, &nets)
        } else {
            chain::item(&mut chance, name, &nets)
        };
        let _ = write!(text, "\n// {:?} to {:?}.\n{item}\n", net.input, net.output);
        nets.push(net);
    }
    text.push_str(
        "\n/// Gives every net to a macro.\nmacro_rules! for_each_net {\n    ($given:ident) => {\n        $given! {\n",
    );
    for (index, net) in nets.iter().enumerate() {
        let _ = writeln!(text, "            net_{index:02} {}", net.name);
    }
    text.push_str("        }\n    };\n}\npub(crate) use for_each_net;\n");
    text
}

/// The sizes of a sample: one axis, mostly.
fn input(chance: &mut Chance) -> Vec<usize> {
    let rank = *chance.one_of(&[1, 1, 1, 1, 2, 2, 3]);
    let input: Vec<usize> = (0..rank).map(|_| *chance.one_of(&[2, 3, 4, 5, 6, 8])).collect();
    if product(&input) == 2 { vec![7] } else { input }
}

/// `3, 4`, as sizes stand in brackets.
fn list(sizes: &[usize]) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}
