//! What the names of a forward stand for: parts, and values.

use super::leaves::{Leaf, plain};
use super::parameters::is_parameter;
use crate::errors::{Errors, with_help};
use crate::signature::{Signature, Values};
use crate::syntax::{Body, Chain, Model};
use proc_macro2::{Ident, Span};
use std::ops::Range;

/// The parts that a forward may call.
pub struct Parts {
    /// The innermost last.
    named: Vec<(String, Held)>,
    /// How many leaves the model has.
    pub leaves: usize,
    /// Of each, which layer it is; nothing of another model.
    pub layers: Vec<Option<&'static Signature>>,
}

/// One value, as most parts take and give.
const ONE: Values = &[&["x"]];

/// What a name of a part stands for, by the numbers of leaves.
#[derive(Clone)]
pub enum Held {
    /// A layer, or another model.
    Leaf(usize),
    /// A parameter, which is a value.
    Parameter(usize),
    /// A chain.
    Group(Range<usize>),
    /// `[Block; 12]`.
    Array(Vec<Held>),
}

impl Held {
    /// All leaves in it.
    pub fn leaves(&self) -> Vec<usize> {
        match self {
            Held::Leaf(leaf) | Held::Parameter(leaf) => vec![*leaf],
            Held::Group(leaves) => leaves.clone().collect(),
            Held::Array(elements) => elements.iter().flat_map(Held::leaves).collect(),
        }
    }
}

impl Parts {
    /// The fields of a struct.
    pub fn of(model: &Model) -> Self {
        let mut leaves = 0;
        let mut named = Vec::new();
        for part in &model.chain.parts {
            let held = held(&part.body, &mut leaves);
            named.extend(part.name.as_ref().map(|name| (plain(name), held)));
        }
        let layers = super::leaves::leaves(&model.chain)
            .iter()
            .map(Leaf::signature)
            .collect();
        Parts { named, leaves, layers }
    }

    /// What a part takes and gives, in all the ways there are; nothing of another model, of which rustc says it.
    pub fn values(&self, held: &Held) -> Option<[Values; 2]> {
        match held {
            Held::Leaf(leaf) => {
                let layer = self.layers[*leaf]?;
                Some([layer.takes(), layer.gives()])
            }
            Held::Parameter(_) | Held::Group(_) | Held::Array(_) => Some([ONE; 2]),
        }
    }

    /// What a value that is a field is: a parameter, or a buffer.
    pub fn word(&self, leaf: usize) -> &'static str {
        self.layers[leaf].map_or("parameter", |layer| layer.name)
    }

    /// What a name stands for.
    pub fn find(&self, name: &Ident) -> Option<Held> {
        let text = plain(name);
        let named = self.named.iter().rev();
        named
            .filter(|(known, _)| *known == text)
            .map(|(_, held)| held.clone())
            .next()
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(name, _)| name.as_str())
    }

    /// `block` in `for block in blocks`.
    pub fn enter(&mut self, name: &Ident, held: Held) {
        self.named.push((plain(name), held));
    }

    /// Forgets the last of those.
    pub fn leave(&mut self) {
        self.named.pop();
    }
}

fn held(body: &Body, leaves: &mut usize) -> Held {
    match body {
        Body::Layer(layer) if is_parameter(layer) => {
            *leaves += 1;
            Held::Parameter(*leaves - 1)
        }
        Body::Layer(_) | Body::Model(_) | Body::Broken(_) => {
            *leaves += 1;
            Held::Leaf(*leaves - 1)
        }
        Body::Group(chain) => {
            let first = *leaves;
            drop(held_by(chain, leaves));
            Held::Group(first..*leaves)
        }
        Body::Array(chain) => Held::Array(held_by(chain, leaves)),
    }
}

fn held_by(chain: &Chain, leaves: &mut usize) -> Vec<Held> {
    chain.parts.iter().map(|part| held(&part.body, leaves)).collect()
}

/// The values that have names.
#[derive(Default)]
pub struct Bindings {
    known: Vec<Binding>,
}

struct Binding {
    name: String,
    span: Span,
    is_mutable: bool,
    value: usize,
    is_read: bool,
}

impl Bindings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|binding| binding.name.as_str())
    }

    /// `let x = fc(x); let x = other(y);`: the first `x` can never be used. Those from `scope` on are in this block.
    pub fn bind(&mut self, errors: &Errors, name: &Ident, is_mutable: bool, value: usize, scope: usize) {
        let text = plain(name);
        let hidden = self.known[scope..]
            .iter_mut()
            .rev()
            .find(|binding| binding.name == text);
        if let Some(hidden) = hidden.filter(|hidden| !hidden.is_read) {
            let message = format!("this `{text}` hides another, whose value was never used");
            errors.at(
                name,
                with_help(message, format!("use the first `{text}`, or remove it")),
            );
            hidden.is_read = true;
        }
        self.known.push(Binding {
            name: text,
            span: name.span(),
            is_mutable,
            value,
            is_read: false,
        });
    }

    /// The value of a name, which is used by that.
    pub fn read(&mut self, name: &Ident) -> Option<usize> {
        let binding = self.find(name)?;
        binding.is_read = true;
        Some(binding.value)
    }

    /// `x = block(x);`; `None` is a value that could not be made.
    pub fn assign(&mut self, errors: &Errors, name: &Ident, value: Option<usize>) {
        let text = plain(name);
        let Some(binding) = self.find(name) else {
            let help = format!("write `let {text} = ..;`");
            errors.at(name, with_help(format!("there is no value called `{text}`"), help));
            return;
        };
        if !binding.is_mutable {
            let message = format!("`{text}` is assigned to, and is not `mut`");
            let help = format!("write `mut {text}` where it begins, or `let {text} = ..;` here");
            errors.at(name, with_help(message, help));
        } else if !binding.is_read {
            let message = format!("the value that `{text}` has is lost here: it was never used");
            errors.at(name, with_help(message, "use it, or remove what made it"));
        }
        (binding.value, binding.is_read) = (value.unwrap_or(usize::MAX), false);
    }

    /// `let h = fc(x);` and no `h` after it: told at the end of its block.
    pub fn leave(&mut self, errors: &Errors, scope: usize) {
        for binding in self.known[scope..].iter().filter(|binding| !binding.is_read) {
            let text = &binding.name;
            let help = "use it, or remove it";
            errors.at_span(
                binding.span,
                with_help(format!("the value of `{text}` is never used"), help),
            );
        }
    }

    /// Forgets the names of a block.
    pub fn truncate(&mut self, scope: usize) {
        self.known.truncate(scope);
    }

    fn find(&mut self, name: &Ident) -> Option<&mut Binding> {
        let text = plain(name);
        self.known.iter_mut().rev().find(|binding| binding.name == text)
    }
}
