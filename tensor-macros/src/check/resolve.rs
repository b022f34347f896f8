//! What each layer is, in terms of operations, and rules about the names of layers.

use super::arguments::Given;
use super::leaves::{Leaf, tidy};
use super::resolved::{ModelType, Resolved};
use super::sizes::size;
use super::values::either;
use super::variables::{Meaning, Variables};
use crate::errors::{Errors, with_help};
use crate::signature::{LAYERS, Signature, nearest_few};
use crate::syntax::{Body, Layer, ModelPart};

/// Layers that PyTorch has and this language will.
const LATER: &[&str] = &["batch_norm", "embedding", "self_attention", "bilinear"];

/// What a leaf is, in terms of operations.
pub fn resolve(errors: &Errors, leaf: &Leaf<'_>, variables: &mut Variables) -> Resolved {
    match &leaf.part.body {
        Body::Layer(layer) => {
            let signature = signature(errors, layer);
            signature.map_or(Resolved::Broken, |signature| {
                Given::new(errors, layer, signature).resolve(variables)
            })
        }
        Body::Model(part) => match model_type(errors, part, variables) {
            Some(model) => {
                let name = model.text();
                variables.variable(model_input(&name), Meaning::ModelInput(model.clone()));
                variables.variable(model_output(&name, 0), Meaning::ModelOutput(model.clone(), 0));
                Resolved::Model(model)
            }
            None => Resolved::Broken,
        },
        Body::Group(_) | Body::Array(_) | Body::Broken(_) => Resolved::Broken,
    }
}

/// `Block<64, 4 * D>`: sizes, in the order in which the model declares them.
fn model_type(errors: &Errors, part: &ModelPart, variables: &mut Variables) -> Option<ModelType> {
    let mut sizes = Vec::new();
    for argument in part.sizes.iter().flat_map(|sizes| &sizes.list) {
        if let Some((keyword, _)) = &argument.keyword {
            let help = format!("write {}", tidy(&argument.value));
            let message = "the sizes of a model are given by their places and have no names";
            errors.at(keyword, with_help(message, help));
            return None;
        }
        sizes.push(size(errors, &argument.value, variables));
    }
    Some(ModelType {
        path: part.path.clone(),
        sizes: match part.sizes {
            Some(_) => Some(sizes.into_iter().collect::<Option<_>>()?),
            None => None,
        },
    })
}

/// The name of the size that another model takes.
pub fn model_input(model: &str) -> String {
    format!("{model}::input")
}

/// The name of the size that another model makes, of its `output`-th value.
pub fn model_output(model: &str, output: usize) -> String {
    match output {
        0 => format!("{model}::output"),
        _ => format!("{model}::{output}::output"),
    }
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
    let few = nearest_few(name, layers().map(|layer| layer.name));
    let few: Vec<String> = few.iter().map(|meant| format!("`{meant}`")).collect();
    let help = match few.len() {
        0 => "the page of `tensor::layers` has all that there are".to_owned(),
        1 => format!("did you mean {}?", either(few)),
        _ => format!(
            "did you mean {}? The page of `tensor::layers` has all that there are",
            either(few)
        ),
    };
    with_help(format!("there is no layer called `{name}`"), help)
}
