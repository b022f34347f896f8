//! Rules about arrays of parts.

use super::facts::Facts;
use super::leaves::plain;
use super::scope::{Held, Parts};
use crate::errors::{Errors, with_help};
use crate::syntax::{Body, Model};

/// `layers: [Linear<_, 64>; 2]` after 32 features: the first would be `linear(32, 64)`, the second `linear(64, 64)`, and an array has one type.
pub fn check(errors: &Errors, model: &Model, facts: &Facts) {
    let parts = Parts::of(model);
    for part in &model.chain.parts {
        let (Body::Array(chain), Some(name)) = (&part.body, &part.name) else {
            continue;
        };
        let Some(Held::Array(elements)) = parts.find(name) else {
            continue;
        };
        let texts = |element: &Held| -> Option<Vec<String>> {
            let leaves = element.leaves();
            leaves.into_iter().map(|leaf| Some(facts.leaf(leaf)?.text())).collect()
        };
        let Some(all) = elements.iter().map(texts).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let first = &all[0];
        // What only rustc knows, `_` in a text, it compares.
        let is_known = |text: &String| !text.contains("(_");
        let mut pairs = all.iter().flat_map(|element| first.iter().zip(element));
        let other = pairs.find(|(a, b)| a != b && is_known(a) && is_known(b));
        if let Some((one, other)) = other {
            let message = format!(
                "the parts of `{}` are not alike: one is `{one}`, another `{other}`",
                plain(name)
            );
            let help = "write those that differ as parts of their own, or all of them in `net!(..)`";
            errors.at_span(chain.span, with_help(message, help));
        }
    }
}
