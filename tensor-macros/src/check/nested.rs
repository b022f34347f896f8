//! Shapes through other models, which may take and make several values.

use super::facts::LayerFact;
use super::resolve::{model_input, model_output};
use super::resolved::{Resolved, Wanted};
use super::shapes::{Current, Inference, Known, Producer};
use super::sizes::BATCH;
use super::variables::Meaning;
use tensor_ops::{Poly, Shape};

impl Inference<'_> {
    /// What another model makes of some values: one axis of its own size each where it takes one axis, else what it takes, or what a `let`
    /// says. rustc compares.
    pub(super) fn nested(
        &mut self,
        position: usize,
        resolved: &Resolved,
        inputs: Vec<Option<Known>>,
        makes: Vec<Option<Shape>>,
    ) -> Vec<Option<Known>> {
        let Resolved::Model(model) = resolved else {
            unreachable!("check/calls.rs: only another model takes or makes several values")
        };
        let (leaf, name, count) = (&self.leaves[position], model.text(), makes.len());
        // What its type is made with is known when the program is compiled.
        self.made_for_a_size.extend(model.sizes.iter().flatten().cloned());
        let wanted = Wanted {
            size: Some(Poly::variable(&model_input(&name))),
            is_inferred: false,
            span: leaf.span(),
        };
        let mut inputs = inputs.into_iter();
        if let Some(first) = inputs.next().flatten() {
            self.current = Current::Known(first);
        }
        let first = match &self.current {
            Current::Known(known) if self.facts.variables.made_by(&known.shape).is_some() => {
                let known = known.clone();
                self.fits(leaf, (model, 0), &known);
                Some(known)
            }
            _ => self.sized(leaf, &wanted, "input features"),
        };
        let (Some(first), Some(others)) = (first, inputs.collect::<Option<Vec<Known>>>()) else {
            self.fails();
            return vec![None; count];
        };
        for (input, other) in others.iter().enumerate() {
            self.fits(leaf, (model, input + 1), other);
        }
        let mut shapes = Vec::new();
        for (output, makes) in makes.into_iter().enumerate() {
            let own = model_output(&name, output);
            let variables = &mut self.facts.variables;
            let features = variables.variable(own, Meaning::ModelOutput(model.clone(), output));
            shapes.push(match makes {
                Some(shape) => shape,
                None => Shape::new([Poly::variable(BATCH), features]),
            });
        }
        let (output, made_beside) = (shapes[0].clone(), shapes[1..].to_vec());
        let value = self.push(LayerFact {
            leaf: self.part(position),
            path: leaf.dotted(),
            resolved: resolved.clone(),
            inputs: [&first].into_iter().chain(&others).map(|known| known.value).collect(),
            input: first.shape,
            beside: others.into_iter().map(|known| known.shape).collect(),
            output,
            others: made_beside,
            span: leaf.span(),
        });
        let known = |(output, shape): (usize, Shape)| {
            Some(Known {
                value: value + output,
                makers: vec![Producer::Leaf(position); shape.axes().len()],
                shape,
                arithmetic: None,
            })
        };
        shapes.into_iter().enumerate().map(known).collect()
    }
}
