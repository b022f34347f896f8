//! `#[model]` on a struct: its fields are the parts.

use super::attributes::OfModel;
use super::net::shape_and_chain;
use super::{
    Arguments, Body, Chain, Input, Layer, Model, ModelPart, Part, arguments::arguments, attributes,
    generics::parameters,
};
use crate::errors::{Errors, with_help};
use crate::signature::Signature;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Expr, Field, Fields, Item, ItemStruct, Lit, Macro, Meta, Path, PathArguments, Type, TypeArray};

/// Parses the struct under `#[model]`, and where the run time is if `#[model(crate = path)]` says so.
///
/// `None` if it is no struct; what is wrong is in `errors`.
pub fn structure(errors: &Errors, attribute: TokenStream, item: TokenStream) -> (Option<Model>, Option<Path>) {
    let run_time = crate_path(errors, attribute);
    let model = match syn::parse2::<Item>(item) {
        Ok(Item::Struct(item)) => Some(of_struct(errors, item)),
        Ok(Item::Enum(item)) => refuse(errors, item.enum_token, "an enum"),
        Ok(Item::Union(item)) => refuse(errors, item.union_token, "a union"),
        Ok(Item::Fn(item)) => refuse(errors, item.sig.fn_token, "a function"),
        Ok(other) => refuse(errors, other, "this"),
        Err(error) => {
            errors.push(error);
            None
        }
    };
    (model, run_time)
}

fn refuse(errors: &Errors, tokens: impl ToTokens, what: &str) -> Option<Model> {
    let help = "declare a struct whose fields are the parts, in the order in which they run";
    errors.at(
        tokens,
        with_help(format!("`#[model]` stands on a struct, not on {what}"), help),
    );
    None
}

/// `#[model(crate = path)]`, for who depends on `tensor` under another name.
fn crate_path(errors: &Errors, attribute: TokenStream) -> Option<Path> {
    if attribute.is_empty() {
        return None;
    }
    if let Ok(Meta::NameValue(pair)) = syn::parse2::<Meta>(attribute.clone())
        && pair.path.is_ident("crate")
        && let Expr::Path(path) = pair.value
    {
        return Some(path.path);
    }
    errors.at(
        attribute,
        with_help("unknown option of `#[model]`", "only `crate = path` may stand here"),
    );
    None
}

fn of_struct(errors: &Errors, item: ItemStruct) -> Model {
    let OfModel {
        input,
        forward,
        is_unread,
        dynamic,
        starts,
        kept,
    } = attributes::of_model(errors, item.attrs);
    let generics = parameters(errors, &item.generics);
    let nothing = with_help("a model needs at least one part", "write `output: Linear<784, 10>`");
    let fields: Vec<Field> = match item.fields {
        Fields::Named(fields) => {
            if fields.named.is_empty() {
                errors.at(&item.ident, nothing);
            }
            fields.named.into_iter().collect()
        }
        Fields::Unnamed(fields) => {
            let help = format!("name its fields, or write `net! {{ type {} = .. }}`", item.ident);
            errors.at(&fields, with_help("the parts of a `#[model]` struct have names", help));
            Vec::new()
        }
        Fields::Unit => {
            errors.at(&item.ident, nothing);
            Vec::new()
        }
    };
    let is_dynamic = dynamic.is_some();
    let fields = fields.into_iter();
    let parts = fields.map(|field| of_field(errors, field, is_dynamic)).collect();
    let chain = Chain {
        parts,
        span: item.ident.span(),
        join: None,
        input: None,
    };
    Model {
        attributes: kept,
        input,
        forward,
        is_unread,
        dynamic,
        visibility: item.vis,
        name: item.ident,
        generics,
        chain,
        starts,
        is_struct: true,
        is_inner: false,
    }
}

fn of_field(errors: &Errors, field: Field, is_dynamic: bool) -> Part {
    let mut attributes = attributes::of_part(errors, field.attrs, is_dynamic);
    let mut body = of_type(errors, &field.ty, is_dynamic);
    if let Some(input) = attributes.input.take() {
        begin(errors, &mut body, &input);
    }
    Part::new(attributes, field.vis, field.ident, body)
}

/// `#[input(1, 28, 28)]` at a field: what goes into its chain.
fn begin(errors: &Errors, body: &mut Body, input: &Input) {
    match body {
        Body::Group(chain) if chain.input.is_some() => errors.at_span(input.span, "the input's shape is given twice"),
        Body::Group(chain) => chain.input = Some(input.clone()),
        Body::Array(chain) => chain
            .parts
            .iter_mut()
            .for_each(|part| begin(errors, &mut part.body, input)),
        Body::Layer(_) | Body::Model(_) => {
            let message = "`#[input(..)]` stands at a chain, whose first layer it is for";
            errors.at_span(input.span, with_help(message, "remove it, or write `net!(..)`"));
        }
        Body::Broken(_) => {}
    }
}

/// What a field is. Where the forward is plain Rust nothing says what goes into a chain but the chain itself.
fn of_type(errors: &Errors, of: &Type, is_dynamic: bool) -> Body {
    match of {
        Type::Macro(call) if is_net(&call.mac.path) => {
            let span = call.mac.delimiter.span().join();
            group(errors, call.mac.tokens.clone(), span, is_dynamic)
        }
        Type::Macro(call) => layer(errors, &call.mac),
        Type::Path(of) if of.qself.is_none() => of_path(errors, of.path.clone()),
        Type::Array(array) => of_array(errors, array, is_dynamic),
        other => {
            let help = "a part is a layer (`Linear<784, 128>`, `conv2d!(1, 6, 5)`), `net!(..)`, or another model";
            errors.at(other, with_help("this type cannot be a part of a model", help));
            Body::Broken(other.span())
        }
    }
}

/// More parts than this in an array are a mistake: each has lines of its own in the program.
const MOST_PARTS: usize = 1000;

/// `[Block; 12]`.
fn of_array(errors: &Errors, array: &TypeArray, is_dynamic: bool) -> Body {
    let count = match &array.len {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse::<usize>().ok(),
            _ => None,
        },
        _ => None,
    };
    let body = of_type(errors, &array.elem, is_dynamic);
    let Some(count) = count.filter(|count| (1..=MOST_PARTS).contains(count)) else {
        let message = format!("the number of parts is written out, from 1 to {MOST_PARTS}");
        errors.at(&array.len, with_help(message, "write a number such as 12"));
        return Body::Broken(array.len.span());
    };
    Body::Array(Chain {
        parts: (0..count).map(|_| Part::plain(body.clone())).collect(),
        span: array.bracket_token.span.join(),
        join: None,
        input: None,
    })
}

fn is_net(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == "net")
}

/// `net!(linear(_, 128) >> relu)` as a field's type.
fn group(errors: &Errors, tokens: TokenStream, span: Span, is_dynamic: bool) -> Body {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let (shape, mut chain) = shape_and_chain(errors, input, span)?;
        if is_dynamic {
            chain.input = shape;
        } else if let Some(shape) = shape {
            let message = "a part takes the shape that the part before it makes";
            return Err(syn::Error::new(
                shape.span,
                with_help(message, "put `#[input(..)]` on the model"),
            ));
        }
        if input.is_empty() {
            Ok(chain)
        } else {
            Err(input.error("expected `>>` or the end of the net"))
        }
    };
    match parser.parse2(tokens) {
        Ok(chain) => Body::Group(chain),
        Err(error) => {
            errors.push(error);
            Body::Broken(span)
        }
    }
}

/// `conv2d!(1, 6, 5, padding = 2)` as a field's type: a layer as it is written in a chain. In `Conv2d<1, 6, 5, padding = 2>` rustc
/// stops at the keyword before any macro sees it.
fn layer(errors: &Errors, call: &Macro) -> Body {
    let Some(name) = call.path.get_ident() else {
        errors.at(
            &call.path,
            with_help(
                "layers have no path",
                "write a layer such as `conv2d!(1, 6, 5)`, or `net!(..)`",
            ),
        );
        return Body::Broken(call.path.span());
    };
    let span = call.delimiter.span().join();
    Body::Layer(Layer {
        name: name.clone(),
        path: None,
        arguments: Some(arguments(errors, call.tokens.clone(), span)),
    })
}

/// A layer of ours by the name of its type, else another model.
fn of_path(errors: &Errors, path: Path) -> Body {
    let Some(last) = path.segments.last() else {
        return Body::Broken(path.span());
    };
    if Signature::of_type(&last.ident.to_string()).is_some() {
        let (name, span) = (last.ident.clone(), last.span());
        let list: Option<Arguments> = match &last.arguments {
            PathArguments::None => None,
            PathArguments::AngleBracketed(given) => Some(arguments(errors, given.args.to_token_stream(), span)),
            PathArguments::Parenthesized(given) => {
                errors.at(
                    given,
                    with_help(
                        "a field's type takes its sizes in `<..>`",
                        format!("write `{name}<..>`"),
                    ),
                );
                return Body::Broken(span);
            }
        };
        return Body::Layer(Layer {
            name,
            path: Some(path),
            arguments: list,
        });
    }
    let sizes = match &last.arguments {
        PathArguments::AngleBracketed(given) => {
            Some(arguments(errors, given.args.to_token_stream(), last.ident.span()))
        }
        PathArguments::None | PathArguments::Parenthesized(_) => None,
    };
    let mut path = path;
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    Body::Model(ModelPart { path, sizes })
}
