//! `+ - * /` in a forward: between values, and with numbers.

use super::flow::{Action, Walk};
use super::leaves::tidy;
use crate::errors::with_help;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, Lit, UnOp};
use tensor_ops::{Binary, Unary};

impl<'a> Walk<'a> {
    /// `x + h`, `0.5 * x`, `1.0 - x`.
    pub(super) fn binary(&mut self, expression: &'a ExprBinary) -> Option<usize> {
        let op = match expression.op {
            BinOp::Add(_) => Binary::Add,
            BinOp::Sub(_) => Binary::Sub,
            BinOp::Mul(_) => Binary::Mul,
            BinOp::Div(_) => Binary::Div,
            _ => {
                let message = format!("`{}` does nothing with values", expression.op.to_token_stream());
                let help = "values have `+`, `-`, `*` and `/`";
                self.errors.at(expression.op, with_help(message, help));
                return None;
            }
        };
        match (number(&expression.left), number(&expression.right)) {
            (Some(_), Some(_)) => {
                let help = "write the result";
                self.errors
                    .at(expression, with_help("this is a number and no value", help));
                None
            }
            (None, Some(number)) => {
                let input = self.value(&expression.left)?;
                let (scale, shift) = match op {
                    Binary::Add => (1.0, number),
                    Binary::Sub => (1.0, -number),
                    Binary::Mul => (number, 0.0),
                    _ => (1.0 / number, 0.0),
                };
                Some(self.number(Unary::Affine { scale, shift }, op.name(), input, expression))
            }
            (Some(number), None) => {
                let mut input = self.value(&expression.right)?;
                let (scale, shift) = match op {
                    Binary::Add => (1.0, number),
                    Binary::Sub => (-1.0, number),
                    Binary::Mul => (number, 0.0),
                    _ => {
                        input = self.number(Unary::Recip, "reciprocal", input, expression);
                        (number, 0.0)
                    }
                };
                Some(self.number(Unary::Affine { scale, shift }, op.name(), input, expression))
            }
            (None, None) => {
                let operands = self.operands(&expression.left, &expression.right)?;
                let action = Action::Binary {
                    op,
                    operands,
                    makers: operands.map(|operand| self.makers[operand].clone()),
                    path: self.path(op.name()),
                    span: expression.op.span(),
                };
                let maker = format!("what `{}` makes", tidy(expression));
                Some(self.push(action, maker))
            }
        }
    }

    pub(super) fn number(&mut self, op: Unary, word: &str, input: usize, expression: impl ToTokens) -> usize {
        let maker = format!("what `{}` makes", tidy(&expression));
        let (path, span) = (self.path(word), expression.to_token_stream().span());
        self.push(Action::Number { op, input, path, span }, maker)
    }
}

/// `0.5`, `-1`, `(2.0)`.
pub(super) fn number(expression: &Expr) -> Option<f64> {
    match expression {
        Expr::Paren(inner) => number(&inner.expr),
        Expr::Group(inner) => number(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => number(&unary.expr).map(|number| -number),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) => number.base10_parse().ok(),
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
