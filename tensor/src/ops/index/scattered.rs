//! Elements brought to places that an index names for each.

use smallvec::smallvec;
use tensor_ops::Compare;

use crate::element::{DType, Element, Kind};
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::describe;
use crate::ops::elements::same_elements;
use crate::ops::gather::{gather, scatter};
use crate::ops::index::fill::Fill;
use crate::ops::index::lift::{lifted, resolved};
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Step, Value, no_grad, record};
use crate::tensors::Tensor;

/// What becomes of the elements that come to one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScatterReduction {
    /// Their sum.
    Sum,
    /// Their product.
    Prod,
    /// Their mean; of whole numbers it is rounded down.
    Mean,
    /// The largest; NaN wins.
    Amax,
    /// The smallest; NaN wins.
    Amin,
}

/// `x` with what comes to each place joined to what is there; without `include_self` what is there does not count where anything
/// comes.
pub(super) fn reduced(
    x: &Value,
    axis: usize,
    index: &Value,
    source: &Value,
    reduction: ScatterReduction,
    include_self: bool,
) -> Result<Value> {
    same_elements("scatter_reduce", x.dtype(), source.dtype())?;
    let out = no_grad(|| {
        let start = match include_self {
            true => x.detach(),
            false => cleared(x, axis, index, neutral(reduction, x.dtype()))?,
        };
        let how = match reduction {
            ScatterReduction::Sum | ScatterReduction::Mean => Scatter::Add,
            ScatterReduction::Prod => Scatter::Prod,
            ScatterReduction::Amax => Scatter::Max,
            ScatterReduction::Amin => Scatter::Min,
        };
        let out = scatter(how, &start, axis, index, source)?;
        match reduction {
            ScatterReduction::Mean => divided(&out, &counts(x, axis, index, include_self)?),
            _ => Ok(out),
        }
    })?;
    let source = &trimmed(source, index);
    let rule = || Rule::own(move |step| backward(step, axis, reduction, include_self));
    Ok(record("scatter_reduce", out.detach(), [x, source], rule, |out| {
        smallvec![index.detach(), x.clone(), source.clone(), out.as_own()]
    }))
}

/// The part of a source that an index has a place for.
fn trimmed(source: &Value, index: &Value) -> Value {
    index
        .axes()
        .iter()
        .fold(source.clone(), |source, &axis| match index.sizes()[axis] {
            size if size == source.sizes()[axis] => source,
            size => source.slice(axis, 0, size, 1),
        })
}

/// What does not change the result when it is joined to others.
fn neutral(reduction: ScatterReduction, dtype: DType) -> f64 {
    match reduction {
        ScatterReduction::Sum | ScatterReduction::Mean => 0.0,
        ScatterReduction::Prod => 1.0,
        ScatterReduction::Amax if dtype == DType::Bool => 0.0,
        ScatterReduction::Amin if dtype == DType::Bool => 1.0,
        ScatterReduction::Amax => f64::NEG_INFINITY,
        ScatterReduction::Amin => f64::INFINITY,
    }
}

/// `x` with a number at all places that an index names.
fn cleared(x: &Value, axis: usize, index: &Value, number: f64) -> Result<Value> {
    let numbers = x.constant(number).expand("scatter_reduce", index.sizes())?;
    scatter(Scatter::Set, x, axis, index, &numbers)
}

/// How many elements the mean at each place is of; not less than 1.
fn counts(x: &Value, axis: usize, index: &Value, include_self: bool) -> Result<Value> {
    let start = if include_self { x.ones_like() } else { x.zeros_like() };
    let ones = x.constant(1.0).expand("scatter_reduce", index.sizes())?;
    let counts = scatter(Scatter::Add, &start, axis, index, &ones)?;
    counts.maximum(&x.constant(1.0))
}

fn divided(sum: &Value, counts: &Value) -> Result<Value> {
    if sum.dtype().kind() == Kind::Float {
        return sum.div(counts);
    }
    let (sums, numbers) = (
        sum.cast(DType::I64).to_vec::<i64>()?,
        counts.cast(DType::I64).to_vec::<i64>()?,
    );
    let means: Vec<i64> = sums
        .iter()
        .zip(&numbers)
        .map(|(sum, count)| sum.div_euclid(*count))
        .collect();
    Ok(Value::from_slice(sum.device(), sum.sizes(), &means).cast(sum.dtype()))
}

fn backward(step: Step<'_>, axis: usize, reduction: ScatterReduction, include_self: bool) -> Result<Gradients> {
    let d = step.gradient;
    let [index, x, source, out] = &step.saved[..] else {
        unreachable!("`reduced` saves four values")
    };
    let (d_x, d_source) = match reduction {
        ScatterReduction::Sum => (d.clone(), gather(d, axis, index)?),
        ScatterReduction::Mean => {
            let d = d.div(&counts(x, axis, index, include_self)?)?;
            (d.clone(), gather(&d, axis, index)?)
        }
        ScatterReduction::Amax | ScatterReduction::Amin => {
            // What is equal to the result shares it.
            let own = x.compare(Compare::Eq, out)?.indicator(d.dtype());
            let theirs = source
                .compare(Compare::Eq, &gather(out, axis, index)?)?
                .indicator(d.dtype());
            let count = scatter(Scatter::Add, &own, axis, index, &theirs)?;
            let shared = d.div(&count)?;
            (own.mul(&shared)?, theirs.mul(&gather(&shared, axis, index)?)?)
        }
        ScatterReduction::Prod => product(d, axis, index, [x, source, out], include_self)?,
    };
    let d_x = if include_self {
        d_x
    } else {
        cleared(&d_x, axis, index, 0.0)?
    };
    Ok(smallvec![Some(d_x), Some(d_source)])
}

/// The product of all others at a place: the quotient, but where the element is 0.
fn product(
    d: &Value,
    axis: usize,
    index: &Value,
    [x, source, out]: [&Value; 3],
    include_self: bool,
) -> Result<(Value, Value)> {
    let one = x.constant(1.0);
    let (own_zero, zero) = (x.compare_to(Compare::Eq, 0.0), source.compare_to(Compare::Eq, 0.0));
    let without = one_where(&own_zero, x)?;
    let others = reduced(&without, axis, index, source, ScatterReduction::Prod, include_self)?;
    let d_x = d.mul(&others)?.div(&without)?;
    // A zero of the source that is the only one of its place has the product of the others as its derivative.
    let zeros = scatter(Scatter::Add, &x.zeros_like(), axis, index, &zero.indicator(x.dtype()))?;
    let single = gather(&zeros, axis, index)?.compare_to(Compare::Eq, 1.0);
    let is_lone = single.cast(DType::U8).mul(&zero.cast(DType::U8))?.cast(DType::Bool);
    let rest = reduced(
        x,
        axis,
        index,
        &is_lone.select(&one, source)?,
        ScatterReduction::Prod,
        include_self,
    )?;
    let lone = gather(&d.mul(&rest)?, axis, index)?;
    let usual = gather(&d.mul(out)?, axis, index)?.div(&one_where(&zero, source)?)?;
    Ok((d_x, is_lone.select(&lone, &usual)?))
}

fn one_where(zero: &Value, x: &Value) -> Result<Value> {
    zero.select(&x.constant(1.0), x)
}

/// The operands with axes: an index that has none is taken for one of size 1.
fn checked(operation: &'static str, x: &Value, axis: isize, index: &Value, source: &Value) -> Result<usize> {
    let ranks = [x, index, source].map(|value| value.layout.rank().max(1));
    if index.len() > 0 && ranks != [ranks[0]; 3] {
        return Err(Error::shape(
            operation,
            format!("an index and a source of as many axes as {}", describe(x.sizes())),
            format!("{} and {}", describe(index.sizes()), describe(source.sizes())),
        ));
    }
    resolved(operation, axis, x)
}

fn brought(how: Scatter, x: &Value, axis: isize, index: &Value, source: &Value) -> Result<Value> {
    let axis = checked(how.name(), x, axis, index, source)?;
    if index.len() == 0 {
        return Ok(x.clone());
    }
    Ok(scatter(how, &lifted(x), axis, &lifted(index), &lifted(source))?.reshape(x.sizes()))
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// This tensor with `out[i, index[i, j, k], k] = source[i, j, k]` for `axis` 1, and likewise for others.
    ///
    /// The index has as many axes as tensor and source, is not longer than the source, and not than the tensor save along `axis`. Where two
    /// elements come to one place the last one, row by row, is there; in PyTorch it is any of them.
    ///
    /// # Errors
    /// Where there is no such axis, the index does not fit, or one of it is not from 0 on and below the size.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 0., 0.], [0., 0., 0.]];
    /// let (index, source) = (tensor![[2], [0]], tensor![[5.], [6.]]);
    /// assert_eq!(x.scatter(1, &index, &source)?, tensor![[0., 0., 5.], [6., 0., 0.]]);
    /// assert_eq!(x.scatter_fill(1, &index, 7.)?, tensor![[0., 0., 7.], [7., 0., 0.]]);
    /// assert_eq!(x.scatter_add(0, &tensor![[1], [1]], &source)?, tensor![[0., 0., 0.], [11., 0., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scatter<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
    ) -> Result<Self> {
        brought(Scatter::Set, self.value(), axis, index.value(), source.value()).map(Self::of)
    }

    /// [`Tensor::scatter`] of one number, or a tensor without axes. PyTorch's `scatter(dim, index, value)`.
    ///
    /// # Errors
    /// As [`Tensor::scatter`], and where the value has axes.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[0., 0., 0.], [0., 0., 0.]];
    /// assert_eq!(x.scatter_fill(1, &tensor![[2], [0]], 7.)?, tensor![[0., 0., 7.], [7., 0., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scatter_fill<Q: Shape>(&self, axis: isize, index: &Tensor<Q, i64>, value: impl Fill<T>) -> Result<Self> {
        let value = value.tensor(self.device());
        if !value.sizes().is_empty() {
            return Err(Error::shape(
                "scatter_fill",
                "a value without axes",
                describe(value.sizes()),
            ));
        }
        let values = value.value().expand("scatter_fill", index.sizes())?;
        brought(Scatter::Set, self.value(), axis, index.value(), &values).map(Self::of)
    }

    /// This tensor with `out[i, index[i, j, k], k] += source[i, j, k]` for `axis` 1, and likewise for others: as [`Tensor::scatter`],
    /// but what comes to a place is added. The sums do not depend on the number of threads.
    ///
    /// # Errors
    /// As [`Tensor::scatter`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2., 3.];
    /// assert_eq!(x.scatter_add(0, &tensor![0, 0, 2], &tensor![10., 20., 30.])?, tensor![31., 2., 33.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scatter_add<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
    ) -> Result<Self> {
        brought(Scatter::Add, self.value(), axis, index.value(), source.value()).map(Self::of)
    }

    /// This tensor with what comes to a place joined to what is there: as [`Tensor::scatter`]. Without `include_self` what is there does
    /// not count where anything comes. Of several largest or smallest each has its share of the gradient.
    ///
    /// # Errors
    /// As [`Tensor::scatter`].
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::ScatterReduction;
    /// let x = tensor![1., 9., 4.];
    /// let (index, source) = (tensor![0, 0, 1], tensor![5., 3., 2.]);
    /// let largest = x.scatter_reduce(0, &index, &source, ScatterReduction::Amax, false)?;
    /// assert_eq!(largest, tensor![5., 2., 4.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn scatter_reduce<Q: Shape, R: Shape>(
        &self,
        axis: isize,
        index: &Tensor<Q, i64>,
        source: &Tensor<R, T>,
        reduction: ScatterReduction,
        include_self: bool,
    ) -> Result<Self> {
        let (x, index, source) = (self.value(), index.value(), source.value());
        let axis = checked("scatter_reduce", x, axis, index, source)?;
        if index.len() == 0 {
            return Ok(self.clone());
        }
        let out = reduced(
            &lifted(x),
            axis,
            &lifted(index),
            &lifted(source),
            reduction,
            include_self,
        )?;
        Ok(Self::of(out.reshape(x.sizes())))
    }
}
