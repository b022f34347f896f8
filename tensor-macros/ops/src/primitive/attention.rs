//! [`Attention`]: what every element of a sequence makes of all others.

use super::family::Family;
use super::{Features, Made, Needs};
use crate::{Misfit, Poly, Shape};

/// `softmax(q k^T / sqrt(d)) v` for each of `heads` heads of size `d`, of queries, keys and values that lie side by side: `[batch, seq, 3 heads d]`
/// to `[batch, seq, heads d]`. Vaswani et al., *Attention Is All You Need*, 2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attention {
    /// How many heads.
    pub heads: usize,
    /// Whether an element sees those before it and itself alone.
    pub causal: bool,
}

impl Family for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn options(&self) -> Vec<String> {
        let causal = self.causal.then(|| "causal = true".to_owned());
        [self.heads.to_string()].into_iter().chain(causal).collect()
    }

    fn features(&self) -> Features {
        Features::Last
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
        let heads = Poly::number(self.heads as u64);
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
        self.check_axes(inputs[0])?;
        let (features, groups) = (inputs[0].features(), 3 * self.heads as u64);
        let size = features.divided(groups).ok_or(Misfit::Heads {
            features,
            heads: self.heads as u64,
        })?;
        let made = inputs[0].with_features(&size * &Poly::number(self.heads as u64));
        Ok(Made::plain(made))
    }

    fn flops(&self, inputs: &[&Shape], _: &[&Shape], made: &Shape) -> Poly {
        let seq = inputs[0].axes().get(1).cloned().unwrap_or_default();
        &(&Poly::number(4) * &seq) * &made.elements()
    }
}
