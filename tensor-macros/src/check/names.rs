//! Rules about the names of parts.

use super::facts::Facts;
use super::leaves::plain;
use crate::errors::{Errors, with_help};
use crate::signature::Signature;
use crate::syntax::{Body, Chain, Model, Part, SizeParameter};

/// What a model's methods are called, and so no part may be.
const METHODS: &[&str] = &[
    "new",
    "new_as",
    "forward",
    "infer",
    "train",
    "eval",
    "parameters",
    "num_parameters",
    "save",
    "load",
    "compile",
    "zero_grad",
    "device",
    "clone",
];

/// All rules about names, for the model and every group in it.
pub fn check(errors: &Errors, model: &Model) {
    check_chain(errors, &model.chain);
    check_recursion(errors, model, &model.chain);
}

/// `struct Mlp<D: Dim, H: Dim>` with `H` in no size: nobody could tell what it is for.
pub fn check_generics(errors: &Errors, model: &Model, facts: &[&Facts]) {
    for SizeParameter { name, .. } in &model.generics {
        let is_meant = |facts: &&Facts| facts.variables.meaning(&name.to_string()).is_some();
        if !facts.iter().any(is_meant) {
            let message = format!("no size of `{}` is made from `{name}`", model.name);
            errors.at(name, with_help(message, "use it, or remove it"));
        }
    }
}

/// `struct Net { inner: Net }`: a model that holds itself would never end.
fn check_recursion(errors: &Errors, model: &Model, chain: &Chain) {
    for part in &chain.parts {
        match &part.body {
            Body::Group(chain) => check_recursion(errors, model, chain),
            // One part stands for all.
            Body::Array(chain) => check_recursion(
                errors,
                model,
                &Chain {
                    parts: chain.parts[..1].to_vec(),
                    span: chain.span,
                    join: None,
                    input: None,
                },
            ),
            Body::Model(part) if part.path.is_ident(&model.name) || part.path.is_ident("Self") => {
                let message = format!("`{}` holds itself, and so would never end", model.name);
                errors.at(&part.path, with_help(message, "write another model here"));
            }
            Body::Layer(_) | Body::Model(_) | Body::Broken(_) => {}
        }
    }
}

fn check_chain(errors: &Errors, chain: &Chain) {
    check_reserved(errors, chain);
    check_duplicates(errors, chain);
    check_half_named(errors, chain);
    for part in &chain.parts {
        if let Body::Group(group) | Body::Array(group) = &part.body {
            check_chain(errors, group);
        }
    }
}

/// A part's name is a field: `forward: linear(784, 10)` would hide behind the method, `type: ..` is no name at all.
fn check_reserved(errors: &Errors, chain: &Chain) {
    for name in chain.parts.iter().filter_map(|part| part.name.as_ref()) {
        let text = name.to_string();
        if syn::parse_str::<syn::Ident>(&text).is_err() {
            errors.at(
                name,
                with_help(
                    format!("`{text}` is a word of Rust and cannot name a part"),
                    format!("write `{text}_`"),
                ),
            );
        } else if METHODS.contains(&text.as_str()) {
            let message = format!("`{text}` is a method of every model and cannot name a part");
            errors.at(name, with_help(message, format!("write `{text}_layer`")));
        } else if text.starts_with("__") {
            errors.at(
                name,
                with_help(
                    "names that begin with `__` are kept for the compiler",
                    "remove the underscores",
                ),
            );
        }
    }
}

/// `fc: linear(784, 128) >> fc: linear(128, 10)`: which of the two would `model.fc` be?
fn check_duplicates(errors: &Errors, chain: &Chain) {
    let mut seen: Vec<String> = Vec::new();
    for name in chain.parts.iter().filter_map(|part| part.name.as_ref()) {
        let text = plain(name);
        if seen.contains(&text) {
            errors.at(
                name,
                with_help(
                    format!("two parts are called `{text}`"),
                    format!("rename one: `{text}{}`", seen.len() + 1),
                ),
            );
        }
        seen.push(text);
    }
}

/// `fc1: linear(784, 128) >> relu >> linear(128, 10)`: the last layer would have no field.
fn check_half_named(errors: &Errors, chain: &Chain) {
    let Some(named) = chain.parts.iter().find_map(|part| part.name.as_ref()) else {
        return;
    };
    for part in chain
        .parts
        .iter()
        .filter(|part| part.name.is_none() && has_parameters(part))
    {
        let what = match &part.body {
            Body::Layer(layer) => format!("this `{}`", layer.name),
            Body::Group(_) | Body::Array(_) => "this group".to_owned(),
            Body::Model(_) | Body::Broken(_) => "this part".to_owned(),
        };
        let help = "name every part that has parameters, or none: `name: ..`";
        errors.at_span(
            part.body.span(),
            with_help(format!("{what} has no name, but `{named}` has one"), help),
        );
    }
}

/// Whether a part has something to learn.
pub fn has_parameters(part: &Part) -> bool {
    match &part.body {
        Body::Layer(layer) => {
            let signature = Signature::find(&layer.name.to_string());
            signature.is_some_and(Signature::has_parameters)
        }
        Body::Group(chain) | Body::Array(chain) => chain.parts.iter().any(has_parameters),
        Body::Model(_) => true,
        Body::Broken(_) => false,
    }
}
