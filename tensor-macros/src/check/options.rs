//! Rules about what attributes say of the parameters of a part.

use super::facts::Facts;
use super::leaves::{Leaf, plain};
use super::names::has_parameters;
use super::resolved::Resolved;
use crate::errors::{Errors, with_help};
use crate::signature::Signature;
use crate::syntax::{Body, Chain, Part, Start};

/// All of them, in the model and in every group.
pub fn check(errors: &Errors, chain: &Chain) {
    check_saved(errors, chain);
    for part in &chain.parts {
        if !has_parameters(part) && !matches!(part.body, Body::Broken(_)) {
            if let Some(span) = part.options.frozen {
                let message = "there is nothing to freeze: this part has no parameters";
                errors.at_span(span, with_help(message, "remove `#[frozen]`"));
            }
            if let Some(start) = part.options.starts.first()
                && !is_buffer(part)
            {
                let message = "this part has no parameters that could start from anything";
                errors.at(&start.name, with_help(message, "remove `#[init(..)]`"));
            }
        }
        if let Body::Group(group) | Body::Array(group) = &part.body {
            check(errors, group);
        }
    }
}

/// `mean: Buffer<64>`.
fn is_buffer(part: &Part) -> bool {
    let Body::Layer(layer) = &part.body else {
        return false;
    };
    Signature::find(&layer.name.to_string()).is_some_and(Signature::is_buffer)
}

/// `#[init(normal(0.1))]` on a buffer, which is filled with one number.
fn check_buffer(errors: &Errors, start: &Start) {
    if !matches!(start.law.name, "zeros" | "ones" | "constant") {
        let message = "a buffer begins with one number everywhere";
        let help = "write `zeros`, `ones` or `constant(0.5)`, and `set` other numbers when the model is made";
        errors.at(&start.name, with_help(message, help));
    }
}

/// `#[saved("output")]` beside a part that is called `output`: files have one of that name.
fn check_saved(errors: &Errors, chain: &Chain) {
    for (place, part) in chain.parts.iter().enumerate() {
        let Some(name) = &part.options.saved else {
            continue;
        };
        let others = chain.parts.iter().enumerate().filter(|(other, _)| *other != place);
        let mut others = others.filter_map(|(_, other)| match &other.options.saved {
            Some(saved) => Some(saved.value()),
            None => other.name.as_ref().map(plain),
        });
        if part.name.is_none() {
            let message = "a part without a name is saved under its position";
            errors.at(name, with_help(message, "name it, or remove `#[saved(..)]`"));
        } else if others.any(|other| other == name.value()) {
            let message = format!("another part is saved as `{}`", name.value());
            errors.at(name, with_help(message, "give each a name of its own"));
        }
    }
}

/// `#[init(eye)]` on a convolution, `#[init(wieght = zeros)]`: whether the layer has such parameters.
pub fn check_starts(errors: &Errors, leaves: &[Leaf<'_>], facts: &Facts) {
    for (position, leaf) in leaves.iter().enumerate() {
        let Some(fact) = facts.leaf(position) else {
            continue;
        };
        let known: Vec<(&str, usize)> = match &fact.resolved {
            Resolved::Linear { bias: true, .. } => vec![("weight", 2), ("bias", 1)],
            Resolved::Linear { .. } => vec![("weight", 2)],
            Resolved::Embedding { .. } => vec![("weight", 2)],
            Resolved::LayerNorm { .. } => vec![("weight", 1), ("bias", 1)],
            Resolved::Parameter(sizes) | Resolved::Buffer(sizes) => vec![("", sizes.len())],
            Resolved::Block(block) => {
                let shapes = block.shapes(&fact.input);
                let ranks = shapes.iter().map(|shape| shape.axes().len());
                block.primitive.parameters().iter().copied().zip(ranks).collect()
            }
            // What another model holds is its own affair.
            _ => continue,
        };
        let is_parameter = matches!(fact.resolved, Resolved::Parameter(_) | Resolved::Buffer(_));
        for start in &leaf.part.options.starts {
            if let (Resolved::Buffer(_), None) = (&fact.resolved, &start.of) {
                check_buffer(errors, start);
                continue;
            }
            check_start(errors, start, &known, is_parameter);
        }
    }
}

fn check_start(errors: &Errors, start: &Start, known: &[(&str, usize)], is_parameter: bool) {
    let law = start.law;
    let (least, most) = (law.axes[0], law.axes[1]);
    if let Some(of) = &start.of {
        let text = of.to_string();
        if is_parameter {
            let help = format!("write `#[init({})]`", law.name);
            errors.at(of, with_help("a parameter has nothing in it to name", help));
            return;
        }
        if !known.iter().any(|(name, _)| *name == text) {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let message = format!("this part has no parameter called `{text}`");
            errors.at(of, with_help(message, format!("there is `{}`", names.join("` and `"))));
            return;
        }
    }
    let is_meant = |name: &str, rank: usize| match &start.of {
        Some(of) => *of == name,
        None => is_parameter || rank >= 2,
    };
    let mut meant = known.iter().filter(|(name, rank)| is_meant(name, *rank)).peekable();
    if meant.peek().is_none() {
        let message = "without a name this is for parameters of two axes or more, and this part has none";
        let help = format!("write `weight = {0}` or `bias = {0}`", law.name);
        errors.at(&start.name, with_help(message, help));
        return;
    }
    if let Some((_, rank)) = meant.find(|(_, rank)| !(least..=most).contains(rank)) {
        let axes = match (least, most) {
            (2, 2) => "2 axes".to_owned(),
            (least, 6) => format!("{least} axes or more"),
            (least, most) => format!("{least} to {most} axes"),
        };
        let message = format!("`{}` is for {axes}, and this has {rank}", law.name);
        errors.at(
            &start.name,
            with_help(message, "write `normal(0.02)`, or another that is for any"),
        );
    }
}
