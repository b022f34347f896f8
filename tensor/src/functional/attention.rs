//! Attention.

use tensor_ops::{Compare, Reduce};

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::dropout::dropped;
use crate::layout::{Axes, describe};
use crate::ops::attention::attention;
use crate::ops::cast::wide;
use crate::ops::softmax::softmax;
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
    let causal = match mask {
        AttentionMask::None => Some(false),
        AttentionMask::Causal => Some(true),
        // With as many queries as keys both corners are one.
        AttentionMask::CausalFromEnd => (queries == keys).then_some(true),
        AttentionMask::Allowed(_) | AttentionMask::Blocked(_) | AttentionMask::Added(_) => None,
    };
    let is_plain = options.scale.is_none() && options.dropout.is_none();
    let is_even = query.sizes() == key.sizes() && query.sizes() == value.sizes();
    if let (true, true, Some(causal)) = (is_plain, is_even, causal) {
        let sizes = [query.len() / (queries * features).max(1), queries, features];
        let heads = [&query, &key, &value].map(|x| x.reshape(&sizes));
        if query.len() > 0
            && let Some(out) = attention(name, heads.each_ref(), causal)?
        {
            return Ok(out.reshape(query.sizes()));
        }
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

/// Which keys take part, as values.
#[derive(Clone, Default)]
pub(super) struct Which {
    /// Those where it is true; otherwise all.
    pub(super) allowed: Option<Value>,
    /// What is added to the scores.
    pub(super) added: Option<Value>,
    /// Whether it is known that each query has a key.
    pub(super) full: bool,
}

impl Which {
    /// Those that are allowed, with what is added.
    pub(super) fn of(allowed: Option<Value>, added: Option<Value>) -> Self {
        Self {
            allowed,
            added,
            full: false,
        }
    }

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

    /// The softmax of scores, over what takes part; where nothing does, 0 everywhere, and no gradient.
    pub(super) fn weights(&self, name: &'static str, scores: &Value) -> Result<Value> {
        // What is given stretches to the scores, and not they to it.
        for given in [&self.allowed, &self.added].into_iter().flatten() {
            given.expand(name, scores.sizes())?;
        }
        let mut scores = scores.clone();
        let mut allowed = self.allowed.clone();
        if let Some(numbers) = &self.added {
            scores = scores.add(numbers)?;
            let some = scores.compare_to(Compare::Ne, f64::NEG_INFINITY);
            allowed = Some(match allowed {
                Some(allowed) => both(&allowed, &some)?,
                None => some,
            });
        }
        let Some(allowed) = allowed else {
            return Ok(softmax(&scores));
        };
        let scores = scores.or_where_not(&allowed, f64::NEG_INFINITY)?;
        if self.full {
            return Ok(softmax(&scores));
        }
        let some = match allowed.layout.rank() {
            0 => allowed,
            rank => allowed.reduce(Reduce::Max, &[rank - 1], true),
        };
        softmax(&scores.or_where_not(&some, 0.0)?).or_where_not(&some, 0.0)
    }
}

/// Where a truth value does not hold.
fn not(x: &Value) -> Value {
    x.compare_to(Compare::Eq, 0.0)
}

/// Where both hold, broadcast.
pub(super) fn both(a: &Value, b: &Value) -> Result<Value> {
    a.or_where_not(b, 0.0)
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
