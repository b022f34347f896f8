//! Elements by their places along an axis: `gather`, `scatter`, and what is made of them.

use smallvec::smallvec;

use crate::device::reading;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::describe;
use crate::ops::elements::same_elements;
use crate::tape::{Rule, Value, record};

/// `out[i, j, k] = x[i, index[i, j, k], k]` for `axis` 1. `index` has as many axes as `x` and is not longer, save along `axis`.
pub(crate) fn gather(x: &Value, axis: usize, index: &Value) -> Result<Value> {
    check("gather", x.sizes(), axis, index)?;
    let out = match Value::output("gather", &[x, index], x.dtype(), index.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    {
        let _reading = reading([&x.buffer, &index.buffer]);
        out.device()
            .backend()
            .gather(axis, x.view(), index.view(), out.view())?;
    }
    let rule = || {
        Rule::own(move |step| {
            let (index, x) = (&step.saved[0], &step.saved[1]);
            let zeros = Value::filled(x.device(), step.gradient.dtype(), 0.0, x.sizes());
            Ok(smallvec![Some(scatter(
                Scatter::Add,
                &zeros,
                axis,
                index,
                step.gradient
            )?)])
        })
    };
    Ok(record("gather", out, [x], rule, |_| {
        smallvec![index.detach(), x.sizes_only()]
    }))
}

/// `x` with `out[i, index[i, j, k], k]` made of what is there and of `source[i, j, k]`, for `axis` 1. `index` has as many axes as the
/// others, is not longer than `source`, and not than `x` save along `axis`. Only `Set` and `Add` have a gradient.
pub(crate) fn scatter(how: Scatter, x: &Value, axis: usize, index: &Value, source: &Value) -> Result<Value> {
    check(how.name(), x.sizes(), axis, index)?;
    same_elements(how.name(), x.dtype(), source.dtype())?;
    let fits = source.layout.rank() == index.layout.rank()
        && index
            .sizes()
            .iter()
            .zip(source.sizes())
            .all(|(index, source)| index <= source);
    if !fits {
        return Err(Error::shape(
            how.name(),
            format!("a source that {} fits in", describe(index.sizes())),
            describe(source.sizes()),
        ));
    }
    let out = match Value::output(how.name(), &[x, index, source], x.dtype(), x.sizes()) {
        Ok(out) => out,
        Err(poisoned) => return Ok(poisoned),
    };
    // The part of the source that the index has a place for.
    let whole = source;
    let source = &index.axes().iter().fold(source.clone(), |source, &axis| {
        if source.sizes()[axis] == index.sizes()[axis] {
            source
        } else {
            source.slice(axis, 0, index.sizes()[axis], 1)
        }
    });
    {
        let _reading = reading([&x.buffer, &index.buffer, &source.buffer]);
        let backend = out.device().backend();
        backend.copy(x.view(), out.view());
        backend.scatter(how, axis, index.view(), source.view(), out.view())?;
    }
    debug_assert_eq!(whole.layout.rank(), source.layout.rank());
    let rule = || {
        Rule::own(move |step| {
            let (index, d) = (&step.saved[0], step.gradient);
            let d_x = match how {
                Scatter::Set => scatter(
                    how,
                    d,
                    axis,
                    index,
                    &Value::filled(d.device(), d.dtype(), 0.0, index.sizes()),
                )?,
                Scatter::Add => d.clone(),
                Scatter::Prod | Scatter::Max | Scatter::Min => {
                    return Err(Error::Gradient(format!("`backward`: `{}` has no gradient", how.name())));
                }
            };
            Ok(smallvec![Some(d_x), Some(gather(d, axis, index)?)])
        })
    };
    Ok(record(how.name(), out, [x, source], rule, |_| {
        smallvec![index.detach()]
    }))
}

/// The indices `index` of an axis, in that order; `index` has one axis.
pub(crate) fn index_select(x: &Value, axis: usize, index: &Value) -> Result<Value> {
    gather(x, axis, &along(x, axis, index)?)
}

/// An index of one axis, repeated along all others of `x`.
fn along(x: &Value, axis: usize, index: &Value) -> Result<Value> {
    let (mut narrow, mut wide) = (vec![1; x.layout.rank()], x.sizes().to_vec());
    (narrow[axis], wide[axis]) = (index.len(), index.len());
    index.reshape(&narrow).expand("index_select", &wide)
}

fn check(operation: &'static str, sizes: &[usize], axis: usize, index: &Value) -> Result<()> {
    if index.dtype() != DType::I64 {
        return Err(Error::Element {
            operation,
            expected: "indices of i64".to_owned(),
            found: index.dtype().name(),
        });
    }
    let fits = sizes.len() == index.layout.rank()
        && (0..sizes.len()).all(|other| other == axis || index.sizes()[other] <= sizes[other]);
    if fits && axis < sizes.len() {
        return Ok(());
    }
    Err(Error::shape(
        operation,
        format!("an index that fits {} but along axis {axis}", describe(sizes)),
        describe(index.sizes()),
    ))
}
