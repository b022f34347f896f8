//! Sizes: numbers, names of dims, and sums and products of them.

use super::leaves::tidy;
use super::variables::{Division, Meaning, Variables};
use crate::errors::{Errors, with_help};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprLit, ExprPath, Lit, Stmt, UnOp};
use tensor_ops::Poly;

/// The size of the axis in front of all others.
pub const BATCH: &str = "batch";

/// Larger sizes are mistakes: a layer's width is counted in thousands.
const LARGEST: u64 = 1 << 31;

/// A size as a polynomial; nothing if it is none, which is told. `_` is for the caller.
pub fn size(errors: &Errors, expression: &Expr, variables: &mut Variables) -> Option<Poly> {
    match expression {
        Expr::Lit(ExprLit { lit, .. }) => literal(errors, lit),
        Expr::Path(path) if path.qself.is_none() => name(errors, path, variables),
        Expr::Paren(inner) => size(errors, &inner.expr, variables),
        Expr::Group(inner) => size(errors, &inner.expr, variables),
        Expr::Binary(sum) if matches!(sum.op, BinOp::Add(_)) => {
            let (left, right) = (size(errors, &sum.left, variables), size(errors, &sum.right, variables));
            Some(&left? + &right?)
        }
        Expr::Binary(product) if matches!(product.op, BinOp::Mul(_)) => {
            let (left, right) = (
                size(errors, &product.left, variables),
                size(errors, &product.right, variables),
            );
            Some(&left? * &right?)
        }
        Expr::Binary(quotient) if matches!(quotient.op, BinOp::Div(_)) => division(errors, quotient, variables),
        // `Mlp<{ 4 * D }>`: in a type's arguments rustc wants braces around whatever is more than a name.
        Expr::Block(block) if matches!(block.block.stmts[..], [Stmt::Expr(_, None)]) => match &block.block.stmts[..] {
            [Stmt::Expr(inner, None)] => size(errors, inner, variables),
            _ => None,
        },
        Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => {
            errors.at(
                expression,
                with_help("a size cannot be negative", format!("write {}", tidy(&negative.expr))),
            );
            None
        }
        Expr::Macro(call) if call.mac.path.segments.last().is_some_and(|last| last.ident == "dim") => {
            errors.at(
                expression,
                with_help(
                    "inside a model a size stands by itself",
                    format!("write {}", call.mac.tokens),
                ),
            );
            None
        }
        Expr::Infer(_) => {
            errors.at(expression, with_help("`_` cannot stand here", "write the size"));
            None
        }
        other => {
            let help = "a size is a number, the name of a dim, or a sum, product or quotient of such: `4 * Hidden`";
            errors.at(other, with_help(format!("`{}` is not a size", tidy(other)), help));
            None
        }
    }
}

/// `D / H`, which must be a whole number whatever the two are.
fn division(errors: &Errors, quotient: &ExprBinary, variables: &mut Variables) -> Option<Poly> {
    let dividend = size(errors, &quotient.left, variables);
    let (dividend, divisor) = (dividend?, size(errors, &quotient.right, variables)?);
    let text = tidy(quotient);
    if let (Some(over), Some(under)) = (dividend.as_number(), divisor.as_number())
        && over % under != 0
    {
        let message = format!("`{text}` is no whole number: it leaves {}", over % under);
        let help = format!("write {} or {}", over / under, over / under + 1);
        errors.at(quotient, with_help(message, help));
        return None;
    }
    let Some(poly) = dividend.over(&divisor) else {
        let message = format!("a size cannot be divided by the sum `{}`", tidy(&quotient.right));
        let help = "divide by a number, the name of a dim, or a product of such";
        errors.at(&quotient.right, with_help(message, help));
        return None;
    };
    if !poly.is_whole() {
        let span = quotient.span();
        variables.divisions.push(Division {
            dividend,
            divisor,
            text,
            span,
        });
    }
    Some(poly)
}

fn literal(errors: &Errors, literal: &Lit) -> Option<Poly> {
    let Lit::Int(number) = literal else {
        let text = tidy(literal);
        let meant = text
            .trim_matches('"')
            .parse::<f64>()
            .ok()
            .filter(|number| number.fract() == 0.0 && *number >= 1.0);
        let help = meant.map_or("write a number such as 128".to_owned(), |number| {
            format!("write {number}")
        });
        errors.at(
            literal,
            with_help(format!("a size is a whole number, found `{text}`"), help),
        );
        return None;
    };
    if !number.suffix().is_empty() {
        let help = format!("write {}", number.base10_digits());
        errors.at(literal, with_help("a size has no suffix", help));
        return None;
    }
    match number.base10_parse::<u64>() {
        Ok(0) => errors.at(
            literal,
            with_help("a size is at least 1", "an axis of size 0 holds nothing to learn from"),
        ),
        Ok(size) if size <= LARGEST => return Some(Poly::number(size)),
        Ok(_) | Err(_) => errors.at(
            literal,
            format!(
                "a size of {} is too large: the limit is {LARGEST}",
                number.base10_digits()
            ),
        ),
    }
    None
}

/// `Hidden` is a type that is a dim. `HIDDEN` is a const, which no type can be made of, and `hidden` a variable.
fn name(errors: &Errors, path: &ExprPath, variables: &mut Variables) -> Option<Poly> {
    if let Some(generic) = variables.generic(&path.path) {
        let (name, meaning) = (generic.to_string(), Meaning::Generic(generic.clone()));
        return Some(variables.variable(name, meaning));
    }
    let last = &path.path.segments.last()?.ident;
    let text = last.to_string();
    let is_type = text.starts_with(char::is_uppercase);
    if is_type && (text.len() == 1 || text.contains(char::is_lowercase)) {
        return Some(variables.variable(tidy(&path.path), Meaning::Static(path.path.clone())));
    }
    let camel = camel_case(&text);
    let help = format!("declare it as a dim, `declare_dims! {{ {camel} = 128; }}`, and write `{camel}`");
    let what = if is_type { "a constant" } else { "a variable" };
    errors.at_span(
        path.span(),
        with_help(format!("`{text}` is {what}; the sizes of a model are types"), help),
    );
    None
}

/// `hidden_size` and `HIDDEN_SIZE` as the name of a type: `HiddenSize`.
pub fn camel_case(name: &str) -> String {
    name.split('_')
        .filter(|word| !word.is_empty())
        .map(|word| word[..1].to_uppercase() + &word[1..].to_lowercase())
        .collect()
}
