//! Layers of transformers.

use super::Steps;
use crate::check::resolved::{Composition, Encoder, Heads};
use tensor_ops::primitive::{Attention, count};
use tensor_ops::{Binary, Misfit, Poly, Primitive, Shape};

/// Weight and bias.
type Affine = [usize; 2];

/// What looks at what: the numbers of values.
struct Looks {
    query: usize,
    key: usize,
    value: usize,
    mask: Option<usize>,
}

impl Looks {
    /// A sequence at itself.
    fn at_itself(x: usize, mask: Option<usize>) -> Self {
        Looks {
            query: x,
            key: x,
            value: x,
            mask,
        }
    }
}

impl Steps {
    /// `attention(x, 12)` of queries, keys and values side by side, `scaled_dot_product_attention(q, k, v, 12)` of three values.
    pub(super) fn attention(&mut self, heads: Heads) -> Result<usize, Misfit> {
        let Heads { heads, causal } = heads;
        let inputs: Vec<usize> = (0..self.inputs()).collect();
        let (apart, masked) = (inputs.len() > 2, inputs.len().is_multiple_of(2));
        let attention = Attention {
            heads,
            causal,
            apart,
            masked,
        };
        self.primitive(Primitive::Attention(attention), &inputs, &[])
    }

    /// Queries, keys and values by one product, the heads, and another product.
    pub(super) fn multi_head_attention(&mut self, heads: Heads) -> Result<usize, Misfit> {
        self.sequence()?;
        let parameters = self.attention_parameters("");
        let looks = match self.inputs() {
            1 => Looks::at_itself(0, None),
            2 => Looks::at_itself(0, Some(1)),
            count => Looks {
                query: 0,
                key: self.twin(1),
                value: self.twin(2),
                mask: (count > 3).then_some(3),
            },
        };
        self.attended(&looks, heads, parameters)
    }

    fn attention_parameters(&mut self, part: &str) -> [Affine; 2] {
        let width = self.shape(0).features();
        let three = &width * &Poly::number(3);
        [
            self.affine(&format!("{part}in_proj_"), &[&three, &width]),
            self.affine(&format!("{part}out_proj."), &[&width, &width]),
        ]
    }

    fn attended(&mut self, looks: &Looks, heads: Heads, [inner, outer]: [Affine; 2]) -> Result<usize, Misfit> {
        let Heads { heads, causal } = heads;
        let width = self.shape(looks.query).features();
        if count::each(&width, heads).is_none() {
            return Err(Misfit::Width {
                width,
                heads: heads as u64,
            });
        }
        let apart = looks.key != looks.query || looks.value != looks.query;
        let query = self.linear(looks.query, &inner);
        let mut inputs = vec![query];
        if apart {
            let Some(width) = width.as_number() else {
                return Err(Misfit::Apart { width });
            };
            let key = match looks.key == looks.query {
                true => query,
                false => self.linear(looks.key, &inner),
            };
            let value = match looks.value {
                value if value == looks.query => query,
                value if value == looks.key => key,
                value => self.linear(value, &inner),
            };
            let (all, width) = ([query, key, value], width as usize);
            let thirds = all.iter().enumerate();
            inputs = thirds
                .map(|(third, x)| self.slice(*x, 2, third * width, width))
                .collect::<Result<_, Misfit>>()?;
        }
        inputs.extend(looks.mask);
        let attention = Attention {
            heads,
            causal,
            apart,
            masked: looks.mask.is_some(),
        };
        let x = self.primitive(Primitive::Attention(attention), &inputs, &[])?;
        Ok(self.linear(x, &outer))
    }

    /// Attention and a net at each place, each added to what it is given.
    pub(super) fn encoder(&mut self, encoder: &Encoder) -> Result<usize, Misfit> {
        self.sequence()?;
        let attention = self.attention_parameters("self_attn.");
        let net = self.net_parameters(encoder);
        let [first, second] = ["norm1.", "norm2."].map(|part| self.norm_parameters(part));
        let mask = (self.inputs() > 1).then_some(1);
        let x = self.added(0, encoder, first, |steps, x| {
            steps.attended(&Looks::at_itself(x, mask), encoder.heads, attention)
        })?;
        self.added(x, encoder, second, |steps, x| Ok(steps.net(x, net, encoder)))
    }

    /// The same with an attention to another sequence between the two.
    pub(super) fn decoder(&mut self, decoder: &Encoder) -> Result<usize, Misfit> {
        self.sequence()?;
        let attention = self.attention_parameters("self_attn.");
        let to_memory = self.attention_parameters("multihead_attn.");
        let net = self.net_parameters(decoder);
        let [first, second, third] = ["norm1.", "norm2.", "norm3."].map(|part| self.norm_parameters(part));
        let given = |place: usize| (self.inputs() > place).then_some(place);
        let (memory_mask, mask) = (given(2), given(3));
        let x = self.added(0, decoder, first, |steps, x| {
            steps.attended(&Looks::at_itself(x, mask), decoder.heads, attention)
        })?;
        // What is not behind says nothing of another sequence.
        let heads = Heads {
            causal: false,
            ..decoder.heads
        };
        let x = self.added(x, decoder, second, |steps, query| {
            let looks = Looks {
                query,
                key: 1,
                value: 1,
                mask: memory_mask,
            };
            steps.attended(&looks, heads, to_memory)
        })?;
        self.added(x, decoder, third, |steps, x| Ok(steps.net(x, net, decoder)))
    }

    fn net_parameters(&mut self, encoder: &Encoder) -> [Affine; 2] {
        let (width, inner) = (self.shape(0).features(), &encoder.inner);
        [
            self.affine("linear1.", &[inner, &width]),
            self.affine("linear2.", &[&width, inner]),
        ]
    }

    fn norm_parameters(&mut self, part: &str) -> Affine {
        let width = self.shape(0).features();
        self.affine(part, &[&width])
    }

    /// `x + f(x)`, with a norm before `f` or behind the sum.
    fn added(
        &mut self,
        x: usize,
        encoder: &Encoder,
        norm: Affine,
        f: impl FnOnce(&mut Self, usize) -> Result<usize, Misfit>,
    ) -> Result<usize, Misfit> {
        let given = match encoder.norm_first {
            true => self.layer_norm(x, encoder.eps, norm),
            false => x,
        };
        let made = f(self, given)?;
        let made = self.dropout(encoder.dropout, made);
        let sum = self.binary(Binary::Add, x, made);
        Ok(match encoder.norm_first {
            true => sum,
            false => self.layer_norm(sum, encoder.eps, norm),
        })
    }

    fn net(&mut self, x: usize, [first, second]: [Affine; 2], encoder: &Encoder) -> usize {
        let x = self.linear(x, &first);
        let x = self.unary(encoder.activation, x);
        let x = self.dropout(encoder.dropout, x);
        self.linear(x, &second)
    }
}

/// What attentions take beside an input of this shape, given such values: of their sizes, lengths are as they come.
pub(super) fn beside(of: &Composition, input: &Shape, given: &[&Shape]) -> Vec<Shape> {
    // What is no sequence is told of by itself.
    if input.axes().len() != 3 {
        return given.iter().map(|shape| (*shape).clone()).collect();
    }
    let third = |place: usize| given.get(place).copied();
    match (of, given.len()) {
        (Composition::Decoder(_), _) => {
            let memory = sequence(input, third(0), "memory", &input.features());
            let masks = [mask(input, &memory, third(1)), mask(input, input, third(2))];
            [memory].into_iter().chain(masks).collect()
        }
        (_, 0 | 1) => vec![mask(input, input, third(0))],
        _ => {
            let key = sequence(input, third(0), "keys", &input.features());
            let mut value = key.clone();
            if let (Composition::Attention(_), Some(given)) = (of, third(1)) {
                value = value.with_features(given.features());
            }
            let mask = mask(input, &key, third(2));
            vec![key, value, mask]
        }
    }
}

/// `[batch, keys, features]`, as long as it comes.
fn sequence(input: &Shape, given: Option<&Shape>, name: &str, features: &Poly) -> Shape {
    let length = match given.map(Shape::axes) {
        Some([_, length, _]) => length.clone(),
        _ => Poly::variable(name),
    };
    Shape::new([input.axes()[0].clone(), length, features.clone()])
}

/// `[batch, keys]`, or `[batch, queries, keys]` where it comes with three axes.
fn mask(queries: &Shape, keys: &Shape, given: Option<&Shape>) -> Shape {
    let [batch, length] = [&queries.axes()[0], &keys.axes()[1]].map(Poly::clone);
    match given {
        Some(given) if given.axes().len() == 3 => Shape::new([batch, queries.axes()[1].clone(), length]),
        _ => Shape::new([batch, length]),
    }
}
