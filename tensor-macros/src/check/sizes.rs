//! Sizes: numbers, names of dims, and sums and products of them.

use super::leaves::tidy;
use crate::errors::{Errors, with_help};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprLit, ExprPath, Lit, Path, UnOp};
use tensor_ops::Poly;

/// The size of the axis in front of all others.
pub const BATCH: &str = "batch";

/// Larger sizes are mistakes: a layer's width is counted in thousands.
const LARGEST: u64 = 1 << 31;

/// What the names in polynomials stand for.
#[derive(Default)]
pub struct Variables {
    known: Vec<(String, Meaning)>,
}

/// What a name in a polynomial stands for.
#[derive(Clone)]
pub enum Meaning {
    /// A type with a size of its own: `Hidden`.
    Static(Path),
    /// A named size that the input brings: the `n`-th after the batch.
    RunTime(Path, usize),
    /// The last axis of another model's input.
    ModelInput(Path),
    /// The last axis of another model's output.
    ModelOutput(Path),
}

impl Variables {
    /// The polynomial for this name, whose meaning is noted.
    pub fn variable(&mut self, name: String, meaning: Meaning) -> Poly {
        let poly = Poly::variable(&name);
        if self.meaning(&name).is_none() {
            self.known.push((name, meaning));
        }
        poly
    }

    /// What a name stands for; nothing for the batch.
    pub fn meaning(&self, name: &str) -> Option<&Meaning> {
        self.known
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, meaning)| meaning)
    }

    /// Whether a type of this name occurs in any size.
    pub fn mentions(&self, word: &str) -> bool {
        self.known
            .iter()
            .any(|(name, _)| name.split("::").any(|segment| segment.trim() == word))
    }

    /// The names that the input brings are not sizes of types after all.
    pub fn make_run_time(&mut self, names: &[String]) {
        for (name, meaning) in &mut self.known {
            if let Some(position) = names.iter().position(|run_time| run_time == name)
                && let Meaning::Static(path) = meaning
            {
                *meaning = Meaning::RunTime(path.clone(), position);
            }
        }
    }

    /// The types that must have a value.
    pub fn of_types(&self) -> impl Iterator<Item = &Path> {
        self.known.iter().filter_map(|(_, meaning)| match meaning {
            Meaning::Static(path) => Some(path),
            Meaning::RunTime(..) | Meaning::ModelInput(_) | Meaning::ModelOutput(_) => None,
        })
    }

    /// The names that the input brings, in its order, with their types.
    pub fn run_time(&self) -> Vec<(&str, &Path)> {
        let mut found: Vec<(usize, &str, &Path)> = self
            .known
            .iter()
            .filter_map(|(name, meaning)| match meaning {
                Meaning::RunTime(path, position) => Some((*position, name.as_str(), path)),
                Meaning::Static(_) | Meaning::ModelInput(_) | Meaning::ModelOutput(_) => None,
            })
            .collect();
        found.sort_by_key(|(position, ..)| *position);
        found.into_iter().map(|(_, name, path)| (name, path)).collect()
    }
}

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
            let help = "a size is a number, the name of a dim, or a sum or product of such: `4 * Hidden`";
            errors.at(other, with_help(format!("`{}` is not a size", tidy(other)), help));
            None
        }
    }
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
