//! A size as it is written: a number, a type, a product or a sum.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Lit, Token, Type, parenthesized, token};

use super::library::{Library, ours};
use super::literal::{in_range, size_type, value};
use super::name::{Case, camel, case};

/// A size as it is written.
pub enum SizeExpression {
    /// `784`, or what a product or sum of literals comes to.
    Number { value: u64, span: Span },
    /// `Batch`, `Self::Width`.
    Named(Box<Type>),
    /// `4 * Width`.
    Times(Box<Self>, Token![*], Box<Self>),
    /// `Width + 1`.
    Plus(Box<Self>, Token![+], Box<Self>),
}

impl Parse for SizeExpression {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut sum = product(input)?;
        while input.peek(Token![+]) {
            let plus: Token![+] = input.parse()?;
            sum = match (sum, product(input)?) {
                (Self::Number { value: a, span }, Self::Number { value: b, .. }) => folded(a.checked_add(b), span)?,
                (a, b) => Self::Plus(Box::new(a), plus, Box::new(b)),
            };
        }
        // rule: sizes are added and multiplied, `4 * Width + 1`; not `Width - 1`, `Width / 2`
        for operator in [input.peek(Token![-]), input.peek(Token![/]), input.peek(Token![%])] {
            if operator {
                return Err(input.error("a size is made by `+` and `*` only"));
            }
        }
        Ok(sum)
    }
}

fn product(input: ParseStream<'_>) -> syn::Result<SizeExpression> {
    let mut product = atom(input)?;
    while input.peek(Token![*]) {
        let times: Token![*] = input.parse()?;
        product = match (product, atom(input)?) {
            (SizeExpression::Number { value: a, span }, SizeExpression::Number { value: b, .. }) => {
                folded(a.checked_mul(b), span)?
            }
            (a, b) => SizeExpression::Times(Box::new(a), times, Box::new(b)),
        };
    }
    Ok(product)
}

fn folded(value: Option<u64>, span: Span) -> syn::Result<SizeExpression> {
    Ok(SizeExpression::Number {
        value: in_range(value.unwrap_or(u64::MAX), span)?,
        span,
    })
}

fn atom(input: ParseStream<'_>) -> syn::Result<SizeExpression> {
    if input.peek(Token![-]) {
        let minus: Token![-] = input.parse()?;
        let what = input.parse::<proc_macro2::TokenTree>()?;
        let mut tokens = minus.to_token_stream();
        tokens.extend([what]);
        return Err(syn::Error::new_spanned(tokens, "a size cannot be negative"));
    }
    if input.peek(Lit) {
        let literal: Lit = input.parse()?;
        return Ok(SizeExpression::Number {
            value: value(&literal)?,
            span: literal.span(),
        });
    }
    if input.peek(token::Paren) {
        let group;
        parenthesized!(group in input);
        let size = group.parse()?;
        return if group.is_empty() {
            Ok(size)
        } else {
            Err(group.error("expected `)`"))
        };
    }
    if input.peek(Token![_]) {
        return Err(input.error("`_` is worked out in `net!` and `#[model]` only\n\nhelp: write the size"));
    }
    if input.peek(token::Brace)
        || input.peek(token::Bracket)
        || input.peek(Token![;])
        || input.peek(Token![&])
        || input.is_empty()
        || input.peek(Token![,])
    {
        return Err(input.error("expected a size: a number, or a name such as `Batch`"));
    }
    let size = input.call(Type::without_plus)?;
    check_name(&size)?;
    Ok(SizeExpression::Named(Box::new(size)))
}

// rule: a name in a shape is a type that is a size, `Hidden`; not a const, `HIDDEN`, nor a variable, `hidden`
fn check_name(size: &Type) -> syn::Result<()> {
    let Type::Path(path) = size else {
        return Ok(());
    };
    let Some(last) = path.path.segments.last() else {
        return Ok(());
    };
    let name = last.ident.unraw().to_string();
    let declared = camel(&name);
    let message = match case(&name) {
        Case::Type => return Ok(()),
        Case::Const => format!(
            "`{name}` is a constant, and a size in a shape is a type\n\n\
             help: declare_dims! {{ {declared} = 3072; }} with the number it has, then write {declared}"
        ),
        Case::Value => format!(
            "`{name}` is a value, and a size in a shape is a type\n\n\
             help: declare_dims! {{ {declared}; }} names a size known at run time, then write {declared}"
        ),
    };
    Err(syn::Error::new(last.ident.span(), message))
}

impl SizeExpression {
    /// The type it stands for.
    pub fn spell(&self, krate: &Library) -> TokenStream {
        match self {
            Self::Number { value, span } => size_type(*value, krate, *span),
            Self::Named(size) => size.to_token_stream(),
            Self::Times(a, operator, b) => expression("Times", operator.span(), [a, b], krate),
            Self::Plus(a, operator, b) => expression("Plus", operator.span(), [a, b], krate),
        }
    }
}

fn expression(name: &str, span: Span, [a, b]: [&SizeExpression; 2], krate: &Library) -> TokenStream {
    let shape = krate.shape(span);
    let name = proc_macro2::Ident::new(name, ours(span));
    let (a, b) = (a.spell(krate), b.spell(krate));
    quote_spanned!(ours(span)=> #shape::#name<#a, #b>)
}
