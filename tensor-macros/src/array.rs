//! `tensor!`: numbers written as nested arrays, with the shape counted.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprArray, Lit, LitFloat, LitInt, Token, UnOp};

use crate::dims::{Library, size_type};

/// `tensor![[1., 2.], [3., 4.]]`: a tensor whose type has the shape `[2, 2]`.
pub fn tensor(input: TokenStream) -> TokenStream {
    expand.parse2(input).unwrap_or_else(syn::Error::into_compile_error)
}

fn expand(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let krate = Library::parse(input)?;
    let mut rows: Punctuated<Expr, Token![,]> = Punctuated::parse_terminated_with(input, Expr::parse)?;
    let mut sizes = vec![rows.len()];
    if let Some(first) = rows.first() {
        measure(first, &mut sizes);
    }
    let float = rows.iter().any(has_float);
    for (index, row) in rows.iter_mut().enumerate() {
        check(row, &sizes[1..], &format!("[{index}]"))?;
        suffix(row, if float { "f32" } else { "i64" });
    }
    let span = Span::mixed_site();
    let sizes = sizes.iter().map(|&size| size_type(size as u64, &krate, span));
    let root = krate.root();
    Ok(quote!(#root::Tensor::<(#(#sizes,)*), _>::from_nested(&[#rows])))
}

/// The sizes of the first row, its first row, and so on: what all others are held against.
fn measure(row: &Expr, sizes: &mut Vec<usize>) {
    if let Expr::Array(ExprArray { elems, .. }) = row {
        sizes.push(elems.len());
        if let Some(first) = elems.first() {
            measure(first, sizes);
        }
    }
}

// rule: all rows are of one length: `tensor![[1., 2.], [3.]]`
fn check(row: &Expr, sizes: &[usize], path: &str) -> syn::Result<()> {
    match (row, sizes) {
        (Expr::Array(ExprArray { elems, .. }), [size, rest @ ..]) => {
            if elems.len() != *size {
                let message = format!("row {path} has {}, but the first has {size}", numbers(elems.len()));
                return Err(syn::Error::new(row.span(), message));
            }
            elems
                .iter()
                .enumerate()
                .try_for_each(|(index, row)| check(row, rest, &format!("{path}[{index}]")))
        }
        (Expr::Array(_), []) => Err(syn::Error::new(
            row.span(),
            format!("{path} is a row, but the first is a number"),
        )),
        (_, []) => Ok(()),
        (_, [_, ..]) => Err(syn::Error::new(
            row.span(),
            format!("{path} is a number, but the first is a row"),
        )),
    }
}

fn numbers(count: usize) -> String {
    if count == 1 {
        "1 number".into()
    } else {
        format!("{count} numbers")
    }
}

fn has_float(row: &Expr) -> bool {
    match row {
        Expr::Array(array) => array.elems.iter().any(has_float),
        Expr::Unary(unary) => has_float(&unary.expr),
        Expr::Lit(literal) => matches!(literal.lit, Lit::Float(_)),
        _ => false,
    }
}

/// Gives numbers without a type the default one. Others are the user's affair.
fn suffix(row: &mut Expr, default: &str) {
    match row {
        Expr::Array(array) => array.elems.iter_mut().for_each(|row| suffix(row, default)),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => suffix(&mut unary.expr, default),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) if number.suffix().is_empty() => {
                // `1.` takes a suffix as `1f32`: `1.f32` would be a field.
                let digits = number.base10_digits().trim_end_matches('.');
                literal.lit = Lit::Float(LitFloat::new(&format!("{digits}{default}"), number.span()));
            }
            Lit::Int(number) if number.suffix().is_empty() && default == "i64" => {
                let digits = number.base10_digits();
                literal.lit = Lit::Int(LitInt::new(&format!("{digits}{default}"), number.span()));
            }
            _ => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion(text: &str) -> String {
        tensor(text.parse().unwrap()).to_string()
    }

    #[test]
    fn numbers_without_a_type_get_one() {
        assert!(
            expansion("[1., -2.], [3., 4.]").contains("[1f32 , - 2f32]"),
            "{}",
            expansion("[1., -2.], [3., 4.]")
        );
        assert!(expansion("1, 2").contains("[1i64 , 2i64]"));
        assert!(expansion("0.5f64, x").contains("[0.5f64 , x]"));
    }

    #[test]
    fn ragged_rows_are_named() {
        assert!(expansion("[1., 2.], [3.]").contains("row [1] has 1 number, but the first has 2"));
        assert!(expansion("[[1., 2.]], [3.]").contains("[1][0] is a number, but the first is a row"));
    }
}
