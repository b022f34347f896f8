//! Attributes: ours are taken out, the user's are kept.

use super::forward::forward;
use super::start::starts;
use super::{Dynamic, Forward, Input, Options, Start, Tied, dynamic};
use crate::errors::{Errors, with_help};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitStr, Meta, Token};

/// The attributes of a model.
#[derive(Default)]
pub struct OfModel {
    /// `#[input(..)]`.
    pub input: Option<Input>,
    /// `#[forward(..)]`.
    pub forward: Option<Forward>,
    /// Whether there is one that cannot be read, which is told.
    pub is_unread: bool,
    /// `#[forward(dynamic, ..)]`.
    pub dynamic: Option<Dynamic>,
    /// `#[init(..)]`.
    pub starts: Vec<Start>,
    /// Docs and the like.
    pub kept: Vec<Attribute>,
}

/// Takes `#[input(..)]` and `#[forward(..)]`, and refuses what a model cannot have.
pub fn of_model(errors: &Errors, attributes: Vec<Attribute>) -> OfModel {
    let mut of_model = OfModel::default();
    for attribute in attributes {
        if attribute.path().is_ident("input") {
            if of_model.input.is_some() {
                errors.at(&attribute, "the input's shape is given twice");
            }
            of_model.input = input_shape(errors, &attribute).or(of_model.input);
        } else if attribute.path().is_ident("init") {
            of_model.starts.extend(starts(errors, &attribute));
        } else if attribute.path().is_ident("frozen") {
            let help = "write it at the parts that are to stay as they are, or call `model.freeze()`";
            errors.at(
                &attribute,
                with_help("a model is not frozen where it is declared", help),
            );
        } else if attribute.path().is_ident("derive") {
            let message = "a model has `Clone`, `Debug` and `Display` of its own, and derives nothing";
            errors.at(attribute.path(), with_help(message, "remove the `#[derive(..)]`"));
        } else if attribute.path().is_ident("forward") {
            if of_model.forward.is_some() || of_model.dynamic.is_some() {
                errors.at(&attribute, "the forward is given twice");
            }
            match dynamic::word(&attribute) {
                Some(word) => of_model.dynamic = Some(dynamic::dynamic(errors, &attribute, &word)),
                None => match closure(errors, &attribute) {
                    Some(forward) => of_model.forward = Some(forward),
                    None => of_model.is_unread = true,
                },
            }
        } else {
            of_model.kept.push(attribute);
        }
    }
    let first = of_model.forward.as_ref().map(|forward| &forward.inputs[0]);
    let given = of_model.dynamic.as_ref().and_then(|dynamic| dynamic.inputs.first());
    if let (Some(input), Some(first)) = (&of_model.input, first.or(given.map(|(given, _)| given))) {
        let help = format!("remove `#[input(..)]`: the shape stands at `{}`", first.name);
        errors.at_span(input.span, with_help("the input's shape is given twice", help));
    }
    of_model
}

/// `#[forward(|x: [784]| ..)]`.
fn closure(errors: &Errors, attribute: &Attribute) -> Option<Forward> {
    let Meta::List(list) = &attribute.meta else {
        let help = "write `#[forward(|x: [784]| output(hidden(x)))]`";
        errors.at(
            attribute,
            with_help("`#[forward]` needs a closure over the parts", help),
        );
        return None;
    };
    let parser = |input: syn::parse::ParseStream<'_>| {
        let read = forward(errors, input);
        // syn wants everything to be read, and says so if it is not.
        let _ = input.parse::<proc_macro2::TokenStream>();
        Ok(read)
    };
    list.parse_args_with(parser).ok().flatten()
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

/// `#[tied(body.embedding)]`.
fn tied(errors: &Errors, attribute: &Attribute) -> Option<Tied> {
    let help = "write `#[tied(embedding)]`";
    let path = match &attribute.meta {
        Meta::List(_) => {
            let path = |input: ParseStream<'_>| {
                Punctuated::<Ident, Token![.]>::parse_separated_nonempty_with(input, Ident::parse_any)
            };
            attribute.parse_args_with(path)
        }
        Meta::Path(_) | Meta::NameValue(_) => Err(syn::Error::new_spanned(attribute, "")),
    };
    match path {
        Ok(path) => Some(Tied {
            path: path.into_iter().collect(),
        }),
        Err(_) => {
            let message = "`#[tied]` needs the name of the part whose weight this one has";
            errors.at(attribute, with_help(message, help));
            None
        }
    }
}

/// `#[saved("self")]`.
fn saved(errors: &Errors, attribute: &Attribute) -> Option<LitStr> {
    let help = "write `#[saved(\"self\")]`";
    let Ok(name) = attribute.parse_args::<LitStr>() else {
        let message = "`#[saved]` needs the name under which files have the part";
        errors.at(attribute, with_help(message, help));
        return None;
    };
    let text = name.value();
    if text.is_empty() || text.contains(|letter: char| letter == '.' || letter.is_whitespace()) {
        let message = format!("`{text}` is no name of one part: it has a letter, no dot and no space");
        errors.at(&name, with_help(message, help));
        return None;
    }
    Some(name)
}

/// The attributes of a part.
pub struct OfPart {
    /// `#[cfg(..)]`.
    pub conditions: Vec<Attribute>,
    /// Docs and the like.
    pub kept: Vec<Attribute>,
    /// Ours.
    pub options: Options,
    /// `#[input(..)]`, of a chain that runs by itself.
    pub input: Option<Input>,
    /// Whether one of the model's stood here, which is told.
    pub is_wrong: bool,
}

/// Sorts the attributes of a part, and refuses what belongs to the model.
pub fn of_part(errors: &Errors, attributes: Vec<Attribute>, runs_by_itself: bool) -> OfPart {
    let mut of_part = OfPart {
        conditions: Vec::new(),
        kept: Vec::new(),
        options: Options::default(),
        input: None,
        is_wrong: false,
    };
    for attribute in attributes {
        if attribute.path().is_ident("cfg") {
            of_part.conditions.push(attribute);
        } else if attribute.path().is_ident("init") {
            of_part.options.starts.extend(starts(errors, &attribute));
        } else if attribute.path().is_ident("frozen") {
            if let Meta::List(_) | Meta::NameValue(_) = &attribute.meta {
                let help = "write `#[frozen]`";
                errors.at(&attribute, with_help("`#[frozen]` takes nothing", help));
            }
            of_part.options.frozen = Some(attribute.path().segments[0].ident.span());
        } else if attribute.path().is_ident("tied") {
            if of_part.options.tied.is_some() {
                errors.at(&attribute, "a part is tied to one other");
            }
            of_part.options.tied = tied(errors, &attribute);
        } else if attribute.path().is_ident("input") && runs_by_itself {
            of_part.input = input_shape(errors, &attribute).or(of_part.input);
        } else if attribute.path().is_ident("saved") {
            if of_part.options.saved.is_some() {
                errors.at(&attribute, "a part is saved under one name");
            }
            of_part.options.saved = saved(errors, &attribute);
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
