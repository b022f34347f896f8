//! Arguments of a layer: `784, _, bias = false`.

use super::{Argument, Arguments};
use crate::errors::{Errors, with_help};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Token};

/// Parses what stands between the brackets. A mistake in one argument loses no other.
pub fn arguments(errors: &Errors, tokens: TokenStream, span: Span) -> Arguments {
    let list = |input: ParseStream<'_>| {
        let mut list = Vec::new();
        while !input.is_empty() {
            match argument(input) {
                Ok(argument) => list.push(argument),
                Err(error) => {
                    errors.push(error);
                    skip_to_comma(input);
                }
            }
            separator(errors, input, list.last());
        }
        Ok(list)
    };
    let list = list.parse2(tokens).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    Arguments { list, span }
}

fn argument(input: ParseStream<'_>) -> syn::Result<Argument> {
    let is_keyword = input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
    let keyword = if is_keyword {
        Some((input.call(Ident::parse_any)?, input.parse()?))
    } else {
        None
    };
    let begin = input.span();
    let value = input
        .parse::<Expr>()
        .map_err(|_| syn::Error::new(begin, "expected a size, a number or a word"))?;
    Ok(Argument { keyword, value })
}

/// `linear(784 128)`: told at the second number, which is then read as if the comma were there.
fn separator(errors: &Errors, input: ParseStream<'_>, before: Option<&Argument>) {
    if input.is_empty() || input.parse::<Token![,]>().is_ok() {
        return;
    }
    let rest = input
        .cursor()
        .token_tree()
        .map_or_else(String::new, |(token, _)| token.to_string());
    let help = before.map(|before| format!("write `{}, {rest}`", before.value.to_token_stream()));
    let message = format!("expected `,` before `{rest}`");
    errors.at_span(
        input.span(),
        help.map_or(message.clone(), |help| with_help(message, help)),
    );
    if input.fork().parse::<Expr>().is_err() {
        skip_to_comma(input);
        let _ = input.parse::<Token![,]>();
    }
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<proc_macro2::TokenTree>();
    }
}
