//! Rules about each argument by itself: a size, a number in its range, a switch, a word.

use super::arguments::Given;
use super::leaves::tidy;
use super::resolved::Wanted;
use super::sizes::size;
use super::variables::Variables;
use crate::errors::with_help;
use crate::signature::{Default, Kind, Range};
use proc_macro2::Span;
use syn::{Expr, Lit, UnOp};
use tensor_ops::Poly;
use tensor_ops::primitive::count;

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
            unreachable!("signature/table.rs: `{}` is a number", parameter.name)
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
            Range::FromZero if number >= 0.0 => None,
            Range::FromZero => Some("0 or more"),
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

    /// `axis = -1`: a whole number, the batch being 0.
    pub(super) fn axis(&self, place: usize) -> i64 {
        let parameter = &self.signature.parameters[place];
        let Kind::Axis { default } = parameter.kind else {
            unreachable!("signature/table.rs: `{}` is an axis", parameter.name)
        };
        let help = "the batch is 0, the axes behind it 1, 2, .., and -1 is the last";
        self.counted(place, default.unwrap_or(1), ("the number of an axis", help))
    }

    /// `index = -1`: a whole number, the first place being 0.
    pub(super) fn index(&self, place: usize) -> i64 {
        let help = "the first place is 0, and -1 is the last";
        self.counted(place, 0, ("the number of a place", help))
    }

    /// A whole number, from the back where it is below 0.
    fn counted(&self, place: usize, default: i64, (what, help): (&str, &str)) -> i64 {
        let Some(value) = self.values[place].map(unwrapped) else {
            return default;
        };
        if let Some(number) = literal_number(value).filter(|number| number.fract() == 0.0 && number.abs() < 1e6) {
            return number as i64;
        }
        let name = self.signature.parameters[place].name;
        let message = format!("`{name}` must be {what}, found `{}`", tidy(value));
        self.errors.at(value, with_help(message, help));
        self.has_wrong_number.set(true);
        default
    }

    /// `dim_feedforward = 4 * D`: a size that is neither taken nor made.
    pub(super) fn size_inside(&self, place: usize, variables: &mut Variables) -> Poly {
        let parameter = &self.signature.parameters[place];
        let Kind::SizeInside { default } = parameter.kind else {
            unreachable!("signature/table.rs: `{}` is a size", parameter.name)
        };
        let given = self.values[place].map(|value| self.size_out(value, variables));
        if given == Some(None) {
            self.has_wrong_number.set(true);
        }
        given.flatten().unwrap_or(Poly::number(default.unwrap_or(1)))
    }

    /// `(3, 4)`: sizes, one or more.
    pub(super) fn tuple(&self, place: usize, variables: &mut Variables) -> Option<Vec<Poly>> {
        let value = unwrapped(self.values[place]?);
        let elements: Vec<&Expr> = match value {
            Expr::Tuple(tuple) => tuple.elems.iter().collect(),
            one => vec![one],
        };
        let sizes: Vec<Option<Poly>> = elements
            .iter()
            .map(|value| size(self.errors, value, variables))
            .collect();
        sizes.into_iter().collect()
    }

    /// `groups = 0`: a whole number from 1 on.
    pub(super) fn count(&self, place: usize) -> usize {
        let parameter = &self.signature.parameters[place];
        let Kind::Count { default } = parameter.kind else {
            unreachable!("signature/table.rs: `{}` is a count", parameter.name)
        };
        let value = self.values[place];
        value
            .and_then(|value| self.whole(parameter.name, unwrapped(value), 1))
            .or(default)
            .unwrap_or(1)
    }

    /// `groups = C`: the same, or a size by its name, whose number the user of the model knows.
    pub(super) fn named_count(&self, place: usize, variables: &mut Variables) -> usize {
        match self.values[place].map(unwrapped) {
            Some(value @ Expr::Path(path)) if is_size(path) => {
                let size = size(self.errors, value, variables);
                let size = size.map(|size| size.to_string());
                self.has_wrong_number.set(self.has_wrong_number.get() || size.is_none());
                size.map_or(1, |name| count::named(&name))
            }
            Some(Expr::Binary(sum)) => {
                let name = self.signature.parameters[place].name;
                let message = format!("`{name}` is a number or the name of a size, found `{}`", tidy(sum));
                self.errors.at(
                    sum,
                    with_help(message, "give it a name of its own, as a size of the model"),
                );
                self.has_wrong_number.set(true);
                1
            }
            _ => self.count(place),
        }
    }

    /// `padding_idx = 0`: one of so many rows, if one is named.
    pub(super) fn row(&self, place: usize, rows: Option<&Poly>) -> Option<usize> {
        let name = self.signature.parameters[place].name;
        let value = self.values[place].map(unwrapped)?;
        let row = self.whole(name, value, 0)?;
        if let Some(rows) = rows.and_then(Poly::as_number).filter(|rows| row as u64 >= *rows) {
            let message = format!(
                "`{name}` names row {row} of a table of {rows}, whose last is {}",
                rows - 1
            );
            let help = "write the row that stands for no token, which is mostly 0";
            self.errors.at(value, with_help(message, help));
            self.has_wrong_number.set(true);
        }
        Some(row)
    }

    /// `3`, `(3, 5)`: a whole number for each axis. Nothing where the word stands that may.
    pub(super) fn each(&self, place: usize, kernel: [usize; 3]) -> Option<[usize; 3]> {
        self.numbers_of(place, kernel)
    }

    /// `(1, 1, 2, 2)`: a whole number for each side of each axis.
    pub(super) fn sides(&self, name: &str) -> [usize; 6] {
        self.numbers_of(self.place(name), [0; 6]).unwrap_or([0; 6])
    }

    /// `2`, `(32, 48)`: whole numbers, one to three.
    pub(super) fn list(&self, place: usize) -> Vec<usize> {
        let name = self.signature.parameters[place].name;
        let Some(value) = self.values[place].map(unwrapped) else {
            return Vec::new();
        };
        let Expr::Tuple(tuple) = value else {
            return self.whole(name, value, 1).into_iter().collect();
        };
        if !(1..=3).contains(&tuple.elems.len()) {
            let message = format!(
                "`{name}` takes one number, or one for each axis, found {}",
                tuple.elems.len()
            );
            self.errors.at(value, message);
            self.has_wrong_number.set(true);
            return Vec::new();
        }
        tuple
            .elems
            .iter()
            .filter_map(|element| self.whole(name, element, 1))
            .collect()
    }

    fn numbers_of<const N: usize>(&self, place: usize, kernel: [usize; N]) -> Option<[usize; N]> {
        let parameter = &self.signature.parameters[place];
        let Kind::Each(each) = parameter.kind else {
            unreachable!("signature/table.rs: `{}` is a number for each axis", parameter.name)
        };
        // What an axis has that is not there: a kernel, stride and dilation of 1, a padding of 0.
        let neutral = usize::from(each.least != 0);
        let of = |number: usize| std::array::from_fn(|axis| if axis < each.axes { number } else { neutral });
        let default = match each.default {
            Default::Required => of(1),
            Default::Number(number) => of(number),
            Default::Kernel => kernel,
        };
        let Some(value) = self.values[place].map(unwrapped) else {
            return Some(default);
        };
        if each.word.is_some_and(|word| tidy(value) == word) {
            return None;
        }
        let Expr::Tuple(tuple) = value else {
            return Some(self.whole(parameter.name, value, each.least).map_or(default, of));
        };
        if tuple.elems.len() != each.axes {
            let (name, found) = (parameter.name, tuple.elems.len());
            let message = format!(
                "`{name}` takes {} numbers, one for each side or axis, found {found}",
                each.axes
            );
            self.errors
                .at(value, with_help(message, "write one number for all, or one for each"));
            self.has_wrong_number.set(true);
            return Some(default);
        }
        let mut numbers = of(1);
        for (axis, element) in tuple.elems.iter().enumerate() {
            numbers[axis] = self.whole(parameter.name, element, each.least).unwrap_or(default[axis]);
        }
        Some(numbers)
    }

    /// `kernel_size = 2.5`, `stride = 0`: a whole number, and one that makes sense.
    pub(super) fn whole(&self, name: &str, value: &Expr, least: usize) -> Option<usize> {
        if let Expr::Lit(literal) = value
            && let Lit::Int(number) = &literal.lit
            && number.suffix().is_empty()
            && let Ok(number) = number.base10_parse::<usize>()
            && (least..=MOST).contains(&number)
        {
            return Some(number);
        }
        let message = format!(
            "`{name}` must be a whole number from {least} to {MOST}, found `{}`",
            tidy(value)
        );
        self.errors.at(value, message);
        self.has_wrong_number.set(true);
        None
    }

    /// `reshape(1, 28, 28)`: the sizes of one sample.
    pub(super) fn sizes(&self, variables: &mut Variables) -> Option<Vec<Poly>> {
        let sizes: Vec<Option<Poly>> = self
            .rest
            .iter()
            .map(|value| size(self.errors, value, variables))
            .collect();
        sizes.into_iter().collect()
    }

    pub(super) fn flag(&self, place: usize) -> bool {
        let parameter = &self.signature.parameters[place];
        let Kind::Flag { default } = parameter.kind else {
            unreachable!("signature/table.rs: `{}` is a switch", parameter.name)
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
            unreachable!("signature/table.rs: `{}` is a word", parameter.name)
        };
        let Some(value) = self.values[place] else {
            return words[0];
        };
        let text = tidy(value);
        words.iter().find(|word| **word == text).copied().unwrap_or_else(|| {
            let choices = either(words.iter().map(|word| format!("`{word}`")).collect());
            let message = format!("`{}` must be {choices}, found `{text}`", parameter.name);
            self.errors.at(value, message);
            words[0]
        })
    }
}

/// Numbers of a kernel are counted in tens: more are a mistake.
const MOST: usize = 1 << 20;

/// `H`, `sizes::Heads`: the name of a type.
fn is_size(path: &syn::ExprPath) -> bool {
    let last = path.path.segments.last();
    last.is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
}

/// `{ (3, 5) }`, as numbers for axes are written in a field's type, without the braces.
fn unwrapped(value: &Expr) -> &Expr {
    match value {
        Expr::Block(block) => match &block.block.stmts[..] {
            [syn::Stmt::Expr(inner, None)] => unwrapped(inner),
            _ => value,
        },
        Expr::Paren(inner) => unwrapped(&inner.expr),
        Expr::Group(inner) => unwrapped(&inner.expr),
        _ => value,
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

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either(choices: Vec<String>) -> String {
    match &choices[..] {
        [some @ .., last] if !some.is_empty() => format!("{} or {last}", some.join(", ")),
        all => all.concat(),
    }
}
