//! `dims!`, `dim!` and `declare_dims!`: sizes as people write them, spelled as the types of `tensor::shape`.
//!
//! ```text
//! dims![Batch, 784]                    (Batch, ::tensor::shape::Size<_7, _8, _4>,)
//! dim![4 * Width]                      ::tensor::shape::Times<Size<_4>, Width>
//! declare_dims! { pub Seq; }           pub struct Seq;  and its impls
//! declare_dims! { Hidden = 3072; }     type Hidden = Size<_3, _0, _7, _2>;
//! ```
//!
//! Each takes `#![crate = path]` in front, for a crate that has `tensor` under another name.

mod declare;
mod library;
mod literal;
mod name;
mod size;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Token;
use syn::parse::{Parse, ParseStream, Parser};

use declare::Declarations;
use size::SizeExpression;
#[allow(unused_imports, reason = "the compiler of models spells sizes too")]
pub use {library::Library, literal::size_type};

/// The most axes that a shape in a type has, as `tensor::shape::MAX_RANK`.
const MAX_RANK: usize = 6;

/// `dims![Batch, 784]`: a shape.
pub fn dims(input: TokenStream) -> TokenStream {
    expand(input, |input| {
        let krate = Library::parse(input)?;
        let axes = entries(input, &krate)?;
        Ok(quote!((#(#axes,)*)))
    })
}

/// `dim![784]`: one size.
pub fn dim(input: TokenStream) -> TokenStream {
    expand(input, |input| {
        let krate = Library::parse(input)?;
        if input.is_empty() {
            return Err(input.error("expected a size\n\nhelp: write `dim![784]`"));
        }
        let size = SizeExpression::parse(input)?;
        if input.peek(Token![,]) {
            return Err(input.error("`dim!` takes one size\n\nhelp: write `dims![..]` for a shape"));
        }
        Ok(size.spell(&krate))
    })
}

/// `declare_dims! { pub Seq; Width = 384; }`: named sizes.
pub fn declare_dims(input: TokenStream) -> TokenStream {
    match Declarations::parse.parse2(input) {
        Ok(declarations) => declarations.to_token_stream(),
        Err(error) => error.into_compile_error(),
    }
}

fn expand(input: TokenStream, parse: impl FnOnce(ParseStream<'_>) -> syn::Result<TokenStream>) -> TokenStream {
    parse.parse2(input).unwrap_or_else(type_of_error)
}

/// `error` where a type has to stand.
///
/// As a macro in type position it would be taken for `()`, and give a second error; as the length of an array it makes a type
/// that rustc knows to be wrong, and says nothing more of.
fn type_of_error(error: syn::Error) -> TokenStream {
    let error = error.into_compile_error();
    quote!([(); { #error }])
}

/// The sizes between commas. A wrong one stands as its error, and the others are read: one mistake, one error.
fn entries(input: ParseStream<'_>, krate: &Library) -> syn::Result<Vec<TokenStream>> {
    let mut axes = Vec::new();
    while !input.is_empty() {
        if axes.len() == MAX_RANK {
            let message = format!("a shape has at most {MAX_RANK} axes\n\nhelp: join axes, or use `Tensor<Dynamic>`");
            return Err(input.error(message));
        }
        axes.push(match SizeExpression::parse(input) {
            Ok(size) => size.spell(krate),
            Err(error) => {
                skip_entry(input)?;
                type_of_error(error)
            }
        });
        if !input.is_empty() {
            expect_comma(input)?;
        }
    }
    Ok(axes)
}

fn skip_entry(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

fn expect_comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![;]) {
        return Err(input.error("expected `,` between sizes\n\nhelp: write `,`"));
    }
    if !input.peek(Token![,]) {
        return Err(input.error("expected `,` between sizes"));
    }
    input.parse::<Token![,]>().map(drop)
}

#[cfg(test)]
mod tests;
