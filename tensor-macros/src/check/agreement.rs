//! Agreement of sizes: what a layer is made for, and what comes. Two that differ are an error here; of two that rustc alone knows, an obligation.

use super::facts::{Fit, Obligation};
use super::leaves::Leaf;
use super::resolved::{ModelType, Wanted};
use super::shapes::{Current, Inference, Known, Producer};
use super::sizes::BATCH;
use crate::errors::with_help;
use proc_macro2::Span;
use tensor_ops::{Poly, Shape};

impl<'a> Inference<'a> {
    /// Two sizes of which rustc is to say whether they are one: `consumer` expects the first, `producer` says who has the second.
    pub(super) fn oblige(
        &mut self,
        [consumer, producer]: [String; 2],
        [expected, found]: [&Poly; 2],
        what: &'static str,
        span: Span,
    ) {
        self.facts.obligations.push(Obligation {
            producer,
            found: found.clone(),
            consumer,
            expected: expected.clone(),
            what,
            span,
        });
    }

    /// `Down<64, 28> >> Basic<64, 28>`: what the one makes the other takes as its `input`-th value, which rustc is to say. Whether nothing
    /// else is known of its shape.
    pub(super) fn fits(&mut self, leaf: &Leaf<'_>, expected: (&ModelType, usize), known: &Known) -> bool {
        let Some((model, output)) = self.facts.variables.made_by(&known.shape) else {
            return false;
        };
        let found = (model.clone(), output);
        let (consumer, producer) = self.labels(leaf, known, 1);
        self.facts.fits.push(Fit {
            producer,
            found,
            consumer,
            expected: (expected.0.clone(), expected.1),
            is_made: false,
            span: leaf.span(),
        });
        true
    }

    /// What a message calls a layer, and who sets the size of an axis that it is given.
    pub(super) fn labels(&self, leaf: &Leaf<'_>, known: &Known, axis: usize) -> (String, String) {
        match known.makers[axis] {
            Producer::Input(_) if self.inputs.len() == 1 => (leaf.own_label(), "the input has".to_owned()),
            Producer::Input(input) => (leaf.own_label(), format!("the input `{}` has", self.inputs[input].0)),
            Producer::Function(name) => (leaf.own_label(), format!("`{name}` before it produces")),
            Producer::Leaf(position) => {
                let before = &self.leaves[position];
                let (label, text) = (before.label(leaf), before.text());
                let where_it_is = if label == text { " before it" } else { "" };
                (leaf.label(before), format!("`{label}`{where_it_is} produces"))
            }
        }
    }

    /// `hidden: linear(784, 128) >> output: linear(64, 10)`: what a layer is made for and what comes are one size.
    pub(super) fn sized(&mut self, leaf: &'a Leaf<'a>, wanted: &Wanted, what: &'static str) -> Option<Known> {
        self.made_for_a_size.extend(wanted.size.clone());
        match (&self.current, &wanted.size) {
            (Current::Known(known), None) if wanted.is_inferred => {
                self.made_for_a_size.push(known.shape.features());
                Some(known.clone())
            }
            (Current::Known(known), Some(expected)) => {
                let known = known.clone();
                self.compare(leaf, expected, &known, known.shape.axes().len() - 1, wanted.span, what);
                Some(known)
            }
            (Current::Missing, Some(size)) => {
                let shape = Shape::new([Poly::variable(BATCH), size.clone()]);
                Some(self.begin(shape))
            }
            (Current::Missing, None) if wanted.is_inferred => {
                let message = "nothing before this `_` has a size from which to work it out";
                let help = "write the size, or give the model's input: `#[input(784)]`, without the batch";
                self.errors.at_span(wanted.span, with_help(message, help));
                None
            }
            // What a layer after a mistake is made for is right by itself: it goes on from there.
            (Current::Unknown, Some(size)) => Some(Known {
                value: 0,
                shape: Shape::new([Poly::variable(BATCH), size.clone()]),
                makers: vec![Producer::Input(0); 2],
                arithmetic: None,
            }),
            (Current::Known(known), None) => Some(known.clone()),
            (Current::Unknown | Current::Missing, None) => None,
        }
    }

    /// Whether an axis has the size that a layer is made for; where that is for rustc to say, it does.
    pub(super) fn compare(
        &mut self,
        leaf: &Leaf<'_>,
        expected: &Poly,
        known: &Known,
        axis: usize,
        span: Span,
        what: &'static str,
    ) {
        let found = known.shape.axes()[axis].clone();
        if *expected == found {
            return;
        }
        let (consumer, producer) = self.labels(leaf, known, axis);
        if self.facts.variables.may_equal(expected, &found) {
            return self.oblige([consumer, producer], [expected, &found], what, span);
        }
        let is_last = axis + 1 == known.shape.axes().len();
        let help = if is_last && known.shape.flattened().features() == *expected {
            format!("the shape here is {}; put `flatten` before it", known.shape)
        } else {
            format!("write {found}, or `_` to have it worked out")
        };
        let message = format!("`{consumer}` expects {expected} {what}, but {producer} {found}");
        let note = known.arithmetic.as_ref().filter(|_| is_last);
        let note = note.map_or_else(String::new, |arithmetic| format!("\nnote: {arithmetic}"));
        self.errors.at_span(span, with_help(message, help) + &note);
    }

    /// `x + y` of `[Seq, 64]` and `[Len, 64]`: two names that come with the data are two sizes.
    pub(super) fn check_names(&mut self) {
        let variables = &self.facts.variables;
        let is_foreign = |size: &Poly| size.variables().any(|name| name.contains("::"));
        let differ = |obligation: &Obligation| {
            let sizes = [&obligation.expected, &obligation.found];
            sizes.iter().any(|size| variables.is_run_time(size)) && !sizes.iter().any(|size| is_foreign(size))
        };
        for obligation in self.facts.obligations.iter().filter(|obligation| differ(obligation)) {
            let Obligation {
                producer,
                found,
                consumer,
                expected,
                what,
                span,
            } = obligation;
            let message = format!("`{consumer}` expects {expected} {what}, but {producer} {found}");
            let help = "a size that comes with the data is the same only as one of its name: write one name for both";
            self.errors.at_span(*span, with_help(message, help));
        }
        self.facts.obligations.retain(|obligation| !differ(obligation));
    }
}
