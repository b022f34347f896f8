//! `cat(conv2d(8, 4, 1), conv2d(8, 2, 1) >> relu, axis = 1)` in a chain: branches side by side.

use super::chain::chain;
use super::{Body, Chain, Join, Part};
use crate::errors::{Errors, with_help};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Lit, UnOp, parenthesized};

const RIGHT: &str =
    "write `cat(conv2d(8, 4, 1), conv2d(8, 2, 1), axis = 1)`, the batch being axis 0, or `axis = -1` for the last";

/// Parses what stands behind `cat`.
pub(super) fn branches(errors: &Errors, input: ParseStream<'_>, word: &Ident) -> syn::Result<Body> {
    let content;
    let parentheses = parenthesized!(content in input);
    let mut pieces = pieces(&content)?;
    let axis = pieces.last().and_then(|last| axis(last.clone()));
    let axis = match axis {
        Some(axis) => {
            pieces.pop();
            axis?
        }
        None => {
            let message = with_help("`cat` needs the number of an axis", RIGHT);
            return Err(syn::Error::new(word.span(), message));
        }
    };
    if pieces.len() < 2 {
        let message = format!("`cat` takes 2 branches or more, found {}", pieces.len());
        return Err(syn::Error::new(word.span(), with_help(message, RIGHT)));
    }
    let mut parts = Vec::new();
    for piece in pieces {
        let branch = |input: ParseStream<'_>| {
            let branch = chain(errors, input, parentheses.span.join());
            match input.is_empty() {
                true => Ok(branch),
                false => Err(input.error("expected `>>`, `,` or the end of the branch")),
            }
        };
        parts.push(part(branch.parse2(piece)?));
    }
    Ok(Body::Group(Chain {
        parts,
        span: word.span(),
        join: Some(Join::Cat(word.span(), axis)),
        input: None,
    }))
}

/// A part by itself needs no group around it: `branches.0.weight`.
fn part(mut branch: Chain) -> Part {
    match &mut branch.parts[..] {
        [part] if part.conditions.is_empty() => part.clone(),
        _ => Part::plain(Body::Group(branch)),
    }
}

/// What stands between commas, but for those of the sizes of a model: `Block<64, 8>`.
fn pieces(input: ParseStream<'_>) -> syn::Result<Vec<TokenStream>> {
    let (mut pieces, mut piece) = (Vec::new(), TokenStream::new());
    let (mut depth, mut behind_a_model) = (0_usize, false);
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        match &token {
            TokenTree::Punct(mark) if mark.as_char() == '<' && (behind_a_model || depth > 0) => depth += 1,
            TokenTree::Punct(mark) if mark.as_char() == '>' && depth > 0 => depth -= 1,
            TokenTree::Punct(mark) if mark.as_char() == ',' && depth == 0 => {
                pieces.push(std::mem::take(&mut piece));
                continue;
            }
            _ => {}
        }
        behind_a_model = matches!(&token, TokenTree::Ident(name) if name.to_string().starts_with(char::is_uppercase));
        piece.extend([token]);
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    Ok(pieces)
}

/// `axis = 1`, if that is what it is.
fn axis(piece: TokenStream) -> Option<syn::Result<i64>> {
    let assign = syn::parse2::<syn::ExprAssign>(piece).ok()?;
    if !matches!(&*assign.left, Expr::Path(path) if path.path.is_ident("axis")) {
        return None;
    }
    let (sign, number) = match &*assign.right {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (-1, &*unary.expr),
        other => (1, other),
    };
    let number = match number {
        Expr::Lit(literal) if let Lit::Int(number) = &literal.lit => number.base10_parse::<i32>().ok(),
        _ => None,
    };
    let wrong = || syn::Error::new_spanned(&assign.right, with_help("`axis` must be the number of an axis", RIGHT));
    Some(number.map(|number| sign * i64::from(number)).ok_or_else(wrong))
}
