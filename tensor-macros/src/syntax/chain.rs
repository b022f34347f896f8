//! Chains: `fc1: linear(784, 128) >> relu >> fc2: linear(128, 10)`.

use super::branches::branches;
use super::{Arguments, Body, Chain, Join, Layer, ModelPart, Part, arguments::arguments, attributes};
use crate::errors::{Errors, with_help};
use crate::signature::Signature;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, LitInt, Path, Token, parenthesized, token};

/// More repetitions than this are a mistake.
const MOST_REPEATS: usize = 256;

/// Parses parts up to the end, a `;`, or the `>` that closes angle brackets around the chain.
///
/// What is wrong with one part is told, the part is read as broken, and reading goes on at the next `>>`.
pub fn chain(errors: &Errors, input: ParseStream<'_>, before: Span) -> Chain {
    // At the end of a macro's input there is no token to point at.
    let span = if input.is_empty() { before } else { input.span() };
    let mut parts = Vec::new();
    if at_end(input) {
        errors.at_span(
            span,
            with_help("a net needs at least one layer", "write `linear(784, 10)`"),
        );
        parts.push(broken(span));
    }
    while !at_end(input) {
        let begin = input.span();
        match part(errors, input) {
            Ok(part) => parts.push(part),
            Err(error) => {
                errors.push(error);
                parts.push(broken(begin));
                skip_to_arrow(input);
            }
        }
        if let Some(unread) = unread(errors, input) {
            parts.push(broken(unread));
            if begins_item(input) {
                skip_item(input);
            }
            skip_to_arrow(input);
        }
        if input.peek(Token![>>]) {
            let arrow: Option<Token![>>]> = input.parse().ok();
            if at_end(input) {
                let help = "remove it, or write the next layer";
                errors.at(arrow, with_help("a layer is missing after `>>`", help));
                parts.push(broken(begin));
            }
        }
    }
    let join = None;
    Chain {
        parts,
        span,
        join,
        input: None,
    }
}

fn broken(span: Span) -> Part {
    Part::plain(Body::Broken(span))
}

fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![;]) || (input.peek(Token![>]) && !input.peek(Token![>>]))
}

fn skip_to_arrow(input: ParseStream<'_>) {
    while !at_end(input) && !input.peek(Token![>>]) {
        let _ = input.parse::<TokenTree>();
    }
}

/// Whether the next net begins here, before this one was ended by `;`.
fn begins_item(input: ParseStream<'_>) -> bool {
    input.peek(Token![pub]) || input.peek(Token![type])
}

/// All up to the next `;`: the `>` and `>>` of another net say nothing about this one.
fn skip_item(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![;]) {
        let _ = input.parse::<TokenTree>();
    }
}

/// `<784, 128>` and whatever more there is up to the next `>>`.
fn skip_generics(input: ParseStream<'_>) {
    let mut depth = 0_usize;
    while !input.is_empty() {
        if depth == 0 && !input.peek(Token![<]) {
            break;
        }
        match input.parse::<TokenTree>() {
            Ok(TokenTree::Punct(mark)) if mark.as_char() == '<' => depth += 1,
            Ok(TokenTree::Punct(mark)) if mark.as_char() == '>' => depth -= 1,
            Ok(_) | Err(_) => {}
        }
    }
    skip_to_arrow(input);
}

/// Between two parts stands `>>` and nothing else: `relu, linear(128, 10)` and `relu linear(128, 10)` are told here.
fn unread(errors: &Errors, input: ParseStream<'_>) -> Option<Span> {
    if at_end(input) || input.peek(Token![>>]) {
        return None;
    }
    let span = input.span();
    let (token, _) = input.cursor().token_tree()?;
    let (message, help) = match &token {
        TokenTree::Ident(word) if *word == "pub" || *word == "type" => (
            format!("expected `;` before `{word}`"),
            "nets are separated by `;`".to_owned(),
        ),
        TokenTree::Ident(word) => (format!("expected `>>` before `{word}`"), format!("write `>> {word}`")),
        TokenTree::Punct(_) | TokenTree::Literal(_) | TokenTree::Group(_) => {
            let text = match &token {
                TokenTree::Group(_) => "brackets".to_owned(),
                other => format!("`{other}`"),
            };
            (
                format!("expected `>>` between layers, found {text}"),
                "layers are joined by `>>`".to_owned(),
            )
        }
    };
    errors.at_span(span, with_help(message, help));
    Some(span)
}

fn part(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Part> {
    let attributes = attributes::of_part(errors, input.call(Attribute::parse_outer)?, false);
    let visibility = input.parse()?;
    let name = name(input)?;
    let body = body(errors, input)?;
    Ok(Part::new(attributes, visibility, name, body))
}

fn name(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    let named = input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]);
    if !named {
        return Ok(None);
    }
    let name = input.call(Ident::parse_any)?;
    input.parse::<Token![:]>()?;
    if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let message = format!("this part is called `{name}` already");
        return Err(input.error(with_help(message, "remove one of the two names")));
    }
    Ok(Some(name))
}

fn body(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Body> {
    if input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        let mut group = chain(errors, &content, parentheses.span.join());
        group.span = parentheses.span.join();
        if !content.is_empty() {
            return Err(unread_rest(
                &content,
                content.error("expected `>>` or the end of the group"),
            ));
        }
        return Ok(Body::Group(group));
    }
    if at_end(input) || input.peek(Token![>>]) {
        return Err(input.error(with_help(
            "a layer is missing here",
            "remove one `>>`, or write a layer",
        )));
    }
    if !input.peek(Ident::peek_any) {
        let found = input
            .cursor()
            .token_tree()
            .map_or_else(String::new, |(token, _)| token.to_string());
        return Err(input.error(format!("expected a layer, found `{found}`")));
    }
    let path = input.call(Path::parse_mod_style)?;
    let Some(word) = path.segments.last().map(|segment| segment.ident.clone()) else {
        return Err(input.error("expected a layer"));
    };
    if word == "residual" && path.segments.len() == 1 && input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        let mut group = chain(errors, &content, parentheses.span.join());
        if !content.is_empty() {
            return Err(unread_rest(
                &content,
                content.error("expected `>>` or the end of the group"),
            ));
        }
        (group.span, group.join) = (word.span(), Some(Join::Residual(word.span())));
        return Ok(Body::Group(group));
    }
    if word == "cat" && path.segments.len() == 1 && input.peek(token::Paren) {
        return branches(errors, input, &word);
    }
    if word == "repeat" && path.segments.len() == 1 && input.peek(token::Paren) {
        return repeated(errors, input, &word);
    }
    let is_type = word.to_string().starts_with(char::is_uppercase);
    if !is_type || input.peek(token::Paren) {
        return layer(errors, input, path, word);
    }
    if let (Some(signature), true) = (Signature::of_type(&word.to_string()), path.segments.len() == 1) {
        skip_generics(input);
        let message = format!(
            "`{word}` is the type of a part; in a chain the layer is called `{}`",
            signature.name
        );
        return Err(syn::Error::new(
            word.span(),
            with_help(message, format!("write `{}`", signature.text())),
        ));
    }
    let sizes = match input.peek(Token![<]) {
        true => Some(sizes(errors, input, word.span())?),
        false => None,
    };
    Ok(Body::Model(ModelPart { path, sizes }))
}

/// `<64, 4 * D>` up to the `>` that closes it, even where `>>` follows at once.
fn sizes(errors: &Errors, input: ParseStream<'_>, span: Span) -> syn::Result<Arguments> {
    let opened: Token![<] = input.parse()?;
    let (mut depth, mut inside) = (1_usize, TokenStream::new());
    loop {
        let token = input
            .parse::<TokenTree>()
            .map_err(|_| syn::Error::new(opened.span, "this `<` is not closed"))?;
        if let TokenTree::Punct(mark) = &token {
            match mark.as_char() {
                '<' => depth += 1,
                '>' => depth -= 1,
                _ => {}
            }
        }
        if depth == 0 {
            return Ok(arguments(errors, inside, span));
        }
        inside.extend([token]);
    }
}

/// The error, once the rest is read: syn tells of unread brackets at the end of everything, and nothing else would then be told.
fn unread_rest(content: ParseStream<'_>, error: syn::Error) -> syn::Error {
    let _ = content.parse::<TokenStream>();
    error
}

/// `repeat(12, linear(64, 64) >> relu)`: so many parts one after the other, each with parameters of its own.
fn repeated(errors: &Errors, input: ParseStream<'_>, word: &Ident) -> syn::Result<Body> {
    let content;
    let parentheses = parenthesized!(content in input);
    let number = content.parse::<LitInt>().map_err(|error| {
        let message = with_help("expected how often", "write `repeat(12, linear(64, 64) >> relu)`");
        unread_rest(&content, syn::Error::new(error.span(), message))
    })?;
    let count = number.base10_parse::<usize>().unwrap_or(0);
    if !(1..=MOST_REPEATS).contains(&count) {
        let message = format!("a part is repeated 1 to {MOST_REPEATS} times, found {number}");
        return Err(unread_rest(&content, syn::Error::new(number.span(), message)));
    }
    content
        .parse::<Token![,]>()
        .map_err(|error| unread_rest(&content, error))?;
    let mut inner = chain(errors, &content, parentheses.span.join());
    if !content.is_empty() {
        return Err(unread_rest(
            &content,
            content.error("expected `>>` or the end of the group"),
        ));
    }
    inner.span = word.span();
    // A part by itself needs no group around it: `blocks.0.weight`.
    let part = match &inner.parts[..] {
        [part] if part.name.is_none() && part.conditions.is_empty() => Part {
            options: part.options.clone(),
            ..Part::plain(part.body.clone())
        },
        _ => Part::plain(Body::Group(inner)),
    };
    Ok(Body::Group(Chain {
        parts: (0..count).map(|_| part.clone()).collect(),
        span: word.span(),
        join: None,
        input: None,
    }))
}

fn layer(errors: &Errors, input: ParseStream<'_>, path: Path, name: Ident) -> syn::Result<Body> {
    if path.segments.len() > 1 {
        let message = format!("layers in a chain have no path\n\nhelp: write `{name}`");
        return Err(syn::Error::new_spanned(path, message));
    }
    let list = if input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        Some(arguments(errors, content.parse()?, parentheses.span.join()))
    } else {
        None
    };
    Ok(Body::Layer(Layer {
        name,
        path: None,
        arguments: list,
    }))
}
