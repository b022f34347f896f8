//! Determinants and their logarithms.

use smallvec::smallvec;
use tensor_ops::Compare;

use super::batch::{lead, square, with};
use super::shapes::{eye, flip};
use super::solve::inverse;
use super::svd::decompose;
use crate::device::typed::float;
use crate::error::Result;
use crate::kernels::linalg::lu;
use crate::layout::{Axes, len};
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// The determinant of each matrix.
pub(crate) fn det(a: &Value) -> Result<Value> {
    let n = square("det", a)?;
    on_processor("det", &[a])?;
    let lead = lead(a);
    let out = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let dets: Vec<T> = (0..len(&lead)).map(|i| lu::det(n, &data[i * n * n..(i + 1) * n * n])).collect();
        Value::from_slice(a.device(), &lead, &dets)
    });
    let rule = || {
        Rule::own(move |step| {
            let slope = cofactors(&step.saved[0], &step.saved[1])?;
            Ok(smallvec![Some(widened(step.gradient).mul(&slope)?)])
        })
    };
    Ok(record("det", out, [a], rule, |out| smallvec![a.clone(), out.as_own()]))
}

/// A number for each matrix, with two axes of size 1.
fn widened(x: &Value) -> Value {
    let sizes: Axes<usize> = with(x.sizes(), &[1, 1]);
    x.reshape(&sizes)
}

/// The derivative of the determinant: `det(A) A^-T`, and for a singular matrix its limit.
fn cofactors(a: &Value, det: &Value) -> Result<Value> {
    let singular = det.compare_to(Compare::Eq, 0.0);
    let inverses = |a: &Value| -> Result<Value> { flip(&inverse("det", a)?).mul(&widened(det)) };
    if !singular.to_vec::<bool>()?.contains(&true) {
        return inverses(a);
    }
    let singular = widened(&singular);
    let n = square("det", a)?;
    let regular = singular.select(&eye(a.device(), a.dtype(), n), a)?;
    singular.select(&limits(a)?, &inverses(&regular)?)
}

/// The matrices of cofactors: `det(U) det(V) U diag(the product of all other singular values) V^T`. Without a gradient of their own.
fn limits(a: &Value) -> Result<Value> {
    let a = a.detach();
    let [u, s, vt] = decompose("det", &a, false)?;
    let n = square("det", &a)?;
    let others = float!(s, T => {
        let values = s.to_vec::<T>()?;
        let mut out = Vec::with_capacity(values.len());
        for row in values.chunks(n.max(1)) {
            for skipped in 0..row.len() {
                let rest = row.iter().enumerate().filter(|(index, _)| *index != skipped);
                out.push(rest.map(|(_, value)| *value).product::<T>());
            }
        }
        Value::from_slice(s.device(), s.sizes(), &out)
    });
    let orientation = widened(&det(&u)?.mul(&det(&vt)?)?);
    let scaled = u.mul(&others.unsqueeze(others.layout.rank() - 1))?;
    scaled.matmul(&vt)?.mul(&orientation)
}

/// The sign of each determinant, which has no gradient, and the logarithm of its magnitude.
pub(crate) fn slogdet(a: &Value) -> Result<(Value, Value)> {
    let n = square("slogdet", a)?;
    on_processor("slogdet", &[a])?;
    let lead = lead(a);
    let (sign, log) = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let each = (0..len(&lead)).map(|i| lu::slogdet(n, &data[i * n * n..(i + 1) * n * n]));
        let (signs, logs): (Vec<T>, Vec<T>) = each.unzip();
        (Value::from_slice(a.device(), &lead, &signs), Value::from_slice(a.device(), &lead, &logs))
    });
    let rule = || {
        Rule::own(move |step| {
            let slope = flip(&inverse("slogdet", &step.saved[0])?);
            Ok(smallvec![Some(widened(step.gradient).mul(&slope)?)])
        })
    };
    Ok((sign, record("slogdet", log, [a], rule, |_| smallvec![a.clone()])))
}

/// The logarithm of each determinant; NaN where that is negative.
pub(crate) fn logdet(a: &Value) -> Result<Value> {
    let (sign, log) = slogdet(a)?;
    log.add(&sign.log())
}
