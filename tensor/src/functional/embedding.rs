//! Rows of a table by their numbers.

use smallvec::smallvec;
use tensor_ops::Compare;

use crate::element::{DType, Differentiable};
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::{self, Axes, describe};
use crate::ops::cast;
use crate::ops::gather::{gather, index_select, scatter};
use crate::shape::Dynamic;
use crate::tape::{Rule, Value, record};
use crate::tensors::Tensor;

/// The options of [`embedding`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Embedding {
    /// A row that gets no gradient; negative ones count from the end. None.
    pub padding_idx: Option<i64>,
    /// Whether the gradient of a row is divided by how often it was taken. No.
    pub scale_grad_by_freq: bool,
}

/// `x`, whose gradient is multiplied by `factor`.
fn with_gradient_times(x: &Value, factor: &Value) -> Value {
    let rule = || Rule::own(move |step| Ok(smallvec![Some(step.gradient.mul(&step.saved[0])?)]));
    record("embedding", x.detach(), [x], rule, |_| smallvec![factor.detach()])
}

pub(crate) fn rows(weight: &Value, index: &Value, options: Embedding) -> Result<Value> {
    let name = "embedding";
    if weight.layout.rank() != 2 {
        return Err(Error::shape(
            name,
            "a weight of [rows, features]",
            describe(weight.sizes()),
        ));
    }
    weight.same_device(name, index)?;
    let (count, features) = (weight.sizes()[0], weight.sizes()[1]);
    let flat = index.reshape(&[index.len()]);
    let mut out = index_select(weight, 0, &flat)?;
    let column = |x: Value| x.reshape(&[flat.len(), 1]);
    if let Some(row) = options.padding_idx {
        let place = layout::axis(name, row as isize, count).map_err(|_| Error::OutOfRange {
            operation: name,
            what: "`padding_idx`",
            index: row,
            size: format!("a table of {count} rows"),
        })?;
        let others = flat.compare_to(Compare::Ne, place as f64).indicator(weight.dtype());
        out = with_gradient_times(&out, &column(others));
    }
    if options.scale_grad_by_freq {
        let zeros = Value::filled(weight.device(), DType::F32, 0.0, &[count]);
        let ones = Value::filled(weight.device(), DType::F32, 1.0, &[flat.len()]);
        let times = scatter(Scatter::Add, &zeros, 0, &flat, &ones)?;
        let shares = gather(&times, 0, &flat)?.reciprocal();
        out = with_gradient_times(&out, &column(cast::cast(&shares, weight.dtype())));
    }
    let sizes: Axes<usize> = index.sizes().iter().copied().chain([features]).collect();
    Ok(out.reshape(&sizes))
}

/// Rows of a table: `out[.., f] = weight[index[..], f]`. PyTorch's function has the index first.
///
/// # Errors
/// Where the weight has not two axes, or an index is outside.
///
/// ```
/// use tensor::functional::{Embedding, embedding};
/// use tensor::prelude::*;
/// let weight = Tensor::<Dynamic>::from_vec(vec![1., 2., 3., 4.], &[2, 2])?;
/// let index = Tensor::<Dynamic, i64>::from_vec(vec![1, 0, 1], &[3])?;
/// assert_eq!(embedding(&weight, &index, Embedding::default())?.to_vec()?, [3., 4., 1., 2., 3., 4.]);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn embedding<T: Differentiable>(
    weight: &Tensor<Dynamic, T>,
    index: &Tensor<Dynamic, i64>,
    options: Embedding,
) -> Result<Tensor<Dynamic, T>> {
    rows(weight.value(), index.value(), options).map(Tensor::of)
}
