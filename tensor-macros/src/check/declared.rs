//! Shapes that a forward says: `let y: [128] = encoder(x);`.

use super::flow::Action;
use super::resolved::Resolved;
use super::shapes::{Inference, Known};
use super::sizes::{BATCH, size};
use crate::errors::with_help;
use proc_macro2::Span;
use tensor_ops::{Poly, Shape};

impl Inference<'_> {
    /// `let y: [128] = encoder(x);`
    pub(super) fn declared(&mut self, input: Known, maker: &str, sizes: &[syn::Expr], span: Span) -> Known {
        let Some(shape) = self.declared_shape(sizes) else {
            // Told by whoever has asked first.
            return input;
        };
        if !self.facts.variables.may_be_one(&shape, &input.shape) {
            let message = format!("this is declared as {shape}, but {maker} is {}", input.shape);
            let sizes: Vec<String> = input.shape.axes()[1..].iter().map(Poly::to_string).collect();
            let help = format!("write [{}]", sizes.join(", "));
            self.errors.at_span(span, with_help(message, help));
            return input;
        }
        for (expected, found) in shape.axes().iter().zip(input.shape.axes()).filter(|(a, b)| a != b) {
            let texts = ["let".to_owned(), format!("{maker} has")];
            self.oblige(texts, [expected, found], "elements along this axis", span);
        }
        Known { shape, ..input }
    }

    /// The sizes of a `let` with the batch in front; `None` if one is none, which is told.
    pub(super) fn declared_shape(&mut self, sizes: &[syn::Expr]) -> Option<Shape> {
        let sizes = sizes
            .iter()
            .map(|expression| size(self.errors, expression, &mut self.facts.variables))
            .collect::<Option<Vec<Poly>>>()?;
        Some(Shape::new([Poly::variable(BATCH)].into_iter().chain(sizes)))
    }

    /// What the `let`s right behind a call say of the values that it makes, or what it is taken to keep.
    pub(super) fn declared_next(
        &mut self,
        next: &[Action<'_>],
        value: usize,
        count: usize,
        (inputs, is_inside): (&[Option<Known>], bool),
    ) -> Vec<Option<Shape>> {
        let Some(inputs) = inputs.iter().cloned().collect::<Option<Vec<Known>>>() else {
            return vec![None; count];
        };
        let mut makes = vec![self.kept_by_a_model(&inputs[0].shape, is_inside); count];
        for action in next {
            match action {
                Action::Declare { input, sizes, .. } if (value..value + count).contains(input) => {
                    makes[input - value] = self.declared_shape(sizes).or(makes[input - value].take());
                }
                _ => break,
            }
        }
        makes
    }

    /// Notes the shape of a value that a model has made, and of those that are as large.
    pub(super) fn has_shape(&mut self, value: usize, shape: &Shape) {
        let Some(fact) = self.facts.makers[value].and_then(|place| self.facts.layers.get_mut(place)) else {
            return;
        };
        if self.facts.variables.made_by(&fact.output).is_none() {
            return;
        }
        fact.output = shape.clone();
        if !matches!(fact.resolved, Resolved::Model(_)) {
            fact.input = shape.clone();
            for input in fact.inputs.clone() {
                self.has_shape(input, shape);
            }
        }
    }
}
