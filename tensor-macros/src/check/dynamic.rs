//! Models whose forward is plain Rust: their parts one by one, and the shapes that the forward takes and makes.

use super::elements::Elements;
use super::facts::{Facts, GivenFact, LayerFact};
use super::input::{Input, input, run_time_names};
use super::leaves::{Leaf, leaves, plain};
use super::resolve::{model_input, model_output, resolve};
use super::resolved::{Resolved, Wanted};
use super::sizes::BATCH;
use super::variables::Variables;
use super::{names, options};
use crate::errors::{Errors, with_help};
use crate::syntax::{self, Body, Chain, Dynamic, Model};
use tensor_ops::{Poly, Shape};

/// The facts of such a model, in which no step has inputs: which values go where, only rustc sees. `inner` are its chains.
pub fn check(errors: &Errors, model: &Model, dynamic: &Dynamic, inner: &[(Model, Facts)]) -> Facts {
    let mut facts = Facts::unknown(Variables::of(&model.generics));
    names::check(errors, model);
    options::check(errors, &model.chain);
    check_ties(errors, &model.chain);
    let leaves = leaves(&model.chain);
    let mut made_for_a_size = Vec::new();
    for (position, leaf) in leaves.iter().enumerate() {
        let resolved = resolve(errors, leaf, &mut facts.variables);
        if let Some([input, output]) = shapes(errors, leaf, &resolved, &mut made_for_a_size) {
            facts.layers.push(LayerFact {
                leaf: Some(position),
                path: leaf.dotted(),
                resolved,
                inputs: Vec::new(),
                input,
                beside: Vec::new(),
                output,
                others: Vec::new(),
                span: leaf.span(),
            });
        }
    }
    for (given, is_whole) in &dynamic.inputs {
        if let Some(shape) = declared(errors, &given.shape, &mut facts.variables) {
            facts.inputs.push(GivenFact {
                name: plain(&given.name),
                shape,
                elements: match is_whole {
                    true => Elements::Whole,
                    false => Elements::Floats,
                },
            });
        }
    }
    for made in &dynamic.outputs {
        facts.output_shapes.extend(declared(errors, made, &mut facts.variables));
    }
    facts.outputs = (0..facts.output_shapes.len()).collect();
    let shapes: Vec<&Shape> = facts.inputs.iter().map(|input| &input.shape).collect();
    let elements: Vec<Elements> = facts.inputs.iter().map(|input| input.elements.clone()).collect();
    let names = run_time_names(&shapes, &elements, &made_for_a_size);
    facts.variables.make_run_time(&names);
    let own = Facts::unknown(own_names(model, dynamic, &leaves, inner));
    let inner = inner.iter().map(|(_, facts)| facts);
    let all: Vec<&Facts> = [&own].into_iter().chain(inner).collect();
    names::check_generics(errors, model, &all);
    options::check_starts(errors, &leaves, &facts);
    facts
}

/// The names in all sizes but those of the chains, which have been given all that there are.
fn own_names(model: &Model, dynamic: &Dynamic, leaves: &[Leaf<'_>], inner: &[(Model, Facts)]) -> Variables {
    // What is wrong is told by whoever asks for the facts.
    let (told, mut variables) = (Errors::new(), Variables::of(&model.generics));
    let is_chain = |leaf: &&Leaf<'_>| match &leaf.part.body {
        Body::Model(part) => inner.iter().any(|(chain, _)| part.path.is_ident(&chain.name)),
        Body::Layer(_) | Body::Group(_) | Body::Array(_) | Body::Broken(_) => false,
    };
    for leaf in leaves.iter().filter(|leaf| !is_chain(leaf)) {
        resolve(&told, leaf, &mut variables);
    }
    let inputs = dynamic.inputs.iter().map(|(given, _)| &given.shape);
    for shape in inputs.chain(&dynamic.outputs) {
        declared(&told, shape, &mut variables);
    }
    let _ = told.finish();
    variables
}

/// What goes into a part and comes out of it, as far as its type says; nothing if the part cannot be called from Rust, which is told.
fn shapes(
    errors: &Errors,
    leaf: &Leaf<'_>,
    resolved: &Resolved,
    made_for_a_size: &mut Vec<Poly>,
) -> Option<[Shape; 2]> {
    let row = |size: Poly| Shape::new([Poly::variable(BATCH), size]);
    let wanted = |wanted: &Wanted| {
        if wanted.size.is_none() && wanted.is_inferred {
            let message = "`_` cannot be worked out: the forward is plain Rust";
            errors.at_span(wanted.span, with_help(message, "write the size"));
        }
        wanted.size.clone()
    };
    match resolved {
        Resolved::Linear { inputs, outputs, .. } => {
            let (inputs, outputs) = (wanted(inputs)?, outputs.clone()?);
            made_for_a_size.extend([inputs.clone(), outputs.clone()]);
            Some([row(inputs), row(outputs)])
        }
        Resolved::LayerNorm { features, eps } if *eps == 1e-5 => {
            let features = wanted(features)?;
            made_for_a_size.push(features.clone());
            Some([row(features.clone()), row(features)])
        }
        Resolved::Parameter(sizes) | Resolved::Buffer(sizes) => {
            made_for_a_size.extend(sizes.iter().cloned());
            let shape = Shape::new(sizes.iter().cloned());
            Some([shape.clone(), shape])
        }
        Resolved::Model(model) => {
            made_for_a_size.extend(model.sizes.iter().flatten().cloned());
            let name = model.text();
            let variable = |name: String| row(Poly::variable(&name));
            Some([variable(model_input(&name)), variable(model_output(&name, 0))])
        }
        Resolved::Broken => None,
        _ => {
            let message = format!(
                "`{}` stands in a net here: a forward of plain Rust cannot call it by itself",
                leaf.text()
            );
            let help = match resolved {
                Resolved::LayerNorm { .. } => format!("write `net!({})`", leaf.called()),
                _ => format!(
                    "write `net!([..] => {})`, in the brackets the shape of a sample that goes into it",
                    leaf.called()
                ),
            };
            errors.at_span(leaf.span(), with_help(message, help));
            None
        }
    }
}

/// A shape with the batch in front; nothing if it is none, which is told.
fn declared(errors: &Errors, sizes: &syntax::Input, variables: &mut Variables) -> Option<Shape> {
    match input(errors, sizes, variables) {
        Input::Declared(shape) => Some(shape),
        Input::Undeclared | Input::Broken => None,
    }
}

/// `#[tied(embedding)]`: in plain Rust two lines use one weight.
fn check_ties(errors: &Errors, chain: &Chain) {
    for part in &chain.parts {
        if let Some(tied) = &part.options.tied {
            let message = "in a forward of plain Rust a weight is shared by using it twice";
            let help = "remove `#[tied(..)]` and the part, and use the other's weight: `self.embedding.weight`";
            errors.at(&tied.path[0], with_help(message, help));
        }
    }
}
