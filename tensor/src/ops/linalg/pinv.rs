//! The pseudoinverse, and the rank.

use smallvec::smallvec;

use super::batch::{each_matrix, lead, matrices};
use super::shapes::flip;
use super::svd::svdvals;
use crate::device::typed::float;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::Real;
use crate::kernels::linalg::Failure;
use crate::kernels::linalg::lstsq::lstsq;
use crate::kernels::linalg::svd::svdvals as singular_values;
use crate::layout::len;
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// Singular values up to the larger of `atol` and `rtol` times the largest of them count as zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tolerance {
    /// 0 where it is not given.
    pub(crate) atol: Option<f64>,
    /// Where neither is given: `max(M, N)` times the distance from 1 to the next number.
    pub(crate) rtol: Option<f64>,
}

impl Tolerance {
    /// Both numbers, for `m` by `n` matrices.
    pub(crate) fn of(self, m: usize, n: usize, dtype: DType) -> Result<(f64, f64)> {
        for (name, given) in [("atol", self.atol), ("rtol", self.rtol)] {
            if let Some(number) = given.filter(|number| number.is_nan() || *number < 0.0) {
                return Err(Error::argument(name, "a number from 0 on", number));
            }
        }
        let epsilon = if dtype == DType::F64 {
            f64::EPSILON
        } else {
            f32::EPSILON.into()
        };
        let atol = self.atol.unwrap_or(0.0);
        let usual = if atol > 0.0 { 0.0 } else { m.max(n) as f64 * epsilon };
        Ok((atol, self.rtol.unwrap_or(usual)))
    }
}

/// `A^+`, `[.., N, M]`.
pub(crate) fn pinv(a: &Value, tolerance: Tolerance) -> Result<Value> {
    let (m, n) = matrices("pinv", a)?;
    on_processor("pinv", &[a])?;
    let (atol, rtol) = tolerance.of(m, n, a.dtype())?;
    let lead = lead(a);
    let out = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let identity: Vec<T> = (0..m * m).map(|at| if at / m == at % m { 1.0 } else { 0.0 }).collect();
        let mut out = vec![0.0 as T; data.len()];
        let mut values = vec![0.0 as T; m.min(n)];
        each_matrix!("pinv", a, len(&lead), |i| {
            let place = i * m * n..(i + 1) * m * n;
            let (a, x) = (&data[place.clone()], &mut out[place]);
            // What the least squares for the identity are.
            relative(m, n, a, atol, rtol).and_then(|rtol| {
                lstsq(m, n, m, a, &identity, rtol, x, &mut values).map(drop)
            })
        });
        Value::from_slice(a.device(), &super::batch::with(&lead, &[n, m]), &out)
    });
    let rule = || {
        Rule::own(move |step| {
            Ok(smallvec![Some(backward(
                &step.saved[0],
                &step.saved[1],
                step.gradient
            )?)])
        })
    };
    Ok(record("pinv", out, [a], rule, |out| smallvec![a.clone(), out.as_own()]))
}

/// The tolerance relative to the largest singular value.
fn relative<T: Real>(m: usize, n: usize, a: &[T], atol: f64, rtol: f64) -> Result<f64, Failure> {
    if atol == 0.0 {
        return Ok(rtol);
    }
    let mut values = vec![T::ZERO; m.min(n)];
    singular_values(m, n, a, &mut values)?;
    let largest = values.first().map_or(0.0, |value| value.to_f64());
    Ok(if largest > 0.0 { rtol.max(atol / largest) } else { rtol })
}

/// With `P = A^+`, of one rank nearby: `-(P d^T P)^T + d P .. ` as three products, the smaller matrices first. What [`pinv`] and least squares
/// share.
pub(crate) fn backward(a: &Value, p: &Value, d: &Value) -> Result<Value> {
    let (m, n) = matrices("pinv", a)?;
    let (p_back, d_back) = (flip(p), flip(d));
    if m <= n {
        let k = d_back.matmul(p)?;
        let wide = k.matmul(&p_back)?;
        let outside = wide.sub(&a.matmul(p)?.matmul(&wide)?)?;
        let inside = p_back.matmul(p)?.matmul(&d_back.sub(&k.matmul(a)?)?)?;
        return outside.add(&inside)?.sub(&flip(&p.matmul(&k)?));
    }
    let k = p.matmul(&d_back)?;
    let wide = p_back.matmul(&k)?;
    let outside = d_back.sub(&a.matmul(&k)?)?.matmul(p)?.matmul(&p_back)?;
    let inside = wide.sub(&wide.matmul(p)?.matmul(a)?)?;
    outside.add(&inside)?.sub(&flip(&k.matmul(p)?))
}

/// How many singular values are larger than the tolerance.
pub(crate) fn matrix_rank(a: &Value, tolerance: Tolerance) -> Result<Value> {
    let (m, n) = matrices("matrix_rank", a)?;
    let (atol, rtol) = tolerance.of(m, n, a.dtype())?;
    let s = svdvals("matrix_rank", &a.detach())?;
    let last = s.layout.rank() - 1;
    if m.min(n) == 0 {
        return Ok(Value::filled(a.device(), DType::I64, 0.0, &lead(a)));
    }
    let least = s.slice(last, 0, 1, 1).scale(rtol).maximum(&s.constant(atol))?;
    Ok(s.compare(tensor_ops::Compare::Gt, &least)?
        .cast(DType::I64)
        .sum(&[last], false))
}
