//! Chains of layers: `linear(8, 4) >> relu`, with names, groups and other models in them.

use super::layer::{Layer, layer};
use super::{Net, input, list};
use crate::Chance;

/// `net! { pub type Net = .. }`.
pub fn item(chance: &mut Chance, name: String, nets: &[Net]) -> (String, Net) {
    let input = input(chance);
    // Without its shape declared a model takes what its first layer says.
    let declared = input.len() > 1 || chance.once_in(3);
    let mut shape = input.clone();
    let mut chain = Chain {
        chance: &mut *chance,
        nets,
        shape: &mut shape,
    };
    let text = chain.text(!declared, 0);
    let sizes = list(&input);
    let item = match (declared, chance.once_in(2)) {
        (false, _) => format!("net! {{ pub type {name} = {text} }}"),
        (true, false) => format!("net! {{ pub type {name} = [{sizes}] => {text} }}"),
        (true, true) => format!("net! {{ #[input({sizes})] pub type {name} = {text} }}"),
    };
    (
        item,
        Net {
            name,
            input,
            output: shape,
        },
    )
}

/// A chain in the making.
pub struct Chain<'a> {
    pub chance: &'a mut Chance,
    /// The models written before, which may become parts.
    pub nets: &'a [Net],
    /// The sizes of a sample at the end of the chain so far.
    pub shape: &'a mut Vec<usize>,
}

impl Chain<'_> {
    /// The layers, joined. The first one is `sized` where nothing else says what comes in. Groups are `depth` deep.
    pub fn text(&mut self, sized: bool, depth: usize) -> String {
        let named = self.chance.once_in(3);
        let count = 1 + self.chance.below(if depth == 0 { 6 } else { 3 });
        let mut parts = Vec::new();
        for index in 0..count {
            let sized = sized && index == 0;
            if named && !sized && self.chance.once_in(6) {
                self.other_model(&mut parts);
            } else if depth < 2 && count > 1 && !sized && self.chance.once_in(6) {
                let group = format!("({})", self.text(false, depth + 1));
                parts.push(if named { format!("group{index}: {group}") } else { group });
            } else {
                let layer = layer(self.chance, self.shape, sized);
                parts.push(self.part(layer, index, named));
            }
        }
        parts.join(" >> ")
    }

    /// In a chain with names all parts with parameters have one; the others may.
    fn part(&mut self, layer: Layer, index: usize, named: bool) -> String {
        if named && (layer.has_parameters || self.chance.once_in(3)) {
            return format!("{}{index}: {}", layer.name, layer.text);
        }
        layer.text
    }

    /// A model that was written before, behind a linear layer of its width.
    pub fn other_model(&mut self, parts: &mut Vec<String>) {
        let flat: Vec<&Net> = self
            .nets
            .iter()
            .filter(|net| net.input.len() == 1 && net.output.len() == 1)
            .collect();
        if self.shape.len() > 1 || flat.is_empty() {
            return parts.push(format!("norm{}: layer_norm(_)", parts.len()));
        }
        let net = *self.chance.one_of(&flat);
        let index = parts.len();
        parts.push(format!("to{index}: linear(_, {})", net.input[0]));
        parts.push(format!("inner{index}: {}", net.name));
        self.shape.clone_from(&net.output);
    }
}
