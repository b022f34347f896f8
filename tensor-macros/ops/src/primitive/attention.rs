//! [`Attention`]: what every element of a sequence makes of all others, or of those of another sequence.

use super::family::Family;
use super::{Features, Made, Needs, count};
use crate::{Misfit, Poly, Shape};

/// `softmax(q k^T / sqrt(d) + mask) v` for each of `heads` heads of size `d`. Queries, keys and values lie side by side, `[batch, seq, 3 heads d]` to
/// `[batch, seq, heads d]`, or are three values, `[batch, queries, heads d]`, `[batch, keys, heads d]` and `[batch, keys, heads e]`. Vaswani et al.,
/// *Attention Is All You Need*, 2017.
///
/// The mask, a value of whole numbers, says which keys take part, those where it is not 0: `[batch, keys]`, or `[batch, queries, keys]`. A query for
/// which no key does gives 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// How many heads.
    pub heads: usize,
    /// Whether an element sees those before it and itself alone.
    pub causal: bool,
    /// Whether queries, keys and values are three values.
    pub apart: bool,
    /// Whether there is a mask, which comes last.
    pub masked: bool,
}

impl Family for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn options(&self) -> Vec<String> {
        let causal = self.causal.then(|| "causal = true".to_owned());
        [count::size(self.heads).to_string()]
            .into_iter()
            .chain(causal)
            .collect()
    }

    fn features(&self) -> Features {
        Features::Last
    }

    fn inputs(&self) -> usize {
        self.gradients() + usize::from(self.masked)
    }

    /// A mask has none.
    fn gradients(&self) -> usize {
        if self.apart { 3 } else { 1 }
    }

    fn check_axes(&self, x: &Shape) -> Result<(), Misfit> {
        match x.axes().len() {
            3 => Ok(()),
            _ => Err(Misfit::Axes {
                needs: "[batch, seq, features]",
                found: x.clone(),
            }),
        }
    }

    fn keeps(&self) -> bool {
        true
    }

    fn kept(&self, x: &Shape) -> Option<(&'static str, Shape)> {
        let heads = count::size(self.heads);
        Some(("scales", Shape::new([&x.rows() * &heads, Poly::number(1)])))
    }

    fn needs(&self) -> Needs {
        Needs {
            inputs: true,
            output: true,
            parameters: false,
        }
    }

    fn made(&self, inputs: &[&Shape], _: &[&Shape]) -> Result<Made, Misfit> {
        for x in &inputs[..self.gradients()] {
            self.check_axes(x)?;
        }
        let (x, heads) = (inputs[0], self.heads as u64);
        if self.apart {
            let widths = [inputs[0], inputs[2]].map(Shape::features);
            for width in widths {
                if count::each(&width, self.heads).is_none() {
                    return Err(Misfit::Width { width, heads });
                }
            }
            return Ok(Made::plain(x.with_features(inputs[2].features())));
        }
        let features = x.features();
        let width = count::each(&features, 3).filter(|width| count::each(width, self.heads).is_some());
        let width = width.ok_or(Misfit::Heads { features, heads })?;
        Ok(Made::plain(x.with_features(width)))
    }

    fn shared(&self, inputs: &[&Shape], _: &[&Shape]) -> Vec<(Poly, usize)> {
        let widths = match self.apart {
            true => vec![inputs[0].features(), inputs[2].features()],
            false => count::each(&inputs[0].features(), 3).into_iter().collect(),
        };
        widths.into_iter().map(|width| (width, self.heads)).collect()
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        let keys = if self.apart { inputs[1] } else { inputs[0] };
        let keys = keys.axes().get(1).cloned().unwrap_or_default();
        &(&Poly::number(4) * &keys) * &made.elements()
    }
}
