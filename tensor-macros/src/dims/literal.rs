//! Number literals.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Lit, LitInt};

use super::library::{Library, ours};

/// The largest number that a size is spelled for: `tensor::shape::Size` has up to 12 digits.
const LARGEST: u64 = 999_999_999_999;

/// `::tensor::shape::Size<_7, _8, _4>` for 784, at `span`.
pub fn size_type(value: u64, krate: &Library, span: Span) -> TokenStream {
    let shape = krate.shape(span);
    let span = ours(span);
    let digits = value
        .to_string()
        .chars()
        .map(|digit| format_ident!("_{digit}", span = span))
        .collect::<Vec<_>>();
    quote_spanned!(span=> #shape::Size<#(#shape::digits::#digits),*>)
}

/// The size that a literal is.
// rule: a size is a whole number without suffix, `784`; not `784usize`, `1.5`, `"784"`
pub fn value(literal: &Lit) -> syn::Result<u64> {
    let wrong = |what: &str| {
        syn::Error::new(
            literal.span(),
            format!("a size is a whole number, such as `784`; found {what}"),
        )
    };
    match literal {
        Lit::Int(literal) => whole(literal),
        Lit::Float(_) => Err(wrong("a number with a fraction")),
        Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_) => Err(wrong("a string")),
        Lit::Char(_) | Lit::Byte(_) => Err(wrong("a character")),
        Lit::Bool(_) => Err(wrong("a truth value")),
        // `Lit` is not exhaustive.
        _ => Err(wrong("something else")),
    }
}

fn whole(literal: &LitInt) -> syn::Result<u64> {
    let digits = literal.base10_digits();
    if !literal.suffix().is_empty() {
        let message = format!("a size has no type suffix: `{literal}`\n\nhelp: write {digits}");
        return Err(syn::Error::new(literal.span(), message));
    }
    match literal.base10_parse::<u64>() {
        Ok(value) => in_range(value, literal.span()),
        Err(_) => Err(too_large(literal.span())),
    }
}

/// `value`, if it is one that a size can have.
pub fn in_range(value: u64, span: Span) -> syn::Result<u64> {
    if value <= LARGEST {
        Ok(value)
    } else {
        Err(too_large(span))
    }
}

fn too_large(span: Span) -> syn::Error {
    syn::Error::new(span, format!("this size is too large: sizes end at {LARGEST}"))
}
