//! Attributes: ours are taken out, the user's are kept.

use super::Input;
use crate::errors::{Errors, with_help};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta, Token};

/// Takes `#[input(..)]` and refuses what has its place but is not there yet.
pub fn of_model(errors: &Errors, attributes: Vec<Attribute>) -> (Vec<Attribute>, Option<Input>) {
    let mut input = None;
    let mut kept = Vec::new();
    for attribute in attributes {
        if attribute.path().is_ident("input") {
            if input.is_some() {
                errors.at(&attribute, "the input's shape is given twice");
            }
            input = input_shape(errors, &attribute).or(input);
        } else if attribute.path().is_ident("forward") {
            errors.at(
                attribute.path(),
                with_help(
                    "`#[forward(..)]` is not supported yet",
                    "parts run in the order in which they are declared",
                ),
            );
        } else {
            kept.push(attribute);
        }
    }
    (kept, input)
}

fn input_shape(errors: &Errors, attribute: &Attribute) -> Option<Input> {
    let Meta::List(list) = &attribute.meta else {
        errors.at(
            attribute,
            with_help(
                "`#[input]` needs the sizes of one sample",
                "write `#[input(784)]`, or `#[input(1, 28, 28)]` for images",
            ),
        );
        return None;
    };
    match attribute.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
        Ok(sizes) => Some(Input {
            sizes: sizes.into_iter().collect(),
            span: list.delimiter.span().join(),
        }),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// Parts `#[cfg(..)]` from the other attributes of a part, and refuses what belongs to the model.
pub fn of_part(errors: &Errors, attributes: Vec<Attribute>) -> (Vec<Attribute>, Vec<Attribute>) {
    let (conditions, kept): (Vec<_>, Vec<_>) = attributes
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("cfg"));
    for attribute in &kept {
        if attribute.path().is_ident("input") {
            errors.at_span(
                attribute.path().span(),
                with_help(
                    "`#[input(..)]` stands on the model, not on a part",
                    "move it above the model's name",
                ),
            );
        }
    }
    let kept = kept
        .into_iter()
        .filter(|attribute| !attribute.path().is_ident("input"))
        .collect();
    (kept, conditions)
}
