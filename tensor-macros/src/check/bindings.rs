//! `let`: names for values, and what is said of their shapes.

use super::calls::Split;
use super::flow::{Action, Walk};
use super::leaves::tidy;
use crate::errors::with_help;
use crate::syntax::{Declared, Pattern};
use syn::{Expr, ExprCall};

impl<'a> Walk<'a> {
    /// `let y: [128] = fc(x);` A value that could not be made has a name all the same: one mistake, one error.
    pub(super) fn bind(&mut self, pattern: &Pattern, declared: &'a [Declared], value: &'a Expr, scope: usize) {
        if pattern.tuple.is_some() {
            return self.bind_all(pattern, declared, value, scope);
        }
        let made = self.value(value);
        let [name] = &pattern.names[..] else {
            unreachable!("syntax/forward.rs: one name without parentheses")
        };
        let Some(ident) = &name.name else {
            let message = "this value is computed and not used";
            self.errors
                .at_span(name.span, with_help(message, "give it a name, or remove the `let`"));
            return;
        };
        let made = match (made, declared) {
            (Some(input), [declared]) => Some(self.declare(input, declared)),
            (made, []) => made,
            (_, several) => {
                let help = "write one shape: `let y: [128] = ..`";
                self.errors
                    .at_span(several[1].span, with_help("one value has one shape", help));
                None
            }
        };
        let value = made.unwrap_or(usize::MAX);
        self.bindings.bind(self.errors, ident, name.is_mutable, value, scope);
    }

    fn declare(&mut self, input: usize, declared: &'a Declared) -> usize {
        let maker = self.makers[input].clone();
        let action = Action::Declare {
            input,
            maker: maker.clone(),
            sizes: &declared.sizes,
            span: declared.span,
        };
        self.push(action, maker)
    }

    /// `let (a, b) = split(x, 4, axis = 1);`, `let (h, c): ([16], [16]) = cell(x, h);`
    fn bind_all(&mut self, pattern: &Pattern, declared: &'a [Declared], value: &'a Expr, scope: usize) {
        let count = pattern.names.len();
        let made: Option<Vec<usize>> = match value {
            Expr::Call(call) if tidy(&call.func) == "split" => {
                if let [first, ..] = declared {
                    let help = "the sizes of each follow from what is split";
                    self.errors
                        .at_span(first.span, with_help("a tuple has no shape of its own", help));
                }
                self.split(call, count).map(|split| self.slices(pattern, &split))
            }
            Expr::Call(call) if self.gives_several(&call.func) => self.call_for(call, pattern, declared),
            other => {
                let message = "a tuple of names takes the values of `split`, of another model, or of a recurrent layer";
                let help = "bind one value: `let y = ..`, or write `let (a, b) = split(x, 4, axis = 1);`";
                self.errors.at(other, with_help(message, help));
                None
            }
        };
        if pattern.names.iter().all(|name| name.name.is_none()) {
            let help = "give one of them a name, or remove the `let`";
            self.errors
                .at(value, with_help("these values are computed and not used", help));
        }
        for (place, name) in pattern.names.iter().enumerate() {
            if let Some(ident) = &name.name {
                let value = made.as_ref().map_or(usize::MAX, |made| made[place]);
                self.bindings.bind(self.errors, ident, name.is_mutable, value, scope);
            }
        }
    }

    /// The values of a `split` that have names.
    fn slices(&mut self, pattern: &Pattern, split: &Split) -> Vec<usize> {
        let first = pattern.names.iter().position(|name| name.name.is_some());
        let names = pattern.names.iter().enumerate();
        names
            .map(|(place, name)| match name.name {
                Some(_) => self.slice(split, place, first == Some(place)),
                None => usize::MAX,
            })
            .collect()
    }

    /// All values that another model makes, or a layer that makes several.
    fn call_for(&mut self, call: &'a ExprCall, pattern: &Pattern, declared: &'a [Declared]) -> Option<Vec<usize>> {
        let count = pattern.names.len();
        if let ([first, ..], true) = (declared, declared.len() != count) {
            let message = format!("there are {count} names, but {} shapes", declared.len());
            self.errors.at_span(
                first.span,
                with_help(message, "write a shape for each: `let (a, b): ([16], [8]) = ..`"),
            );
            return None;
        }
        let first = self.call_giving(call, count)?;
        let made = (0..count).map(|place| match declared.get(place) {
            Some(declared) => self.declare(first + place, declared),
            None => first + place,
        });
        Some(made.collect())
    }
}
