//! Rules about each argument by itself: a size, a number in its range, a switch, a word.

use super::arguments::Given;
use super::leaves::tidy;
use super::resolved::Wanted;
use super::sizes::{Variables, size};
use crate::errors::with_help;
use crate::signature::{Kind, Range};
use proc_macro2::Span;
use syn::{Expr, Lit, UnOp};
use tensor_ops::Poly;

impl Given<'_> {
    pub(super) fn wanted(&self, place: usize, variables: &mut Variables) -> Wanted {
        let Some(value) = self.values[place] else {
            return Wanted {
                size: None,
                is_inferred: false,
                span: self.layer.name.span(),
            };
        };
        let is_inferred = matches!(value, Expr::Infer(_));
        let size = if is_inferred {
            None
        } else {
            size(self.errors, value, variables)
        };
        Wanted {
            size,
            is_inferred,
            span: first_to_last(value),
        }
    }

    /// `linear(784, _)`: what a layer makes is not worked out from what comes after.
    pub(super) fn size_out(&self, value: &Expr, variables: &mut Variables) -> Option<Poly> {
        if matches!(value, Expr::Infer(_)) {
            let message = "`_` is worked out from the part before; how many features a layer makes is yours to say";
            self.errors.at(value, with_help(message, "write a number such as 128"));
            return None;
        }
        size(self.errors, value, variables)
    }

    /// `dropout(2)`, `leaky_relu(slope = steep)`: a number, and one that makes sense.
    pub(super) fn number(&self, place: usize) -> f64 {
        let parameter = &self.signature.parameters[place];
        let Kind::Number { default, range } = parameter.kind else {
            unreachable!("signature.rs: `{}` is a number", parameter.name)
        };
        let Some(value) = self.values[place] else {
            return default;
        };
        let Some(number) = literal_number(value) else {
            let help = format!("write `{} = {default:?}`", parameter.name);
            self.errors.at(
                value,
                with_help(
                    format!("`{}` must be a number, found `{}`", parameter.name, tidy(value)),
                    help,
                ),
            );
            return default;
        };
        let wrong = match range {
            Range::Any => None,
            Range::Positive if number > 0.0 => None,
            Range::Positive => Some("above 0"),
            Range::Probability if (0.0..1.0).contains(&number) => None,
            Range::Probability => Some("a probability, from 0 and below 1"),
        };
        match wrong {
            Some(right) => {
                self.errors.at(
                    value,
                    format!("`{}` must be {right}, found {}", parameter.name, tidy(value)),
                );
                default
            }
            None => number,
        }
    }

    pub(super) fn flag(&self, place: usize) -> bool {
        let parameter = &self.signature.parameters[place];
        let Kind::Flag { default } = parameter.kind else {
            unreachable!("signature.rs: `{}` is a switch", parameter.name)
        };
        match self.values[place] {
            None => default,
            Some(Expr::Lit(literal)) if let Lit::Bool(flag) = &literal.lit => flag.value,
            Some(value) => {
                let message = format!(
                    "`{}` must be `true` or `false`, found `{}`",
                    parameter.name,
                    tidy(value)
                );
                self.errors.at(value, message);
                default
            }
        }
    }

    pub(super) fn word(&self, place: usize) -> &'static str {
        let parameter = &self.signature.parameters[place];
        let Kind::Word(words) = parameter.kind else {
            unreachable!("signature.rs: `{}` is a word", parameter.name)
        };
        let Some(value) = self.values[place] else {
            return words[0];
        };
        let text = tidy(value);
        words.iter().find(|word| **word == text).copied().unwrap_or_else(|| {
            let choices: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let message = format!("`{}` must be {}, found `{text}`", parameter.name, choices.join(" or "));
            self.errors.at(value, message);
            words[0]
        })
    }
}

fn literal_number(value: &Expr) -> Option<f64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Float(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => {
            literal_number(&negative.expr).map(|number| -number)
        }
        _ => None,
    }
}

/// One span over an expression where the compiler can join them, else its first token.
fn first_to_last(value: &Expr) -> Span {
    syn::spanned::Spanned::span(value)
}
