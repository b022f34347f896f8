//! `#[forward(dynamic, |x: [8]| -> [4] { .. })]`: a forward that is plain Rust. What stands in its braces is rustc's to read.

use super::Input;
use super::forward::{Given, given, sizes};
use crate::errors::{Errors, with_help};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token, parenthesized, token};

/// A forward that is plain Rust, and the shapes that it takes and makes.
#[derive(Clone)]
pub struct Dynamic {
    /// What it is given, and whether that is whole numbers. None if it was not understood, which is told.
    pub inputs: Vec<(Given, bool)>,
    /// What it makes, each with the sizes of one sample.
    pub outputs: Vec<Input>,
    /// Whether it may fail: `-> Result<[4]>`.
    pub is_fallible: bool,
    /// The braces with what stands in them.
    pub body: TokenStream,
    /// The word `dynamic`.
    pub span: Span,
}

const RIGHT: &str = "write `#[forward(dynamic, |x: [8]| -> [4] { .. })]`";

/// The word `dynamic` of an attribute, if it begins with that.
pub fn word(attribute: &Attribute) -> Option<Ident> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    match list.tokens.clone().into_iter().next() {
        Some(TokenTree::Ident(word)) if word == "dynamic" => Some(word),
        _ => None,
    }
}

/// The forward behind that word.
pub fn dynamic(errors: &Errors, attribute: &Attribute, word: &Ident) -> Dynamic {
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let parser = |input: ParseStream<'_>| read(input, word);
    parser.parse2(tokens).unwrap_or_else(|error| {
        errors.push(error);
        Dynamic {
            inputs: Vec::new(),
            outputs: Vec::new(),
            is_fallible: false,
            body: TokenStream::new(),
            span: word.span(),
        }
    })
}

fn read(input: ParseStream<'_>, word: &Ident) -> syn::Result<Dynamic> {
    let wrong = |span, message: &str| syn::Error::new(span, with_help(message, RIGHT));
    input.call(Ident::parse_any)?;
    input.parse::<Option<Token![,]>>()?;
    if input.peek(Token![||]) {
        return Err(wrong(input.span(), "a forward is given at least one value"));
    }
    if !input.peek(Token![|]) {
        return Err(wrong(word.span(), "`dynamic` needs the forward that is to run"));
    }
    input.parse::<Token![|]>()?;
    let mut inputs = Vec::new();
    while !input.peek(Token![|]) {
        let given = given(input)?;
        inputs.push((given, is_whole(input)?));
        if !input.peek(Token![|]) {
            input.parse::<Token![,]>()?;
        }
    }
    let closed: Token![|] = input.parse()?;
    if inputs.len() > MOST {
        let message = format!("a forward is given at most {MOST} values, found {}", inputs.len());
        return Err(syn::Error::new(word.span(), with_help(message, "join some of them")));
    }
    if !input.peek(Token![->]) {
        let help = "write `-> [4]` in front of the body, the sizes of one sample without the batch";
        return Err(syn::Error::new(
            closed.span,
            with_help("the shape of what comes out is not known", help),
        ));
    }
    input.parse::<Token![->]>()?;
    let is_fallible = input.peek(syn::Ident);
    let outputs = match is_fallible {
        true => fallible(input)?,
        false => made(input)?,
    };
    if !input.peek(token::Brace) {
        return Err(wrong(input.span(), "the body of the forward stands in braces"));
    }
    let body = input.parse::<TokenTree>()?.into();
    if !input.is_empty() {
        return Err(input.error("expected the end of the forward"));
    }
    Ok(Dynamic {
        inputs,
        outputs,
        is_fallible,
        body,
        span: word.span(),
    })
}

/// A model has at most so many inputs, and as many outputs.
const MOST: usize = 6;

/// `as i64` behind the shape.
fn is_whole(input: ParseStream<'_>) -> syn::Result<bool> {
    if !input.peek(Token![as]) {
        return Ok(false);
    }
    input.parse::<Token![as]>()?;
    let of: Ident = input.call(Ident::parse_any)?;
    match of == "i64" {
        true => Ok(true),
        false => {
            let message = format!("an input is of the model's elements, or of whole numbers, and not of `{of}`");
            Err(syn::Error::new(
                of.span(),
                with_help(message, "write `as i64`, or nothing"),
            ))
        }
    }
}

/// `Result<[4]>`.
fn fallible(input: ParseStream<'_>) -> syn::Result<Vec<Input>> {
    let word: Ident = input.parse()?;
    if word != "Result" {
        let message = format!("a forward makes shapes, and `{word}` is none");
        let help = "write `-> [4]`, or `-> Result<[4]>` where something may fail";
        return Err(syn::Error::new(word.span(), with_help(message, help)));
    }
    input.parse::<Token![<]>()?;
    let made = made(input)?;
    input.parse::<Token![>]>()?;
    Ok(made)
}

/// `[4]`, or `([4], [8])`.
fn made(input: ParseStream<'_>) -> syn::Result<Vec<Input>> {
    let one = |input: ParseStream<'_>| sizes(input).map(|(sizes, span)| Input { sizes, span });
    if !input.peek(token::Paren) {
        return Ok(vec![one(input)?]);
    }
    let content;
    let parentheses = parenthesized!(content in input);
    let all = Punctuated::<Input, Token![,]>::parse_terminated_with(&content, one)?;
    if !(2..=MOST).contains(&all.len()) {
        let message = format!("a tuple of values has 2 to {MOST}, found {}", all.len());
        let help = "write `([4], [8])`, or `[4]` for one";
        return Err(syn::Error::new(parentheses.span.join(), with_help(message, help)));
    }
    Ok(all.into_iter().collect())
}
