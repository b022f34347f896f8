//! Attention.

use tensor_ops::Compare;

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::dropout::dropped;
use crate::layout::{Axes, describe};
use crate::ops::attention::{Which, attend as attend_heads};
use crate::ops::cast::wide;
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::Value;
use crate::tensors::Tensor;

/// Which keys take part for which queries. What is given broadcasts to `[.., queries, keys]`.
#[derive(Clone, Copy, Debug, Default)]
pub enum AttentionMask<'a, T: Differentiable> {
    /// All.
    #[default]
    None,
    /// Those that are not behind the query, both counted from the first: key `j` for query `i` where `j <= i`. PyTorch's `is_causal`, which
    /// aligns the upper left corners.
    Causal,
    /// The same, counted from the last: key `j` of `keys` for query `i` of `queries` where `keys - j >= queries - i`. It is what queries need
    /// whose earlier keys are kept from calls before. PyTorch's `causal_lower_right`.
    CausalFromEnd,
    /// Those where it is true, as in PyTorch's `scaled_dot_product_attention`.
    Allowed(&'a Tensor<Dynamic, bool>),
    /// Those where it is false, as in PyTorch's `MultiheadAttention`.
    Blocked(&'a Tensor<Dynamic, bool>),
    /// All; the numbers are added to the scores.
    Added(&'a Tensor<Dynamic, T>),
}

/// The options of [`scaled_dot_product_attention`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attention {
    /// What scores are multiplied by; `1 / sqrt(features)` where it is `None`.
    pub scale: Option<f64>,
    /// Whether each head of keys and values serves several heads of queries, which lie side by side. No.
    pub enable_gqa: bool,
    /// With which probability a weight is dropped, and from which seed. None is.
    pub dropout: Option<(f64, Seed)>,
}

/// Each head as often as there are heads of queries for it.
fn repeated(name: &'static str, x: &Value, heads: usize) -> Result<Value> {
    let sizes = x.sizes();
    let Some(axis) = sizes.len().checked_sub(3) else {
        return Err(Error::shape(
            name,
            "an axis of heads before the last two",
            describe(sizes),
        ));
    };
    let own = sizes[axis];
    if own == heads {
        return Ok(x.clone());
    }
    if own == 0 || !heads.is_multiple_of(own) {
        return Err(Error::shape(
            name,
            format!("heads of keys and values that divide {heads}"),
            describe(sizes),
        ));
    }
    let mut wide: Axes<usize> = sizes.into();
    wide.insert(axis + 1, heads / own);
    let mut out: Axes<usize> = sizes.into();
    out[axis] = heads;
    Ok(x.unsqueeze(axis + 1).expand(name, &wide)?.reshape(&out))
}

fn attend<T: Differentiable>(
    query: &Value,
    key: &Value,
    value: &Value,
    mask: AttentionMask<'_, T>,
    options: Attention,
) -> Result<Value> {
    let name = "scaled_dot_product_attention";
    for x in [query, key, value] {
        query.same_device(name, x)?;
        if x.layout.rank() < 2 {
            return Err(Error::shape(name, "[.., length, features]", describe(x.sizes())));
        }
    }
    let tail = |x: &Value| -> [usize; 2] { [x.sizes()[x.layout.rank() - 2], x.sizes()[x.layout.rank() - 1]] };
    let ([queries, features], [keys, key_features], [values, _]) = (tail(query), tail(key), tail(value));
    if features != key_features {
        return Err(Error::shape(
            name,
            format!("keys of {features} features, as the queries have"),
            describe(key.sizes()),
        ));
    }
    if keys != values {
        return Err(Error::shape(
            name,
            format!("a value for each of {keys} keys"),
            describe(value.sizes()),
        ));
    }
    let [query, mut key, mut value] = [query, key, value].map(wide);
    if options.enable_gqa {
        let Some(heads) = query.layout.rank().checked_sub(3).map(|axis| query.sizes()[axis]) else {
            return Err(Error::shape(
                name,
                "an axis of heads before the last two",
                describe(query.sizes()),
            ));
        };
        key = repeated(name, &key, heads)?;
        value = repeated(name, &value, heads)?;
    }
    // With as many queries as keys both corners are one.
    let causal = match mask {
        AttentionMask::Causal => true,
        AttentionMask::CausalFromEnd => queries == keys,
        _ => false,
    };
    let rank = query.layout.rank();
    let mut scores: Axes<usize> = query.sizes().into();
    scores[rank - 1] = keys;
    let leading = |x: &Value| -> Axes<usize> { x.sizes()[..x.layout.rank() - 2].into() };
    let is_even = leading(&query) == leading(&key) && leading(&query) == leading(&value);
    if options.dropout.is_none() && is_even {
        let which = match causal {
            true => Which::default(),
            false => Which::new(mask, [queries, keys], &query),
        };
        let which = which.mapped(|x| aligned(name, x, &scores))?;
        // The scale that is asked for, where it is not the usual one.
        let query = match options.scale {
            Some(scale) => query.scale(scale * (features as f64).sqrt()),
            None => query,
        };
        let mut sizes: Axes<usize> = query.sizes().into();
        sizes[rank - 1] = value.sizes()[rank - 1];
        let heads = [&query, &key, &value].map(with_heads);
        return Ok(attend_heads(name, heads.each_ref(), &which, causal)?.reshape(&sizes));
    }
    let scale = options.scale.unwrap_or_else(|| (features as f64).sqrt().recip());
    let flipped = key.transpose(key.layout.rank() - 2, key.layout.rank() - 1);
    let scores = query.scale(scale).matmul(&flipped)?;
    let weights = Which::new(mask, [queries, keys], &scores).weights(name, &scores)?;
    let weights = match options.dropout {
        Some((p, seed)) => dropped(&weights, p, seed)?,
        None => weights,
    };
    weights.matmul(&value)
}

/// `[batch, heads, length, features]` of `[.., length, features]`.
fn with_heads(x: &Value) -> Value {
    let (sizes, rank) = (x.sizes(), x.layout.rank());
    let heads = if rank > 2 { sizes[rank - 3] } else { 1 };
    let batch = sizes[..rank.saturating_sub(3)].iter().product();
    x.reshape(&[batch, heads, sizes[rank - 2], sizes[rank - 1]])
}

/// `[1 or batch, 1 or heads, 1 or queries, keys]` of what broadcasts to scores of `[.., heads, queries, keys]`.
fn aligned(name: &'static str, x: &Value, scores: &[usize]) -> Result<Value> {
    x.expand(name, scores)?;
    let rank = scores.len();
    let mut sizes: Axes<usize> = scores.iter().map(|_| 1).collect();
    sizes[rank - x.layout.rank()..].copy_from_slice(x.sizes());
    let x = x.reshape(&sizes);
    sizes[rank - 1] = scores[rank - 1];
    // Samples that are several axes are one mask for all, or one for each.
    let batch = ..rank.saturating_sub(3);
    if sizes[batch].iter().any(|&size| size != 1) {
        sizes[batch].copy_from_slice(&scores[batch]);
    }
    Ok(with_heads(&x.expand(name, &sizes)?))
}

impl Which {
    /// Beside scores of `[.., queries, keys]`.
    pub(super) fn new<T: Differentiable>(
        mask: AttentionMask<'_, T>,
        [queries, keys]: [usize; 2],
        scores: &Value,
    ) -> Self {
        let causal = |ahead: usize, behind: usize| {
            let row = |i: usize| (0..keys).map(move |j| j + behind <= i + ahead);
            let allowed: Vec<bool> = (0..queries).flat_map(row).collect();
            Self {
                allowed: Some(Value::from_slice(scores.device(), &[queries, keys], &allowed)),
                full: behind == 0,
                ..Self::default()
            }
        };
        let allowed = |allowed: Value| Self {
            allowed: Some(allowed),
            ..Self::default()
        };
        match mask {
            AttentionMask::None => Self::default(),
            AttentionMask::Causal => causal(0, 0),
            AttentionMask::CausalFromEnd => causal(keys.saturating_sub(queries), queries.saturating_sub(keys)),
            AttentionMask::Allowed(mask) => allowed(mask.value().clone()),
            AttentionMask::Blocked(mask) => allowed(not(mask.value())),
            AttentionMask::Added(numbers) => Self {
                added: Some(wide(numbers.value())),
                ..Self::default()
            },
        }
    }

    /// What `change` makes of both parts.
    pub(super) fn mapped(self, change: impl Fn(&Value) -> Result<Value>) -> Result<Self> {
        Ok(Self {
            allowed: self.allowed.as_ref().map(&change).transpose()?,
            added: self.added.as_ref().map(&change).transpose()?,
            ..self
        })
    }
}

/// Where a truth value does not hold.
fn not(x: &Value) -> Value {
    x.compare_to(Compare::Eq, 0.0)
}

/// `softmax(query key^T scale + mask) value`: `query` of `[.., queries, features]`, `key` of `[.., keys, features]`, `value` of
/// `[.., keys, outputs]`, the result of `[.., queries, outputs]`. A query for which no key takes part gives 0.
///
/// With keys kept from calls before there are more keys than queries: [`AttentionMask::CausalFromEnd`] is the causal mask then.
///
/// A. Vaswani et al., "Attention is all you need", 2017.
///
/// # Errors
/// Where the sizes do not fit.
///
/// ```
/// use tensor::functional::{Attention, AttentionMask, scaled_dot_product_attention};
/// use tensor::prelude::*;
/// let x = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[2, 2])?;
/// let y = scaled_dot_product_attention(&x, &x, &x, AttentionMask::Causal, Attention::default())?;
/// assert_eq!(y.to_vec()?[..2], [1., 2.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn scaled_dot_product_attention<T: Differentiable>(
    query: &Tensor<Dynamic, T>,
    key: &Tensor<Dynamic, T>,
    value: &Tensor<Dynamic, T>,
    mask: AttentionMask<'_, T>,
    options: Attention,
) -> Result<Tensor<Dynamic, T>> {
    let out = attend(query.value(), key.value(), value.value(), mask, options)?;
    Ok(Tensor::of(out.cast(T::DTYPE)))
}
