//! Attributes: ours are taken out, the user's are kept.

use super::Input;
use crate::errors::{Errors, with_help};
use syn::punctuated::Punctuated;
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
        } else if attribute.path().is_ident("derive") {
            let message = "a model has `Clone`, `Debug` and `Display` of its own, and derives nothing";
            errors.at(attribute.path(), with_help(message, "remove the `#[derive(..)]`"));
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

/// The attributes of a part.
pub struct OfPart {
    /// `#[cfg(..)]`.
    pub conditions: Vec<Attribute>,
    /// Docs and the like.
    pub kept: Vec<Attribute>,
    /// Whether one of the model's stood here, which is told.
    pub is_wrong: bool,
}

/// Sorts the attributes of a part, and refuses what belongs to the model.
pub fn of_part(errors: &Errors, attributes: Vec<Attribute>) -> OfPart {
    let mut of_part = OfPart {
        conditions: Vec::new(),
        kept: Vec::new(),
        is_wrong: false,
    };
    for attribute in attributes {
        if attribute.path().is_ident("cfg") {
            of_part.conditions.push(attribute);
        } else if attribute.path().is_ident("input") {
            let message = "`#[input(..)]` stands on the model, not on a part";
            errors.at(attribute.path(), with_help(message, "move it above the model's name"));
            of_part.is_wrong = true;
        } else {
            of_part.kept.push(attribute);
        }
    }
    of_part
}
