//! Layers of transformers.

use super::Steps;
use crate::check::resolved::{Encoder, Heads};
use tensor_ops::primitive::{Attention, count};
use tensor_ops::{Binary, Misfit, Poly, Primitive};

/// Weight and bias.
type Affine = [usize; 2];

impl Steps {
    /// Queries, keys and values by one product, the heads, and another product.
    pub(super) fn multi_head_attention(&mut self, heads: Heads) -> Result<usize, Misfit> {
        self.sequence()?;
        let parameters = self.attention_parameters("");
        self.attended(0, heads, parameters)
    }

    fn attention_parameters(&mut self, part: &str) -> [Affine; 2] {
        let width = self.shape(0).features();
        let three = &width * &Poly::number(3);
        [
            self.affine(&format!("{part}in_proj_"), &[&three, &width]),
            self.affine(&format!("{part}out_proj."), &[&width, &width]),
        ]
    }

    fn attended(&mut self, x: usize, heads: Heads, [inner, outer]: [Affine; 2]) -> Result<usize, Misfit> {
        let Heads { heads, causal } = heads;
        let width = self.shape(x).features();
        if count::each(&width, heads).is_none() {
            return Err(Misfit::Width {
                width,
                heads: heads as u64,
            });
        }
        let x = self.linear(x, &inner);
        let attention = Attention {
            heads,
            causal,
            apart: false,
            masked: false,
        };
        let x = self.primitive(Primitive::Attention(attention), &[x], &[])?;
        Ok(self.linear(x, &outer))
    }

    /// Attention and a net at each place, each added to what it is given.
    pub(super) fn encoder(&mut self, encoder: &Encoder) -> Result<usize, Misfit> {
        self.sequence()?;
        let (width, inner) = (self.shape(0).features(), &encoder.inner);
        let attention = self.attention_parameters("self_attn.");
        let net = [
            self.affine("linear1.", &[inner, &width]),
            self.affine("linear2.", &[&width, inner]),
        ];
        let norms = [self.affine("norm1.", &[&width]), self.affine("norm2.", &[&width])];
        let mut x = 0;
        for (place, norm) in norms.into_iter().enumerate() {
            let given = match encoder.norm_first {
                true => self.layer_norm(x, encoder.eps, norm),
                false => x,
            };
            let made = match place {
                0 => self.attended(given, encoder.heads, attention)?,
                _ => self.net(given, net, encoder),
            };
            let made = self.dropout(encoder.dropout, made);
            x = self.binary(Binary::Add, x, made);
            if !encoder.norm_first {
                x = self.layer_norm(x, encoder.eps, norm);
            }
        }
        Ok(x)
    }

    fn net(&mut self, x: usize, [first, second]: [Affine; 2], encoder: &Encoder) -> usize {
        let x = self.linear(x, &first);
        let x = self.unary(encoder.activation, x);
        let x = self.dropout(encoder.dropout, x);
        self.linear(x, &second)
    }
}
