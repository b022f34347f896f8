//! What is known of the model, worked out and checked. The tree stays as it was written; facts lie in a table beside it.

mod arguments;
mod blocks;
mod facts;
mod input;
mod leaves;
mod names;
mod primitives;
mod resolve;
mod resolved;
mod shapes;
mod sizes;
mod values;

pub use facts::{Facts, LayerFact, Obligation};
pub use leaves::plain;
pub use resolved::Resolved;
pub use sizes::{BATCH, Meaning, Variables};

use crate::errors::{Errors, with_help};
use crate::syntax::Model;

/// Every rule of the language. What the facts lack, because something was wrong, is told in `errors`.
pub fn check(errors: &Errors, model: &Model) -> Facts {
    let mut variables = Variables::default();
    names::check(errors, model);
    if let Some(forward) = &model.forward {
        let help = "parts run in the order in which they are declared";
        errors.at_span(forward.span, with_help("`#[forward(..)]` is not supported yet", help));
    }
    let leaves = leaves::leaves(&model.chain);
    let resolved: Vec<_> = leaves
        .iter()
        .map(|leaf| resolve::resolve(errors, leaf, &mut variables))
        .collect();
    let input = input::input(errors, model, &mut variables);
    shapes::infer(errors, input, &leaves, &resolved, variables)
}
