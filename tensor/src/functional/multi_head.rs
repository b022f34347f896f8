//! Attention of several heads, with its projections.

use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::functional::attention::AttentionMask;
use crate::functional::dropout::dropped;
use crate::functional::linear::apply as linear;
use crate::layout::{Axes, describe};
use crate::ops::attention::{Which, attend as attend_heads, both};
use crate::ops::cast::wide;
use crate::ops::join::cat;
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What makes queries, keys and values of their inputs.
#[derive(Clone, Copy, Debug)]
pub enum InProjection<'a, T: Differentiable> {
    /// One weight of `[3 * features, features]`, in this order; PyTorch's `in_proj_weight`.
    Joint(&'a Tensor<Dynamic, T>),
    /// A weight for each: `[features, features]`, `[features, features of keys]` and `[features, features of values]`; PyTorch's
    /// `q_proj_weight`, `k_proj_weight` and `v_proj_weight`.
    Separate([&'a Tensor<Dynamic, T>; 3]),
}

/// The weights of [`multi_head_attention_forward`].
#[derive(Clone, Copy, Debug)]
pub struct MultiHeadWeights<'a, T: Differentiable> {
    /// What makes queries, keys and values.
    pub input: InProjection<'a, T>,
    /// What is added to these, `[3 * features]`; PyTorch's `in_proj_bias`.
    pub input_bias: Option<&'a Tensor<Dynamic, T>>,
    /// A key and a value that every sequence has behind its own, each of as many numbers as there are features; PyTorch's `bias_k` and `bias_v`.
    pub extra: Option<[&'a Tensor<Dynamic, T>; 2]>,
    /// `[features, features]`; PyTorch's `out_proj.weight`.
    pub output: &'a Tensor<Dynamic, T>,
    /// `[features]`; PyTorch's `out_proj.bias`.
    pub output_bias: Option<&'a Tensor<Dynamic, T>>,
}

/// The options of [`multi_head_attention_forward`].
#[derive(Clone, Copy, Debug)]
pub struct MultiHead<'a, T: Differentiable> {
    /// Whether the first axis is that of the sequences, and not that of their elements. No.
    pub batch_first: bool,
    /// Whether every sequence has a key and a value of zeros behind all others. No.
    pub add_zero_attn: bool,
    /// With which probability a weight is dropped, and from which seed. None is.
    pub dropout: Option<(f64, Seed)>,
    /// Which keys of each sequence take part: `[batch, keys]`, or `[keys]` of a single sequence. All do.
    pub key_padding_mask: AttentionMask<'a, T>,
    /// Which keys take part for which queries: `[queries, keys]` or `[batch * heads, queries, keys]`. All do.
    pub attn_mask: AttentionMask<'a, T>,
    /// Whether the weights are given, too. Yes.
    pub need_weights: bool,
    /// Whether these are the mean over the heads. Yes.
    pub average_attn_weights: bool,
}

impl<T: Differentiable> Default for MultiHead<'_, T> {
    fn default() -> Self {
        Self {
            batch_first: false,
            add_zero_attn: false,
            dropout: None,
            key_padding_mask: AttentionMask::None,
            attn_mask: AttentionMask::None,
            need_weights: true,
            average_attn_weights: true,
        }
    }
}

/// What attention gives, and the weights of the keys, where these are asked for.
pub type WithWeights<T> = (Tensor<Dynamic, T>, Option<Tensor<Dynamic, T>>);

const NAME: &str = "multi_head_attention";

/// The sizes of a call.
#[derive(Clone, Copy)]
struct Sizes {
    batch: usize,
    heads: usize,
    queries: usize,
    keys: usize,
    features: usize,
}

/// `[batch, length, features]` of what comes in any of the forms.
fn sequences(x: &Value, batch_first: bool) -> Result<Value> {
    match (x.layout.rank(), batch_first) {
        (2, _) => Ok(x.unsqueeze(0)),
        (3, true) => Ok(x.clone()),
        (3, false) => Ok(x.transpose(0, 1)),
        _ => {
            let expected = match batch_first {
                true => "[batch, length, features] or [length, features]",
                false => "[length, batch, features] or [length, features]",
            };
            Err(Error::shape(NAME, expected, describe(x.sizes())))
        }
    }
}

impl Sizes {
    fn new([query, key, value]: [&Value; 3], heads: usize) -> Result<Self> {
        let (batch, queries, features) = (query.sizes()[0], query.sizes()[1], query.sizes()[2]);
        for (what, other) in [("keys", key), ("values", value)] {
            query.same_device(NAME, other)?;
            if other.sizes()[0] != batch {
                let expected = format!("{what} for {batch} sequences");
                let found = format!("{what} for {}", other.sizes()[0]);
                return Err(Error::shape(NAME, expected, found));
            }
        }
        let keys = key.sizes()[1];
        if value.sizes()[1] != keys {
            let expected = format!("a value for each of {keys} keys");
            return Err(Error::shape(NAME, expected, value.sizes()[1].to_string()));
        }
        if heads == 0 || features == 0 || !features.is_multiple_of(heads) {
            return Err(Error::argument(
                "heads",
                format!("a number that divides {features}"),
                heads,
            ));
        }
        Ok(Self {
            batch,
            heads,
            queries,
            keys,
            features,
        })
    }

    /// `[batch, heads, length, features / heads]` of `[batch, length, features]`.
    fn split(self, x: &Value) -> Value {
        let width = self.features / self.heads;
        x.reshape(&[self.batch, x.sizes()[1], self.heads, width])
            .permute(&[0, 2, 1, 3])
    }

    /// A mask of queries and keys as `[1 or batch, 1 or heads, queries, keys]`.
    fn of_queries<T: Differentiable>(self, mask: AttentionMask<'_, T>, like: &Value) -> Result<Which> {
        let (heads, queries, keys) = (self.heads, self.queries, self.keys);
        let which = Which::new(mask, [queries, keys], like);
        which.mapped(|x| match *x.sizes() {
            [a, b] if [a, b] == [queries, keys] => Ok(x.reshape(&[1, 1, queries, keys])),
            [a, b, c] if [a, b, c] == [self.batch * heads, queries, keys] => {
                Ok(x.reshape(&[self.batch, heads, queries, keys]))
            }
            _ => Err(Error::shape(
                NAME,
                format!(
                    "a mask of [{queries}, {keys}] or [{}, {queries}, {keys}]",
                    self.batch * heads
                ),
                describe(x.sizes()),
            )),
        })
    }

    /// A mask of keys as `[batch, 1, 1, keys]`.
    fn of_keys<T: Differentiable>(self, mask: AttentionMask<'_, T>, single: bool, like: &Value) -> Result<Which> {
        if let AttentionMask::Causal | AttentionMask::CausalFromEnd = mask {
            let expected = "a mask of keys alone";
            return Err(Error::argument("key_padding_mask", expected, "a causal one"));
        }
        let (batch, keys) = (self.batch, self.keys);
        Which::new(mask, [1, keys], like).mapped(|x| match *x.sizes() {
            [a] if a == keys && single => Ok(x.reshape(&[1, 1, 1, keys])),
            [a, b] if [a, b] == [batch, keys] => Ok(x.reshape(&[batch, 1, 1, keys])),
            _ => {
                let expected = match single {
                    true => format!("a mask of [{keys}] for keys"),
                    false => format!("a mask of [{batch}, {keys}] for keys"),
                };
                Err(Error::shape(NAME, expected, describe(x.sizes())))
            }
        })
    }
}

impl Which {
    /// What takes part in both.
    fn and(self, other: Self) -> Result<Self> {
        if other.allowed.is_none() && other.added.is_none() {
            return Ok(self);
        }
        let join = |a: Option<Value>, b: Option<Value>, join: fn(&Value, &Value) -> Result<Value>| match (a, b) {
            (Some(a), Some(b)) => join(&a, &b).map(Some),
            (a, b) => Ok(a.or(b)),
        };
        Ok(Self::of(
            join(self.allowed, other.allowed, both)?,
            join(self.added, other.added, Value::add)?,
        ))
    }

    /// With as many keys more, which always take part.
    fn longer(self, more: usize) -> Result<Self> {
        self.mapped(|x| {
            let mut sizes: Axes<usize> = x.sizes().into();
            sizes[3] = more;
            // True, where it is a truth value; nothing, where it is added.
            let fill = if x.dtype() == DType::Bool { 1.0 } else { 0.0 };
            cat(NAME, &[x, &Value::filled(x.device(), x.dtype(), fill, &sizes)], 3)
        })
    }
}

/// Queries, keys and values of `[batch, length, features]`.
fn project<T: Differentiable>(
    inputs: [&Value; 3],
    same: bool,
    features: usize,
    weights: MultiHeadWeights<'_, T>,
) -> Result<[Value; 3]> {
    let bias = weights.input_bias.map(|bias| wide(bias.value()));
    if let Some(bias) = bias.as_ref().filter(|bias| bias.sizes() != [3 * features]) {
        let expected = format!("a bias of [{}] for queries, keys and values", 3 * features);
        return Err(Error::shape(NAME, expected, describe(bias.sizes())));
    }
    let third = |x: &Value, axis: usize, index: usize| x.slice(axis, index * features, features, 1);
    let weight = match weights.input {
        InProjection::Joint(weight) => {
            let weight = wide(weight.value());
            for x in inputs {
                if weight.sizes() != [3 * features, features] || x.sizes()[2] != features {
                    return Err(Error::shape(
                        NAME,
                        format!(
                            "a weight of [{}, {}] for queries, keys and values",
                            3 * features,
                            x.sizes()[2]
                        ),
                        describe(weight.sizes()),
                    ));
                }
            }
            if same {
                let all = linear(inputs[0], &weight, bias.as_ref())?;
                return Ok([0, 1, 2].map(|index| third(&all, 2, index)));
            }
            [0, 1, 2].map(|index| third(&weight, 0, index))
        }
        InProjection::Separate(each) => each.map(|weight| wide(weight.value())),
    };
    let one = |index: usize| {
        let (x, weight) = (inputs[index], &weight[index]);
        if weight.sizes() != [features, x.sizes()[2]] {
            let which = ["queries", "keys", "values"][index];
            let expected = format!("a weight of [{features}, {}] for {which}", x.sizes()[2]);
            return Err(Error::shape(NAME, expected, describe(weight.sizes())));
        }
        linear(x, weight, bias.as_ref().map(|bias| third(bias, 0, index)).as_ref())
    };
    Ok([one(0)?, one(1)?, one(2)?])
}

fn attend<T: Differentiable>(
    inputs: [&Value; 3],
    same: bool,
    heads: usize,
    weights: MultiHeadWeights<'_, T>,
    options: MultiHead<'_, T>,
) -> Result<(Value, Option<Value>)> {
    let single = inputs[0].layout.rank() == 2;
    if let Some(other) = inputs.iter().find(|x| x.layout.rank() != inputs[0].layout.rank()) {
        let expected = format!(
            "keys and values of as many axes as the queries {}",
            describe(inputs[0].sizes())
        );
        return Err(Error::shape(NAME, expected, describe(other.sizes())));
    }
    let [query, key, value] = inputs;
    let batched = |x: &Value| sequences(x, options.batch_first);
    let (query, key, value) = (batched(query)?, batched(key)?, batched(value)?);
    let sizes = Sizes::new([&query, &key, &value], heads)?;
    let features = sizes.features;
    // With further keys it is no longer those that are not behind.
    let is_longer = weights.extra.is_some() || options.add_zero_attn;
    let is_causal = matches!(options.attn_mask, AttentionMask::Causal);
    let is_plain = options.dropout.is_none() && !options.need_weights;
    let causal = is_causal && is_plain && !is_longer;
    let which = match causal {
        true => Which::default(),
        false => sizes.of_queries(options.attn_mask, &query)?,
    };
    let mut which = which.and(sizes.of_keys(options.key_padding_mask, single, &query)?)?;
    let [query, mut key, mut value] = project([&query, &key, &value], same, features, weights)?;
    if let Some(extra) = weights.extra {
        let add = |x: &Value, more: &Tensor<Dynamic, T>| {
            let more = wide(more.value());
            if more.len() != features {
                let expected = format!("a further key and value of {features} numbers");
                return Err(Error::shape(NAME, expected, describe(more.sizes())));
            }
            let more = more
                .reshape(&[1, 1, features])
                .expand(NAME, &[sizes.batch, 1, features])?;
            cat(NAME, &[x, &more], 1)
        };
        (key, value) = (add(&key, extra[0])?, add(&value, extra[1])?);
        which = which.longer(1)?;
    }
    if options.add_zero_attn {
        let zeros = Value::filled(key.device(), key.dtype(), 0.0, &[sizes.batch, 1, features]);
        (key, value) = (cat(NAME, &[&key, &zeros], 1)?, cat(NAME, &[&value, &zeros], 1)?);
        which = which.longer(1)?;
    }
    let [query, key, value] = [query, key, value].map(|x| sizes.split(&x));
    let (made, mut shares) = match is_plain {
        true => (attend_heads(NAME, [&query, &key, &value], &which, causal)?, None),
        false => {
            let scale = ((features / heads) as f64).sqrt().recip();
            let scores = query.scale(scale).matmul(&key.transpose(2, 3))?;
            let mut shares = which.weights(NAME, &scores)?;
            if let Some((p, seed)) = options.dropout {
                shares = dropped(&shares, p, seed)?;
            }
            (shares.matmul(&value)?, Some(shares))
        }
    };
    let heads_side_by_side = made.permute(&[0, 2, 1, 3]);
    let joined = heads_side_by_side.reshape(&[sizes.batch, sizes.queries, features]);
    let bias = weights.output_bias.map(|bias| wide(bias.value()));
    let mut out = linear(&joined, &wide(weights.output.value()), bias.as_ref())?;
    if !single && !options.batch_first {
        out = out.transpose(0, 1);
    }
    shares = shares
        .filter(|_| options.need_weights)
        .map(|shares| match options.average_attn_weights {
            true => shares.mean(&[1], false),
            false => shares,
        });
    if single {
        (out, shares) = (out.squeeze(0), shares.map(|shares| shares.squeeze(0)));
    }
    Ok((out, shares))
}

/// `concat(head_1, .., head_h) W_o^T + b_o` with `head_i = softmax(q_i k_i^T / sqrt(d) + mask) v_i`, where `q_i`, `k_i`, `v_i` are the `i`-th of
/// `heads` equal parts of the projected inputs and `d` is the width of such a part.
///
/// `query` is `[queries, batch, features]`, `key` and `value` are `[keys, batch, ..]`; with `batch_first` the first two axes are exchanged, and
/// a single sequence comes without the axis of sequences. The result is as the query; beside it are the weights of the keys, `[batch, queries, keys]`, or
/// `[batch, heads, queries, keys]` where they are not averaged. A query for which no key takes part gives `b_o` (in PyTorch, NaN).
///
/// A. Vaswani et al., "Attention is all you need", 2017.
///
/// # Errors
/// Where sizes do not fit, or `heads` does not divide the features.
///
/// ```
/// use tensor::functional::{InProjection, MultiHead, MultiHeadWeights, multi_head_attention_forward};
/// use tensor::prelude::*;
/// let (x, eye) = (Tensor::<Dynamic>::from_vec(vec![1., 2.], &[1, 2])?, Tensor::eye(2, 2)?);
/// let weights = MultiHeadWeights {
///     input: InProjection::Separate([&eye; 3]),
///     input_bias: None,
///     extra: None,
///     output: &eye,
///     output_bias: None,
/// };
/// let (out, shares) = multi_head_attention_forward(&x, &x, &x, 2, weights, MultiHead::default())?;
/// assert_eq!(out.to_vec()?, [1., 2.]);
/// assert_eq!(shares.map(|shares| shares.to_vec()).transpose()?, Some(vec![1.]));
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn multi_head_attention_forward<T: Differentiable>(
    query: &Tensor<Dynamic, T>,
    key: &Tensor<Dynamic, T>,
    value: &Tensor<Dynamic, T>,
    heads: usize,
    weights: MultiHeadWeights<'_, T>,
    options: MultiHead<'_, T>,
) -> Result<WithWeights<T>> {
    // Only what is the same by its place surely is the same on the tape.
    let same = std::ptr::eq(query, key) && std::ptr::eq(key, value);
    let inputs = [query, key, value].map(|x| wide(x.value()));
    let (out, shares) = attend(inputs.each_ref(), same, heads, weights, options)?;
    let narrow = |value: Value| Tensor::of(value.cast(T::DTYPE));
    Ok((narrow(out), shares.map(narrow)))
}
