//! `net!`: items (`pub type Mlp = ..`), or one chain as an expression.

use super::attributes::OfModel;
use super::{Chain, Input, Model, attributes, chain::chain, generics::parameters};
use crate::errors::{Errors, with_help};
use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Generics, Meta, Path, Token, Visibility, bracketed, token};

/// What a `net!` holds.
pub enum Net {
    /// One or several types, each with what is wrong with it.
    Items(Vec<(Model, Errors)>),
    /// A nameless model, of which the expression makes one.
    Expression(Box<Model>),
}

/// Parses the whole of a `net!`, and where the run time is if `#![crate = path]` says so.
///
/// `None` if not even the names can be read; what is wrong is in `errors`.
pub fn net(errors: &Errors, tokens: TokenStream) -> (Option<Net>, Option<Path>) {
    let mut run_time = None;
    let parser = |input: ParseStream<'_>| {
        for attribute in input.call(Attribute::parse_inner)? {
            run_time = crate_path(errors, &attribute).or(run_time.take());
        }
        if is_item(input) {
            Ok(Net::Items(items(errors, input)))
        } else {
            expression(errors, input).map(|model| Net::Expression(Box::new(model)))
        }
    };
    let net = parser.parse2(tokens).map_err(|error| errors.push(error)).ok();
    (net, run_time)
}

/// `#![crate = path]`, for who depends on `tensor` under another name.
fn crate_path(errors: &Errors, attribute: &Attribute) -> Option<Path> {
    if let Meta::NameValue(pair) = &attribute.meta
        && pair.path.is_ident("crate")
        && let Expr::Path(path) = &pair.value
    {
        return Some(path.path.clone());
    }
    errors.at(
        attribute,
        with_help("unknown inner attribute", "only `#![crate = path]` may stand here"),
    );
    None
}

/// Whether what follows is `pub type ..`, seen past its attributes.
fn is_item(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let begins = ahead.call(Attribute::parse_outer).is_ok() && ahead.parse::<Visibility>().is_ok();
    begins && (ahead.peek(Token![type]) || ahead.peek(Token![struct]))
}

/// What is wrong with one item is its own; if an item cannot be read at all, those before it still stand.
fn items(errors: &Errors, input: ParseStream<'_>) -> Vec<(Model, Errors)> {
    let mut models = Vec::new();
    while !input.is_empty() {
        let of_item = Errors::new();
        match item(&of_item, input) {
            Ok(model) => models.push((model, of_item)),
            Err(error) => {
                errors.take(of_item);
                errors.push(error);
                break;
            }
        }
        if !input.is_empty() && input.parse::<Token![;]>().is_err() {
            errors.push(input.error("expected `>>`, or `;` before the next net"));
            break;
        }
    }
    // syn wants everything to be read, and says so if it is not.
    let _ = input.parse::<TokenStream>();
    models
}

fn item(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Model> {
    let OfModel {
        input: shape,
        starts,
        kept: attributes,
        ..
    } = of_net(errors, input.call(Attribute::parse_outer)?);
    let visibility: Visibility = input.parse()?;
    if input.peek(Token![struct]) {
        return Err(input.error(with_help(
            "a net is declared by `type`",
            "write `type`, or put `#[model]` on the struct",
        )));
    }
    input.parse::<Token![type]>()?;
    let name: Ident = input.parse()?;
    let mut generics = input.parse::<Generics>()?;
    generics.where_clause = input.parse()?;
    let generics = parameters(errors, &generics);
    let equals: Token![=] = input.parse()?;
    let (written, chain) = shape_and_chain(errors, input, equals.span())?;
    let input = one_shape(errors, shape, written);
    Ok(Model {
        attributes,
        input,
        forward: None,
        is_unread: false,
        dynamic: None,
        visibility,
        name,
        generics,
        chain,
        starts,
        is_struct: false,
        is_inner: false,
    })
}

/// The attributes of a net, whose parts run from the first to the last.
fn of_net(errors: &Errors, attributes: Vec<Attribute>) -> OfModel {
    let of_model = attributes::of_model(errors, attributes);
    let forward = of_model.forward.as_ref().map(|forward| forward.span);
    let dynamic = of_model.dynamic.as_ref().map(|dynamic| dynamic.span);
    if let Some(span) = forward.or(dynamic) {
        let help = "declare a struct: `#[model] #[forward(..)] struct Name { .. }`";
        errors.at_span(
            span,
            with_help("the parts of a net run in the order in which they are written", help),
        );
    }
    of_model
}

fn expression(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Model> {
    let OfModel {
        input: shape,
        starts,
        kept: attributes,
        ..
    } = if input.peek(Token![#]) && input.peek2(token::Bracket) {
        expression_attributes(errors, input)?
    } else {
        OfModel::default()
    };
    let (written, chain) = shape_and_chain(errors, input, Span::call_site())?;
    if !input.is_empty() {
        return Err(input.error("expected `>>` or the end of the net"));
    }
    let name = Ident::new("Net", Span::mixed_site());
    let input = one_shape(errors, shape, written);
    Ok(Model {
        attributes,
        input,
        forward: None,
        is_unread: false,
        dynamic: None,
        visibility: Visibility::Inherited,
        name,
        generics: Vec::new(),
        chain,
        starts,
        is_struct: false,
        is_inner: false,
    })
}

/// In front of an expression `#[input(..)]` is the model's; docs and `#[cfg]` are the first part's.
fn expression_attributes(errors: &Errors, input: ParseStream<'_>) -> syn::Result<OfModel> {
    let ahead = input.fork();
    let of_the_model = ahead
        .call(Attribute::parse_outer)?
        .iter()
        .all(|attribute| attribute.path().is_ident("input"));
    if !of_the_model {
        return Ok(OfModel::default());
    }
    Ok(of_net(errors, input.call(Attribute::parse_outer)?))
}

/// `[1, 28, 28] => chain`, with or without the shape, in angle brackets or not.
pub fn shape_and_chain(errors: &Errors, input: ParseStream<'_>, before: Span) -> syn::Result<(Option<Input>, Chain)> {
    let opened: Option<Token![<]> = input.parse()?;
    let shape = if input.peek(token::Bracket) {
        let content;
        let brackets = bracketed!(content in input);
        let sizes = Punctuated::<Expr, Token![,]>::parse_terminated(&content)?;
        input.parse::<Token![=>]>().map_err(|error| {
            syn::Error::new(
                error.span(),
                with_help(
                    "expected `=>` after the input's shape",
                    "write `[784] => linear(784, 10)`",
                ),
            )
        })?;
        Some(Input {
            sizes: sizes.into_iter().collect(),
            span: brackets.span.join(),
        })
    } else {
        None
    };
    let mut chain = chain(errors, input, before);
    if let Some(opened) = opened {
        chain.span = opened.span();
        input
            .parse::<Token![>]>()
            .map_err(|_| syn::Error::new(opened.span(), "this `<` is not closed"))?;
    } else if input.peek(Token![>]) {
        return Err(input.error(with_help("expected `>>` between layers, found `>`", "write `>>`")));
    }
    Ok((shape, unwrapped(chain)))
}

/// A single parenthesised chain is the chain itself, not a group.
fn unwrapped(mut chain: Chain) -> Chain {
    if let [part] = &mut chain.parts[..]
        && part.name.is_none()
        && part.conditions.is_empty()
        && part.options.is_empty()
        && let super::Body::Group(inner) = &part.body
        && inner.join.is_none()
    {
        return unwrapped(inner.clone());
    }
    chain
}

fn one_shape(errors: &Errors, attribute: Option<Input>, written: Option<Input>) -> Option<Input> {
    if let (Some(_), Some(written)) = (&attribute, &written) {
        errors.at_span(written.span, "the input's shape is given twice");
    }
    attribute.or(written)
}
