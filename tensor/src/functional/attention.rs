//! Attention.

use tensor_ops::{Compare, Reduce};

use crate::element::Differentiable;
use crate::error::{Error, Result};
use crate::functional::dropout::dropped;
use crate::layout::{Axes, describe};
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
    /// Those that are not behind the query: key `j` for query `i` where `j <= i`.
    Causal,
    /// Those where it is true. (In PyTorch's `MultiheadAttention` those where it is false.)
    Allowed(&'a Tensor<Dynamic, bool>),
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
    let scale = options.scale.unwrap_or_else(|| (features as f64).sqrt().recip());
    let flipped = key.transpose(key.layout.rank() - 2, key.layout.rank() - 1);
    let scores = query.scale(scale).matmul(&flipped)?;
    let weights = match mask {
        AttentionMask::None => softmax(&scores),
        AttentionMask::Causal => {
            let allowed: Vec<bool> = (0..queries).flat_map(|i| (0..keys).map(move |j| j <= i)).collect();
            let allowed = Value::from_slice(scores.device(), &[queries, keys], &allowed);
            // The first key is allowed to each query.
            softmax(&scores.or_where_not(&allowed, f64::NEG_INFINITY)?)
        }
        AttentionMask::Allowed(allowed) => masked(&scores, allowed.value())?,
        AttentionMask::Added(numbers) => {
            let scores = scores.add(&wide(numbers.value()))?;
            let some = scores.compare_to(Compare::Ne, f64::NEG_INFINITY);
            masked(&scores, &some)?
        }
    };
    let weights = match options.dropout {
        Some((p, seed)) => dropped(&weights, p, seed)?,
        None => weights,
    };
    weights.matmul(&value)
}

/// The softmax over what is allowed; where nothing is, 0 everywhere, and no gradient.
fn masked(scores: &Value, allowed: &Value) -> Result<Value> {
    // That it stretches to the scores, and not they to it.
    allowed.expand("scaled_dot_product_attention", scores.sizes())?;
    let some = match allowed.layout.rank() {
        0 => allowed.clone(),
        rank => allowed.reduce(Reduce::Max, &[rank - 1], true),
    };
    let scores = scores.or_where_not(allowed, f64::NEG_INFINITY)?;
    softmax(&scores.or_where_not(&some, 0.0)?).or_where_not(&some, 0.0)
}

/// `softmax(query key^T scale + mask) value`: `query` of `[.., queries, features]`, `key` of `[.., keys, features]`, `value` of
/// `[.., keys, outputs]`, the result of `[.., queries, outputs]`. A query for which no key takes part gives 0.
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
