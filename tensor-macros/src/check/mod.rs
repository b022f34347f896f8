//! What is known of the model, worked out and checked. The tree stays as it was written; facts lie in a table beside it.

mod agreement;
mod arguments;
mod arithmetic;
mod arrays;
mod bindings;
mod blocks;
mod calls;
mod composed;
mod compositions;
mod declared;
mod dynamic;
mod elements;
mod facts;
mod flow;
mod input;
mod joins;
mod known;
mod leaves;
mod names;
mod nested;
mod options;
mod parameters;
mod parts;
mod primitives;
mod resolve;
mod resolved;
mod scope;
mod shapes;
mod sizes;
mod steps;
mod tied;
mod values;
mod variables;

pub use dynamic::check as check_dynamic;
pub use elements::Elements;
pub use facts::{ELEMENTS, Facts, Fit, GivenFact, LayerFact, Obligation};
pub use leaves::plain;
pub use parameters::is_parameter;
pub use resolved::{ModelType, Resolved};
pub use sizes::BATCH;
pub use variables::{Division, Meaning, Variables};

use crate::errors::Errors;
use crate::syntax::Model;

/// Every rule of the language. What the facts lack, because something was wrong, is told in `errors`.
pub fn check(errors: &Errors, model: &Model) -> Facts {
    let mut variables = Variables::of(&model.generics);
    names::check(errors, model);
    options::check(errors, &model.chain);
    tied::check(errors, &model.chain);
    joins::check(errors, model);
    let joins = joins::joins(&model.chain);
    let flow = model.forward.as_ref().map(|forward| flow::flow(errors, model, forward));
    let mut leaves = leaves::leaves(&model.chain);
    let functions = flow.iter().flatten().flat_map(|flow| &flow.functions);
    leaves.extend(functions.map(|(path, part)| leaves::Leaf::of_function(path, part)));
    let resolved: Vec<_> = leaves
        .iter()
        .map(|leaf| resolve::resolve(errors, leaf, &mut variables))
        .collect();
    let inputs = input::inputs(errors, model, &mut variables);
    let flow = match &flow {
        // A forward that is not understood says nothing about shapes.
        Some(None) => return Facts::unknown(variables),
        Some(Some(flow)) => Some(flow),
        None if model.is_unread => return Facts::unknown(variables),
        None => None,
    };
    let names: Vec<String> = inputs.iter().map(|(name, _)| name.clone()).collect();
    let elements = elements::elements(errors, &names, &leaves, (flow, &joins), &resolved);
    let functions = flow.map_or(0, |flow| flow.functions.len());
    let mut facts = shapes::infer(
        errors,
        (inputs, elements),
        (&leaves, functions),
        (flow, &joins),
        &resolved,
        variables,
    );
    arrays::check(errors, model, &facts);
    if !model.is_inner {
        names::check_generics(errors, model, &[&facts]);
    }
    options::check_starts(errors, &leaves, &facts);
    facts.ties = tied::ties(errors, &leaves, &mut facts);
    facts
}
