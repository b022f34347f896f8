//! What each layer is, in terms of operations, and rules about the names of layers.

use super::arguments::Given;
use super::leaves::{Leaf, tidy};
use super::resolved::Resolved;
use super::sizes::{Meaning, Variables};
use crate::errors::{Errors, with_help};
use crate::signature::{LAYERS, Signature, nearest};
use crate::syntax::{Body, Layer};

/// Layers that PyTorch has and this language will.
const LATER: &[&str] = &[
    "batch_norm",
    "embedding",
    "self_attention",
    "dropout1d",
    "dropout2d",
    "prelu",
    "bilinear",
];

/// What a leaf is, in terms of operations.
pub fn resolve(errors: &Errors, leaf: &Leaf<'_>, variables: &mut Variables) -> Resolved {
    match &leaf.part.body {
        Body::Layer(layer) => {
            let signature = signature(errors, layer);
            signature.map_or(Resolved::Broken, |signature| {
                Given::new(errors, layer, signature).resolve(variables)
            })
        }
        Body::Model(path) => {
            let name = tidy(path);
            variables.variable(model_input(&name), Meaning::ModelInput(path.clone()));
            variables.variable(model_output(&name), Meaning::ModelOutput(path.clone()));
            Resolved::Model(path.clone())
        }
        Body::Group(_) | Body::Array(_) | Body::Broken(_) => Resolved::Broken,
    }
}

/// The name of the size that another model takes.
pub fn model_input(model: &str) -> String {
    format!("{model}::input")
}

/// The name of the size that another model makes.
pub fn model_output(model: &str) -> String {
    format!("{model}::output")
}

/// `lineer(784, 128)`: there is no such layer, but there is one that was meant. `argmax`: there is, but nothing learns through it.
fn signature(errors: &Errors, layer: &Layer) -> Option<&'static Signature> {
    let name = layer.name.to_string();
    let known = if layer.path.is_some() {
        Signature::of_type(&name)
    } else {
        Signature::of_call(&name)
    };
    match known {
        Some(signature) if signature.has_gradient() => known,
        Some(signature) => {
            let name = signature.name;
            let message = format!("`{name}` has no gradient, so nothing before it could learn");
            let help = format!("remove it here and take `.{name}()` of the output");
            errors.at(&layer.name, with_help(message, help));
            None
        }
        None => {
            errors.at(&layer.name, unknown(&name));
            None
        }
    }
}

fn unknown(name: &str) -> String {
    if LATER.contains(&name) {
        return format!("`{name}` is not supported yet");
    }
    let layers = || LAYERS.iter().filter(|layer| layer.has_gradient());
    match nearest(name, layers().map(|layer| layer.name)) {
        Some(meant) => with_help(
            format!("there is no layer called `{name}`"),
            format!("did you mean `{meant}`?"),
        ),
        None => with_help(
            format!("there is no layer called `{name}`"),
            "`tensor::layers` has all that there are",
        ),
    }
}
