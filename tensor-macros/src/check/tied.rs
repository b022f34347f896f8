//! `#[tied(embedding)] head: linear(384, 65, bias = false)`: two parts with one weight.

use super::facts::{Facts, LayerFact, Obligation};
use super::leaves::{Leaf, plain};
use super::names::has_parameters;
use super::resolved::Resolved;
use crate::errors::{Errors, with_help};
use crate::signature::nearest;
use crate::syntax::{Body, Chain, Tied};
use tensor_ops::Shape;

/// A group or an array has no one weight.
pub fn check(errors: &Errors, chain: &Chain) {
    for part in &chain.parts {
        let Some(tied) = &part.options.tied else {
            if let Body::Group(group) | Body::Array(group) = &part.body {
                check(errors, group);
            }
            continue;
        };
        let at = &tied.path[0];
        if let Body::Group(_) | Body::Array(_) | Body::Model(_) = &part.body {
            let message = "one layer is tied to another, and this is no single layer";
            errors.at(at, with_help(message, "move `#[tied(..)]` to the layer in it"));
        } else if !has_parameters(part) && !matches!(part.body, Body::Broken(_)) {
            let message = "there is nothing to tie: this part has no parameters";
            errors.at(at, with_help(message, "remove `#[tied(..)]`"));
        }
        if part.options.frozen.is_some() || !part.options.starts.is_empty() {
            let path = dotted(tied);
            let message = format!("the weight of this part is that of `{path}`, which says what becomes of it");
            errors.at(at, with_help(message, format!("move the other attributes to `{path}`")));
        }
    }
}

/// The leaf whose weight each leaf has, where that is another's.
pub fn ties(errors: &Errors, leaves: &[Leaf<'_>], facts: &mut Facts) -> Vec<(usize, usize)> {
    let mut ties = Vec::new();
    for (position, leaf) in leaves.iter().enumerate() {
        let Some(tied) = &leaf.part.options.tied else {
            continue;
        };
        let path = dotted(tied);
        let Some(of) = leaves
            .iter()
            .position(|leaf| leaf.dotted() == path && leaf.path.iter().all(|step| step.named))
        else {
            unknown(errors, tied, leaves, &path);
            continue;
        };
        let (Some(own), Some(other)) = (facts.leaf(position), facts.leaf(of)) else {
            continue;
        };
        if let Some(obligation) = tie(errors, tied, (leaf, own), (&leaves[of], other)) {
            facts.obligations.extend(obligation);
            ties.push((position, of));
        }
    }
    ties
}

fn dotted(tied: &Tied) -> String {
    tied.path.iter().map(plain).collect::<Vec<_>>().join(".")
}

fn unknown(errors: &Errors, tied: &Tied, leaves: &[Leaf<'_>], path: &str) {
    let parts: Vec<String> = leaves.iter().map(Leaf::dotted).collect();
    let help = match nearest(path, parts.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "name a layer of this model, `embedding`, or one in a group of it: `body.embedding`".to_owned(),
    };
    let message = format!("there is no layer called `{path}` in this model");
    errors.at_span(tied.path[0].span(), with_help(message, help));
}

/// Whether the two can have one weight: `None` where not, which is told, else what rustc is to compare.
fn tie(
    errors: &Errors,
    tied: &Tied,
    (leaf, own): (&Leaf<'_>, &LayerFact),
    (source, other): (&Leaf<'_>, &LayerFact),
) -> Option<Vec<Obligation>> {
    let at = &tied.path[0];
    let (text, path) = (leaf.text(), source.dotted());
    if std::ptr::eq(own, other) || source.part.options.tied.is_some() {
        let message = match std::ptr::eq(own, other) {
            true => format!("`{path}` is tied to itself"),
            false => format!("`{path}` has no weight of its own: it is tied as well"),
        };
        errors.at(at, with_help(message, "name the part that holds the weight"));
        return None;
    }
    if leaf.path.iter().any(|step| !step.named) {
        let message = "a part that is tied has a name, and is in no array";
        errors.at(
            at,
            with_help(message, "write it as a field: `head: linear!(384, 65, bias = false)`"),
        );
        return None;
    }
    let Some(expected) = weight(other) else {
        let message = format!("`{path}` has no weight that another part could have");
        let help = "tie to a layer with a `weight`, or to a parameter";
        errors.at(at, with_help(message, help));
        return None;
    };
    if count(own) == 0 {
        // Told by `check`.
        return None;
    }
    let Some(found) = weight(own).filter(|_| count(own) == 1) else {
        let message = format!("`{text}` has more parameters than a weight, and only that is `{path}`'s");
        errors.at(
            at,
            with_help(message, "write `bias = false`; a bias can be a `Parameter`"),
        );
        return None;
    };
    if !found.may_equal(&expected) {
        let message = format!("the weight of `{text}` is {found}, but that of `{path}` is {expected}");
        let is_turned =
            found.axes().len() == 2 && found.axes()[0].may_equal(&expected.axes()[expected.axes().len() - 1]);
        let help = match (&own.resolved, is_turned) {
            (Resolved::Linear { transposed: false, .. }, true) => {
                "write `transposed = true`: then the weight lies as `[in, out]`"
            }
            _ => "let the two be of one shape",
        };
        errors.at(at, with_help(message, help));
        return None;
    }
    let pairs = found.axes().iter().zip(expected.axes()).filter(|(a, b)| a != b);
    let oblige = |(found, expected): (&tensor_ops::Poly, &tensor_ops::Poly)| Obligation {
        producer: format!("`{text}` has"),
        found: found.clone(),
        consumer: path.clone(),
        expected: expected.clone(),
        what: "elements along this axis of its weight",
        span: at.span(),
    };
    Some(pairs.map(oblige).collect())
}

/// The shape of the weight as it lies; of a parameter all of it.
fn weight(fact: &LayerFact) -> Option<Shape> {
    match &fact.resolved {
        Resolved::Linear { transposed, .. } => {
            let (inputs, outputs) = (fact.input.features(), fact.output.features());
            Some(Shape::new(if *transposed {
                [inputs, outputs]
            } else {
                [outputs, inputs]
            }))
        }
        Resolved::Embedding { num, .. } => Some(Shape::new([num.clone()?, fact.output.features()])),
        Resolved::LayerNorm { .. } => Some(Shape::new([fact.input.features()])),
        Resolved::Parameter(sizes) => Some(Shape::new(sizes.iter().cloned())),
        Resolved::Block(block) if block.primitive.parameters().first() == Some(&"weight") => {
            block.shapes(&fact.input).into_iter().next()
        }
        _ => None,
    }
}

/// How many parameters and buffers a layer has.
fn count(fact: &LayerFact) -> usize {
    match &fact.resolved {
        Resolved::Linear { bias, .. } => 1 + usize::from(*bias),
        Resolved::LayerNorm { .. } => 2,
        Resolved::Parameter(_) | Resolved::Buffer(_) | Resolved::Embedding { .. } => 1,
        Resolved::Block(block) => block.primitive.parameters().len() + block.primitive.buffers().len(),
        _ => 0,
    }
}
