//! `#[cfg(..)]` on parts: the macro cannot know whether it holds, so it writes the model once for either case.

use crate::errors::{Errors, with_help};
use crate::syntax::{Body, Chain, Model};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Meta};

/// Two conditions are four models; more than this many would be too many.
const MOST: usize = 3;

/// Writes the model for every case of its conditions, each item under the condition of its case.
pub fn each(
    model: &Model,
    errors: Errors,
    mut write: impl FnMut(&Model, Errors) -> Vec<TokenStream>,
) -> Vec<TokenStream> {
    let mut conditions: Vec<Condition> = Vec::new();
    collect(&model.chain, &mut conditions);
    if conditions.is_empty() {
        return write(model, errors);
    }
    if let Some(extra) = conditions.get(MOST) {
        let message = format!("a model has at most {MOST} different conditions, this is one more");
        errors.at(
            &extra.attribute,
            with_help(message, "declare two models, each under its `#[cfg(..)]`"),
        );
    }
    // What is wrong with the syntax is wrong in every case.
    if let Err(found) = errors.finish() {
        let errors = Errors::new();
        found.into_iter().for_each(|error| errors.push(error));
        return write(model, errors);
    }
    let cases = 0..1_usize << conditions.len();
    cases
        .flat_map(|case| {
            let holds = |index: usize| case & (1 << index) != 0;
            let guards = conditions.iter().enumerate().map(|(index, condition)| {
                let predicate = &condition.predicate;
                if holds(index) {
                    quote!(#predicate)
                } else {
                    quote!(not(#predicate))
                }
            });
            let guard = quote!(#[cfg(all(#(#guards),*))]);
            let holds = |attribute: &Attribute| {
                let index = conditions
                    .iter()
                    .position(|condition| condition.text == text(attribute));
                index.is_none_or(holds)
            };
            let mut variant = model.clone();
            keep(&mut variant.chain, &holds);
            let guarded = |item| quote!(#guard #item);
            write(&variant, Errors::new())
                .into_iter()
                .map(guarded)
                .collect::<Vec<_>>()
        })
        .collect()
}

struct Condition {
    text: String,
    predicate: TokenStream,
    attribute: Attribute,
}

fn text(attribute: &Attribute) -> String {
    quote!(#attribute).to_string()
}

fn collect(chain: &Chain, conditions: &mut Vec<Condition>) {
    for part in &chain.parts {
        for attribute in &part.conditions {
            let text = text(attribute);
            if let Meta::List(list) = &attribute.meta
                && !conditions.iter().any(|known| known.text == text)
            {
                conditions.push(Condition {
                    text,
                    predicate: list.tokens.clone(),
                    attribute: attribute.clone(),
                });
            }
        }
        if let Body::Group(group) | Body::Array(group) = &part.body {
            collect(group, conditions);
        }
    }
}

fn keep(chain: &mut Chain, holds: &impl Fn(&Attribute) -> bool) {
    chain.parts.retain(|part| part.conditions.iter().all(holds));
    for part in &mut chain.parts {
        part.conditions.clear();
        if let Body::Group(group) | Body::Array(group) = &mut part.body {
            keep(group, holds);
        }
    }
}
