//! Parameters and buffers as fields: values of a forward, the same for every sample. Beside another value a parameter is repeated to its shape, as
//! PyTorch broadcasts; by itself it is `[batch, ..]`.

use super::facts::LayerFact;
use super::flow::{Action, Walk};
use super::leaves::plain;
use super::resolved::Resolved;
use super::scope::Held;
use super::shapes::{Inference, Known, Producer};
use super::sizes::BATCH;
use crate::errors::with_help;
use crate::signature::Signature;
use crate::syntax::Layer;
use proc_macro2::{Ident, Span};
use syn::Expr;
use tensor_ops::{Poly, Shape};

/// `Parameter<256, 384>`, or `parameter!(256, 384)`; a `Buffer<256, 384>` likewise.
pub fn is_parameter(layer: &Layer) -> bool {
    let name = layer.name.to_string();
    let signature = Signature::of_call(&name).or_else(|| Signature::of_type(&name));
    signature.is_some_and(Signature::is_value)
}

impl<'a> Walk<'a> {
    /// The operands of `x + position`: the parameter is as large as what it meets.
    pub(super) fn operands(&mut self, left: &'a Expr, right: &'a Expr) -> Option<[usize; 2]> {
        match (self.parameter(left), self.parameter(right)) {
            (Some((leaf, name)), None) => {
                let right = self.value(right)?;
                Some([self.spread(leaf, Some(right), name), right])
            }
            (None, Some((leaf, name))) => {
                let left = self.value(left)?;
                Some([left, self.spread(leaf, Some(left), name)])
            }
            _ => {
                let (left, right) = (self.value(left), self.value(right));
                Some([left?, right?])
            }
        }
    }

    /// The parameter that an expression is, unless a value has its name.
    fn parameter(&self, expression: &'a Expr) -> Option<(usize, &'a Ident)> {
        let name = match expression {
            Expr::Paren(inner) => return self.parameter(&inner.expr),
            Expr::Group(inner) => return self.parameter(&inner.expr),
            Expr::Path(path) => path.path.get_ident()?,
            _ => return None,
        };
        let is_value = self.bindings.names().any(|known| known == plain(name));
        match self.parts.find(name) {
            Some(Held::Parameter(leaf)) if !is_value => Some((leaf, name)),
            _ => None,
        }
    }

    /// A parameter as a value.
    pub(super) fn spread(&mut self, leaf: usize, over: Option<usize>, name: &Ident) -> usize {
        self.runs[leaf] = true;
        let over = over.map(|value| (value, self.makers[value].clone()));
        let span = name.span();
        self.push(
            Action::Spread { leaf, over, span },
            format!("the {} `{name}`", self.parts.word(leaf)),
        )
    }
}

impl Inference<'_> {
    /// Its sizes behind those of the batch, or the shape of what it meets, which its own sizes must go into.
    pub(super) fn spread(
        &mut self,
        leaf: usize,
        resolved: &Resolved,
        (input, over): (&Option<Known>, Option<(&Option<Known>, &str)>),
        span: Span,
    ) -> Option<Known> {
        let (Resolved::Parameter(sizes) | Resolved::Buffer(sizes)) = resolved else {
            return None;
        };
        self.made_for_a_size.extend(sizes.iter().cloned());
        let like = match over {
            Some((over, _)) => over.clone()?,
            None => input.clone()?,
        };
        let output = match over {
            Some((_, maker)) => {
                self.check_spread(leaf, sizes, &like, maker, span)?;
                like.shape.clone()
            }
            None => Shape::new([Poly::variable(BATCH)].into_iter().chain(sizes.iter().cloned())),
        };
        let value = self.push(LayerFact {
            leaf: Some(leaf),
            path: self.leaves[leaf].dotted(),
            resolved: resolved.clone(),
            inputs: vec![like.value],
            input: like.shape,
            beside: Vec::new(),
            output: output.clone(),
            others: Vec::new(),
            span,
        });
        Some(Known {
            value,
            makers: vec![Producer::Leaf(leaf); output.axes().len()],
            shape: output,
            arithmetic: None,
        })
    }

    /// `x + position` with x `[batch, 16, 64]` and a parameter `[32, 64]`: from the last axis on, each size is that of the value, or 1.
    /// A 1 may stand for the batch: `[1, 16, 64]`.
    fn check_spread(&mut self, leaf: usize, sizes: &[Poly], like: &Known, maker: &str, span: Span) -> Option<()> {
        let axes = &like.shape.axes()[1..];
        let one = Poly::number(1);
        let of_a_sample = match sizes {
            [first, rest @ ..] if *first == one && rest.len() == axes.len() => rest,
            _ => sizes,
        };
        let pairs: Vec<(&Poly, &Poly)> = of_a_sample.iter().rev().zip(axes.iter().rev()).collect();
        let fits = |(own, other): &(&Poly, &Poly)| **own == one || own.may_equal(other);
        if of_a_sample.len() > axes.len() || !pairs.iter().all(fits) {
            let own: Vec<String> = sizes.iter().map(Poly::to_string).collect();
            let path = self.leaves[leaf].dotted();
            let message = format!(
                "`{path}` is [{}] and does not go into {}, which is {maker}",
                own.join(", "),
                like.shape
            );
            let help = "from the last on, each of its sizes is 1 or that of the value";
            self.errors.at_span(span, with_help(message, help));
            return None;
        }
        for (own, other) in pairs.into_iter().filter(|(own, other)| **own != one && own != other) {
            let texts = [self.leaves[leaf].own_label(), format!("{maker} has")];
            self.oblige(texts, [own, other], "elements along this axis", span);
        }
        Some(())
    }
}
