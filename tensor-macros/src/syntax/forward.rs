//! `#[forward(|x: [Seq, D]| { .. })]`: how values go through the parts of a struct.
//!
//! The closure is read here and not by syn, to which `[Seq, D]` is no type. What stands to the right of an `=` is an expression of
//! Rust's; which of them are values of a model is for `check` to say.

use super::Input;
use crate::errors::{Errors, with_help};
use proc_macro2::{Ident, Span, TokenTree};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Token, braced, bracketed, parenthesized, token};

/// The closure of a `#[forward(..)]`.
#[derive(Clone)]
pub struct Forward {
    /// What it is given, one or more.
    pub inputs: Vec<Given>,
    /// What it does with that.
    pub body: Block,
    /// The bars with what stands between them.
    pub span: Span,
}

/// A value that a forward is given: `x: [Seq, D]`.
#[derive(Clone)]
pub struct Given {
    /// Whether it may be assigned to.
    pub is_mutable: bool,
    /// `x`.
    pub name: Ident,
    /// The sizes after the batch.
    pub shape: Input,
}

/// Statements, and the value that comes out.
#[derive(Clone)]
pub struct Block {
    /// In the order written.
    pub statements: Vec<Statement>,
    /// `x + mlp(norm2(x))`, or a tuple of such.
    pub value: Expr,
}

/// One line of a forward.
#[derive(Clone)]
pub enum Statement {
    /// `let (h, c): .. = lstm(x);`
    Let {
        /// The names.
        pattern: Pattern,
        /// `[128]` in `let y: [128] = ..`, or a shape for each name of a tuple; none if nothing is said.
        declared: Vec<Declared>,
        /// What they stand for.
        value: Expr,
    },
    /// `x = block(x);`
    Assign {
        /// The name.
        name: Ident,
        /// What it stands for from here on.
        value: Expr,
    },
    /// `for block in blocks { .. }`
    For {
        /// The name of each part in turn.
        item: Ident,
        /// The parts: `blocks`.
        parts: Expr,
        /// What is done with each.
        body: Vec<Statement>,
    },
}

/// `[128]` in `let y: [128] = ..`.
#[derive(Clone)]
pub struct Declared {
    /// The sizes after the batch.
    pub sizes: Vec<Expr>,
    /// The brackets with them.
    pub span: Span,
}

/// The names on the left of a `let`.
#[derive(Clone)]
pub struct Pattern {
    /// One, or those of a tuple; `_` has none.
    pub names: Vec<Name>,
    /// The parentheses of a tuple.
    pub tuple: Option<Span>,
}

/// A name that a `let` gives.
#[derive(Clone)]
pub struct Name {
    /// Whether it may be assigned to.
    pub is_mutable: bool,
    /// `None` for `_`.
    pub name: Option<Ident>,
    /// The token.
    pub span: Span,
}

const STRAIGHT: &str = "a forward is `let`s, assignments, `for` over parts, and the value at the end";

/// Parses `|x: [Seq, D], mask: [Seq]| { .. }`. `None` if it cannot be understood, which is told.
pub fn forward(errors: &Errors, input: ParseStream<'_>) -> Option<Forward> {
    closure(errors, input)
        .map_err(|error| errors.push(error))
        .ok()
        .flatten()
}

fn closure(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Option<Forward>> {
    let help = "write `#[forward(|x: [784]| output(hidden(x)))]`";
    if input.peek(Token![||]) {
        return Err(input.error(with_help("a forward is given at least one value", help)));
    }
    if !input.peek(Token![|]) {
        return Err(input.error(with_help("expected a closure over the parts", help)));
    }
    let opened: Token![|] = input.parse()?;
    let mut inputs = Vec::new();
    while !input.peek(Token![|]) {
        inputs.push(given(input)?);
        if !input.peek(Token![|]) {
            input.parse::<Token![,]>()?;
        }
    }
    let closed: Token![|] = input.parse()?;
    let span = opened.span.join(closed.span).unwrap_or(opened.span);
    let before = errors.count();
    let body = if input.peek(token::Brace) {
        let content;
        let braces = braced!(content in input);
        block(errors, &content, braces.span.join())?
    } else if input.is_empty() {
        return Err(syn::Error::new(span, with_help("the forward has no body", help)));
    } else {
        Some(Block {
            statements: Vec::new(),
            value: input.parse()?,
        })
    };
    if !input.is_empty() {
        return Err(input.error("expected the end of the forward"));
    }
    // What is half understood is not gone on with.
    Ok(body
        .filter(|_| errors.count() == before)
        .map(|body| Forward { inputs, body, span }))
}

pub(super) fn given(input: ParseStream<'_>) -> syn::Result<Given> {
    let is_mutable = input.parse::<Option<Token![mut]>>()?.is_some();
    let name: Ident = input.parse()?;
    if !input.peek(Token![:]) {
        let help = format!("write `{name}: [784]`, the sizes of one sample without the batch");
        return Err(syn::Error::new(
            name.span(),
            with_help(format!("the shape of `{name}` is not known"), help),
        ));
    }
    input.parse::<Token![:]>()?;
    let (sizes, span) = sizes(input)?;
    Ok(Given {
        is_mutable,
        name,
        shape: Input { sizes, span },
    })
}

/// `[Seq, D]`.
pub(super) fn sizes(input: ParseStream<'_>) -> syn::Result<(Vec<Expr>, Span)> {
    if !input.peek(token::Bracket) {
        return Err(input.error(with_help("expected a shape", "write `[784]`, or `[Seq, 64]`")));
    }
    let content;
    let brackets = bracketed!(content in input);
    let sizes = Punctuated::<Expr, Token![,]>::parse_terminated(&content)?;
    Ok((sizes.into_iter().collect(), brackets.span.join()))
}

/// What stands between braces. What is wrong with one statement is told, and reading goes on behind its `;`.
fn block(errors: &Errors, input: ParseStream<'_>, braces: Span) -> syn::Result<Option<Block>> {
    let before = errors.count();
    let mut statements = Vec::new();
    let mut value = None;
    while !input.is_empty() {
        if value.is_some() {
            errors.push(input.error("expected `;` before this, or the end of the forward"));
            let _ = input.parse::<proc_macro2::TokenStream>();
            break;
        }
        match statement(errors, input) {
            Ok(Line::Statement(statement)) => statements.push(statement),
            Ok(Line::Value(last)) => value = Some(last),
            Err(error) => {
                errors.push(error);
                skip_statement(input);
            }
        }
    }
    match value {
        Some(value) => Ok(Some(Block { statements, value })),
        None if errors.count() != before => Ok(None),
        None => {
            let help = "write the value that comes out as the last line, without `;`";
            errors.at_span(braces, with_help("the forward gives no value", help));
            Ok(None)
        }
    }
}

enum Line {
    Statement(Statement),
    Value(Expr),
}

fn statement(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Line> {
    if input.peek(Token![let]) {
        return bind(input).map(Line::Statement);
    }
    if input.peek(Token![for]) {
        return each(errors, input).map(Line::Statement);
    }
    for (is_there, word) in [
        (input.peek(Token![if]), "if"),
        (input.peek(Token![while]), "while"),
        (input.peek(Token![loop]), "loop"),
        (input.peek(Token![match]), "match"),
        (input.peek(Token![return]), "return"),
    ] {
        if is_there {
            let message = format!("`{word}` cannot stand in a forward");
            return Err(input.error(with_help(message, STRAIGHT)));
        }
    }
    let expression: Expr = input.parse()?;
    if let Expr::Assign(assign) = &expression {
        let Expr::Path(path) = &*assign.left else {
            return Err(syn::Error::new_spanned(&assign.left, "only a name can be assigned to"));
        };
        let Some(name) = path.path.get_ident() else {
            return Err(syn::Error::new_spanned(path, "only a name can be assigned to"));
        };
        input.parse::<Token![;]>()?;
        return Ok(Line::Statement(Statement::Assign {
            name: name.clone(),
            value: (*assign.right).clone(),
        }));
    }
    if input.peek(Token![;]) {
        let message = "this value is computed and not used";
        let error = syn::Error::new(expression.span(), with_help(message, "bind it by `let`, or remove it"));
        return Err(error);
    }
    Ok(Line::Value(expression))
}

fn bind(input: ParseStream<'_>) -> syn::Result<Statement> {
    input.parse::<Token![let]>()?;
    let pattern = pattern(input)?;
    let declared = match input.parse::<Option<Token![:]>>()? {
        Some(_) => declared(input)?,
        None => Vec::new(),
    };
    input.parse::<Token![=]>()?;
    let value = input.parse()?;
    input
        .parse::<Token![;]>()
        .map_err(|error| syn::Error::new(error.span(), "expected `;` after the `let`"))?;
    Ok(Statement::Let {
        pattern,
        declared,
        value,
    })
}

/// `[128]`, or `([16], [16])`.
fn declared(input: ParseStream<'_>) -> syn::Result<Vec<Declared>> {
    let one = |input: ParseStream<'_>| sizes(input).map(|(sizes, span)| Declared { sizes, span });
    if !input.peek(token::Paren) {
        return Ok(vec![one(input)?]);
    }
    let content;
    parenthesized!(content in input);
    let all = Punctuated::<Declared, Token![,]>::parse_terminated_with(&content, one)?;
    Ok(all.into_iter().collect())
}

fn pattern(input: ParseStream<'_>) -> syn::Result<Pattern> {
    if input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        let names = Punctuated::<Name, Token![,]>::parse_terminated_with(&content, name)?;
        return Ok(Pattern {
            names: names.into_iter().collect(),
            tuple: Some(parentheses.span.join()),
        });
    }
    Ok(Pattern {
        names: vec![name(input)?],
        tuple: None,
    })
}

fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    let span = input.span();
    let wrong = || {
        syn::Error::new(
            span,
            with_help("expected a name", "write `let y = ..`, or `let (a, b) = ..`"),
        )
    };
    match input.call(Pat::parse_single).map_err(|_| wrong())? {
        Pat::Ident(plain) if plain.by_ref.is_none() && plain.subpat.is_none() => Ok(Name {
            is_mutable: plain.mutability.is_some(),
            span: plain.ident.span(),
            name: Some(plain.ident),
        }),
        Pat::Wild(_) => Ok(Name {
            is_mutable: false,
            name: None,
            span,
        }),
        _ => Err(wrong()),
    }
}

/// `for block in blocks { x = block(x); }`
fn each(errors: &Errors, input: ParseStream<'_>) -> syn::Result<Statement> {
    input.parse::<Token![for]>()?;
    let item: Ident = input.parse()?;
    input.parse::<Token![in]>()?;
    let parts = Expr::parse_without_eager_brace(input)?;
    let content;
    let braces = braced!(content in input);
    if content.is_empty() {
        let help = "write `x = block(x);` in it";
        errors.at_span(braces.span.join(), with_help("this `for` does nothing", help));
    }
    let mut body = Vec::new();
    while !content.is_empty() {
        match statement(errors, &content) {
            Ok(Line::Statement(statement)) => body.push(statement),
            Ok(Line::Value(value)) => {
                let help = "assign it: `x = block(x);`";
                errors.at(value, with_help("the body of a `for` gives no value", help));
            }
            Err(error) => {
                errors.push(error);
                skip_statement(&content);
            }
        }
    }
    Ok(Statement::For { item, parts, body })
}

/// All up to and with the next `;`, or braces.
fn skip_statement(input: ParseStream<'_>) {
    while !input.is_empty() {
        match input.parse::<TokenTree>() {
            Ok(TokenTree::Punct(mark)) if mark.as_char() == ';' => return,
            Ok(TokenTree::Group(group)) if group.delimiter() == proc_macro2::Delimiter::Brace => {
                if !input.peek(Token![else]) {
                    return;
                }
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests;
