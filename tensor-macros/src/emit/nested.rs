//! How the programs of nested models are named, and what they add to the counts of their owner.

use super::{ident, ours};
use crate::graph::Graph;
use proc_macro2::{Ident, Literal, TokenStream};

/// `ENCODER` for the nested model in the part `encoder`, `Self::ENCODER` in a generic model.
pub fn constant(graph: &Graph, program: usize) -> TokenStream {
    let name = name(graph, program);
    if graph.is_generic {
        ours!(Self::#name)
    } else {
        ours!(#name)
    }
}

/// The constant where it is declared.
pub fn name(graph: &Graph, program: usize) -> Ident {
    let program = graph.first_call(program);
    let part = graph.programs[program].part.replace('.', "_").to_uppercase();
    // The model's own constants have these names too.
    let is_taken = part == "PROGRAM"
        || part == "PRIMITIVES"
        || part == "WRONG"
        || part.starts_with("SIZE_OF_")
        || part.starts_with("TEXT_")
        || graph.programs[..program]
            .iter()
            .any(|other| other.part.replace('.', "_").to_uppercase() == part);
    let part = if is_taken { format!("{part}_{program}") } else { part };
    ident(&if part.starts_with(|first: char| first.is_ascii_digit()) {
        format!("PART_{part}")
    } else {
        part
    })
}

/// A number of own things and those of the first `programs` nested models: `2 + ENCODER.parameters`.
pub fn count(graph: &Graph, own: usize, programs: usize, field: &str) -> TokenStream {
    let (own, field) = (Literal::usize_unsuffixed(own), ident(field));
    let nested = (0..programs).map(|program| constant(graph, program));
    ours!(#own #(+ #nested.#field)*)
}
