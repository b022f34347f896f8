//! `residual(..)` in a chain: what goes into it is added to what comes out.

use super::leaves::leaves;
use crate::errors::{Errors, with_help};
use crate::syntax::{Body, Chain, Model};
use proc_macro2::Span;

/// One of them, by the leaves that it is made of.
pub struct Residual {
    /// The first leaf in it.
    pub first: usize,
    /// The leaf behind it.
    pub end: usize,
    /// Under which name the sum stands in the graph.
    pub path: String,
    /// The word.
    pub span: Span,
}

/// All of them, those inside another before that.
pub fn residuals(chain: &Chain) -> Vec<Residual> {
    let (mut found, mut leaf) = (Vec::new(), 0);
    collect(chain, "", &mut leaf, &mut found);
    found
}

fn collect(chain: &Chain, above: &str, leaf: &mut usize, found: &mut Vec<Residual>) {
    for (position, part) in chain.parts.iter().enumerate() {
        let Body::Group(group) = &part.body else {
            let count = match &part.body {
                Body::Array(array) => leaves(array).len(),
                _ => 1,
            };
            *leaf += count;
            continue;
        };
        let name = part.name.as_ref().map_or_else(|| position.to_string(), super::plain);
        let (first, path) = (*leaf, format!("{above}{name}."));
        collect(group, &path, leaf, found);
        if let Some(span) = group.residual {
            let (end, path) = (*leaf, format!("{path}sum"));
            found.push(Residual { first, end, path, span });
        }
    }
}

/// In a struct whose forward says how values go, it says this as well.
pub fn check(errors: &Errors, model: &Model) {
    if model.forward.is_none() {
        return;
    }
    for residual in residuals(&model.chain) {
        let message = "`residual(..)` stands in chains; this model has a forward, which says how values go";
        errors.at_span(residual.span, with_help(message, "write `x + part(x)` there"));
    }
}
